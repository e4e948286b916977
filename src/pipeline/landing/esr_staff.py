"""Staff in post as landed: one row for each assignment, its person pseudonymised."""

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import pandas as pd

from pipeline import codes
from pipeline.checked import Checked, without
from pipeline.identity import Keys
from pipeline.landing.columns import characteristic_columns, employees, mapped, pseudonyms
from pipeline.read import ROW_NUMBER
from pipeline.receive.inbox import Place
from pipeline.together import rows_that_share

EMPLOYEE, NHS_ID = "employee_number", "nhs_unique_id"
NHS = "NHS"
"""The scope of the NHS Unique Id, which is one for all organisations."""

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


@dataclass(frozen=True, slots=True)
class Across:
    """What the rows of a file say of each other.

    Attributes:
        nhs_id: the NHS Unique Id of employees of whom one row has none: of several the least.
        rank: the rank of an assignment, by its row, where a person has several.
    """

    nhs_id: Mapping[Hashable, str]
    rank: Mapping[int, int]


def across(checked: Checked) -> Across:
    """Return what the accepted rows of a file say of each other."""
    if "assignment_number" not in checked.rows.fields:
        return Across({}, {})
    known = [name for name in (EMPLOYEE, NHS_ID) if name in checked.rows.fields]
    names = (*known, "assignment_number")
    keys = [(name,) for name in known]
    shared = rows_that_share(checked.rows, keys, names, blanks=False)
    found = without(shared, checked.at_fault)
    return _across(found if NHS_ID in found else found.assign(**{NHS_ID: None}))


def _across(rows: pd.DataFrame) -> Across:
    """Return what rows of people with several assignments say of each other."""
    with_id = rows.dropna(subset=NHS_ID)
    lacking = set(rows.loc[rows[NHS_ID].isna(), EMPLOYEE])
    told = with_id[with_id[EMPLOYEE].isin(lacking)]
    ranks = _ranks(rows["assignment_number"].tolist())
    return Across(
        told.groupby(EMPLOYEE)[NHS_ID].min().to_dict(),
        dict(zip(rows[ROW_NUMBER].tolist(), ranks, strict=True)),
    )


def frame(
    accepted: pd.DataFrame, place: Place, keys: Keys, told: Across | None = None
) -> pd.DataFrame:
    """Return the rows to land of accepted ones.

    Args:
        accepted: accepted rows of a file.
        place: the snapshot and organisation of the file.
        keys: by which identifiers become pseudonyms.
        told: what all accepted rows of the file say of each other; where None, these are all.

    ``assignment_rank`` orders the assignments of a person: 1 where there is one alone, else the
    rank of the number among those of the file's people with several, the lowest 1, -2 before -10.
    """
    told = told or _across(accepted)
    employee = employees(accepted, place, keys)
    return pd.DataFrame(
        {
            "row_number": accepted["row_number"],
            "person": _people(accepted, employee, keys, told),
            "employee": employee,
            "assignment_rank": [told.rank.get(n, 1) for n in accepted[ROW_NUMBER].tolist()],
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


def _ranks(numbers: list[str]) -> list[int]:
    """Return the rank of each assignment number, 1 the lowest; -2 before -10."""

    def natural(number: str) -> tuple[list[int | str], str]:
        parts = re.split(r"([0-9]+)", number)
        return [int(part) if index % 2 else part for index, part in enumerate(parts)], number

    ordered = sorted(set(numbers), key=natural)
    ranks = {number: rank for rank, number in enumerate(ordered, start=1)}
    return [ranks[number] for number in numbers]


def _people(accepted: pd.DataFrame, employee: pd.Series, keys: Keys, told: Across) -> pd.Series:
    """Return the pseudonym of each row's person.

    The NHS Unique Id joins a person's posts in two organisations; where one row of an employee
    has it, it holds for all rows of that employee. Without one, the employee number within its
    organisation has to do.
    """
    numbers, own = accepted[EMPLOYEE], accepted[NHS_ID]
    nhs_ids = own.where(own.notna(), numbers.map(told.nhs_id).astype("str")) if told.nhs_id else own
    people = pseudonyms(nhs_ids, NHS, keys)
    return people.where(nhs_ids.notna(), employee)
