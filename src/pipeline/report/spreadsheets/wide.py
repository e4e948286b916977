"""Figures laid out as the rows of a sheet: a number or its shorthand in every cell."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from pipeline.report.spreadsheets.layout import Cell, Layout
from pipeline.report.spreadsheets.model import (
    CONFIDENTIAL,
    NOT_APPLICABLE,
    NOT_AVAILABLE,
)

BODY = ("period_end", "level", "organisation_code", "organisation_name")
_POOLED = ":mantel_haenszel"
_MARKS = {
    "suppressed": CONFIDENTIAL,
    "missing_source": NOT_AVAILABLE,
    "not_applicable": NOT_APPLICABLE,
    "ok": NOT_APPLICABLE,
}
_COUNTS = ("numerator", "denominator", "comparator_numerator", "comparator_denominator")
_TELLING = ("value", "numerator")


@dataclass(frozen=True, slots=True)
class Wide:
    """The rows of a sheet of figures.

    Attributes:
        rows: what names each row, with the column ``counts`` on how its counts are given.
        cells: the number columns, by place of the cell in the layout.
        held: one row for each body of the release: how many rows there are (``rows``), and how many
            of them stand on the sheet (``held``), are of other snapshots (``other_snapshots``), or
            show no number (``nothing_shown``).
    """

    rows: pd.DataFrame
    cells: tuple[list[Any], ...]
    held: pd.DataFrame


def newest_march(figure: pd.DataFrame) -> date:
    """Return the newest 31 March of which there are figures, else the newest snapshot."""
    days: set[date] = set(figure["period_end"])
    return max({day for day in days if day.month == 3} or days)


def lay_out(figure: pd.DataFrame, layout: Layout, day: date) -> Wide:
    """Return the rows of a sheet.

    A row of the day stands on it where it shows a number or is of a headline part, and a row of
    another snapshot where it is of a pooled body and of a headline part. The others are counted.

    Args:
        figure: the published figures.
        layout: how they stand side by side.
        day: the snapshot of which all bodies are shown.

    Raises:
        ValueError: two figures belong into one cell.
    """
    chosen = _chosen(figure, layout)
    names = [*BODY, *layout.row]
    place = chosen.groupby(names, sort=True, dropna=False).ngroup().to_numpy()
    first = np.unique(place, return_index=True)[1]
    rows = chosen.iloc[first][names].reset_index(drop=True)
    marks = chosen["status"].map(_MARKS).to_numpy(dtype=object)
    withheld = (chosen["disclosure"] == "PERCENT_ONLY").to_numpy()
    cells = [_cell(chosen, cell, place, len(rows), marks, withheld) for cell in layout.cells]
    shown = np.zeros(len(rows), dtype=bool)
    for _, has_number in cells:
        shown |= has_number
    is_headline = _is_headline(rows, layout)
    shown |= is_headline
    is_pooled = (rows["level"] != "employer").to_numpy(dtype=bool)
    wanted = (rows["period_end"] == day).to_numpy(dtype=bool) | (is_pooled & is_headline)
    rows["counts"] = _counts(chosen, place, len(rows))
    stays = shown & wanted
    held = rows[list(BODY[1:])].assign(
        rows=1, held=stays, other_snapshots=~wanted, nothing_shown=wanted & ~shown
    )
    return Wide(
        rows[stays].reset_index(drop=True),
        tuple(column[stays].tolist() for column, _ in cells),
        held.groupby(list(BODY[1:3]), as_index=False, sort=True).agg(
            {"organisation_name": "last"}
            | dict.fromkeys(("rows", "held", "other_snapshots", "nothing_shown"), "sum")
        ),
    )


def _is_headline(rows: pd.DataFrame, layout: Layout) -> np.ndarray:
    if "part" not in layout.row:
        return np.ones(len(rows), dtype=bool)
    return rows["part"].isin(layout.headline).to_numpy(dtype=bool)


def _chosen(figure: pd.DataFrame, layout: Layout) -> pd.DataFrame:
    chosen = figure[figure["standard"] == layout.standard]
    is_detail = chosen["part"].str.endswith("detail")
    if layout.part is not None:
        chosen = chosen[chosen["part"].str.endswith(layout.part)]
    elif layout.comparator is not None:
        compared = chosen["comparator_code"]
        chosen = chosen[(compared.isna() | (compared == layout.comparator)) & ~is_detail]
    return chosen.assign(part=chosen["part"].str.removesuffix(_POOLED))


def _cell(  # noqa: PLR0913, PLR0917 - the figures as arrays, each worked out once for all cells of a sheet
    chosen: pd.DataFrame,
    cell: Cell,
    place: np.ndarray,
    height: int,
    marks: np.ndarray,
    withheld: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the cells of a column, and which of them hold a number."""
    is_mine = chosen["measure"].isin(cell.measures)
    if cell.group is not None:
        is_mine &= chosen["group_code"] == cell.group
    if cell.indicator is not None:
        is_mine &= chosen["indicator"] == cell.indicator
    mine = is_mine.to_numpy(dtype=bool)
    places = place[mine]
    if len(np.unique(places)) < len(places):
        raise ValueError(f"Two figures belong into one cell of the column {cell.heading!r}.")
    column = chosen[cell.column][mine]
    is_told = column.notna().to_numpy()
    values = marks[mine].copy()
    if cell.column not in ("value", "direction"):
        values[withheld[mine]] = CONFIDENTIAL
    told = column[is_told]
    if cell.column in _COUNTS:
        told = told.astype("int64")
    values[is_told] = told.to_numpy(dtype=object)
    filled = np.full(height, NOT_APPLICABLE, dtype=object)
    filled[places] = values
    has_number = np.zeros(height, dtype=bool)
    has_number[places] = is_told & (cell.column in _TELLING)
    return filled, has_number


def _counts(chosen: pd.DataFrame, place: np.ndarray, height: int) -> list[str]:
    """Return how the counts of each row are given."""
    ways: Mapping[str, str] = {
        "PERCENT_ONLY": "Not given: values alone",
        "ROUNDED": "Rounded to the nearest 5",
    }
    told = np.full(height, "Exact where shown", dtype=object)
    for disclosure, way in ways.items():
        told[place[(chosen["disclosure"] == disclosure).to_numpy()]] = way
    as_list: list[str] = told.tolist()
    return as_list
