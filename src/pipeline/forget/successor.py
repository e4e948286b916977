"""What takes the place of a received file once somebody in it is to be forgotten.

It is the file as the product reads it, without that person's rows: the headings of its source, and
each row that stays under the number that it had, so that the feedback on it still holds. Columns
that nobody reads are not repeated.
"""

import csv
import io
from collections.abc import Collection
from dataclasses import dataclass

from pipeline.faults import Severity
from pipeline.forget.people import FIELDS, NHS, row_people
from pipeline.identity import Keys
from pipeline.read import ROW_NUMBER, Reading, read
from pipeline.read.batches import Spool
from pipeline.read.headings import heading_list
from pipeline.receive.inbox import Place
from pipeline.receive.limits import Limits

_LINE_END = "\r\n"
_ONE_TOO_MANY = "see the feedback on this row"

_MISPLACED = frozenset({"ROW_QUOTES", "ROW_CELL_COUNT", "GO2_RECORD_CUT"})
"""Faults of rows whose cells may stand in other columns than their own."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look into a received file found.

    Attributes:
        place: where it belongs.
        reading: what was read of it.
        people: for each row the pseudonyms in it.
    """

    place: Place
    reading: Reading
    people: list[frozenset[str]]

    @property
    def is_readable(self) -> bool:
        """Whether its rows could be told apart, so that it can be searched."""
        return not self.reading.rejected

    def names(self, people: Collection[str]) -> bool:
        """Return whether a row is of one of ``people``."""
        wanted = frozenset(people)
        return any(row & wanted for row in self.people)


def tells_of_people(source: str) -> bool:
    """Return whether the rows of a source are about people, one by one."""
    return source in FIELDS


def look(content: bytes, file_name: str, place: Place, keys: Keys, limits: Limits) -> Looked:
    """Return what a received file holds and who is in it."""
    reading = read(content, file_name, place.source, place, Spool(limits=limits))
    return Looked(place, reading, row_people(reading.frame, place, keys))


def without(looked: Looked, people: Collection[str], keys: Keys) -> bytes:
    """Return the file without the rows of ``people``, as CSV.

    A row that went to quarantine for how it was written has one cell too many, so that it goes
    there again; where its cells may stand in wrong columns it is left out too if one of them, taken
    for an identifier, is one of theirs. The rows that stay have the number that they had.
    """
    wanted, frame = frozenset(people), looked.reading.frame
    names = [str(name) for name in frame if name != ROW_NUMBER]
    headings = heading_list(looked.place.source).headings
    at_fault = {
        fault.row_number: fault.code in _MISPLACED
        for fault in looked.reading.faults
        if fault.severity is Severity.ROW
    }
    rows = zip(
        frame[ROW_NUMBER].tolist(),
        zip(*(frame[name].tolist() for name in names), strict=True),
        looked.people,
        strict=True,
    )
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=_LINE_END)
    writer.writerow([headings[name] for name in names])
    line = 1
    for number, values, own in sorted(rows, key=lambda row: int(row[0])):
        cells = [value if isinstance(value, str) else "" for value in values]
        named = _any_of(cells, looked.place, keys) if at_fault.get(number) else own
        if (own | named) & wanted:
            continue
        text.write(_LINE_END * (number - line - 1))
        writer.writerow([*cells, _ONE_TOO_MANY] if number in at_fault else cells)
        line = max(number, line + 1)
    return text.getvalue().encode()


def _any_of(cells: list[str], place: Place, keys: Keys) -> frozenset[str]:
    """Return whom the cells of a row would name, whichever column they belong in."""
    scopes = {
        scope if scope == NHS else f"{place.organisation_code} {scope}"
        for scope in FIELDS[place.source].values()
    }
    return frozenset(keys.person(scope, cell) for scope in scopes for cell in cells if cell)
