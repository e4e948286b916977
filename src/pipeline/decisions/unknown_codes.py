"""Values that no code list knows: kept by file, laid out for a decision.

They leave the private database in one place, ``home/decisions/unknown_codes.csv`` for the team's
own eyes. There a value stands where a file holds it of two people, or where two organisations sent
it: what is said of one person alone may be what they wrote of themselves, or their name in a column
where it does not belong. Of one person a grade or a type stands there only where it is written much
as a known one. What looks like a number, a date, an address or free text, and does not belong in a
column of codes, is counted and not kept.
"""

import csv
import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pipeline.checked import Checked
from pipeline.codes import CHARACTERISTIC_OF_FIELD, is_listed, plain
from pipeline.decisions import in_force as decided
from pipeline.decisions.decision import LISTS, PAY_SCALE, UNKNOWN_FILE, CodeList, known_codes
from pipeline.files import write_whole
from pipeline.read import ROW_NUMBER
from pipeline.resources import reference
from pipeline.settings import Home
from pipeline.values import parse_date, parse_number

if TYPE_CHECKING:
    import duckdb

COLUMNS = (
    "list", "received_key", "sources", "organisations", "rows", "first_snapshot", "last_snapshot",
    "nearest_known", "suggested_code", "code", "decided_on", "decided_by_role", "note",
)  # fmt: skip
"""What the table for a decision says; the last four are for the team to fill in."""

NOT_REPEATED = "not repeated here: they look like numbers, dates, addresses or free text"
ONE_PERSON = (
    "not repeated here: no file holds one of them of two people and no two organisations do, so "
    "each may be what is said of one person; look in the file received"
)
MOST_CHARACTERS = 80
"""A longer value is free text."""
MOST_VALUES = 25
"""More unknown values in one column of a file are no new codes: the column holds another thing."""

_ALIKE, _MUCH_ALIKE = 0.6, 0.8
"""How much alike two values are written, from which on one is suggested, and one is shown that is
said of one person alone (ratio of ``difflib``)."""
LEAST_PEOPLE = 2
"""From how many people of one file on a value is shown."""
_EMPLOYEE = "employee_number"
_CHARACTERISTICS = frozenset(CHARACTERISTIC_OF_FIELD.values())
_CELLS, _QUOTES = "ROW_CELL_COUNT", "ROW_QUOTES"
_DIGITS = re.compile(r"\d{5}")
_FORMULA = ("=", "+", "-", "\t", "＝", "＋", "－", "＠")  # noqa: RUF001 - the wide signs begin a formula too


_People = dict[str, set[object]]
"""The people of rows with a value, by the value."""


def found_in(checked: Checked) -> pd.DataFrame:
    """Return the values of a file that the lists themselves do not know.

    Returns:
        ``list_name``, ``received_key`` (null for those that are not kept) and ``row_count``: the
        rows where the value is a fault, or where a decision says what it stands for; the rows of
        one employee count once.
    """
    at_fault: dict[tuple[str, str | None], set[int]] = defaultdict(set)
    for fault in checked.faults:
        if fault.row_number is not None:
            at_fault[fault.code, fault.column].add(fault.row_number)
    # A row of too many or too few cells has them in the wrong columns.
    shifted = at_fault.get((_CELLS, None), set()) | at_fault.get((_QUOTES, None), set())
    lists = [each for each in LISTS if each.field in checked.rows.fields]
    people: dict[str, _People] = {each.name: defaultdict(set) for each in lists}
    for batch in checked.rows.columns(_columns(checked, lists)):
        for code_list in lists:
            heading = checked.headings[code_list.field]
            wrong = set[int]().union(
                *(at_fault.get((code, heading), ()) for code in code_list.faults)
            )
            _add_people(people[code_list.name], code_list, batch, wrong, shifted)
    counts: Counter[tuple[str, str | None]] = Counter()
    for name, found in people.items():
        is_too_many = len(found) > MOST_VALUES
        for key, of in found.items():
            counts[name, None if is_too_many or _is_hidden(key) else key] += len(of)
    return pd.DataFrame(
        [(name, key, rows) for (name, key), rows in counts.items()],
        columns=["list_name", "received_key", "row_count"],
    ).astype({"list_name": "str", "received_key": "str"})


def _columns(checked: Checked, lists: Sequence[CodeList]) -> list[str]:
    wanted = {each.field for each in lists} | {_EMPLOYEE}
    return [ROW_NUMBER, *(field for field in checked.rows.fields if field in wanted)]


def _add_people(
    people: _People, code_list: CodeList, batch: pd.DataFrame, wrong: set[int], shifted: set[int]
) -> None:
    """Add whom the rows of a batch are about in which a value is unlisted, by the value."""
    places, values = pd.factorize(batch[code_list.field])
    unlisted = {n: plain(each) for n, each in enumerate(values) if _is_unlisted(code_list, each)}
    if not unlisted:
        return
    rows = batch[np.isin(places, list(unlisted))]
    keys = [unlisted[n] for n in places.tolist() if n in unlisted]
    for number, key, person in zip(rows[ROW_NUMBER].tolist(), keys, _about(rows), strict=True):
        is_decided = decided.code(code_list.name, key) is not None
        if number not in shifted and (number in wrong or is_decided):
            people[key].add(person)


def _about(rows: pd.DataFrame) -> list[object]:
    """Return whom each row is about: its employee, or the row itself where it names none."""
    numbers = rows[ROW_NUMBER].tolist()
    if _EMPLOYEE not in rows:
        return numbers
    employees = rows[_EMPLOYEE].tolist()
    return [
        employee if isinstance(employee, str) else number
        for employee, number in zip(employees, numbers, strict=True)
    ]


def _is_unlisted(code_list: CodeList, value: str) -> bool:
    return bool(plain(value)) and not is_listed(code_list.name, value)


def _is_hidden(key: str) -> bool:
    return bool(
        "@" in key
        or _DIGITS.search(key)
        or key.startswith(_FORMULA)
        or len(key) > MOST_CHARACTERS
        or not key.isprintable()
        or parse_number(key) is not None
        or any(parse_date(word) is not None for word in (key, *key.split()))
    )


def write_table(home: Home, connection: "duckdb.DuckDBPyConnection") -> int:
    """Write the values that wait for a decision, and return how many they are.

    The file is readable by the owner alone; the values stand in nothing else that a run writes.
    """
    rows = list(_table(connection))
    path = home.decisions / UNKNOWN_FILE
    if rows or path.exists():
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerows([COLUMNS, *rows])
        write_whole(path, text.getvalue().encode())
    return len(rows)


def _table(connection: "duckdb.DuckDBPyConnection") -> Iterator[list[Any]]:
    rows = connection.execute(
        "select unknown.list_name, unknown.received_key, "
        "string_agg(distinct received.source, ';' order by received.source), "
        "string_agg(distinct received.organisation_code, ';' order by received.organisation_code), "
        "cast(sum(unknown.row_count) as bigint) as row_count, "
        "min(received.period_end), max(received.period_end), "
        # The same person may stand in the files of several snapshots and sources.
        f"max(unknown.row_count) < {LEAST_PEOPLE} "
        "and count(distinct received.organisation_code) = 1 "
        "from ledger.unknown_code as unknown inner join ledger.load as received "
        "on unknown.load_id = received.load_id where received.status <> 'superseded' "
        "group by unknown.list_name, unknown.received_key "
        "order by unknown.list_name, row_count desc, unknown.received_key nulls last"
    ).fetchall()
    alone: dict[str, _Alone] = defaultdict(_Alone)
    for name, key, *told, is_alone in rows:
        if key is None:
            yield [name, "", *told, *[""] * 5, NOT_REPEATED]
        elif decided.code(name, key) is None:
            is_code = name not in _CHARACTERISTICS and any(nearest(name, key, _MUCH_ALIKE))
            if is_alone and not is_code:
                alone[name].add(*told)
            else:
                yield [name, key, *told, *nearest(name, key), *[""] * 4]
    for name, each in alone.items():
        yield [name, "", *each.told(), *[""] * 5, ONE_PERSON]


@dataclass
class _Alone:
    """The values of a list that are said of one person each, told together."""

    sources: set[str] = field(default_factory=set)
    organisations: set[str] = field(default_factory=set)
    rows: int = 0
    snapshots: set[date] = field(default_factory=set)

    def add(self, sources: str, organisations: str, rows: int, first: date, last: date) -> None:
        self.sources.update(sources.split(";"))
        self.organisations.update(organisations.split(";"))
        self.rows += rows
        self.snapshots.update((first, last))

    def told(self) -> list[Any]:
        """Return what the table tells of them, in the order of its columns."""
        return [
            ";".join(sorted(self.sources)),
            ";".join(sorted(self.organisations)),
            self.rows,
            min(self.snapshots),
            max(self.snapshots),
        ]


def nearest(list_name: str, key: str, alike: float = _ALIKE) -> tuple[str, str]:
    """Return the known value that is written most like ``key`` and its code; blank where none."""
    known = _known_values(list_name)
    described = key.rsplit("|", 1)[-1] if list_name == PAY_SCALE else key
    close = get_close_matches(described, sorted(known), n=1, cutoff=alike)
    return (close[0], known[close[0]]) if close else ("", "")


@cache
def _known_values(list_name: str) -> dict[str, str]:
    """Return what a list knows and reads, with the code that a decision would give."""
    codes = known_codes(list_name)
    if list_name in CHARACTERISTIC_OF_FIELD.values():
        rows = [r for r in reference("characteristic_value") if r["characteristic"] == list_name]
        named = [(row, row["unknown_kind"] or row["category_code"]) for row in rows]
        told = [
            (row[name], code) for row, code in named for name in ("category_label", "received_key")
        ]
    elif list_name == PAY_SCALE:
        told = [(row["label"], row["code"]) for row in reference(PAY_SCALE)]
        told += [(row["received_key"], row["code"]) for row in reference("grade_word")]
    else:
        told = [(row["received_key"], row["code"]) for row in reference(list_name)]
    return {plain(value): code for value, code in told if plain(value) and code in codes}
