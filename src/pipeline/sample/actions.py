"""The action plan of each body: four to six actions, some of which name the indicator they serve.

The same actions stand at both snapshots; a year on, most have moved.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from pipeline.sample.draws import Draws
from pipeline.sample.employers import SNAPSHOTS
from pipeline.sample.formats import Row
from pipeline.sample.years import Body

COLUMNS = (
    "Reference",
    "Title",
    "Standard",
    "Indicator",
    "Owner Role",
    "Due Date",
    "Status",
    "Percent Complete",
    "Updated",
)

_OPEN, _IN_PROGRESS, _COMPLETE, _CANCELLED = "Open", "In Progress", "Complete", "Cancelled"

# Title, standard, indicator and the role that owns it.
_ACTIONS = (
    ("Have a trained panel member at every shortlisting", "WRES", "2", "Head of People"),
    ("Ask all staff to complete their equality record", "WDES", "", "Workforce Analyst"),
    ("Review adjustments at every one-to-one", "WDES", "8", "Head of People"),
    ("Mentor BME staff towards senior bands", "WRES", "1", "Director of Nursing"),
    ("Widen the search for board members", "WRES", "9", "Company Secretary"),
    ("Check new pay offers against the pay of the same grade", "GPG", "", "Finance Manager"),
    (
        "Decide disciplinary cases with a checklist before they are formal",
        "WRES",
        "3",
        "HR Manager",
    ),
    ("Train managers to support Disabled staff", "WDES", "6", "Learning Lead"),
    ("Gather evidence for each protected characteristic", "EDS", "", "Equality Lead"),
    ("Publish the workforce profile with the annual report", "PSED", "", "Equality Lead"),
)
_STATUSES = {_OPEN: 250, _IN_PROGRESS: 450, _COMPLETE: 230, _CANCELLED: 70}
_FINISHED = (_COMPLETE, _CANCELLED)
_MOVES_ON = 600
_FIRST_DUE, _LAST_DUE = date(2020, 12, 31), date(2022, 9, 30)
_QUARTER_DAYS = 92


def rows(year: Body) -> Iterator[Row]:
    """Yield the actions as they stand at the snapshot."""
    draws = Draws(year.seed, year.employer.code, "actions")
    chosen = draws.shuffled(_ACTIONS)[: 4 + draws.below(3)]
    for n, (title, standard, indicator, owner) in enumerate(chosen, start=1):
        due = draws.day(_FIRST_DUE, _LAST_DUE)
        status, percent = draws.weighted(_STATUSES), 5 * (2 + draws.below(16))
        days_ago, moves_on = draws.below(_QUARTER_DAYS), draws.happens(_MOVES_ON)
        if year.snapshot > SNAPSHOTS[0] and status not in _FINISHED and moves_on:
            status = _COMPLETE if status == _IN_PROGRESS else _IN_PROGRESS
        yield [
            f"{year.employer.code}-A{n}",
            title,
            standard,
            indicator,
            owner,
            due,
            status,
            {_OPEN: 0, _IN_PROGRESS: percent, _COMPLETE: 100}.get(status, ""),
            year.snapshot - timedelta(days=days_ago),
        ]
