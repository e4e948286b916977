"""Posts: what people are employed as, under which contract, and what they are paid.

Holds the counted workforce's contracts and statuses, and the rows of an extract that are not
counted: bank, honorary, non-executive, agency, seconded in, pension.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from pipeline.sample import grades
from pipeline.sample.draws import Draws, at
from pipeline.sample.employers import SHARING, Employer
from pipeline.sample.people import Person
from pipeline.sample.shapes import FIXED_TERM, Shape

ACTIVE = "Active Assignment"
MATERNITY = "Maternity & Adoption"
ACTING_UP = "Acting Up"
BANK = "Bank"

_STATUSES = {
    ACTIVE: 892,
    MATERNITY: 60,
    ACTING_UP: 14,
    "Internal Secondment": 12,
    "Out on External Secondment - Paid": 10,
    "Career Break": 7,
    "Suspend Assignment": 5,
}
# Whether these two count is a rule of the user's, so they stand where no headcount is a real one.
STATUSES_OF_OTHERS = {**_STATUSES, "Out on External Secondment - Unpaid": 5, "Suspend No Pay": 5}
_CODE_OF_A_NURSE = "N7B"
CONTRACTS = {"Permanent": 895, FIXED_TERM: 105}
FTES = {100: 680, 80: 110, 60: 80, 93: 30, 53: 30, 50: 30, 40: 25, 64: 15}


@dataclass(frozen=True, slots=True)
class Post:
    """An assignment. ``suffix`` follows the employee number; ``fte`` is in hundredths."""

    suffix: str
    primary: bool
    status: str
    category: str
    staff_group: str
    job_role: str
    occupation_code: str
    grade: str
    pay_scale: str
    point: str
    fte: int


@dataclass(frozen=True, slots=True)
class Employee:
    """A person's employment with one employer.

    ``shared`` marks the managers whom two CCGs employ, ``counted`` those who belong to the
    workforce under the counting rules of the WRES.
    """

    employee_number: str
    person: Person
    start: date
    directorate: str
    service: str
    posts: tuple[Post, ...]
    shared: bool = False
    counted: bool = True


def make_post(draws: Draws, shape: Shape, grade: str, category: str, staff_group: str) -> Post:
    """Return an active main post at one of the grade's pay points."""
    job_role, occupation_code = shape.role(staff_group, grade)
    points = grades.points(grade)
    return Post(
        suffix="",
        primary=True,
        status=ACTIVE,
        category=category,
        staff_group=staff_group,
        job_role=job_role,
        occupation_code=occupation_code,
        grade=grade,
        pay_scale=grades.pay_scale(grade, staff_group),
        point=points[-1] if draws.happens(500) else draws.pick(points),
        fte=draws.weighted(shape.medical_hours if grade in grades.MEDICAL else FTES),
    )


def main_posts(draws: Draws, employer: Employer, shape: Shape, codes: Sequence[str]) -> list[Post]:
    """Return the main post of one counted person for each grade."""
    groups = _staff_groups(draws, shape, codes)
    allowed = _STATUSES if employer.code in SHARING else STATUSES_OF_OTHERS
    statuses = [at(allowed, unit) for unit in draws.even(len(codes))]
    contracts = [at(CONTRACTS, unit) for unit in draws.even(len(codes))]
    if employer.code not in SHARING:
        contracts = [
            shape.contracts.get(grade, contract)
            for grade, contract in zip(codes, contracts, strict=True)
        ]
    posts = [
        replace(make_post(draws, shape, grade, contracts[n], groups[n]), status=statuses[n])
        for n, grade in enumerate(codes)
    ]
    # Now and then the occupation code contradicts the staff group, as after a change of post.
    return [
        replace(post, occupation_code=_CODE_OF_A_NURSE) if n % 50 == 49 else post
        for n, post in enumerate(posts)
    ]


def _staff_groups(draws: Draws, shape: Shape, codes: Sequence[str]) -> list[str]:
    tiers = [grades.tier(code) for code in codes]
    units = {
        name: iter(draws.even(tiers.count(name))) for name in shape.staff_groups if name in tiers
    }
    return [at(shape.staff_groups[tier], next(units[tier])) for tier in tiers]


def place(draws: Draws, shape: Shape) -> tuple[str, str]:
    """Return a directorate and one of its services."""
    directorate = draws.pick(tuple(shape.services))
    return directorate, draws.pick(shape.services[directorate])


def with_second_posts(draws: Draws, employees: Sequence[Employee]) -> list[Employee]:
    """Give about 2% a second assignment, and 1% a bank assignment beside their own post.

    At the last employee of each kind the traps are sharpest: a second post with more hours than
    the primary one, and a bank post that is flagged as the primary one.
    """
    able = [n for n, one in enumerate(employees) if not one.shared and one.posts[0].fte <= 80]
    chosen = draws.shuffled(able)
    seconds = max(2, len(employees) * 2 // 100)
    banks = max(1, len(employees) // 100)
    changed = list(employees)
    for rank, n in enumerate(chosen[: seconds + banks]):
        first = employees[n].posts[0]
        if rank < seconds:
            fte = 20 if rank < seconds - 1 else first.fte + 10
            second = replace(first, suffix="-2", primary=False, fte=fte)
            posts = (first, promoted(second) if rank % 2 else second)
        else:
            leads = rank == seconds + banks - 1 and len(employees) > 200
            bank = replace(first, suffix="-2", primary=leads, category=BANK, status=ACTIVE, fte=0)
            posts = (replace(first, primary=not leads), bank)
        changed[n] = replace(employees[n], posts=posts)
    return changed


def promoted(post: Post) -> Post:
    """Return the post at the first point of the next band; unchanged outside the bands."""
    if post.grade not in grades.BANDS[:-1]:
        return post
    grade = grades.BANDS[grades.BANDS.index(post.grade) + 1]
    return replace(
        post,
        grade=grade,
        pay_scale=grades.pay_scale(grade, post.staff_group),
        point=grades.points(grade)[0],
    )


def raised(post: Post) -> Post:
    """Return the post at the next pay point of its band; unchanged at the top."""
    points = grades.points(post.grade)
    step = min(points.index(post.point) + 1, len(points) - 1)
    return replace(post, point=points[step])


def may_take_maternity_leave(person: Person) -> bool:
    """Return whether the sample lets a person be on maternity or adoption leave."""
    return person.gender == "Female" and person.date_of_birth.year >= 1979


def fitting(post: Post, person: Person) -> Post:
    """Return the post with a status that its holder may have."""
    on_leave = post.status == MATERNITY and not may_take_maternity_leave(person)
    return replace(post, status=ACTIVE) if on_leave else post


def starts(draws: Draws, post: Post, first: date, last: date) -> date:
    """Return a start date, more often a late one; that of a fixed term within two years."""
    if post.category == FIXED_TERM:
        first = max(first, last - timedelta(days=2 * 365))
    share = draws.unit()
    return last - timedelta(days=int(share * share * (last - first).days))
