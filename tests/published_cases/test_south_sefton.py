"""What the equality report 2020/21 of NHS South Sefton CCG (01T) printed, from its counts.

It prints a headcount and a count of EDS2 grades. Which outcome has which grade was told by colour,
which the text does not keep: the three Developing ones are here those of goal 4. Its WRES and WDES
returns were attachments: of staff by characteristic, of the survey and of the board it has no
number, so that nothing of these is a case. The states of its equality objective plan were colours
too; those of its workforce plan are words.
"""

import pytest
from counting import Figures, figures
from inbox import action_row, duty_row, eds_row, staff_rows, write_inbox

BODY = "01T"
MARCH_2021, SEPTEMBER_2021, MARCH_2022 = "2021-03-31", "2021-09-30", "2022-03-31"
GOALS = {1: 5, 2: 4, 3: 6, 4: 3}
# Reference, due date, status of the dated actions of the workforce equality plan.
PLAN = (
    ("WRES 1", "2021-10-31", "In Progress"),
    ("WRES 2", "2020-10-31", "Complete"),
    ("WRES 3", "2020-10-31", "Complete"),
    ("WRES 4", "2022-01-31", "In Progress"),
    ("WRES 5", "2020-11-30", "Complete"),
    ("WRES 6", "2021-03-31", "Complete"),
    ("Positive action 3", "2020-09-30", "Complete"),
    ("Primary care 1", "2020-12-31", "In Progress"),
)


@pytest.fixture(scope="module")
def found(module_folders) -> Figures:
    inbox = module_folders.mktemp("south_sefton")
    grades = [
        eds_row(f"{goal}.{number}", 4 if goal == 4 else 7)
        for goal, outcomes in GOALS.items()
        for number in range(1, outcomes + 1)
    ]
    plan = [
        action_row(reference, "WRES", due_date=due, status=status)
        for reference, due, status in PLAN
    ]
    write_inbox(inbox, MARCH_2021, BODY, "esr_staff", staff_rows(163))
    write_inbox(inbox, MARCH_2021, BODY, "eds", grades)
    # The report on the pay of March 2021 was due in March 2022.
    assessment = duty_row("E1", "Impact Assessment", BODY)
    write_inbox(inbox, MARCH_2022, BODY, "duties", [assessment])
    write_inbox(inbox, SEPTEMBER_2021, BODY, "actions", plan)
    return figures(inbox)


def values(found: Figures, period: str, **key: str) -> dict[str, float]:
    """Values by group of the body's own rows."""
    rows = found.select(organisation_code=BODY, period_end=period, **key)
    return {row.key["group_code"]: row.told["value"] for row in rows}


def test_163_staff(found):
    assert found.headcount(BODY, "employer", period_end=MARCH_2021) == 163


def test_163_staff_owe_no_pay_gap_report(found):
    due = values(found, MARCH_2022, indicator="pay_gap_report", part="all")
    assert due["DUE"] == 0


def test_15_outcomes_of_18_are_achieving_and_3_developing(found):
    """The key leaves one and two characteristics without a grade: here they are Undeveloped."""
    assert values(found, MARCH_2021, indicator="eds2_grades") == {
        "ACHIEVING": 15, "ALL": 18, "DEVELOPING": 3, "EXCELLING": 0, "UNDEVELOPED": 0,
    }  # fmt: skip


def test_the_plan_of_the_workforce_by_state(found):
    """The report counts nothing: these are its rows, of which five have no date and cannot be sent.

    The one action past its date, of December 2020, is to be done by March 2022 in its update.
    """
    assert values(found, SEPTEMBER_2021, standard="ACTIONS", indicator="status", part="all") == {
        "ALL": 8, "CANCELLED": 0, "COMPLETE": 5, "OPEN": 3, "OVERDUE": 1,
    }  # fmt: skip
