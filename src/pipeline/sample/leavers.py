"""Who left an employer, when and why: between two stocks, and in the year before the first."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from pipeline.sample.draws import Draws
from pipeline.sample.employers import SNAPSHOTS, Employer
from pipeline.sample.payroll import Payroll, Stock
from pipeline.sample.people import EthnicOrigins
from pipeline.sample.postings import Employee
from pipeline.sample.shapes import FIXED_TERM

_EARLIEST_START = date(2005, 4, 1)
_OF_THE_YEAR_BEFORE = 110
"""Leavers of the year before the first snapshot, in thousandths of its workforce."""
RETIREMENT_AGE = 57

ANY_AGE = {
    "Voluntary Resignation - Promotion": 270,
    "Voluntary Resignation - Work Life Balance": 160,
    "Voluntary Resignation - Relocation": 110,
    "Voluntary Resignation - Other/Not Known": 100,
    "Voluntary Resignation - Better Reward Package": 60,
    "Voluntary Resignation - Lack of Opportunities": 50,
    "Voluntary Resignation - Health": 40,
    "Voluntary Resignation - To undertake further education or training": 40,
    "Voluntary Resignation - Child Dependants": 30,
    "Voluntary Resignation - Incompatible Working Relationships": 20,
    "Mutually Agreed Resignation - Local Scheme with Repayment": 20,
    "Redundancy - Compulsory": 20,
    "Dismissal - Capability": 15,
    "Dismissal - Conduct": 15,
    "Employee Transfer": 30,
    "": 20,
}
NEAR_RETIREMENT = {
    "Retirement Age": 500,
    "Flexi Retirement": 150,
    "Voluntary Early Retirement - with Actuarial Reduction": 100,
    "Retirement - Ill Health": 80,
    "Death in Service": 20,
    "Voluntary Resignation - Work Life Balance": 150,
}
END_OF_CONTRACT = {
    "End of Fixed Term Contract": 600,
    "End of Fixed Term Contract - End of Work Requirement": 250,
    "Voluntary Resignation - Promotion": 150,
}
_END_OF_ROTATION = {"End of Fixed Term Contract - External Rotation": 1}
"""Reasons as ESR words them, and how often the sample draws them (invented)."""


@dataclass(frozen=True, slots=True)
class Leaver:
    """An employee who left, with the last day and the reason for it (blank: not recorded)."""

    employee: Employee
    left: date
    reason: str


def leavers(seed: int, employer: Employer, stocks: list[Stock]) -> list[Leaver]:
    """Return the people of the workforce who left in the two years to the last snapshot, by day.

    Those of the year before the first snapshot stand in no staff extract; the others stand in
    every one up to their last day.
    """
    before = Payroll(employer, seed, EthnicOrigins(), stream="leavers")
    draws = before.draws
    first_day = SNAPSHOTS[0] - timedelta(days=364)
    count = sum(one.counted for one in stocks[0]) * _OF_THE_YEAR_BEFORE // 1000
    gone = before.numbered(before.recruit(count, _EARLIEST_START, first_day - timedelta(days=1)))
    found = [_leaver(draws, one, first_day, SNAPSHOTS[0]) for one in gone]
    for (earlier, stock), (later, next_stock) in pairwise(zip(SNAPSHOTS, stocks, strict=True)):
        stayed = {one.employee_number for one in next_stock}
        found += [
            _leaver(draws, one, earlier + timedelta(days=1), later)
            for one in stock
            if one.employee_number not in stayed
        ]
    return sorted(found, key=lambda one: (one.left, one.employee.employee_number))


def _leaver(draws: Draws, employee: Employee, first: date, last: date) -> Leaver:
    day = draws.day(first, last)
    return Leaver(employee, day, draws.weighted(_reasons(employee, day)))


def _reasons(employee: Employee, day: date) -> dict[str, int]:
    post = employee.posts[0]
    if post.grade == "registrar":
        return _END_OF_ROTATION
    if post.category == FIXED_TERM:
        return END_OF_CONTRACT
    is_near = day.year - employee.person.date_of_birth.year >= RETIREMENT_AGE
    return NEAR_RETIREMENT if is_near else ANY_AGE
