"""Starters and leavers of the workforce in the twelve months to a snapshot."""

from collections.abc import Iterator

from pipeline.sample.draws import Draws
from pipeline.sample.formats import Cell, Row
from pipeline.sample.postings import Employee
from pipeline.sample.values import ethnic_text
from pipeline.sample.years import Year

COLUMNS = (
    "Employee Number",
    "Movement",
    "Movement Date",
    "Leaving Reason",
    "Exit Interview",
    "Ethnic Origin",
    "Disability",
    "Gender",
    "Pay Scale",
)

EXIT_INTERVIEWS = {"Yes": 400, "No": 520, "": 80}


def rows(year: Year) -> Iterator[Row]:
    """Yield a row for each starter and for each leaver.

    Whoever started and left within the twelve months has one of each.
    """
    draws = Draws(year.seed, year.employer.code, "exit interviews", year.snapshot.isoformat())
    gone = [one for one in year.leavers if year.first_day <= one.left <= year.snapshot]
    for employee in [*year.counted, *(one.employee for one in gone)]:
        if year.first_day <= employee.start <= year.snapshot:
            yield _row(year, employee, "Starter", employee.start, "", "")
    for one in gone:
        interview = draws.weighted(EXIT_INTERVIEWS)
        yield _row(year, one.employee, "Leaver", one.left, one.reason, interview)


def _row(year: Year, employee: Employee, *movement: Cell) -> Row:
    person = employee.person
    return [
        employee.employee_number,
        *movement,
        ethnic_text(person.ethnic_origin, year.employer.writes_labels),
        person.disability,
        person.gender,
        employee.posts[0].pay_scale,
    ]
