"""The ESR outbound interface GO2: person, assignment and position records as staff in post.

A record is a line whose fields stand between ``~``; its first field says of which kind it is.
Grade, JobName and PositionName hold parts of their own between ``|``, dates are ``yyyymmdd``.
The positions of the fields are in ``schemas/go2_layout.csv``, the kinds in
``schemas/go2_tags.csv``. Source of both: RichEDev/Storybook on GitHub, an open-source reader of the
interface (names of fields only).
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import NamedTuple, cast

import pandas as pd

from pipeline.faults import Fault
from pipeline.read.batches import ROW_NUMBER, Batches
from pipeline.read.rows import clean
from pipeline.read.table import Reading
from pipeline.resources import ROOT, read_rows
from pipeline.values import parse_date

SOURCE = "esr_staff"
"""The source that a GO2 file stands for."""

BANK = "Bank"
APPLICANT_TYPES = frozenset({"A", "O"})
"""Assignment types of applicants and of those with an offer; E are employees, C contingent."""

PERSON_FIELDS = {
    "employee_number": "EmployeeNumber",
    "nhs_unique_id": "NhsUniqueId",
    "ethnic_origin": "EthnicOrigin",
    "disability": "DisabilityFlag",
    "gender": "Gender",
    "date_of_birth": "DateOfBirth",
    "marital_status": "MaritalStatus",
    "latest_start_date": "HireDate",
}
ASSIGNMENT_FIELDS = {
    "assignment_number": "AssignmentNumber",
    "primary_assignment": "PrimaryAssignment",
    "assignment_status": "UserAssignmentStatus",
    "assignment_category": "AssignmentCategory",
    "fte": "Fte",
    "pay_scale": "Grade",
}
POST_FIELDS = {
    "staff_group": ("JobName", 0, "JobStaffGroup"),
    "job_role": ("JobName", 1, "JobRole"),
    "occupation_code": ("PositionName", 2, "OccupationCode"),
}
"""Field of the assignment, part of it, and the position's own field where that part is blank."""
AREA_OF_WORK = 3
"""Part of PositionName that says Bank for a bank post."""

_CHANGES_ONLY = re.compile(r"_GOC_", re.IGNORECASE)
_HEADINGS = {
    **PERSON_FIELDS,
    **ASSIGNMENT_FIELDS,
    **{field: source for field, (source, _, _) in POST_FIELDS.items()},
}


class Record(NamedTuple):
    """A whole record: the line it stands in and its fields by name, blank ones missing."""

    line: int
    fields: Mapping[str, str | None]

    def get(self, name: str) -> str | None:
        """Return a field, or None where it is blank."""
        return self.fields.get(name)

    def part(self, name: str, index: int) -> str | None:
        """Return one of the parts of a field that stand between ``|``."""
        parts = (self.get(name) or "").split("|")
        return clean(parts[index]) if index < len(parts) else None


@cache
def layout() -> dict[str, tuple[str, ...]]:
    """Return the names of the fields of each kind of record, in their order."""
    found: dict[str, list[str]] = {}
    for row in read_rows(ROOT / "schemas" / "go2_layout.csv"):
        found.setdefault(row["record"], []).append(row["field"])
    return {record: tuple(names) for record, names in found.items()}


@cache
def tags() -> dict[str, str]:
    """Return the kind of record that each tag begins; blank for one that is passed over."""
    return {row["tag"]: row["record"] for row in read_rows(ROOT / "schemas" / "go2_tags.csv")}


def is_go2(head: Iterable[str]) -> bool:
    """Return whether one of the first lines is a record of the interface."""
    firsts = (line.partition("~") for line in head)
    return any(delimiter and tag.strip() in tags() for tag, delimiter, _ in firsts)


def read_go2(lines: Iterable[str], snapshot: date | None) -> Reading:
    """Return the assignments of a GO2 file at a snapshot, as rows of ``esr_staff``.

    A row stands for each assignment that had begun and not ended, with its person's and its
    position's data, under the number of its line. A record that is not whole is a row with a
    fault; an assignment without its person too. Applicants and other kinds of records are
    passed over.

    Args:
        lines: all lines of the file, with their line ends.
        snapshot: the day for which the records must hold; every record counts where it is None.

    """
    faults: list[Fault] = []
    records: dict[str, list[Record]] = {kind: [] for kind in layout()}
    kinds = set()
    broken: list[dict[str, object]] = []
    for line, received in enumerate(lines, start=1):
        content = received.rstrip("\r\n")
        if not content.strip():
            continue
        cells = content.split("~")
        kind = tags().get(cells[0].strip())
        kinds.add(kind)
        if kind == "header" and _CHANGES_ONLY.search(content):
            faults.append(Fault("GO2_CHANGES_ONLY", line))
        names = layout().get(kind or "", ())
        if kind is None or (names and len(cells) not in _lengths(names, cells)):
            faults.append(Fault("GO2_RECORD_CUT", line, detail=_cut(kind, cells, names)))
            broken.append({ROW_NUMBER: line})
        elif names:
            fields = zip(names, map(clean, cells), strict=False)
            records[kind].append(Record(line, dict(fields)))
    if "header" in kinds and "trailer" not in kinds:
        faults.append(Fault("GO2_TRAILER_MISSING"))
    rows, found = _staff(records, snapshot)
    ordered = sorted([*rows, *broken], key=lambda row: cast("int", row[ROW_NUMBER]))
    in_order = sorted([*faults, *found], key=lambda fault: (fault.row_number or 0, fault.code))
    rows_read = Batches.of(_frame(ordered))
    return Reading(rows_read, dict(_HEADINGS), in_order, len(ordered))


def _lengths(names: tuple[str, ...], cells: list[str]) -> tuple[int, ...]:
    """Return how many cells a whole record may have: some builds end it with a delimiter."""
    return (len(names), len(names) + 1) if not cells[-1].strip() else (len(names),)


def _cut(kind: str | None, cells: list[str], names: tuple[str, ...]) -> str:
    if kind is None:
        return "it begins with no kind of record that the interface has"
    return f"{len(cells)} fields, where a record of this kind ({kind.lower()}) has {len(names)}"


def _holds(record: Record, snapshot: date | None, first: str, last: str) -> bool:
    """Return whether a record is in force; one whose dates cannot be read is, and is checked."""
    if snapshot is None:
        return True
    begins, ends = (
        parse_date(text) if (text := record.get(name)) else None for name in (first, last)
    )
    return (begins is None or begins <= snapshot) and (ends is None or ends >= snapshot)


def _in_force(
    records: Iterable[Record], snapshot: date | None, key: str, dates: tuple[str, str]
) -> dict[str, Record]:
    """Return the record of each key that holds at the snapshot: of several the one begun last."""
    held: dict[str, Record] = {}
    for record in records:
        identifier = record.get(key)
        if identifier and _holds(record, snapshot, *dates):
            other = held.get(identifier)
            if other is None or _begun(other, dates[0]) < _begun(record, dates[0]):
                held[identifier] = record
    return held


def _begun(record: Record, first: str) -> tuple[str, str]:
    """Return what orders records of one key; of equal dates the content decides, not the line."""
    return record.get(first) or "", repr(sorted(record.fields.items(), key=str))


def _staff(
    records: Mapping[str, list[Record]], snapshot: date | None
) -> tuple[list[dict[str, object]], list[Fault]]:
    days = ("EffectiveStartDate", "EffectiveEndDate")
    people = _in_force(records["Person"], snapshot, "PersonId", days)
    days_of_post = ("EffectiveFromDate", "EffectiveToDate")
    positions = _in_force(records["Position"], snapshot, "PositionId", days_of_post)
    rows, faults = [], []
    for record in records["Assignment"]:
        if record.get("AssignmentType") in APPLICANT_TYPES or not _holds(record, snapshot, *days):
            continue
        faults += [
            Fault("DATE_INVALID", record.line, name)
            for name in days
            if (text := record.get(name)) and parse_date(text) is None
        ]
        person = people.get(record.get("PersonId") or "")
        if person is None:
            faults.append(Fault("GO2_PERSON_MISSING", record.line, "PersonId"))
        row = _row(record, person, positions.get(record.get("PositionId") or ""))
        if row["is_bank_by_area"]:
            faults.append(Fault("GO2_BANK_BY_AREA", record.line, "PositionName"))
        rows.append(row)
    return rows, faults


def _row(record: Record, person: Record | None, position: Record | None) -> dict[str, object]:
    """Return an assignment as a row of ``esr_staff``."""
    row: dict[str, object] = {ROW_NUMBER: record.line}
    row |= {field: person.get(name) if person else None for field, name in PERSON_FIELDS.items()}
    row |= {field: record.get(name) for field, name in ASSIGNMENT_FIELDS.items()}
    for field, (name, index, fallback) in POST_FIELDS.items():
        row[field] = record.part(name, index) or (position.get(fallback) if position else None)
    if row["pay_scale"] is None and position:
        row["pay_scale"] = position.get("Payscale")
    area = record.part("PositionName", AREA_OF_WORK) or ""
    is_bank = area.casefold() == BANK.casefold()
    row["is_bank_by_area"] = is_bank and row["assignment_category"] != BANK
    if is_bank:
        row["assignment_category"] = BANK
    return row


def _frame(rows: list[dict[str, object]]) -> pd.DataFrame:
    numbers = pd.Series([row[ROW_NUMBER] for row in rows], dtype="int64")
    columns = {
        field: pd.Series([row.get(field) for row in rows], dtype="str") for field in _HEADINGS
    }
    return pd.DataFrame({ROW_NUMBER: numbers, **columns})
