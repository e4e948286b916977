"""The staff extract: one row an assignment, as ESR's business intelligence writes it."""

from collections.abc import Iterator

from pipeline.sample.employers import Employer, Style
from pipeline.sample.formats import Cell, Row
from pipeline.sample.grades import annual_salary
from pipeline.sample.postings import Employee, Post
from pipeline.sample.uncounted import OUTSIDE
from pipeline.sample.values import ethnic_text

COLUMNS = (
    "Employee Number",
    "NHS Unique Id",
    "Assignment Number",
    "Primary Assignment",
    "Assignment Status",
    "Assignment Category",
    "Staff Group",
    "Job Role",
    "Occupation Code",
    "Pay Scale",
    "FTE",
    "Ethnic Origin",
    "Disability",
    "Gender",
    "Date Of Birth",
    "Religious Belief",
    "Sexual Orientation",
    "Marital Status",
    "Latest Start Date",
    "Directorate",
    "Service",
    "Annual Salary",
)
"""Annual Salary is full-time basic pay in pounds, a column that the product does not ask for."""

_SYNONYMS = {
    "Employee Number": "Employee No",
    "NHS Unique Id": "Unique Nhs Identifier",
    "FTE": "Contracted Wte",
    "Ethnic Origin": "Ethnicity",
}
_WITHOUT_NHS_ID = 60
"""In the largest extract one person in so many has no NHS Unique Id on record."""


def header(employer: Employer) -> list[str]:
    """Return the headings as the employer writes them."""
    synonyms = _SYNONYMS if employer.style is Style.SYNONYMS else {}
    return [synonyms.get(column, column) for column in COLUMNS]


def rows(employer: Employer, stock: list[Employee]) -> Iterator[Row]:
    """Yield one row for each assignment."""
    for employee in stock:
        for post in employee.posts:
            yield _row(employer, employee, post)


def _row(employer: Employer, employee: Employee, post: Post) -> Row:
    person, number = employee.person, employee.employee_number
    nhs_id_is_missing = employer.code == "27D" and int(number) % _WITHOUT_NHS_ID == 0
    salary: Cell = "" if post.category in OUTSIDE else annual_salary(post.grade, post.point)
    return [
        number,
        "" if nhs_id_is_missing else person.nhs_unique_id,
        number + post.suffix,
        "Yes" if post.primary else "No",
        post.status,
        post.category,
        post.staff_group,
        post.job_role,
        post.occupation_code,
        post.pay_scale,
        post.fte / 100,
        ethnic_text(person.ethnic_origin, employer.writes_labels),
        person.disability,
        person.gender,
        person.date_of_birth,
        person.religious_belief,
        person.sexual_orientation,
        person.marital_status,
        employee.start,
        employee.directorate,
        employee.service,
        salary,
    ]
