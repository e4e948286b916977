"""Pay in March of everyone on the payroll, as an hourly rate or as its components.

Hourly pay is that of the grade point: annual salary over 52.143 weeks of 37.5 hours, as Agenda for
Change divides it (NHS terms and conditions of service handbook). Supplements, doctors' seniority
and awards are invented.
"""

from collections.abc import Iterator

from pipeline.sample.employers import Employer, Style
from pipeline.sample.formats import Cell, Row
from pipeline.sample.grades import MEDICAL, annual_salary
from pipeline.sample.postings import BANK, MATERNITY, Employee, Post
from pipeline.sample.uncounted import INACTIVE, OUTSIDE
from pipeline.sample.years import Year

HOURLY = ("Employee Number", "Hourly Rate", "Bonus In Year", "Full Pay")
_COMPONENTS = (
    "Employee Number",
    "Ordinary Pay",
    "Weekly Hours",
    "Bonus In Period",
    "Pay Period Days",
    "Bonus Period Days",
    "Bonus In Year",
    "Full Pay",
)
HOURS_OF_A_YEAR = 19_553_625
"""52.143 x 37.5, in ten-thousandths."""
_DAYS_OF_A_MONTH = 3044
"""30.44, in hundredths."""
_FULL_TIME = 37_500
"""Weekly hours in thousandths."""
_FEWEST_HOURS_ON_RECORD = 10
"""Doctors of so few hundredths of full time are paid by the session, without weekly hours."""

UNPAID = ("Career Break", "Suspend No Pay", "Out on External Secondment - Unpaid")
_AT_NIGHT = ("1", "2", "3", "4", "5", "6", "7")
_ON_THE_WARDS = ("Nursing and Midwifery Registered", "Additional Clinical Services")
SENIORITY_PERCENT, MOST_SENIOR = 1, 15
"""What a consultant gains each year, and for how many years."""
AWARD = 3_016
"""A step of a consultant's clinical excellence award, in pounds a year."""
_AWARDED = {"Male": 50, "Female": 35}
"""Consultants of the trust with an award, in hundredths."""
_PAYS_ITS_MANAGERS_A_BONUS = "27D"
_MANAGERS_BONUS = 2_500


def columns(employer: Employer) -> tuple[str, ...]:
    """Return the headings that the employer sends."""
    return _COMPONENTS if employer.style is Style.REPORT else HOURLY


def rows(year: Year) -> Iterator[Row]:
    """Yield a row for each employee on the payroll at the snapshot, bank staff included."""
    components = columns(year.employer) == _COMPONENTS
    for employee in year.stock:
        post = _paid_post(employee)
        if post is None:
            continue
        full_pay = post.status != MATERNITY
        percent = 100 + _supplement(year, employee, post)
        bonus = _bonus(year.employer, employee, post)
        pay = _components if components else _hourly
        yield [
            employee.employee_number,
            *pay(employee, post, percent if full_pay else percent // 2),
            bonus or "",
            "Yes" if full_pay else "No",
        ]


def _paid_post(employee: Employee) -> Post | None:
    """Return the first post that the employer pays, or None."""
    paid = (
        post
        for post in employee.posts
        if post.category not in OUTSIDE and post.status not in UNPAID
    )
    return next(paid, None)


def _hourly(employee: Employee, post: Post, percent: int) -> list[Cell]:
    """Return the pay of an hour, blank for whoever has not worked lately."""
    if post.status == INACTIVE:
        return [""]
    annual = annual_salary(post.grade, post.point)
    return [_rounded(annual * percent * 10_000, HOURS_OF_A_YEAR) / 100]


def _components(employee: Employee, post: Post, percent: int) -> list[Cell]:
    """Return the pay of a month, the weekly hours, no bonus in the month, and its days."""
    annual = annual_salary(post.grade, post.point)
    hours = _weekly_hours(employee, post)
    # Hourly pay x hours x weeks of the month, in pence: 10 is what thousandths of an hour and
    # hundredths of a day and of a percentage leave over.
    monthly = _rounded(annual * percent * hours * _DAYS_OF_A_MONTH, HOURS_OF_A_YEAR * 7 * 10)
    is_by_session = post.grade in MEDICAL and post.fte <= _FEWEST_HOURS_ON_RECORD
    days = _DAYS_OF_A_MONTH / 100
    return [monthly / 100, "" if is_by_session or not hours else hours / 1000, 0, days, ""]


def _weekly_hours(employee: Employee, post: Post) -> int:
    """Return weekly hours in thousandths; those of bank staff are what they worked on average."""
    if post.status == INACTIVE:
        return 0
    if post.category == BANK:
        return _FULL_TIME * (1 + _turn(employee, 3)) // 5
    return _FULL_TIME * post.fte // 100


def _supplement(year: Year, employee: Employee, post: Post) -> int:
    """Return what is paid on top of the grade point, in percent of it."""
    if post.grade == "consultant":
        served = year.snapshot.year - employee.start.year
        return min(served, MOST_SENIOR) * SENIORITY_PERCENT
    if year.employer.is_trust and post.grade in _AT_NIGHT and post.staff_group in _ON_THE_WARDS:
        return (0, 0, 6, 11, 17)[_turn(employee, 5)]
    return 0


def _bonus(employer: Employer, employee: Employee, post: Post) -> int:
    """Return the bonus of the year in pounds."""
    if employer.is_trust and post.grade == "consultant":
        if _turn(employee, 100) < _AWARDED[employee.person.gender]:
            return AWARD * (1 + _turn(employee, 4) + 2 * (employee.person.gender == "Male"))
        return 0
    if employer.code == _PAYS_ITS_MANAGERS_A_BONUS and post.grade == "vsm":
        return _MANAGERS_BONUS * _turn(employee, 2)
    return 0


def _turn(employee: Employee, of: int) -> int:
    """Return a number from 0 to below ``of`` that stays with the employee."""
    return int(employee.employee_number) * 7919 // 16 % of


def _rounded(numerator: int, denominator: int) -> int:
    """Return the quotient rounded, half up."""
    return (2 * numerator + denominator) // (2 * denominator)
