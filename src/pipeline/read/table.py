"""From numbered rows to the all-text frame of one source."""

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pandas as pd

from pipeline.faults import Fault, Severity
from pipeline.read.headings import Columns, HeadingList, match, plain_heading
from pipeline.read.rows import ERROR_MARK, UNCALCULATED, Row, clean, is_blank, listed

ROW_NUMBER = "row_number"


@dataclass(frozen=True)
class Reading:
    """What was read of one file.

    Attributes:
        frame: a row for each row received: ``row_number`` (int64, as a spreadsheet numbers it) and
            the canonical fields that were found, as text; blank cells are missing. A row whose
            cells do not fit the header is there, with the cells that could be placed, and has a
            fault.
        headings: the heading as received of each field of the frame.
        faults: every fault found, of the file and of its rows.
        rows_received: rows that hold anything, without the header and its repetitions.

    """

    frame: pd.DataFrame
    headings: dict[str, str]
    faults: list[Fault]
    rows_received: int

    @property
    def rejected(self) -> bool:
        """Whether a fault rejects the whole file."""
        return any(fault.severity is Severity.FILE for fault in self.faults)


def nothing_read(faults: list[Fault]) -> Reading:
    """Return the reading of a file of which nothing can be read."""
    return Reading(_frame([], [], {}), {}, faults, 0)


def assemble(
    rows: list[Row], header: Row, expected: HeadingList, *, cut_short: bool = False
) -> Reading:
    """Return the frame below ``header`` with every fault of its headings and rows.

    Args:
        rows: all rows of the file or sheet, those above the header included.
        header: the row that holds the headings.
        expected: the headings of the source.
        cut_short: whether the file ends without a line end.

    """
    columns = match(header, expected)
    faults = _preamble(rows, header) + columns.faults
    data = [row for row in rows if row.number > header.number and not is_blank(row)]
    names = [plain_heading(cell) for cell in header.cells or []]
    repeated = [row.number for row in data if _repeats(row, names)]
    if repeated:
        faults.append(Fault("HEADER_REPEATED", detail=f"rows {listed(repeated)}"))
        data = [row for row in data if not _repeats(row, names)]
    faults += _misfits(data, len(header.cells or []), cut_short=cut_short)
    cells = [_chosen(row, columns.position) for row in data]
    numbers = [row.number for row in data]
    faults += _formulas(numbers, cells, columns)
    return Reading(_frame(numbers, cells, columns.position), columns.headings, faults, len(data))


def _preamble(rows: list[Row], header: Row) -> list[Fault]:
    above = [row for row in rows if row.number < header.number and not is_blank(row)]
    detail = f"the headings were found in row {header.number}"
    return [Fault("PREAMBLE", detail=detail)] if above else []


def _repeats(row: Row, names: list[str]) -> bool:
    if row.cells is None or len(row.cells) != len(names):
        return False
    return all(plain_heading(cell) == name for cell, name in zip(row.cells, names, strict=True))


def _misfits(data: list[Row], width: int, *, cut_short: bool) -> list[Fault]:
    """Return a fault for each row that does not fit the header; a short last one is a cut file."""
    faults = []
    for row in data:
        if row.cells is None:
            faults.append(Fault("ROW_QUOTES", row.number))
        elif len(row.cells) != width:
            detail = f"{len(row.cells)} cells, where the heading row has {width}"
            last = row is data[-1] and cut_short and len(row.cells) < width
            code = "FILE_TRUNCATED" if last else "ROW_CELL_COUNT"
            faults.append(Fault(code, row.number, detail=detail))
    return faults


def _chosen(row: Row, position: dict[str, int]) -> list[str | None]:
    """Return the cells of the fields that were found, in their order: a row may have many more."""
    cells = row.cells or []
    width = len(cells)
    return [clean(cells[index]) if index < width else None for index in position.values()]


def _formulas(numbers: list[int], cells: list[list[str | None]], columns: Columns) -> list[Fault]:
    """Return one fault for each column that holds formula errors or unsaved results."""
    faults = []
    for index, field in enumerate(columns.position):
        found: dict[str, list[int]] = {"FORMULA_ERROR": [], "FORMULA_NOT_CALCULATED": []}
        for number, row in zip(numbers, cells, strict=True):
            cell = row[index]
            if cell is None or cell[0] not in ("#", UNCALCULATED[0]):
                continue
            if cell == UNCALCULATED:
                found["FORMULA_NOT_CALCULATED"].append(number)
                row[index] = None
            elif ERROR_MARK.fullmatch(cell):
                found["FORMULA_ERROR"].append(number)
                row[index] = None
        faults += [
            Fault(code, column=columns.headings[field], detail=f"rows {listed(places)}")
            for code, places in found.items()
            if places
        ]
    return faults


def _frame(
    numbers: list[int], cells: list[list[str | None]], position: dict[str, int]
) -> pd.DataFrame:
    columns: dict[str, Any] = {ROW_NUMBER: np.array(numbers, dtype="int64")}
    for index, field in enumerate(position):
        column = [row[index] for row in cells]
        # The text type even where a column is blank throughout: no type is guessed downstream.
        columns[field] = pd.array(cast("list[str]", column), dtype="str")
    return pd.DataFrame(columns, copy=False)
