"""Workbooks as programs that we did not write see them."""

import shutil
import subprocess
from datetime import date, datetime
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

Table = list[list[object]]

needs_libreoffice = pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed"
)


def sheets(path: Path) -> dict[str, Table]:
    """Return the rows of each sheet, as calamine reads them: no blank cell at the end of a row."""
    book = CalamineWorkbook.from_path(path)
    return {
        name: [_row(row) for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)]
        for name in book.sheet_names
    }


def table(rows: Table) -> list[dict[str, object]]:
    """Return the table of a sheet by heading: it begins below the lines of one cell."""
    top = next(number for number, row in enumerate(rows) if len(row) > 1)
    return [dict(zip(rows[top], row, strict=True)) for row in rows[top + 1 :]]


def converted(path: Path, ending: str, folder: Path) -> Path:
    """Return a workbook as LibreOffice recalculates it and saves it again."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        [
            "soffice", f"-env:UserInstallation={(folder / 'user').as_uri()}", "--headless",
            "--convert-to", ending, "--outdir", str(folder), str(path),
        ],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    return folder / f"{path.stem}.{ending}"


def _row(row: list[object]) -> list[object]:
    cells = [_cell(cell) for cell in row]
    while cells and cells[-1] == "":
        cells.pop()
    return cells


def _cell(cell: object) -> object:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date | str):
        return cell
    return float(cell) if isinstance(cell, int | float) else cell
