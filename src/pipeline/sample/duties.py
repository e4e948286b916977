"""What law and contract ask each body to publish, its impact assessments and its provider audits.

The days are those of the Equality Act 2010 (Specific Duties and Public Authorities) Regulations
2017, of the WRES and WDES returns of 2020 and 2021 and of EDS; the rest is invented.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from pipeline.sample.draws import Draws
from pipeline.sample.formats import Cell, Row
from pipeline.sample.years import Body

COLUMNS = (
    "Reference",
    "Kind",
    "Organisation Code",
    "Due Date",
    "Completed Date",
    "Decision Date",
    "Published Address",
    "Characteristics Considered",
)

# Kind, and month and day in the financial year by which it is due.
_DOCUMENTS = (
    ("WRES Report", (8, 31)),
    ("WDES Report", (8, 31)),
    ("Modern Slavery", (9, 30)),
    ("Accessible Information", (7, 31)),
    ("EDS Report", (2, 28)),
    ("PSED Information", (3, 30)),
)
_PAY_GAP = ("Pay Gap Report", (3, 30))
_SMALLEST_FOR_A_PAY_GAP = 250
_OBJECTIVES_DUE = date(2022, 3, 29)
"""Four years after the first ones under the regulations were due, less a day."""
_PROVIDERS = {
    "01F": ("RBN", "RWW", "RY2"),
    "01J": ("RBN", "REM"),
    "01T": ("REM", "RVY", "RW4"),
    "01V": ("RVY", "RW4"),
    "01X": ("RBN", "RY2"),
    "02E": ("RWW", "RY2"),
    "12F": ("RBL", "RXA", "RY7"),
    "27D": ("RJN", "RJR", "RBT", "RXA"),
    "99A": ("REM", "RBQ", "RBS", "REP", "RET", "REN"),
}
"""Trusts from which each CCG commissions, whose publications it audits."""
_AUDITS_DUE = (1, 31)
_DONE, _LATE = 900, 180
"""Documents that were completed, and those of them that were late, in thousandths."""
_ASSESSMENTS = {False: 6, True: 9}
_AFTER_THE_DECISION = 200
_UNFINISHED = 80
_SITE = "https://example.org"


def rows(year: Body) -> Iterator[Row]:
    """Yield the documents, audits and impact assessments of the twelve months to the snapshot."""
    draws = Draws(year.seed, year.employer.code, "duties", year.snapshot.isoformat())
    code = year.employer.code
    documents = list(_DOCUMENTS)
    if year.headcount >= _SMALLEST_FOR_A_PAY_GAP:
        documents.append(_PAY_GAP)
    due = [(kind, code, _in_year(year, *day)) for kind, day in documents]
    if year.first_day <= _OBJECTIVES_DUE <= year.snapshot:
        due.append(("Equality Objectives", code, _OBJECTIVES_DUE))
    due += [("Provider Audit", of, _in_year(year, *_AUDITS_DUE)) for of in _PROVIDERS.get(code, ())]
    for n, (kind, subject, day) in enumerate(due, start=1):
        reference = f"{code}-{year.snapshot.year}-{n:02d}"
        completed = _completed(draws, year, day)
        address = "" if completed == "" or kind == "Provider Audit" else f"{_SITE}/{reference}"
        yield [reference, kind, subject, day, completed, "", address, ""]
    yield from _impact_assessments(draws, year)


def _in_year(year: Body, month: int, day: int) -> date:
    """Return the day of the financial year that ends with the snapshot."""
    last = year.snapshot.year
    return date(last if month <= year.snapshot.month else last - 1, month, day)


def _completed(draws: Draws, year: Body, due: date) -> Cell:
    """Return the day of completion, or blank where it is not done by the snapshot."""
    is_done, is_late, days = draws.happens(_DONE), draws.happens(_LATE), 1 + draws.below(45)
    day = due + timedelta(days=days if is_late else 1 - days)
    return day if is_done and day <= year.snapshot else ""


def _impact_assessments(draws: Draws, year: Body) -> Iterator[Row]:
    code = year.employer.code
    for n in range(_ASSESSMENTS[year.employer.is_trust]):
        decision = draws.day(year.first_day + timedelta(days=30), year.snapshot)
        is_after, days = draws.happens(_AFTER_THE_DECISION), 1 + draws.below(28)
        completed = decision + timedelta(days=days if is_after else -days)
        is_open = draws.happens(_UNFINISHED) or completed > year.snapshot
        considered = draws.pick((9, 9, 9, 8, 7, 5))
        yield [
            f"{code}-IA-{year.snapshot.year}-{n + 1:02d}",
            "Impact Assessment",
            code,
            decision,
            "" if is_open else completed,
            decision,
            "" if is_open or n % 3 == 0 else f"{_SITE}/{code}-IA-{year.snapshot.year}-{n + 1:02d}",
            "" if is_open else considered,
        ]
