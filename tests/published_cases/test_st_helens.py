"""The plan of NHS St Helens CCG (01X), from its rows: how many actions are done, open and late.

Source: the workforce equality and diversity plan of September 2021. It prints no count of staff,
applicants, answers or grades, so that its actions are all that can be counted. Of 13, the three
that are ongoing or wait for a national date have no due date and cannot be sent. A month is its
last day. The year of the plan's title, 2021/21, is none: what it describes is September 2021.
"""

from collections.abc import Mapping

from counting import figures
from inbox import action_row, write_inbox

BODY, SEPTEMBER_2021 = "01X", "2021-09-30"
COMPLETE, OPEN = "Complete", "In Progress"
PLAN = {
    "WRES 1": ("2021-10-31", OPEN),
    "WRES 2": ("2021-03-31", COMPLETE),
    "WRES 3": ("2020-09-30", COMPLETE),
    "WRES 4": ("2020-09-30", COMPLETE),
    "WRES 5": ("2021-03-31", OPEN),
    "WRES 6": ("2020-11-30", OPEN),
    "WRES 7": ("2021-03-31", COMPLETE),
    # Planned for March 2020 and moved to December 2020 by the update of September 2020.
    "Positive action 1": ("2020-12-31", OPEN),
    "Positive action 4": ("2020-12-31", OPEN),
    "Primary care 1": ("2020-12-31", OPEN),
}
MOVED = dict.fromkeys(("WRES 5", "WRES 6", "Primary care 1"), ("2022-03-31", OPEN))


def states(inbox, plan: Mapping[str, tuple[str, str]]) -> dict[str, float]:
    rows = [
        action_row(reference, "WRES", due_date=due, status=status)
        for reference, (due, status) in plan.items()
    ]
    write_inbox(inbox, SEPTEMBER_2021, BODY, "actions", rows)
    found = figures(inbox).select(
        standard="ACTIONS", indicator="status", part="all", organisation_code=BODY
    )
    return {row.key["group_code"]: row.told["value"] for row in found}


def test_five_of_six_open_actions_are_past_their_dates(tmp_path):
    assert states(tmp_path, PLAN) == {
        "ALL": 10, "CANCELLED": 0, "COMPLETE": 4, "OPEN": 6, "OVERDUE": 5,
    }  # fmt: skip


def test_with_the_dates_that_the_plan_proposes_two_are(tmp_path):
    """Three actions are to move to March 2022; whether one is late follows from its date."""
    assert states(tmp_path, PLAN | MOVED) == {
        "ALL": 10, "CANCELLED": 0, "COMPLETE": 4, "OPEN": 6, "OVERDUE": 2,
    }  # fmt: skip
