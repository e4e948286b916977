"""Formal cases of the twenty-four months to a snapshot: few, and some of people who have left."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.sample.draws import Draws
from pipeline.sample.employers import SNAPSHOTS
from pipeline.sample.formats import Row
from pipeline.sample.people import is_bme
from pipeline.sample.postings import Employee
from pipeline.sample.values import ethnic_text
from pipeline.sample.years import Year, first_day_of

COLUMNS = (
    "Case Id",
    "Employee Number",
    "Case Type",
    "Formal Start Date",
    "Ethnic Origin",
    "Disability",
)

NO_CASES = "01V"
"""The CCG that sends the headings alone: it had no case."""
_FIRST_DAY = first_day_of(SNAPSHOTS[0], years=2)
CASES_A_YEAR = {False: 15, True: 22}
"""In thousandths of the workforce, of a CCG and of a trust."""
TYPES = {
    "Disciplinary": 340,
    "Capability - Performance": 130,
    "Capability - Ill Health": 230,
    "Grievance": 190,
    "Bullying And Harassment": 110,
}
# A blank would say that the employee still stands in the staff extract.
NOT_STATED, NOT_DECLARED = "Z", "Not Declared"
_BME_WEIGHT = 2
"""BME staff are drawn so many times as often as others (invented)."""


@dataclass(frozen=True, slots=True)
class _Case:
    case_id: str
    employee: Employee
    case_type: str
    started: date
    left: date | None


def rows(year: Year) -> Iterator[Row]:
    """Yield the cases that started in the twenty-four months.

    Ethnic origin and disability stand with the people who have left, whom no staff extract has.
    """
    first_day = first_day_of(year.snapshot, years=2)
    for case in _cases(year):
        if not first_day <= case.started <= year.snapshot:
            continue
        person = case.employee.person
        has_left = case.left is not None and case.left <= year.snapshot
        ethnic_origin = person.ethnic_origin or NOT_STATED
        yield [
            case.case_id,
            case.employee.employee_number,
            case.case_type,
            case.started,
            ethnic_text(ethnic_origin, year.employer.writes_labels) if has_left else "",
            person.disability or NOT_DECLARED if has_left else "",
        ]


def _cases(year: Year) -> list[_Case]:
    """Return all cases of the employer, the same at every snapshot, by day."""
    employer = year.employer
    if employer.code == NO_CASES:
        return []
    draws = Draws(year.seed, employer.code, "employee relations")
    stayed: list[tuple[Employee, date | None]] = [
        (one, None) for one in year.stocks[-1] if one.counted
    ]
    known = stayed + [(one.employee, one.left) for one in year.leavers]
    drawn_from = known + [
        (one, left) for one, left in known if is_bme(one.person.ethnic_origin)
    ] * (_BME_WEIGHT - 1)
    count = len(stayed) * CASES_A_YEAR[employer.is_trust] * 3 // 1000
    found = []
    for employee, left in draws.shuffled(drawn_from)[: max(count, 2)]:
        first = max(_FIRST_DAY, employee.start + timedelta(days=1))
        last = SNAPSHOTS[-1] if left is None else left - timedelta(days=1)
        if first <= last:
            found.append((draws.day(first, last), draws.weighted(TYPES), employee, left))
    found.sort(key=lambda one: (one[0], one[2].employee_number, one[1]))
    return [
        _Case(f"ER{1001 + n}", employee, case_type, started, left)
        for n, (started, case_type, employee, left) in enumerate(found)
    ]
