"""Excel workbooks: the visible sheets as rows of the text that a person sees."""

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from pipeline.read.package import SHARED_STRINGS, unpacked
from pipeline.read.rows import UNCALCULATED, Row
from pipeline.read.sheet_extent import TooLargeError, refuse_too_large
from pipeline.read.sheet_xml import error_cells, place_of, sheet_parts
from pipeline.receive.limits import MOST_CELLS


class ErrorCellsError(ValueError):
    """A sheet whose formula errors are of a kind that the reader of workbooks does not know."""

    def __init__(self, marks: dict[tuple[int, int], str]) -> None:
        """Keep the places alone."""
        super().__init__("the sheet holds formula errors")
        self.places = [place_of(row_number, column) for row_number, column in sorted(marks)]


class Workbook:
    """A workbook of which only what was looked at is read.

    Attributes:
        names: the names of its visible sheets, in their order.

    """

    def __init__(self, content: bytes) -> None:
        """Open the workbook.

        Raises:
            UnpackingError: where it cannot be unpacked.
            ValueError: where it cannot be opened; the error tells nothing of the content.

        """
        from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

        self._content = unpacked(content)
        try:
            self._workbook = CalamineWorkbook.from_filelike(io.BytesIO(self._content))
            self._index = {
                sheet.name: index
                for index, sheet in enumerate(self._workbook.sheets_metadata)
                if sheet.typ is SheetTypeEnum.WorkSheet
                and sheet.visible is SheetVisibleEnum.Visible
            }
        except BaseException as error:  # noqa: BLE001 - one of many errors of the reader
            raise _plain(error, "the workbook cannot be opened") from None
        self.names = list(self._index)

    def rows(self, name: str) -> list[Row]:
        """Return the rows of a sheet, from row 1 of the spreadsheet on.

        Raises:
            TooLargeError: where the sheet holds too much to be an extract.
            ErrorCellsError: where formula errors keep it from being read.
            ValueError: where it cannot be read; the error tells nothing of the content.

        """
        index = self._index[name]
        try:
            with zipfile.ZipFile(io.BytesIO(self._content)) as archive:
                part = archive.read(sheet_parts(archive)[index])
                is_shared = SHARED_STRINGS in archive.namelist()
                strings = archive.read(SHARED_STRINGS) if is_shared else b""
            refuse_too_large(part, strings)
            marks = error_cells(part)
            del part, strings
            values = self._values(index, marks)
            rows = [
                Row(number, [as_shown(value) for value in cells])
                for number, cells in enumerate(values, start=1)
            ]
            return _marked(rows, marks)
        except (TooLargeError, ErrorCellsError):
            raise
        except BaseException as error:  # noqa: BLE001 - of the reader and of XML
            raise _plain(error, "the sheet cannot be read") from None

    def _values(self, index: int, marks: dict[tuple[int, int], str]) -> Iterator[list[Any]]:
        try:
            sheet = self._workbook.get_sheet_by_index(index)
        except Exception:
            if marks:
                raise ErrorCellsError(marks) from None
            raise
        # Rows one after the other: the whole sheet in Python's own values takes as much again.
        return sheet.iter_rows()


def _plain(error: BaseException, words: str) -> BaseException:
    """Return an error that tells nothing of the content; a panic of the reader is no Exception."""
    is_other = not isinstance(error, Exception) and type(error).__name__ != "PanicException"
    return error if is_other else ValueError(words)


def _marked(rows: list[Row], marks: dict[tuple[int, int], str]) -> list[Row]:
    """Return ``rows`` with formula errors and unsaved results, where the reader has blanks."""
    if not marks:
        return rows
    height = max([len(rows), *(row_number for row_number, _ in marks)])
    width = max([len(rows[0].cells or []) if rows else 0, *(column + 1 for _, column in marks)])
    if height * width > MOST_CELLS:
        raise TooLargeError("the sheet reaches too far")
    grid = [[*(row.cells or []), *[""] * (width - len(row.cells or []))] for row in rows]
    grid += [[""] * width for _ in range(height - len(rows))]
    for (row_number, column), mark in marks.items():
        grid[row_number - 1][column] = mark
    return [Row(number, cells) for number, cells in enumerate(grid, start=1)]


def as_shown(value: object) -> str:
    """Return a cell's value as the text that a person sees in a spreadsheet.

    Whole numbers have no decimal point, others the 15 digits that Excel holds; dates are ISO.
    """
    if isinstance(value, str):
        return "" if value == UNCALCULATED else value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        return format(value, ".15g")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time().isoformat() == "00:00:00" else str(value)
    return value.isoformat() if isinstance(value, date) else str(value)
