"""The workbook as xlsx, written with gptables.

Cover, contents, notes and what stands above a table are gptables' own. The cells of the tables are
written here: gptables reads the text of a cell as it writes it (a text that begins with = becomes a
formula, ``[words](address)`` a link, a text of signs alone an error), and these texts come from
received files; and it keeps a dictionary of formats for each cell, which takes a minute for the
figures of a release.
"""

import io
from datetime import date, datetime
from typing import Any

import pandas as pd
from gptables import Cover as CoverSheet
from gptables import GPTable
from gptables.core.wrappers import GPWorkbook, GPWorksheet
from xlsxwriter import Workbook

from pipeline.report.spreadsheets.model import Book, Column, Sheet

_CREATED = datetime(2000, 1, 1)  # a fixed moment: equal tables have equal bytes
_DAY_ZERO = date(1899, 12, 30)
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
_A4 = 9


def excel(book: Book) -> bytes:
    """Return the bytes of a workbook: a pure function of what it is given."""
    content = io.BytesIO()
    workbook = _Workbook(content, _OPTIONS)
    cover = book.cover
    workbook.set_properties({"title": cover.title, "created": _CREATED})
    page = workbook.add_worksheet("Cover")
    page.write_cover(
        CoverSheet(cover.title, intro=list(cover.introduction), about=list(cover.about), width=100)
    )
    for sheet in book.sheets:
        page = workbook.add_worksheet(sheet.label)
        page.sheet = sheet
        page.write_gptable(_frame(sheet), auto_width=False)
        page.set_landscape()
        page.set_paper(_A4)
        page.fit_to_pages(1, 0)
        page.repeat_rows(len(sheet.lines))
    workbook.close()
    return content.getvalue()


def _frame(sheet: Sheet) -> GPTable:
    """Return a table with its headings and without its rows."""
    return GPTable(
        table=pd.DataFrame(columns=[column.heading for column in sheet.columns]),
        table_name=sheet.table_name,
        title=sheet.title,
        instructions=sheet.instructions,
        legend=list(sheet.legend),
        source=sheet.source or None,
        index_columns={},
    )


class _Worksheet(GPWorksheet):  # type: ignore[misc]
    """A worksheet of gptables whose table is written as it stands, type by type."""

    sheet: Sheet

    def _write_table_elements(self, pos: list[int], gptable: Any, auto_width: bool) -> list[int]:
        top, theme = pos[0], self.theme
        heading = self._workbook.add_format(dict(theme.column_heading_format))
        last = len(self.sheet.columns) - 1
        for number, column in enumerate(self.sheet.columns):
            self.set_column(number, number, column.width)
            self._write_column(top + 1, number, column, dict(theme.data_format))
        self.add_table(
            *(top, 0, top + self.sheet.height, last),
            {
                "autofilter": False,
                "style": None,
                "name": self.sheet.table_name,
                "description": self.sheet.title,
                "columns": [
                    {"header": column.heading, "header_format": heading}
                    for column in self.sheet.columns
                ],
            },
        )
        return [top + 1 + self.sheet.height, 0]

    def _write_column(self, top: int, number: int, column: Column, style: dict[str, Any]) -> None:
        add = self._workbook.add_format
        linked = self.sheet.linked and number == 0
        side = {"align": "right"} if column.is_numeric else {"align": "left"}
        plain = add(style | side | {"valign": "top"})
        days = add(style | {"align": "left", "valign": "top", "num_format": "yyyy-mm-dd"})
        pattern = "#,##0" + ("." + "0" * column.decimals if column.decimals else "")
        numbers = add(style | side | {"valign": "top", "num_format": pattern})
        link = add(style | side | {"underline": True, "font_color": "blue"})
        for row, cell in enumerate(column.cells, start=top):
            if linked:
                self.write_url(row, number, f"internal:'{cell}'!A1", link, str(cell))
            elif isinstance(cell, str):
                self._write_string(row, number, cell, plain)
            elif isinstance(cell, date):
                self._write_number(row, number, (cell - _DAY_ZERO).days, days)
            else:
                self._write_number(row, number, cell, numbers)


class _Workbook(GPWorkbook):  # type: ignore[misc]
    """A workbook of gptables with these worksheets."""

    def add_worksheet(self, name: str, gridlines: str = "hide_all") -> Any:
        page = Workbook.add_worksheet(self, name, _Worksheet)
        page.theme = self.theme
        page._workbook = self
        page.hide_gridlines({"show_all": 0, "hide_printed": 1, "hide_all": 2}[gridlines])
        return page
