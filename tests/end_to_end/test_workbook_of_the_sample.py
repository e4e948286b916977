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


NUMBERS = (
    "numerator", "denominator", "comparator_numerator", "comparator_denominator", "value",
    "ci_low", "ci_high", "p_value",
)  # fmt: skip


def published_numbers(
    connection: duckdb.DuckDBPyConnection, layout: Layout, cell: Cell
) -> dict[tuple, set[float]]:
    """Return the numbers of a column by the row that they belong to, straight from the database."""
    names = ("period_end", "level", "organisation_code", *layout.row)
    keys = [f"replace({one}, ':mantel_haenszel', '')" if one == "part" else one for one in names]
    conditions = [
        "standard = ?", "list_contains(?, measure)", "coalesce(group_code = ?, true)",
        "coalesce(indicator = ?, true)", f"{cell.column} is not null",
    ]  # fmt: skip
    if layout.part is not None:
        conditions.append(f"part like '%{layout.part}'")
    elif layout.comparator is not None:
        conditions.append(
            f"coalesce(comparator_code, '{layout.comparator}') = '{layout.comparator}'"
        )
        conditions.append("part not like '%detail'")
    found = connection.execute(
        f"select {', '.join(keys)}, {cell.column} from figure where {' and '.join(conditions)}",
        [layout.standard, list(cell.measures), cell.group, cell.indicator],
    ).fetchall()
    numbers: dict[tuple, set[float]] = {}
    for row in found:
        numbers.setdefault(row[:-1], set()).add(float(row[-1]))
    return numbers


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.label)
def test_every_number_is_that_of_the_database(workbook, layout):
    rows = table(workbook.xlsx[layout.label])
    assert rows
    connection = duckdb.connect(str(workbook.database), read_only=True)
    for cell in (one for one in layout.cells if one.column in NUMBERS):
        published = published_numbers(connection, layout, cell)
        for row in rows:
            named = [row[HEADINGS[name]] for name in ("organisation_code", *layout.row)]
            level = LEVELS[str(row["Level"]).split(":", maxsplit=1)[0]]
            names = [None if one == "[z]" else one for one in named]
            expected = published.get((row["Snapshot"], level, *names))
            if row[cell.heading] in SHORTHAND:
                assert expected is None, (cell.heading, named)
            else:
                assert expected == {row[cell.heading]}, (cell.heading, named)
    connection.close()


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
        assert len(table(workbook.xlsx[label])) == count
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
        rows = workbook.xlsx[layout.label]
        assert re.search(r"\[note \d\]", str(rows[0][0]))
        assert str(rows[1][0]).startswith("This worksheet contains one table of ")


def test_snapshots_are_dates(workbook):
    days = {row["Snapshot"] for row in table(workbook.xlsx["WRES"])}
    assert days >= {date(2022, 3, 31)}
    assert all(isinstance(day, date) for day in days)


@pytest.mark.slow
@needs_libreoffice
@pytest.mark.parametrize("suffix", [".xlsx", ".ods"])
def test_libreoffice_reads_the_same_numbers(workbook, tmp_path, suffix):
    saved = sheets(converted(workbook.paths[suffix], "xlsx", tmp_path))
    assert set(saved) == set(workbook.xlsx)
    for name, rows in workbook.xlsx.items():
        assert saved[name] == rows, name
