"""Training: everyone's mandatory course, and the other courses that some were given."""

from collections.abc import Iterator

from pipeline.sample.draws import Draws
from pipeline.sample.formats import Row
from pipeline.sample.people import is_bme
from pipeline.sample.years import Year

COLUMNS = ("Employee Number", "Course Type", "Completion Date")

# In thousandths of the workforce: about 40% had at least one of the two.
NON_MANDATORY = (280, 190)
CPD = (210, 140)
"""Of White and unknown staff, and of BME staff."""


def rows(year: Year) -> Iterator[Row]:
    """Yield a row for each attendance; a person has at most one of each type of course."""
    draws = Draws(year.seed, year.employer.code, "training", year.snapshot.isoformat())
    staff = year.counted
    groups = [is_bme(one.person.ethnic_origin) for one in staff]
    types = {
        "Mandatory": [True] * len(staff),
        "Non-Mandatory": draws.chosen([NON_MANDATORY[bme] for bme in groups]),
        "CPD": draws.shuffled(draws.chosen([CPD[bme] for bme in groups])),
    }
    for n, employee in enumerate(staff):
        first = max(year.first_day, employee.start)
        for course_type, attended in types.items():
            if attended[n]:
                day = draws.day(first, year.snapshot)
                yield [employee.employee_number, course_type, day]
