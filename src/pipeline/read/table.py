"""From numbered records to the all-text batches of one source."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from pipeline.faults import Fault, Severity
from pipeline.read.batches import Batches, Coded, Spool
from pipeline.read.headings import HeadingList, match, plain_heading
from pipeline.read.rows import ERROR_MARK, UNCALCULATED, Row, cleaned_all, is_blank, listed
from pipeline.read.text import Chunk

_MAY_BE_FORMULA = ("#", UNCALCULATED[0])
_FORMULA_FAULTS = ("FORMULA_ERROR", "FORMULA_NOT_CALCULATED")


@dataclass(frozen=True)
class Reading:
    """What was read of one file.

    Attributes:
        rows: a row for each row received, in batches: ``row_number`` (int64, as a spreadsheet
            numbers it) and the canonical fields that were found, as text; blank cells are missing.
            A row whose cells do not fit the header is there, with the cells that could be placed,
            and has a fault.
        headings: the heading as received of each field of the rows.
        faults: every fault found, of the file and of its rows.
        rows_received: rows that hold anything, without the header and its repetitions.

    """

    rows: Batches
    headings: dict[str, str]
    faults: list[Fault]
    rows_received: int

    @property
    def frame(self) -> pd.DataFrame:
        """All rows as one frame."""
        return self.rows.whole()

    @property
    def rejected(self) -> bool:
        """Whether a fault rejects the whole file."""
        return any(fault.severity is Severity.FILE for fault in self.faults)

    def after(self, first: Iterable[Fault]) -> "Reading":
        """Return the same with faults that come before the others."""
        return replace(self, faults=[*first, *self.faults])


def nothing_read(faults: list[Fault]) -> Reading:
    """Return the reading of a file of which nothing can be read."""
    return Reading(Batches(()), {}, faults, 0)


class Table:
    """A table while its records come in: every fault of its headings and rows, all at once."""

    def __init__(self, header: Row, expected: HeadingList, spool: Spool) -> None:
        """Begin below the header.

        Args:
            header: the row that holds the headings.
            expected: the headings of the source.
            spool: where its rows are kept.
        """
        self._columns = columns = match(header, expected)
        self._header, self._batch_rows = header, spool.batch_rows
        self._names = [plain_heading(cell) for cell in header.cells or []]
        self._width = len(header.cells or [])
        self._batches = Batches(tuple(columns.position), spool)
        self._numbers: list[np.ndarray[Any, Any]] = []
        self._coded = {field: Coded() for field in columns.position}
        self._waiting = 0
        self._repeated: list[int] = []
        self._misfits: list[Fault] = []
        self._formulas: dict[tuple[str, str], list[int]] = {}
        self._last_width = self._width
        self.faults: list[Fault] = []

    def with_rows(self, first: Sequence[Row], below: Iterable[Chunk]) -> "Table":
        """Return it with all its rows.

        Args:
            first: the first rows of the file, those above the header among them.
            below: the records below the header, some at a time.
        """
        if any(row.number < self._header.number and not is_blank(row) for row in first):
            detail = f"the headings were found in row {self._header.number}"
            self.faults.append(Fault("PREAMBLE", detail=detail))
        for chunk in below:
            self.add(chunk)
        self.flush()
        return self

    def add(self, chunk: Chunk) -> None:
        """Add some records: those that hold anything and do not repeat the headings."""
        numbers = np.arange(chunk.first, chunk.first + len(chunk.records), dtype="int64")
        odd = [
            n for n, cells in enumerate(chunk.records) if cells is None or len(cells) != self._width
        ]
        columns = list(zip(*self._fitted(chunk.records, odd), strict=True))
        told_apart = {
            field: pd.factorize(np.array(columns[index], dtype=object))
            for field, index in self._columns.position.items()
        }
        cleaned = {field: cleaned_all(each) for field, (_, each) in told_apart.items()}
        stays = self._that_stay(chunk, told_apart, cleaned)
        self._note_misfits(chunk, odd, stays)
        numbers = numbers[stays]
        for field, (codes, _) in told_apart.items():
            kept = codes[stays]
            self._take_formulas(field, kept, cleaned[field], numbers)
            self._coded[field].add(kept, cleaned[field])
        self._numbers.append(numbers)
        self._waiting += len(numbers)
        if self._waiting >= self._batch_rows:
            self.flush()

    def _fitted(self, records: list[list[str] | None], odd: list[int]) -> list[list[str]]:
        """Return the records with as many cells each as the header has."""
        fitted = list(records)
        for n in odd:
            cells = (records[n] or [])[: self._width]
            fitted[n] = cells + [""] * (self._width - len(cells))
        return fitted  # type: ignore[return-value]

    def _that_stay(
        self, chunk: Chunk, told_apart: dict[str, Any], cleaned: dict[str, list[str | None]]
    ) -> "np.ndarray[Any, Any]":
        """Return which records are rows of the table."""
        stays = np.ones(len(chunk.records), dtype=bool)
        blank = stays.copy()
        for field, (codes, _) in told_apart.items():
            blank &= np.array([cell is None for cell in cleaned[field]])[codes]
        for n in np.flatnonzero(blank):
            stays[n] = not is_blank(Row(0, chunk.records[n]))
        if not told_apart:
            return stays
        # The headings are looked for where fewest different cells have to be compared.
        field = min(told_apart, key=lambda name: len(cleaned[name]))
        codes, cells = told_apart[field]
        name = self._names[self._columns.position[field]]
        alike = np.array([plain_heading(cell) == name for cell in cells])
        for n in np.flatnonzero(alike[codes] & stays):
            if self._repeats(chunk.records[n]):
                stays[n] = False
                self._repeated.append(chunk.first + int(n))
        return stays

    def _repeats(self, cells: list[str] | None) -> bool:
        if cells is None or len(cells) != self._width:
            return False
        return all(
            plain_heading(cell) == name for cell, name in zip(cells, self._names, strict=True)
        )

    def _note_misfits(self, chunk: Chunk, odd: list[int], stays: "np.ndarray[Any, Any]") -> None:
        """Note each row that does not fit the header, and how the last row of all fits."""
        for n in odd:
            if not stays[n]:
                continue
            cells, number = chunk.records[n], chunk.first + n
            if cells is None:
                self._misfits.append(Fault("ROW_QUOTES", number))
            else:
                detail = f"{len(cells)} cells, where the heading row has {self._width}"
                self._misfits.append(Fault("ROW_CELL_COUNT", number, detail=detail))
        rows = np.flatnonzero(stays)
        if len(rows):
            last = chunk.records[rows[-1]]
            self._last_width = self._width if last is None else len(last)

    def _take_formulas(
        self, field: str, codes: "np.ndarray[Any, Any]", cells: list[str | None],
        numbers: "np.ndarray[Any, Any]",
    ) -> None:  # fmt: skip
        """Note the rows of formula errors among different cells, and leave blanks there."""
        for n, cell in enumerate(cells):
            if cell is not None and cell[0] in _MAY_BE_FORMULA and (code := _formula(cell)):
                self._formulas.setdefault((field, code), []).extend(numbers[codes == n].tolist())
                cells[n] = None

    def flush(self) -> None:
        """Hand on the rows that wait as a batch."""
        if self._waiting:
            columns = {field: coded.taken() for field, coded in self._coded.items()}
            self._batches.add(np.concatenate(self._numbers), columns)
        self._numbers, self._waiting = [], 0

    def reading(self, *, cut_short: bool = False) -> Reading:
        """Return what was read once all records are in.

        Args:
            cut_short: whether the file ends without a line end: a short last row is cut off.
        """
        faults = self.faults + self._columns.faults
        if self._repeated:
            faults.append(Fault("HEADER_REPEATED", detail=f"rows {listed(self._repeated)}"))
        if cut_short and self._last_width < self._width:
            self._misfits[-1] = replace(self._misfits[-1], code="FILE_TRUNCATED")
        headings = self._columns.headings
        formulas = [
            Fault(code, column=headings[field], detail=f"rows {listed(places)}")
            for field in self._columns.position
            for code in _FORMULA_FAULTS
            if (places := sorted(self._formulas.get((field, code), [])))
        ]
        return Reading(
            self._batches, headings, [*faults, *self._misfits, *formulas], len(self._batches)
        )


def _formula(cell: str) -> str | None:
    """Return the fault of a cell that holds a formula error or an unsaved result."""
    if cell == UNCALCULATED:
        return "FORMULA_NOT_CALCULATED"
    return "FORMULA_ERROR" if ERROR_MARK.fullmatch(cell) else None
