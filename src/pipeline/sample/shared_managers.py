"""The managers whom South Sefton and Southport and Formby share."""

from dataclasses import replace
from datetime import date

from pipeline.sample.employers import SHARED_MANAGERS, SHARING
from pipeline.sample.grades import SENIOR
from pipeline.sample.payroll import Payroll, Stock
from pipeline.sample.postings import ACTIVE, Employee


def share_managers(first: dict[str, Stock], payrolls: dict[str, Payroll]) -> None:
    """Let the second CCG employ some managers of the first for the rest of their hours.

    Their records differ as records do: a characteristic that one of them does not know, and one
    manager with two contradicting records.
    """
    home, other = SHARING
    draws = payrolls[home].draws
    managers = [
        n
        for n, one in enumerate(first[home])
        if one.counted
        and len(one.posts) == 1
        and one.posts[0].grade in SENIOR
        and one.posts[0].status == ACTIVE
    ]
    for rank, n in enumerate(draws.shuffled(managers)[:SHARED_MANAGERS]):
        manager = first[home][n]
        hours = draws.pick((40, 50, 50, 60))
        here = replace(manager, shared=True, posts=(replace(manager.posts[0], fte=hours),))
        there = replace(
            here,
            employee_number=_another_number(payrolls[other], manager.employee_number),
            start=max(here.start, date(2017, 4, 1)),
            posts=(replace(manager.posts[0], fte=100 - hours),),
        )
        first[home][n], added = _records_that_differ(here, there, rank)
        first[other].append(added)


def _another_number(payroll: Payroll, than: str) -> str:
    number = payroll.employee_number()
    return payroll.employee_number() if number == than else number


def _records_that_differ(here: Employee, there: Employee, rank: int) -> tuple[Employee, Employee]:
    person = here.person
    white = replace(person, ethnic_origin="A", disability="No")
    two_records = {
        0: (white, replace(white, ethnic_origin="Z")),
        1: (white, replace(white, ethnic_origin="")),
        2: (replace(white, ethnic_origin="Z"), replace(white, ethnic_origin="H")),
        3: (white, replace(white, disability="Not Declared")),
        4: (replace(white, disability=""), replace(white, disability="Yes")),
        5: (white, replace(white, ethnic_origin="F", disability="Yes")),
    }
    one, two = two_records.get(rank, (person, person))
    return replace(here, person=one), replace(there, person=two)
