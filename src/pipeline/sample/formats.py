"""Writes a table as a CSV file or a workbook, byte for byte the same on every machine."""

import codecs
import csv
import io
import zipfile
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from pipeline.sample.employers import Style

Cell = str | int | float | date
Row = list[Cell]

_CREATED = datetime(2021, 3, 31)
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_CRLF = (Style.EXCEL_CSV, Style.WINDOWS, Style.UNICODE_TEXT, Style.BRITISH_DATES)
_ENCODINGS = {Style.EXCEL_CSV: "utf-8-sig", Style.WINDOWS: "cp1252"}


def suffix(style: Style) -> str:
    """Return the suffix of the files that a style gives."""
    return ".xlsx" if style is Style.WORKBOOK else ".csv"


def write_table(path: Path, header: list[str], rows: Iterable[Row], style: Style) -> None:
    """Write a table at ``path``, whose folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = _workbook if style is Style.WORKBOOK else _csv
    path.write_bytes(content(header, rows, style))


def _csv(header: list[str], rows: Iterable[Row], style: Style) -> bytes:
    text = io.StringIO()
    writer = csv.writer(
        text,
        delimiter="\t" if style is Style.UNICODE_TEXT else ",",
        lineterminator="\r\n" if style in _CRLF else "\n",
        quoting=csv.QUOTE_ALL if style is Style.BRITISH_DATES else csv.QUOTE_MINIMAL,
    )
    if style is Style.REPORT:
        writer.writerows([["Workforce report"], ["Source: ESR Business Intelligence"], []])
    writer.writerow(header)
    # The writer turns a date into its ISO form by itself.
    writer.writerows(map(_with_british_dates, rows) if style is Style.BRITISH_DATES else rows)
    if style is Style.UNICODE_TEXT:
        # The codec "utf-16" would follow the byte order of the machine.
        return codecs.BOM_UTF16_LE + text.getvalue().encode("utf-16-le")
    return text.getvalue().encode(_ENCODINGS.get(style, "utf-8"))


def _with_british_dates(row: Row) -> Row:
    return [
        f"{cell.day:02d}/{cell.month:02d}/{cell.year}" if isinstance(cell, date) else cell
        for cell in row
    ]


def _workbook(header: list[str], rows: Iterable[Row], style: Style) -> bytes:
    import xlsxwriter

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_numbers": False})
    book.set_properties({"title": "Workforce report", "created": _CREATED})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    hours = book.add_format({"num_format": "0.00"})
    sheet = book.add_worksheet("Extract")
    sheet.write_row(0, 0, header)
    for n, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write_datetime(n, column, cell, day)
            elif isinstance(cell, float):
                sheet.write_number(n, column, cell, hours)
            elif isinstance(cell, int):
                sheet.write_number(n, column, cell)
            elif cell:
                sheet.write_string(n, column, cell)
    book.close()
    return _uncompressed(stream)


def _uncompressed(stream: io.BytesIO) -> bytes:
    """Return the workbook without compression, whose bytes differ between builds of zlib."""
    stored = io.BytesIO()
    with zipfile.ZipFile(stream) as source, zipfile.ZipFile(stored, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _ZIP_TIME)
            entry.create_system = _UNIX
            entry.external_attr = 0o600 << 16
            target.writestr(entry, source.read(name))
    return stored.getvalue()
