"""The faults that the sample plants: two files to be rejected, and rows to be quarantined.

They stand neither at the first nor at the last snapshot, whose figures are the annual ones, and in
extra rows, so that no person of the sample is lost by them.
"""

from collections.abc import Callable
from pathlib import Path

from pipeline.sample.formats import Row

Place = tuple[str, str, str]
"""Snapshot as an ISO date, organisation code, source."""

DRIFTED: Place = ("2021-09-30", "01J", "recruitment")
"""A required heading that no list of headings knows: the file is rejected."""
TRUNCATED: Place = ("2021-09-30", "27D", "board")
"""A file that breaks off in its last line: it is rejected."""
UNMAPPED_PAY_SCALE: Place = ("2021-12-31", "27D", "esr_staff")
"""A pay scale of no band, in a file long enough for it to stay below 0.5% of the rows."""
IMPOSSIBLE_DATE: Place = ("2021-06-30", "02E", "esr_staff")
"""A date of birth on 31 February."""
REPEATED_ROW: Place = ("2021-09-30", "99A", "esr_staff")
"""A row that stands there twice: the second one is quarantined."""
CONTRADICTION: Place = ("2021-12-31", "12F", "esr_staff")
"""An assignment with two numbers of hours: both rows are quarantined."""

QUARANTINED = {UNMAPPED_PAY_SCALE: 1, IMPOSSIBLE_DATE: 1, REPEATED_ROW: 1, CONTRADICTION: 2}
"""Rows to be quarantined, by place."""

_DRIFTED_HEADING = {"Ethnic Origin": "EO Code"}


def planted_rejections() -> frozenset[Place]:
    """Return the files that are planted to be rejected: (snapshot, organisation code, source)."""
    return frozenset({DRIFTED, TRUNCATED})


def header_as_sent(place: Place, header: list[str]) -> list[str]:
    """Return the headings of a file, drifted where that is planted."""
    drifted = _DRIFTED_HEADING if place == DRIFTED else {}
    return [drifted.get(heading, heading) for heading in header]


def rows_as_sent(place: Place, columns: tuple[str, ...], rows: list[Row]) -> list[Row]:
    """Return the rows of a file with those that are planted to be quarantined."""
    if place not in QUARANTINED:
        return rows
    return [*rows, *_PLANTERS[place](columns, rows)]


def _of_another(columns: tuple[str, ...], rows: list[Row], **changed: str | float) -> Row:
    """Return a row like the first one, of an employee who stands in no other file."""
    number = str(29_000_000 + len(rows))
    new = {
        "Employee Number": number,
        "Assignment Number": number,
        "NHS Unique Id": "",
        **{column.replace("_", " "): value for column, value in changed.items()},
    }
    return [new.get(column, cell) for column, cell in zip(columns, rows[0], strict=True)]


def _unmapped_pay_scale(columns: tuple[str, ...], rows: list[Row]) -> list[Row]:
    return [_of_another(columns, rows, Pay_Scale="LOCAL|ZZ42|Transitional Scale")]


def _impossible_date(columns: tuple[str, ...], rows: list[Row]) -> list[Row]:
    return [_of_another(columns, rows, Date_Of_Birth="31/02/1980")]


def _repeated_row(columns: tuple[str, ...], rows: list[Row]) -> list[Row]:
    return [rows[len(rows) // 2]]


def _contradiction(columns: tuple[str, ...], rows: list[Row]) -> list[Row]:
    return [_of_another(columns, rows, FTE=hours) for hours in (1.0, 0.6)]


_PLANTERS: dict[Place, Callable[[tuple[str, ...], list[Row]], list[Row]]] = {
    UNMAPPED_PAY_SCALE: _unmapped_pay_scale,
    IMPOSSIBLE_DATE: _impossible_date,
    REPEATED_ROW: _repeated_row,
    CONTRADICTION: _contradiction,
}


def break_off(path: Path) -> None:
    """Cut a CSV file in the middle of its last line."""
    content = path.read_bytes()
    last_line = content.rstrip(b"\n").rfind(b"\n") + 1
    path.write_bytes(content[: (last_line + len(content)) // 2])
