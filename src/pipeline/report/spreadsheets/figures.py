"""The sheets of figures: one for each standard, with what names a row in plain English."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd

from pipeline.report.source import Published
from pipeline.report.spreadsheets import words
from pipeline.report.spreadsheets.layout import LAYOUTS, Layout
from pipeline.report.spreadsheets.model import (
    CONFIDENTIAL,
    NOT_APPLICABLE,
    NOT_AVAILABLE,
    Cell,
    Column,
    Sheet,
    text,
)
from pipeline.report.spreadsheets.notes import LEGEND, refer
from pipeline.report.spreadsheets.wide import BODY, Wide, lay_out, newest_march

_BAND = "Known, 95% or more, or below"


def figure_sheets(published: Published) -> Iterator[tuple[Layout, Sheet | None, pd.DataFrame]]:
    """Yield each layout with its sheet, and how many rows of each body stand on it.

    The sheet is None where no row stands on it.
    """
    day = newest_march(published.figure)
    for layout in LAYOUTS:
        wide = lay_out(published.figure, layout, day)
        if wide.held["rows"].sum():
            sheet = _sheet(published, layout, wide, day) if len(wide.rows) else None
            yield layout, sheet, wide.held


def _sheet(published: Published, layout: Layout, wide: Wide, day: date) -> Sheet:
    columns = [*_who(wide.rows), *_what(published, layout, wide.rows)]
    columns += [
        Column(cell.heading, _claims(cells) if cell.column == "direction" else cells, cell.decimals)
        for cell, cells in zip(layout.cells, wide.cells, strict=True)
    ]
    if layout.standard == "DECLARATION":
        columns.append(_bands(published, wide.rows))
    columns.append(Column("How counts are given", wide.rows["counts"].tolist()))
    return Sheet(
        layout.label,
        refer(f"{layout.label}: {layout.title}", layout.notes),
        _instructions(wide.held, day),
        tuple(columns),
        LEGEND,
        f"Source: figures of the standard {layout.standard} in release {published.release_id}.",
    )


def _instructions(held: pd.DataFrame, day: date) -> str:
    count = {name: int(held[name].sum()) for name in ("held", "other_snapshots", "nothing_shown")}
    return (
        f"This worksheet contains one table of {count['held']:,} rows: every body at the "
        f"snapshot of {day.isoformat()}, and the totals of the pooled bodies "
        f"(ICB, system) at every other snapshot. {count['other_snapshots']:,} other rows of other "
        "snapshots are left out, and "
        f"{count['nothing_shown']:,} rows of details at {day.isoformat()} in which no number is "
        "shown; the sheet Rows held counts them for each body. All of them are in the database "
        "equality.duckdb and in its CSV copy."
    )


def _who(rows: pd.DataFrame) -> Iterator[Column]:
    yield Column("Snapshot", rows["period_end"].tolist())
    yield Column("Level", _mapped(rows["level"], words.LEVELS))
    yield Column("Organisation code", _texts(rows["organisation_code"]))
    yield Column("Organisation", _texts(rows["organisation_name"]))


def _what(published: Published, layout: Layout, rows: pd.DataFrame) -> Iterator[Column]:
    registry = published.tables["indicator"]
    if "indicator" in layout.row:
        yield Column("Indicator", _texts(rows["indicator"]))
        titles = words.titles(registry)
        names = {one: titles.get((layout.standard, one), one) for one in set(rows["indicator"])}
        yield Column("What it shows", _mapped(rows["indicator"], names))
    if "part" in layout.row:
        yield Column("Part code", _texts(rows["part"]))
        yield Column("Part", _mapped(rows["part"], {one: words.part(one) for one in rows["part"]}))
    labels = words.groups(registry)
    for column, heading, others in (
        ("group_code", "Group", {}),
        ("comparator_code", "Compared with", words.COMPARATORS),
    ):
        if column in layout.row:
            yield Column(f"{heading} code", _texts(rows[column]))
            yield Column(heading, _group_labels(layout, rows, column, labels, others))


def _group_labels(
    layout: Layout,
    rows: pd.DataFrame,
    column: str,
    labels: dict[tuple[str, str, str], str],
    others: Any,
) -> list[Cell]:
    return [
        NOT_APPLICABLE
        if pd.isna(code)
        else text(labels.get((layout.standard, indicator, code)) or others.get(code, code))
        for indicator, code in zip(rows["indicator"], rows[column], strict=True)
    ]


def _bands(published: Published, rows: pd.DataFrame) -> Column:
    """Return the band of each declaration rate, also where the rate itself is hidden."""
    keys = [*BODY[:3], "indicator"]
    bands = published.tables["declaration_rate"].rename(columns={"characteristic": "indicator"})
    joined = rows[keys].merge(bands[[*keys, "band"]], on=keys, how="left", validate="1:1")
    return Column(_BAND, [CONFIDENTIAL if pd.isna(one) else text(one) for one in joined["band"]])


def _claims(cells: list[Any]) -> list[Cell]:
    return [words.DIRECTIONS.get(cell, cell) for cell in cells]


def _texts(column: pd.Series) -> list[Cell]:
    cleaned = {one: text(one) for one in column.dropna().unique()}
    return [NOT_APPLICABLE if pd.isna(one) else cleaned[one] for one in column]


def _mapped(column: pd.Series, names: Any) -> list[Cell]:
    cleaned = {one: text(str(names.get(one, one))) for one in column.dropna().unique()}
    return [NOT_AVAILABLE if pd.isna(one) else cleaned[one] for one in column]
