"""Excel workbooks: the visible sheets as rows of the text that a person sees."""

import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime

from pipeline.faults import Fault
from pipeline.read.rows import UNCALCULATED, Row
from pipeline.read.sheet_xml import MOST_CELLS, error_cells, is_too_wide, place_of, sheet_parts

MOST_UNPACKED = 1024**3
"""Bytes that a workbook may unpack to."""
MOST_RATIO = 200
"""How many times its size a workbook may unpack to once it is larger than ``SMALL_UNPACKED``."""
SMALL_UNPACKED = 64 * 1024**2

_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and .xlsx under a password
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"


class TooLargeError(ValueError):
    """A sheet whose last cell lies farther away than any extract reaches."""


class ErrorCellsError(ValueError):
    """A sheet whose formula errors are of a kind that the reader of workbooks does not know."""

    def __init__(self, marks: dict[tuple[int, int], str]) -> None:
        """Keep the places alone."""
        super().__init__("the sheet holds formula errors")
        self.places = [place_of(row_number, column) for row_number, column in sorted(marks)]


def is_workbook(content: bytes) -> bool:
    """Return whether the bytes begin as those of a workbook, whatever the file is called."""
    return content.startswith((_ZIP, _EMPTY_ZIP, _OLD_WORKBOOK))


def unpacking_fault(content: bytes) -> Fault | None:
    """Return why a workbook cannot be read, found before it is unpacked, or None."""
    if content.startswith(_OLD_WORKBOOK):
        return Fault("FILE_PROTECTED")
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile:
        return Fault("FILE_TRUNCATED")  # the list of its parts stands at the end
    with archive:
        entries = archive.infolist()
        unpacked = sum(entry.file_size for entry in entries)
        expands = unpacked > SMALL_UNPACKED and unpacked > MOST_RATIO * len(content)
        if unpacked > MOST_UNPACKED or expands:
            return Fault("FILE_TOO_LARGE")
        if any(entry.flag_bits & 1 for entry in entries):
            return Fault("FILE_PROTECTED")
        return None if _is_whole(archive) else Fault("FILE_UNREADABLE")


def _is_whole(archive: zipfile.ZipFile) -> bool:
    """Return whether every part has the size and checksum it claims and a workbook is there."""
    try:
        return "xl/workbook.xml" in archive.namelist() and archive.testzip() is None
    except Exception:  # noqa: BLE001 - zlib, struct and others: damaged bytes fail in many ways
        return False


class Workbook:
    """A workbook that has no ``unpacking_fault``.

    Attributes:
        names: the names of its visible sheets, in their order.

    """

    def __init__(self, content: bytes) -> None:
        """Open the workbook.

        Raises:
            ValueError: where it cannot be opened; the error tells nothing of the content.

        """
        from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

        self._content = content
        try:
            self._workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
            self._index = {
                sheet.name: index
                for index, sheet in enumerate(self._workbook.sheets_metadata)
                if sheet.typ is SheetTypeEnum.WorkSheet
                and sheet.visible is SheetVisibleEnum.Visible
            }
        except Exception:  # noqa: BLE001 - one of many errors of the reader
            raise ValueError("the workbook cannot be opened") from None
        self.names = list(self._index)

    def rows(self, name: str) -> list[Row]:
        """Return the rows of a sheet, from row 1 of the spreadsheet on.

        Raises:
            TooLargeError: where the sheet reaches too far to be an extract.
            ErrorCellsError: where formula errors keep it from being read.
            ValueError: where it cannot be read; the error tells nothing of the content.

        """
        index = self._index[name]
        try:
            with zipfile.ZipFile(io.BytesIO(self._content)) as archive:
                part = archive.read(sheet_parts(archive)[index])
            if is_too_wide(part):
                raise TooLargeError("the sheet reaches too far")
            marks = error_cells(part)
            values = self._values(index, marks)
            rows = [
                Row(number, [as_shown(value) for value in cells])
                for number, cells in enumerate(values, start=1)
            ]
            return _marked(rows, marks)
        except (TooLargeError, ErrorCellsError):
            raise
        except Exception:  # noqa: BLE001 - one of many errors of the reader and of XML
            raise ValueError("the sheet cannot be read") from None

    def _values(self, index: int, marks: dict[tuple[int, int], str]) -> Sequence[Sequence[object]]:
        try:
            sheet = self._workbook.get_sheet_by_index(index)
            return sheet.to_python(skip_empty_area=False)
        except Exception:
            if marks:
                raise ErrorCellsError(marks) from None
            raise


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
