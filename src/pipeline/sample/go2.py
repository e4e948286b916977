"""A staff extract as the ESR outbound interface GO2 writes it: records whose fields stand by place.

Places of the fields: RichEDev/Storybook on GitHub, an open-source reader of the interface (person
44, assignment 50, position 24 fields). Names, addresses and National Insurance numbers are blank;
religion, sexual orientation, directorate and service have no field of their own.
"""

from collections.abc import Iterator
from datetime import date

from pipeline.sample.employers import Employer
from pipeline.sample.payroll import Stock
from pipeline.sample.postings import BANK, Employee, Post

_PERSON, _PERSON_FIELDS = "PRA", 44
_ASSIGNMENT, _ASSIGNMENT_FIELDS = "ASG", 50
_POSITION, _POSITION_FIELDS = "POA", 24
_LONG_AGO = "19510101"
_WEEK = 3_750
"""Full-time hours a week in hundredths."""
_IDS_ABOVE_NUMBERS = 10_000_000


def go2_file(employer: Employer, stock: Stock, snapshot: date) -> bytes:
    """Return the file of all records in force at a snapshot, between a header and a trailer."""
    day = _compact(snapshot)
    records = [
        *(_person(one) for one in stock),
        *(_assignment(one, post, day) for one in stock for post in one.posts),
        *_positions(stock),
    ]
    lines = [
        f"HDR~GO2_{employer.code}_GOF_{day}_00000001.DAT~{day} 060000",
        *records,
        f"TRL~{len(records)}",
    ]
    return "".join(f"{line}\r\n" for line in lines).encode()


def _record(tag: str, count: int, fields: dict[int, str]) -> str:
    return "~".join([tag, *(fields.get(place, "") for place in range(1, count))])


def _compact(day: date) -> str:
    return day.isoformat().replace("-", "")


def _person_id(employee: Employee) -> str:
    return str(int(employee.employee_number) + _IDS_ABOVE_NUMBERS)


def _post_id(employee: Employee, post: Post) -> str:
    """Return the id of an assignment; that of its position is the same with another first digit."""
    return f"{_person_id(employee)}{post.suffix[-1:] or '1'}"


def _position_id(employee: Employee, post: Post) -> str:
    return "4" + _post_id(employee, post)[1:]


def _person(employee: Employee) -> str:
    person, started = employee.person, _compact(employee.start)
    return _record(
        _PERSON,
        _PERSON_FIELDS,
        {
            1: _person_id(employee),
            2: started,
            4: employee.employee_number,
            12: person.gender,
            13: _compact(person.date_of_birth),
            15: person.nhs_unique_id,
            16: started,
            19: "Y",
            22: person.ethnic_origin,
            23: person.marital_status,
            33: "EMP",
            39: person.disability,
        },
    )


def _position_name(employee: Employee, post: Post) -> str:
    """Return number, title, occupation code and area of work of a position."""
    area = BANK if post.category == BANK else employee.service
    return "|".join((_position_id(employee, post), post.job_role, post.occupation_code, area))


def _assignment(employee: Employee, post: Post, day: str) -> str:
    started = _compact(employee.start)
    return _record(
        _ASSIGNMENT,
        _ASSIGNMENT_FIELDS,
        {
            1: _person_id(employee),
            2: _post_id(employee, post),
            3: started,
            5: started,
            6: "E",
            7: employee.employee_number + post.suffix,
            9: post.status,
            10: "Y",
            20: post.category,
            21: "Yes" if post.primary else "No",
            22: _hundredths(_WEEK * post.fte // 100),
            23: "W",
            25: _hundredths(post.fte),
            28: _position_id(employee, post),
            29: _position_name(employee, post),
            30: post.pay_scale,
            34: f"{post.staff_group}|{post.job_role}",
            44: f"{day} 060000",
        },
    )


def _positions(stock: Stock) -> Iterator[str]:
    for employee in stock:
        for post in employee.posts:
            yield _record(
                _POSITION,
                _POSITION_FIELDS,
                {
                    1: _position_id(employee, post),
                    2: _LONG_AGO,
                    4: _position_id(employee, post),
                    5: post.job_role,
                    8: post.staff_group,
                    9: post.job_role,
                    10: post.occupation_code,
                    11: post.pay_scale,
                },
            )


def _hundredths(count: int) -> str:
    return f"{count // 100}.{count % 100:02d}"
