"""Workbooks that everybody can read: one titled table a sheet, also with a screen reader.

Source: Government Analysis Function, releasing statistics in spreadsheets (accessibility
guidance): a title and a line of description from cell A1 on, then one table that is marked as one,
with a row of headings, without merged cells and without blank rows or cells.
"""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

Cell = str | int
"""What a cell shows; a text is never read as a formula."""

_CREATED = datetime(2000, 1, 1)  # a fixed moment: equal tables have equal bytes
_HEADER_ROW = 2
_MOST_CHARACTERS = 16_000  # half of what a cell holds: some letters count as two
_A4 = 9


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading and its width in characters."""

    heading: str
    width: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: what it is called, what it holds, and its table of at least one row."""

    name: str
    title: str
    description: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]


def workbook(title: str, subject: str, sheets: Iterable[Sheet]) -> bytes:
    """Return the workbook of ``sheets``: a pure function of what it is given.

    Args:
        title: the title of the document, which a screen reader says first.
        subject: a line on what it is about.
        sheets: its sheets, the one to read first in front.
    """
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    book.set_properties({"title": title, "subject": subject, "created": _CREATED})
    formats = {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "heading": book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
        "cell": book.add_format({"text_wrap": True, "valign": "top"}),
    }
    for sheet in sheets:
        _add(book, sheet, formats)
    book.close()
    return content.getvalue()


def _add(book: Any, sheet: Sheet, formats: dict[str, Any]) -> None:
    page = book.add_worksheet(sheet.name, worksheet_class=_TablePage)
    page.write_string(0, 0, sheet.title, formats["title"])
    page.write_string(1, 0, sheet.description)
    for number, column in enumerate(sheet.columns):
        page.set_column(number, number, column.width)
    page.add_table(
        *(_HEADER_ROW, 0, _HEADER_ROW + len(sheet.rows), len(sheet.columns) - 1),
        {
            "name": sheet.name.replace(" ", "_"),
            "style": "Table Style Light 1",
            "title": sheet.title,
            "description": sheet.description,
            "columns": [
                {"header": column.heading, "header_format": formats["heading"]}
                for column in sheet.columns
            ],
        },
    )
    page.fill(_HEADER_ROW + 1, sheet.rows, formats["cell"])
    page.freeze_panes(_HEADER_ROW + 1, 0)
    page.set_landscape()
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)
    page.repeat_rows(_HEADER_ROW)


class _TablePage(Worksheet):  # type: ignore[misc]
    """A worksheet whose table body is put together from pieces that repeat.

    The rows of a table of faults differ in little but their numbers. Cell by cell, a workbook of
    80,000 faults takes three times as long as finding them.
    """

    dim_rowmax: int

    def __init__(self) -> None:
        super().__init__()
        self._body: list[str] = []

    def fill(self, first_row: int, rows: Sequence[Sequence[Cell]], style: Any) -> None:
        """Keep ``rows`` as the body of the table, from ``first_row`` (counted from 0) on."""
        cells: dict[tuple[int, Cell], str] = {}
        tails: dict[tuple[Cell, ...], str] = {}
        for number, row in enumerate(rows, start=first_row + 1):
            tail_of = tuple(row[1:])
            tail = tails.get(tail_of)
            if tail is None:
                tail = "".join(
                    self._cell(column, value, style, cells)
                    for column, value in enumerate(tail_of, start=1)
                )
                tails[tail_of] = tail
            line = self._cell(0, row[0], style, cells) + tail
            self._body.append(f'<row r="{number}">{line.replace("#", str(number))}</row>')

    def _cell(
        self, column: int, value: Cell, style: Any, known: dict[tuple[int, Cell], str]
    ) -> str:
        """Return a cell with # for the number of its row; texts stand in the shared list."""
        found = known.get((column, value))
        if found is None:
            place = f'r="{chr(ord("A") + column)}#" s="{style._get_xf_index()}"'
            if isinstance(value, int):
                found = f"<c {place}><v>{value}</v></c>"
            else:
                index = self.str_table._get_shared_string_index(value[:_MOST_CHARACTERS])
                found = f'<c {place} t="s"><v>{index}</v></c>'
            known[column, value] = found
        return found

    def _write_rows(self) -> None:
        last = self.dim_rowmax
        self.dim_rowmax = _HEADER_ROW
        super()._write_rows()
        self.dim_rowmax = last
        self.fh.write("".join(self._body))
