"""A file of an inbox as written: csv, openpyxl and small tables alone."""

import codecs
import csv
import io
from collections import Counter, defaultdict
from pathlib import Path

import openpyxl

from recount.go2 import Row, read_go2

SYNONYMS = {
    "Employee No": "Employee Number",
    "Unique Nhs Identifier": "NHS Unique Id",
    "Contracted Wte": "FTE",
    "Ethnicity": "Ethnic Origin",
}
# What tells the rows of a source apart, by its headings; none where only equal rows are one.
KEYS: dict[str, tuple[str, ...]] = {
    "esr_staff": ("Assignment Number",),
    "recruitment": ("Application Id",),
    "board": ("Member Id",),
    "pay": ("Employee Number",),
    "employee_relations": ("Case Id",),
    "training": (),
    "movers": ("Employee Number", "Movement", "Movement Date"),
    "survey": ("Survey Year", "Item", "Breakdown", "Group"),
    "eds": ("Framework", "Outcome", "Service"),
    "duties": ("Reference",),
    "actions": ("Reference",),
}
# Headings without which a file is rejected; the first of them marks the heading row.
COMPULSORY = {
    "esr_staff": ("Assignment Number", "Ethnic Origin", "Disability"),
    "recruitment": ("Application Id", "Ethnic Origin", "Disability"),
    "board": ("Member Id", "Ethnic Origin", "Disability"),
    "pay": ("Employee Number", "Full Pay"),
    "employee_relations": ("Case Id", "Employee Number", "Case Type", "Formal Start Date"),
    "training": ("Course Type", "Employee Number", "Completion Date"),
    "movers": ("Movement Date", "Employee Number", "Movement", "Leaving Reason"),
    "survey": ("Survey Year", "Item", "Breakdown", "Group", "Base"),
    "eds": ("Framework", "Outcome"),
    "duties": ("Reference", "Kind", "Organisation Code"),
    "actions": ("Reference", "Title", "Standard", "Due Date", "Status"),
}


def read(path: Path, source: str) -> list[Row] | None:
    """Return the rows of a file as text, or None where it breaks off or lacks a column.

    A heading that was not sent is blank in every row.
    """
    if path.suffix == ".dat":
        return [defaultdict(str, row) for row in read_go2(path.read_text(encoding="utf-8"))]
    cells = _workbook(path) if path.suffix == ".xlsx" else _csv(path.read_bytes())
    named = [[SYNONYMS.get(cell, cell) for cell in row] for row in cells]
    start = next(n for n, row in enumerate(named) if COMPULSORY[source][0] in row)
    header = named[start]
    rows = cells[start + 1 :]
    if not set(header) >= {*COMPULSORY[source]} or any(len(row) != len(header) for row in rows):
        return None
    return [
        defaultdict(str, zip(header, (cell.strip() for cell in row), strict=True)) for row in rows
    ]


def _csv(content: bytes) -> list[list[str]]:
    if content.startswith(codecs.BOM_UTF16_LE):
        text, delimiter = content.decode("utf-16"), "\t"
    else:
        delimiter = ","
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("cp1252")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def _workbook(path: Path) -> list[list[str]]:
    sheet = openpyxl.load_workbook(path, read_only=True).worksheets[0]
    return [
        ["" if cell is None else str(cell) for cell in row]
        for row in sheet.iter_rows(values_only=True)
    ]


def without_repeats(rows: list[Row], source: str) -> list[Row]:
    """Drop a row that stands there again, and every row of a key whose rows contradict."""
    different = list({tuple(row.items()): row for row in rows}.values())
    if not KEYS[source]:
        return different
    keys = [tuple(row[heading].casefold() for heading in KEYS[source]) for row in different]
    times = Counter(keys)
    return [row for row, key in zip(different, keys, strict=True) if times[key] == 1]
