"""Land: the accepted rows of files, pseudonymised, in one transaction."""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from pipeline import codes, organisations
from pipeline.check import Checked
from pipeline.faults import Severity
from pipeline.identity import Keys
from pipeline.receive.inbox import Place
from pipeline.receive.ledger import EMPTY, LANDED, REJECTED, Load
from pipeline.receive.snapshots import seal
from pipeline.store import transaction
from pipeline.workspace import Workspace

if TYPE_CHECKING:
    import duckdb

_TABLES = """
create schema if not exists landing;
create table if not exists landing.esr_staff (
    load_id integer not null, row_number integer not null, person varchar not null,
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
    age_band varchar not null, latest_start_date date, directorate varchar, service varchar);
create table if not exists landing.recruitment (
    load_id integer not null, row_number integer not null, application varchar not null,
    is_shortlisted boolean not null, is_appointed boolean not null,
    ethnic_origin varchar, ethnicity_key varchar not null,
    disability varchar, disability_key varchar not null,
    gender varchar, sex_key varchar not null, shortlisted_date date);
create table if not exists landing.board (
    load_id integer not null, row_number integer not null, member varchar not null,
    is_voting boolean not null, is_executive boolean not null,
    ethnic_origin varchar, ethnicity_key varchar not null,
    disability varchar, disability_key varchar not null,
    gender varchar, sex_key varchar not null);
"""


@dataclass(frozen=True, slots=True)
class Examined:
    """A received file after read and check, ready to land."""

    place: Place
    file_name: str
    sha256: str
    checked: Checked

    @property
    def period_end(self) -> date:
        """The snapshot."""
        return self.place.period_end

    @property
    def organisation_code(self) -> str:
        """The ODS code of the organisation that sent the file."""
        return self.place.organisation_code

    @property
    def organisation_name(self) -> str:
        """Its name at the snapshot."""
        organisation = organisations.find(self.organisation_code, self.period_end)
        return organisation.organisation_name if organisation else self.organisation_code


def prepare(connection: "duckdb.DuckDBPyConnection") -> None:
    """Make the landing tables of a new home."""
    connection.execute(_TABLES)


def land(workspace: Workspace, examined: Sequence[Examined]) -> list[Load]:
    """Land files and return their ledger entries; all of them are stored, or none.

    Files of one source go in by one statement: most of what a small file costs is the statement.
    """
    loads = []
    arriving: dict[str, list[pd.DataFrame]] = defaultdict(list)
    with transaction(workspace.connection):
        for item in examined:
            load = _load(workspace.ledger.next_load_id(), item)
            workspace.ledger.record(load, item.checked.faults)
            for table, frame in _frames(load, item, workspace.keys):
                arriving[table].append(frame.assign(load_id=load.load_id))
            loads.append(load)
        for table, frames in arriving.items():
            _insert(workspace.connection, table, pd.concat(frames, ignore_index=True))
    return loads


def _load(load_id: int, examined: Examined) -> Load:
    checked = examined.checked
    return Load(
        load_id=load_id,
        place=examined.place,
        file_name=examined.file_name,
        sha256=examined.sha256,
        status=_status(checked),
        rows_received=checked.rows_received,
        rows_landed=0 if checked.rejected else len(checked.accepted),
        rows_quarantined=0 if checked.rejected else len(checked.quarantined),
        rows_warned=0 if checked.rejected else checked.rows_warned,
    )


def _frames(load: Load, examined: Examined, keys: Keys) -> Iterator[tuple[str, pd.DataFrame]]:
    """Return the rows that a file adds to each table."""
    if load.rows_landed:
        make_frame = _FRAMES[load.place.source]
        yield (
            f"landing.{load.place.source}",
            make_frame(examined.checked.accepted, load.place, keys),
        )
    if load.rows_quarantined:
        yield "ledger.quarantine", _quarantine_frame(load, examined.checked, keys)


def _status(checked: Checked) -> str:
    if checked.rejected:
        return REJECTED
    return LANDED if len(checked.accepted) else EMPTY


def _insert(connection: "duckdb.DuckDBPyConnection", table: str, frame: pd.DataFrame) -> None:
    connection.register("arriving", frame)
    try:
        connection.execute(f"insert into {table} by name select * from arriving")
    finally:
        connection.unregister("arriving")


def _characteristic_columns(accepted: pd.DataFrame) -> dict[str, pd.Series]:
    """Return each characteristic as received, and the key that its code list is joined on."""
    columns: dict[str, pd.Series] = {}
    for field, characteristic in codes.CHARACTERISTIC_OF_FIELD.items():
        if field in accepted:
            columns[field] = accepted[field]
            meaning = partial(codes.characteristic_key, characteristic)
            columns[f"{characteristic}_key"] = _mapped(accepted[field], meaning)
    return columns


def _mapped(values: pd.Series, meaning: Callable[[Any], Any]) -> pd.Series:
    """Return the meaning of each value, worked out once for each that occurs."""
    received = values.astype(object).where(values.notna(), None).tolist()
    meanings = {value: meaning(value) for value in set(received)}
    return pd.Series([meanings[value] for value in received], index=values.index, dtype="str")


def _esr_staff_frame(accepted: pd.DataFrame, place: Place, keys: Keys) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "row_number": accepted["row_number"],
            "person": _people(accepted, place, keys),
            "assignment_rank": _ranks(accepted["assignment_number"]),
            "is_primary": accepted["primary_assignment"],
            "person_type": _mapped(accepted["assignment_category"], codes.person_type),
            "assignment_state": _mapped(accepted["assignment_status"], codes.assignment_state),
            "staff_group": accepted["staff_group"],
            "staff_side": _mapped(accepted["staff_group"], codes.staff_group_side),
            "job_role": accepted["job_role"],
            "occupation_code": accepted["occupation_code"],
            "pay_scale": accepted["pay_scale"],
            "band_code": _mapped(accepted["pay_scale"], codes.band_code),
            "fte": accepted["fte"],
            **_characteristic_columns(accepted),
            "age_band": _mapped(
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


def _recruitment_frame(accepted: pd.DataFrame, place: Place, keys: Keys) -> pd.DataFrame:
    scope = f"{place.organisation_code} application"
    return pd.DataFrame(
        {
            "row_number": accepted["row_number"],
            "application": accepted["application_id"].map(lambda value: keys.person(scope, value)),
            "is_shortlisted": accepted["shortlisted"],
            "is_appointed": accepted["appointed"],
            **_characteristic_columns(accepted),
            "shortlisted_date": accepted["shortlisted_date"],
        }
    )


def _board_frame(accepted: pd.DataFrame, place: Place, keys: Keys) -> pd.DataFrame:
    scope = f"{place.organisation_code} member"
    return pd.DataFrame(
        {
            "row_number": accepted["row_number"],
            "member": accepted["member_id"].map(lambda value: keys.person(scope, value)),
            "is_voting": accepted["voting"],
            "is_executive": accepted["executive"],
            **_characteristic_columns(accepted),
        }
    )


_FRAMES = {
    "esr_staff": _esr_staff_frame,
    "recruitment": _recruitment_frame,
    "board": _board_frame,
}


def _quarantine_frame(load: Load, checked: Checked, keys: Keys) -> pd.DataFrame:
    """Return the quarantined rows: where they stood, why, and what they held (sealed)."""
    reasons: dict[int, set[str]] = {}
    for fault in checked.faults:
        if fault.severity is Severity.ROW and fault.row_number is not None:
            reasons.setdefault(fault.row_number, set()).add(fault.code)
    sealing_key = keys.sealing_key()
    rows = []
    for row in checked.quarantined.to_dict("records"):
        number = int(row["row_number"])
        label = f"{load.sha256}/{number}"
        content = json.dumps(row, default=str, sort_keys=True).encode()
        rows.append(
            {
                "row_number": number,
                "codes": ",".join(sorted(reasons.get(number, set()))),
                "row_sealed": seal(sealing_key, content, label),
            }
        )
    return pd.DataFrame(rows)
