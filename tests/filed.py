"""The filings of a small inbox, without a home that was run, and their workbooks read again."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import openpyxl
from counting import assessed

from pipeline.assess.columns import FIGURE
from pipeline.filings import write_filings
from pipeline.settings import Home

RELEASE = "2022-03-31-000000000000"


@contextmanager
def private(inbox: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield the private database of an inbox as a run leaves it."""
    with assessed(inbox) as (connection, figures):
        arriving = figures.assign(release_id=RELEASE, disclosure="NONE")[list(FIGURE)]
        connection.register("arriving", arriving)
        connection.execute("create schema if not exists marts")
        connection.execute("create table marts.figure as select * from arriving")
        connection.unregister("arriving")
        yield connection


def filed(inbox: Path, home: Path) -> Path:
    """Write the filings of an inbox below ``home`` and return their folder."""
    with private(inbox) as connection:
        write_filings(connection, Home(home), RELEASE)
    return home / "filings" / RELEASE


class Cell(NamedTuple):
    """A cell of a workbook: what was written, and the value that stands beside a formula."""

    sheet: str
    address: str
    written: Any
    value: Any

    @property
    def is_formula(self) -> bool:
        return isinstance(self.written, str) and self.written.startswith("=")


Cells = Mapping[tuple[str, str, str], Cell]


def cells(path: Path) -> Cells:
    """Return the cells of a return by title of the table, label of the row, and heading."""
    written = openpyxl.load_workbook(path)
    values = openpyxl.load_workbook(path, data_only=True)
    found = {}
    for sheet in written.worksheets[1:-1]:
        title, headings = "", ()
        for row in sheet.iter_rows(min_row=3):
            label = row[0].value
            if label is None:
                continue
            if label == "Row":
                headings = [cell.value for cell in row]
            elif all(cell.value is None for cell in row[1:]) and row[0].font.b:
                title = label
            else:
                for heading, cell in zip(headings[1:], row[1:], strict=False):
                    shown = values[sheet.title][cell.coordinate].value
                    if cell.has_style and heading is not None:
                        place = (title, label, heading)
                        found[place] = Cell(sheet.title, cell.coordinate, cell.value, shown)
    return found


def lines(path: Path, sheet: str) -> list[tuple[str, ...]]:
    """Return the rows of a sheet of texts below its title; blank cells are empty."""
    page = openpyxl.load_workbook(path)[sheet]
    rows = page.iter_rows(min_row=3, values_only=True)
    return [tuple("" if text is None else text for text in row) for row in rows]
