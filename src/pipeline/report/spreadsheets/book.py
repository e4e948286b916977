"""The whole workbook of a release."""

import pandas as pd

from pipeline.report.source import Published
from pipeline.report.spreadsheets.figures import figure_sheets
from pipeline.report.spreadsheets.lists import list_sheets, rows_held_sheet
from pipeline.report.spreadsheets.model import Book, Column, Cover, Sheet
from pipeline.report.spreadsheets.notes import notes_sheet, shorthand_sheet

SAMPLE = (
    "SAMPLE. The people behind these figures are invented. Nothing in this workbook says anything "
    "of any organisation that it names."
)


def whole_book(published: Published) -> Book:
    """Return the cover, contents, notes and tables of a release.

    Raises:
        ValueError: the release has no figure.
    """
    if published.figure.empty:
        raise ValueError(f"Release {published.release_id} has no figure to make a workbook of.")
    held: dict[str, pd.DataFrame] = {}
    tables: list[Sheet] = []
    without: list[str] = []
    for layout, sheet, rows in figure_sheets(published):
        held[layout.label] = rows
        _sort(layout.label, sheet, tables, without)
    for name, sheet in list_sheets(published):
        _sort(name, sheet, tables, without)
    sheets = [notes_sheet(), shorthand_sheet(), *tables, rows_held_sheet(held)]
    return Book(_cover(published, without), (_contents(sheets), *sheets))


def _sort(name: str, sheet: Sheet | None, tables: list[Sheet], without: list[str]) -> None:
    if sheet is None:
        without.append(name)
    else:
        tables.append(sheet)


def _contents(sheets: list[Sheet]) -> Sheet:
    return Sheet(
        "Contents",
        "Table of contents",
        "This worksheet contains one table. Each sheet name is a link to the sheet.",
        (
            Column("Sheet name", [sheet.label for sheet in sheets]),
            Column("What it holds", [sheet.title for sheet in sheets]),
            Column("Rows (number)", [sheet.height for sheet in sheets]),
        ),
        linked=True,
    )


def _cover(published: Published, without: list[str]) -> Cover:
    introduction = [
        f"Release {published.release_id}. The newest snapshot is "
        f"{published.newest.isoformat()}; a snapshot is the workforce at the end of a quarter.",
        "The figures are those of the published database equality.duckdb, protected so that they "
        "tell nothing of a single person. Percentages run from 0 to 100.",
        "The sheet Contents leads to each table. Notes and Shorthand explain what titles and cells "
        "refer to; Rows held counts what each table holds and leaves out.",
    ]
    if without:
        introduction.append(
            f"These tables have no row to show and therefore no sheet: {', '.join(without)}."
        )
    if published.is_sample:
        introduction.insert(0, SAMPLE)
    about = (
        f"A number of people below {published.about('threshold')} is not shown; the disclosure "
        f"policy is {published.about('disclosure_policy')}.",
        f"Intervals: {published.about('intervals')}",
        published.about("population"),
        f"Made by version {published.about('code_version')} of the code.",
    )
    return Cover("Workforce equality figures", tuple(introduction), about)
