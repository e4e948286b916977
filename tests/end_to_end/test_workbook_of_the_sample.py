"""The workbook of the whole sample against the published database, cell by cell."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipeline.report.source import read_release
from pipeline.report.spreadsheets import write_workbook
from pipeline.report.spreadsheets.layout import LAYOUTS, Cell, Layout
from pipeline.settings import Home
from tests.reopened import Table, converted, needs_libreoffice, sheets, table

HEADINGS = {
    "period_end": "Snapshot",
    "organisation_code": "Organisation code",
    "indicator": "Indicator",
    "part": "Part code",
    "group_code": "Group code",
    "comparator_code": "Compared with code",
}
LEVELS = {"Employer": "employer", "ICB": "icb", "System": "system"}
SHORTHAND = {"[c]", "[x]", "[z]"}


@dataclass(frozen=True)
class Workbook:
    paths: dict[str, Path]
    xlsx: dict[str, Table]
    ods: dict[str, Table]
    database: Path


@pytest.fixture(scope="session")
def workbook(demo_home: Path, tmp_path_factory) -> Workbook:
    folder = tmp_path_factory.mktemp("workbook")
    published = read_release(Home(demo_home))
    paths = {path.suffix: path for path in write_workbook(published, folder)}
    return Workbook(paths, sheets(paths[".xlsx"]), sheets(paths[".ods"]), published.database)


def told(workbook: Workbook) -> dict[tuple, object]:
    """Return each number of the sheets of figures by the figure's key and column, by its sheet."""
    numbers: dict[tuple, object] = {}
    for layout in LAYOUTS:
        for row in table(workbook.xlsx.get(layout.label, [["", ""]])):
            level = LEVELS[str(row["Level"]).split(":", maxsplit=1)[0]]
            key = {name: row[HEADINGS[name]] for name in ("period_end", "organisation_code")}
            key |= {name: row[HEADINGS[name]] for name in layout.row}
            for cell in layout.cells:
                if row[cell.heading] not in SHORTHAND:
                    place = (layout, cell, level, tuple(key.items()))
                    assert place not in numbers
                    numbers[place] = row[cell.heading]
    return numbers


def test_every_number_is_that_of_the_database(workbook):
    figures: dict[tuple, object] = {}
    columns = ("numerator", "denominator", "comparator_numerator", "comparator_denominator",
               "value", "ci_low", "ci_high", "p_value")  # fmt: skip
    with duckdb.connect(str(workbook.database), read_only=True) as connection:
        found = connection.execute(
            "select standard, period_end, level, organisation_code, indicator, "
            "replace(part, ':mantel_haenszel', ''), measure, group_code, comparator_code, "
            f"{', '.join(columns)} from figure"
        ).fetchall()
    for row in found:
        for name, value in zip(columns, row[9:], strict=True):
            if value is not None:
                figures[*row[:9], name] = float(value)
    numbers = told(workbook)
    looked_up = 0
    by_cell: dict[tuple, list[tuple]] = {}
    for key, value in figures.items():
        by_cell.setdefault((key[0], key[6], key[9]), []).append((key, value))
    for layout in LAYOUTS:
        for cell in (one for one in layout.cells if one.column != "direction"):
            answers: dict[tuple, set[object]] = {}
            for measure in cell.measures:
                for key, value in by_cell.get((layout.standard, measure, cell.column), []):
                    if cell.group in (None, key[7]) and cell.indicator in (None, key[4]):
                        place = _place(layout, key)
                        if _compares(layout, key):
                            answers.setdefault(place, set()).add(value)
            for (_, _, level, key), value in (
                (one, number) for one, number in numbers.items() if one[:2] == (layout, cell)
            ):
                named = dict(key)
                place = (level, *(None if one == "[z]" else one for one in named.values()))
                assert answers[place] == {value}, (layout.label, cell.heading, place)
                looked_up += 1
    assert looked_up > 10_000


def _place(layout: Layout, key: tuple) -> tuple:
    columns = dict(zip(("standard", "period_end", "level", "organisation_code", "indicator",
                        "part", "measure", "group_code", "comparator_code"), key, strict=False))  # fmt: skip
    return (
        columns["level"], columns["period_end"], columns["organisation_code"],
        *(columns[name] for name in layout.row),
    )  # fmt: skip


def _compares(layout: Layout, key: tuple) -> bool:
    if layout.part is not None:
        return key[5].endswith(layout.part)
    return layout.comparator is None or (
        key[8] in (None, layout.comparator) and not key[5].endswith("detail")
    )


def test_every_row_of_the_database_stands_on_a_sheet_or_is_counted(workbook):
    rows = table(workbook.xlsx["Rows held"])
    for row in rows:
        counts = list(row.values())[4:]
        assert counts[0] == sum(counts[1:]), row
    held: dict[str, float] = {}
    for row in rows:
        held[str(row["Sheet"])] = held.get(str(row["Sheet"]), 0) + row["Rows on the sheet (number)"]
    assert set(held) == {layout.label for layout in LAYOUTS}
    for label, count in held.items():
        assert len(table(workbook.xlsx.get(label, [["", ""]]))) == count
    with duckdb.connect(str(workbook.database), read_only=True) as connection:
        wres = connection.execute("select count(*) from wres").fetchone()[0]
        declared = connection.execute("select count(*) from declaration_rate").fetchone()[0]
    every = {}
    for row in rows:
        every[row["Sheet"]] = every.get(row["Sheet"], 0) + row["Rows in the release (number)"]
    assert every["WRES"] == wres
    assert every["Declaration rates"] == declared


def test_both_files_hold_the_same_cells(workbook):
    assert workbook.xlsx == workbook.ods


def test_no_cell_is_blank_and_every_table_is_full(workbook):
    for name, rows in workbook.xlsx.items():
        assert all(row and "" not in row for row in rows), name
        if name != "Cover":
            assert len({len(row) for row in rows} - {1}) == 1, name


def test_the_cover_says_that_the_people_are_invented(workbook):
    assert str(workbook.ods["Cover"][2][0]).startswith("SAMPLE.")


def test_titles_name_notes_and_headings_name_units(workbook):
    for layout in LAYOUTS:
        rows = workbook.xlsx.get(layout.label)
        if rows is not None:
            assert re.search(r"\[note \d\]", str(rows[0][0]))
            assert str(rows[1][0]).startswith("This worksheet contains one table of ")


def test_snapshots_are_dates(workbook):
    days = {row["Snapshot"] for row in table(workbook.xlsx["WRES"])}
    assert days >= {date(2022, 3, 31)}
    assert all(isinstance(day, date) for day in days)


@needs_libreoffice
@pytest.mark.parametrize("suffix", [".xlsx", ".ods"])
def test_libreoffice_reads_the_same_numbers(workbook, tmp_path, suffix):
    saved = sheets(converted(workbook.paths[suffix], "xlsx", tmp_path))
    assert set(saved) == set(workbook.xlsx)
    for name, rows in workbook.xlsx.items():
        assert saved[name] == rows, name
