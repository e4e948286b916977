"""Who is to be forgotten: identifiers as somebody typed them, and the rows that are theirs.

Everything here is by pseudonym. An identifier is read, turned into its pseudonym and dropped; no
message repeats one.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.errors import UsageError
from pipeline.identity import Keys
from pipeline.read.rows import clean
from pipeline.receive.inbox import Place

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("Kind", "Organisation Code", "Identifier")
"""The columns of the list of who is to be forgotten."""

NHS = "NHS"
_SCOPES = {
    "employee number": "employee",
    "case id": "case",
    "member id": "member",
    "application id": "application",
}
_NHS_KIND = "nhs unique id"

FIELDS: Mapping[str, Mapping[str, str]] = {
    "esr_staff": {"employee_number": "employee", "nhs_unique_id": NHS},
    "pay": {"employee_number": "employee"},
    "employee_relations": {"employee_number": "employee", "case_id": "case"},
    "training": {"employee_number": "employee"},
    "movers": {"employee_number": "employee"},
    "board": {"member_id": "member"},
    "recruitment": {"application_id": "application"},
}
"""The identifiers in each source that tells of people, and what each is unique within."""

LANDED: Mapping[str, tuple[str, ...]] = {
    "esr_staff": ("person", "employee"),
    "pay": ("employee",),
    "employee_relations": ("employee", "case_id"),
    "training": ("employee",),
    "movers": ("employee",),
    "board": ("member",),
    "recruitment": ("application",),
}
"""The columns of landed rows that hold a pseudonym."""

MOST_POSTS = 12
"""An identifier beside more others than this is no one person's: a filler that many rows share."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One line of the list: the number of the line, and whose it is.

    Attributes:
        line: its number, the heading is line 1.
        organisation_code: within which organisation the identifier holds; None: everywhere.
        pseudonym: of the identifier.
    """

    line: int
    organisation_code: str | None
    pseudonym: str


def asked(text: str, keys: Keys) -> list[Asked]:
    """Return who is to be forgotten.

    Args:
        text: CSV with the columns of ``COLUMNS``; the organisation is blank for an NHS Unique Id.
        keys: by which identifiers become pseudonyms.

    Raises:
        UsageError: it is no such list; all faults at once, and no identifier in them.
    """
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    heading = [(clean(cell) or "").lower() for cell in rows[0]] if rows else []
    if heading != [name.lower() for name in COLUMNS]:
        raise UsageError(
            f"The list of who is to be forgotten must be CSV with the columns {', '.join(COLUMNS)}."
        )
    found, faults = [], []
    for line, row in enumerate(rows[1:], start=2):
        if not any(clean(cell) for cell in row):
            continue
        one = _one(line, row, keys)
        if isinstance(one, str):
            faults.append(f"line {line} {one}")
        else:
            found.append(one)
    if faults or not found:
        told = "; ".join(faults) or "it names nobody"
        raise UsageError(f"The list of who is to be forgotten is wrong: {told}.")
    return found


def _one(line: int, row: list[str], keys: Keys) -> Asked | str:
    if len(row) != len(COLUMNS):
        return f"has {len(row)} cells, and should have {len(COLUMNS)}"
    kind, code, identifier = (clean(cell) for cell in row)
    if kind is None or (kind.lower() != _NHS_KIND and kind.lower() not in _SCOPES):
        kinds = ", ".join(["NHS Unique Id", *map(str.capitalize, _SCOPES)])
        return f"has a kind that is none of {kinds}"
    if identifier is None:
        return "has no identifier"
    if kind.lower() == _NHS_KIND:
        return Asked(line, None, keys.person(NHS, identifier))
    if code is None:
        return "names no organisation, which every identifier but the NHS Unique Id needs"
    scope = f"{code.upper()} {_SCOPES[kind.lower()]}"
    return Asked(line, code.upper(), keys.person(scope, identifier))


def row_people(frame: "pd.DataFrame", place: Place, keys: Keys) -> list[frozenset[str]]:
    """Return for each row as read the pseudonyms of the identifiers in it."""
    columns = []
    for name, scope in FIELDS.get(place.source, {}).items():
        if name in frame:
            whole = scope if scope == NHS else f"{place.organisation_code} {scope}"
            columns.append([(whole, value) for value in frame[name].tolist()])
    known: dict[tuple[str, object], str] = {}
    found: list[set[str]] = [set() for _ in range(len(frame))]
    for column in columns:
        for people, (whole, value) in zip(found, column, strict=True):
            if isinstance(value, str):
                if (whole, value) not in known:
                    known[whole, value] = keys.person(whole, value)
                people.add(known[whole, value])
    return [frozenset(people) for people in found]


def shared_by_many(same: Iterable[frozenset[str]]) -> frozenset[str]:
    """Return the pseudonyms that are no one person's: they stand beside too many others."""
    beside: dict[str, set[str]] = defaultdict(set)
    for row in same:
        for one in row:
            beside[one] |= row - {one}
    return frozenset(one for one, others in beside.items() if len(others) > MOST_POSTS)


def all_of(people: Iterable[str], same: Iterable[frozenset[str]]) -> frozenset[str]:
    """Return people with every other pseudonym that a row of theirs holds, and so on.

    Args:
        people: the pseudonyms to begin with.
        same: the pseudonyms of each row of a staff extract: they are of one person.
    """
    known = set(people)
    rest = [row for row in same if len(row) > 1]
    while True:
        more = [row for row in rest if row & known]
        if not more:
            return frozenset(known)
        known.update(*more)
        rest = [row for row in rest if not row <= known]
