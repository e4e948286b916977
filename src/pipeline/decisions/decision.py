"""Decisions on values that no code list knows: what each stands for, who decided it, and when.

They stand in ``warehouse/reference/code_decision.csv``, which ships, and in
``home/decisions/code_decision.csv``, a team's own, which wins where both decide on one value. What
a code list knows itself needs no decision, and a decision on it changes nothing.
"""

import csv
import hashlib
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from pipeline.codes import CHARACTERISTIC_OF_FIELD, is_listed, plain
from pipeline.decisions.in_force import Decided
from pipeline.errors import UsageError
from pipeline.resources import REFERENCE, reference
from pipeline.settings import Home

COLUMNS = ("list", "received_key", "code", "decided_on", "decided_by_role", "note")
"""The columns of a file of decisions."""
FILE = "code_decision.csv"
UNKNOWN_FILE = "unknown_codes.csv"
"""The table of the values that wait for a decision, in the folder of a home's own decisions."""

PAY_SCALE = "pay_scale"
_BANDS = (PAY_SCALE, "grade_word")


@dataclass(frozen=True, slots=True)
class CodeList:
    """A code list on whose unknown values a team decides.

    Attributes:
        name: the list: a characteristic, or a file of ``warehouse/reference/``.
        field: the field of the received files that it explains.
        faults: the codes of the faults of a value that it does not know.
    """

    name: str
    field: str
    faults: frozenset[str]


def _code_list(name: str, field: str, *faults: str) -> CodeList:
    return CodeList(name, field, frozenset(faults))


LISTS = (
    *(_code_list(name, field, "VALUE_UNLISTED") for field, name in CHARACTERISTIC_OF_FIELD.items()),
    _code_list(PAY_SCALE, "pay_scale", "PAY_SCALE_UNMAPPED", "BAND_UNKNOWN"),
    _code_list("staff_group", "staff_group", "STAFF_GROUP_UNLISTED"),
    _code_list("assignment_category", "assignment_category", "CATEGORY_UNLISTED"),
    _code_list("assignment_status", "assignment_status", "STATUS_UNLISTED"),
    _code_list("case_type", "case_type", "CASE_TYPE_UNLISTED"),
    _code_list("course_type", "course_type", "COURSE_TYPE_UNLISTED"),
    _code_list("movement", "movement", "MOVEMENT_UNLISTED"),
    _code_list("leaving_reason", "leaving_reason", "LEAVING_REASON_UNLISTED"),
    _code_list("duty_kind", "kind", "DUTY_KIND_UNLISTED"),
    _code_list("action_status", "status", "ACTION_STATUS_UNLISTED"),
    _code_list("eds_framework", "framework", "EDS_FRAMEWORK_UNLISTED"),
)
"""The lists of code-list columns: no column of names, numbers, dates or free text."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What one unknown value of one list stands for."""

    list_name: str
    received_key: str
    code: str


@cache
def shipped() -> tuple[Decision, ...]:
    """Return the decisions that ship with the product."""
    return _decisions(reference(FILE.removesuffix(".csv")))


def shipped_faults() -> list[str]:
    """Return what is wrong in the decisions that ship, a sentence each."""
    name = f"{REFERENCE.name}/{FILE}"
    return [f"{name} {fault}" for fault in faults(reference(FILE.removesuffix(".csv")))]


def of_home(home: Home) -> tuple[Decision, ...]:
    """Return the decisions of a team's own file; none where there is no file.

    Raises:
        UsageError: the file is no table of decisions, or a line of it is wrong; all faults at once.
    """
    path = home.decisions / FILE
    return of_file(path.read_bytes(), path) if path.exists() else ()


def of_file(content: bytes, path: Path) -> tuple[Decision, ...]:
    """Return the decisions of the content of a team's own file.

    Raises:
        UsageError: it is no table of decisions, or a line of it is wrong; all faults at once.
    """
    rows = _read(content, path)
    found = faults(rows, allow_known=True)
    if found:
        raise UsageError(f"{path}: {'; '.join(found)}. Mend these lines and run again.")
    return _decisions(rows)


def text_of_home(home: Home) -> str:
    """Return a team's own file of decisions as it is, for whoever makes the home anew."""
    path = home.decisions / FILE
    return path.read_bytes().decode("utf-8-sig", "replace") if path.exists() else ""


def _read(content: bytes, path: Path) -> list[dict[str, str]]:
    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        names, rows = tuple(reader.fieldnames or ()), list(reader)
    except (UnicodeDecodeError, csv.Error):
        raise UsageError(f"{path} cannot be read as a CSV file in UTF-8.") from None
    if names != COLUMNS or any(None in row or None in row.values() for row in rows):
        raise UsageError(
            f"{path} must have the columns {', '.join(COLUMNS)}, in this order, in every line."
        )
    return rows


def _decisions(rows: Iterable[dict[str, str]]) -> tuple[Decision, ...]:
    return tuple(
        Decision(row["list"].strip(), plain(row["received_key"]), row["code"].strip())
        for row in rows
    )


def faults(rows: Sequence[dict[str, str]], *, allow_known: bool = False) -> list[str]:
    """Return what is wrong in a table of decisions: the line, what, and how to mend it.

    Args:
        rows: the lines of the table; the first is line 2.
        allow_known: whether a decision may stand on a value that its list knows, as it does where
            a later version of the product brings what a team had decided.
    """
    found, seen = [], set()
    for number, (row, one) in enumerate(zip(rows, _decisions(rows), strict=True), start=2):
        wrong = list(_faults(row, one, allow_known=allow_known))
        if (one.list_name, one.received_key) in seen:
            wrong.append("decides a second time on the same value; leave one of the lines out")
        seen.add((one.list_name, one.received_key))
        found += [f"line {number} {fault}" for fault in wrong]
    return found


def _faults(row: dict[str, str], one: Decision, *, allow_known: bool) -> Iterator[str]:
    if one.list_name not in {each.name for each in LISTS}:
        names = ", ".join(each.name for each in LISTS)
        yield f"names a list that is not known; lists are {names}"
        return
    if not one.received_key:
        yield "has no received_key"
    elif not allow_known and is_listed(one.list_name, one.received_key):
        yield f"decides on a value that the list {one.list_name} knows; take the line out"
    if one.code not in known_codes(one.list_name):
        codes = ", ".join(known_codes(one.list_name))
        yield f"has a code that the list {one.list_name} does not have; codes are {codes}"
    try:
        date.fromisoformat(row["decided_on"])
    except ValueError:
        yield "has no date such as 2026-04-30 under decided_on"
    if not row["decided_by_role"].strip():
        yield "says under decided_by_role nobody; name the role, not the person"


@cache
def known_codes(list_name: str) -> dict[str, str]:
    """Return the codes that a decision may give, each with what the list joins it by.

    For a characteristic these are the codes of its categories, and NEVER_ASKED and DECLINED for
    people who count as unknown; each stands for the first received key of its kind.
    """
    if list_name in CHARACTERISTIC_OF_FIELD.values():
        codes: dict[str, str] = {}
        for row in reference("characteristic_value"):
            key = row["received_key"]
            if row["characteristic"] == list_name and key[:1] not in {"", "("} | set("0123456789"):
                codes.setdefault(row["unknown_kind"] or row["category_code"], key)
        return codes
    files = _BANDS if list_name == PAY_SCALE else (list_name,)
    return {row["code"]: row["code"] for name in files for row in reference(name) if row["code"]}


def meanings(decisions: Iterable[Decision]) -> Decided:
    """Return what each decided value stands for; of two on one value the later one holds."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for one in decisions:
        meaning = known_codes(one.list_name).get(one.code)
        if meaning is not None:
            found[one.list_name][one.received_key] = meaning
    return found


def as_text(decided: Decided) -> str:
    """Return the decisions as one text, equal where they are."""
    return json.dumps(decided, sort_keys=True)


def digest(decisions: Iterable[Decision]) -> str:
    """Return the SHA-256 of what is decided; empty where nothing is."""
    decided = meanings(decisions)
    return hashlib.sha256(as_text(decided).encode()).hexdigest() if decided else ""
