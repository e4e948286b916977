"""The people who hold a post in the trust and one in a CCG."""

from collections.abc import Mapping
from dataclasses import replace

from pipeline.sample import grades
from pipeline.sample.payroll import Payroll, Stock
from pipeline.sample.postings import ACTIVE, Employee

_HOME = "99A"
"""The CCG of the city in which the hospital stands."""
_SHARED = 2
_MOST_HOURS = 80
_BANDS = ("5", "6", "7", "8a", "8b")
_STAFF_GROUP = "Nursing and Midwifery Registered"


def with_shared_clinicians(
    trust: Payroll, stock: Stock, of_ccgs: Mapping[str, list[Stock]]
) -> Stock:
    """Return the trust's first stock with part-time staff of a CCG for the rest of their hours.

    They are people whom the CCG has at every snapshot; the CCG's own rows stay as they are.
    """
    stocks = of_ccgs[_HOME]
    last = {one.employee_number for one in stocks[-1]}
    able = [one for one in stocks[0] if one.employee_number in last and _may_have_another(one)]
    chosen = trust.draws.shuffled(able)[:_SHARED]
    return [*stock, *(_at_the_trust(trust, one) for one in chosen)]


def _may_have_another(employee: Employee) -> bool:
    post, *others = employee.posts
    return (
        employee.counted
        and not others
        and post.status == ACTIVE
        and post.grade in _BANDS
        and post.fte <= _MOST_HOURS
    )


def _at_the_trust(trust: Payroll, employee: Employee) -> Employee:
    post = employee.posts[0]
    job_role, occupation_code = grades.role(_STAFF_GROUP, post.grade)
    clinical = replace(
        post,
        staff_group=_STAFF_GROUP,
        job_role=job_role,
        occupation_code=occupation_code,
        pay_scale=grades.pay_scale(post.grade, _STAFF_GROUP),
        fte=100 - post.fte,
    )
    return replace(
        employee,
        employee_number=trust.employee_number(),
        directorate="Cardiology",
        service="Heart Failure",
        posts=(clinical,),
        shared=True,
    )
