"""Staff in post as landed: one row for each assignment, its person pseudonymised."""

import re

import pandas as pd

from pipeline import codes
from pipeline.identity import Keys
from pipeline.landing.columns import characteristic_columns, employees, mapped
from pipeline.receive.inbox import Place

TABLE = """
    person pseudonym not null, employee pseudonym not null,
    assignment_rank integer not null, is_primary boolean not null, person_type varchar not null,
    assignment_state varchar not null, staff_group varchar, staff_side varchar,
    job_role varchar, occupation_code varchar, pay_scale varchar,
    band_code varchar, fte double not null,
    ethnic_origin varchar, ethnicity_key varchar not null,
    disability varchar, disability_key varchar not null,
    gender varchar, sex_key varchar not null,
    religious_belief varchar, religion_key varchar not null,
    sexual_orientation varchar, sexual_orientation_key varchar not null,
    marital_status varchar, marital_status_key varchar not null,
    age_band varchar not null, latest_start_date date, directorate varchar, service varchar
"""


def frame(accepted: pd.DataFrame, place: Place, keys: Keys) -> pd.DataFrame:
    """Return the rows to land of the accepted ones of a file."""
    return pd.DataFrame(
        {
            "row_number": accepted["row_number"],
            "person": _people(accepted, place, keys),
            "employee": employees(accepted, place, keys),
            "assignment_rank": _ranks(accepted["assignment_number"]),
            "is_primary": accepted["primary_assignment"],
            "person_type": mapped(accepted["assignment_category"], codes.person_type),
            "assignment_state": mapped(accepted["assignment_status"], codes.assignment_state),
            "staff_group": accepted["staff_group"],
            "staff_side": mapped(accepted["staff_group"], codes.staff_group_side),
            "job_role": accepted["job_role"],
            "occupation_code": accepted["occupation_code"],
            "pay_scale": accepted["pay_scale"],
            "band_code": mapped(accepted["pay_scale"], codes.band_code),
            "fte": accepted["fte"],
            **characteristic_columns(accepted),
            "age_band": mapped(
                accepted["date_of_birth"], lambda day: codes.age_band(day.date(), place.period_end)
            ),
            "latest_start_date": accepted["latest_start_date"],
            "directorate": accepted["directorate"],
            "service": accepted["service"],
        }
    )


def _ranks(numbers: pd.Series) -> pd.Series:
    """Return the rank of each assignment number in its file, 1 the lowest; -2 before -10."""

    def natural(number: str) -> tuple[list[int | str], str]:
        parts = re.split(r"([0-9]+)", number)
        return [int(part) if index % 2 else part for index, part in enumerate(parts)], number

    ordered = sorted(set(numbers), key=natural)
    ranks = {number: rank for rank, number in enumerate(ordered, start=1)}
    return numbers.map(ranks).astype("int64")


def _people(accepted: pd.DataFrame, place: Place, keys: Keys) -> pd.Series:
    """Return the pseudonym of each row's person.

    The NHS Unique Id joins a person's posts in two organisations; where one row of an employee
    has it, it holds for all rows of that employee. Without one, the employee number within its
    organisation has to do.
    """
    scope = f"{place.organisation_code} employee"
    nhs_ids = accepted["nhs_unique_id"]
    own = list(zip(accepted["employee_number"], nhs_ids, nhs_ids.notna(), strict=True))
    of_employee: dict[str, str] = {}
    for employee, nhs_id, is_known in own:
        if is_known:
            of_employee[employee] = min(nhs_id, of_employee.get(employee, nhs_id))
    people = [
        ("NHS", nhs_id if is_known else of_employee[employee])
        if is_known or employee in of_employee
        else (scope, employee)
        for employee, nhs_id, is_known in own
    ]
    pseudonyms = {person: keys.person(*person) for person in set(people)}
    return pd.Series([pseudonyms[person] for person in people], index=accepted.index, dtype="str")
