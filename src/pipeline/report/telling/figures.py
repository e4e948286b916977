"""The published figures of a release, found by what they are and written as their column says."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

import pandas as pd

from pipeline.assess.columns import COUNTS
from pipeline.report.document import Number, Words

Key = tuple[date, str, str, str, str, str, str]
"""Snapshot, standard, indicator, part, measure, group and comparator, ``""`` for none."""

_PERCENT = ("share", "rate", "gap_percent")
_DECIMALS = {
    "share": 1, "rate": 1, "gap_percent": 1, "difference_pp": 1, "relative_likelihood": 2,
    "ratio": 2, "headcount": 0, "count": 0,
}  # fmt: skip


class Figure(NamedTuple):
    """A row of ``figure``; ``number`` is its place there, and what is null there is None."""

    number: int
    decimals: int
    period_end: date
    organisation_code: str
    organisation_name: str
    level: str
    standard: str
    indicator: str
    part: str
    measure: str
    group_code: str
    comparator_code: str
    numerator: int | None
    denominator: int | None
    comparator_numerator: int | None
    comparator_denominator: int | None
    value: float | None
    ci_low: float | None
    ci_high: float | None
    p_value: float | None
    status: str
    reason: str | None
    disclosure: str
    direction: str | None

    @property
    def is_shown(self) -> bool:
        """Whether it has a value."""
        return self.status == "ok" and self.value is not None

    @property
    def has_interval(self) -> bool:
        """Whether it has a value and an interval."""
        return self.is_shown and self.ci_low is not None and self.ci_high is not None

    @property
    def kind(self) -> tuple[str, str, str]:
        """Its standard, indicator and measure."""
        return self.standard, self.indicator, self.measure

    @property
    def key(self) -> Key:
        """What it is among the figures of its organisation and level."""
        return (
            self.period_end, self.standard, self.indicator, self.part, self.measure,
            self.group_code, self.comparator_code,
        )  # fmt: skip

    @property
    def counts(self) -> tuple[int | None, ...]:
        """Its four counts."""
        return tuple(getattr(self, name) for name in COUNTS)


def written(measure: str, decimals: int, column: str, number: float) -> str:
    """Return a number of a figure as it is read.

    Counts have thousands separators; a percentage has one decimal and its sign, as have its ends;
    a ratio has two decimals, a difference in percentage points and a pay gap one, a score those of
    its registry file (``decimals``), a p-value three.
    """
    if column in COUNTS:
        return f"{number:,.0f}"
    if column == "p_value":
        return f"{number:.3f}"
    text = f"{number:,.{_DECIMALS.get(measure, decimals)}f}"
    return f"{text}%" if measure in _PERCENT else text


def number(figure: Figure, column: str = "value") -> Number:
    """Return a number of a figure. Raises ValueError where the figure has none there."""
    found = getattr(figure, column)
    if found is None:
        raise ValueError(f"Figure {figure.number} has no {column}.")
    return Number(written(figure.measure, figure.decimals, column, found), figure.number, column)


def cell(figure: Figure | None, column: str = "value") -> Words:
    """Return a number as the cell of a table, or the mark that stands where there is none.

    Nothing of a suppressed figure is told, its base neither.
    """
    if figure is not None and figure.status == "suppressed":
        return ("[c]",)
    if figure is None or getattr(figure, column) is None:
        return ("[x]",)
    return (number(figure, column),)


class Own:
    """The figures of one organisation at one level."""

    def __init__(self, figures: list[Figure]) -> None:
        """Keep the figures, which are sorted by their key."""
        self.all = figures
        self._by_key = {figure.key: figure for figure in figures}
        self._by_standard: dict[tuple[date, str], list[Figure]] = {}
        for figure in figures:
            self._by_standard.setdefault((figure.period_end, figure.standard), []).append(figure)
        self.days = sorted({figure.period_end for figure in figures})

    def find(self, key: Key) -> Figure | None:
        """Return the figure of a key, or None."""
        return self._by_key.get(key)

    def of(
        self,
        day: date,
        standard: str,
        indicator: str | None = None,
        measure: str | None = None,
        part: str | None = None,
    ) -> Iterator[Figure]:
        """Yield the figures of a standard at a snapshot, in the order of the key."""
        for figure in self._by_standard.get((day, standard), []):
            if (
                (indicator is None or figure.indicator == indicator)
                and (measure is None or figure.measure == measure)
                and (part is None or figure.part == part)
            ):
                yield figure


def own_figures(
    frame: pd.DataFrame, decimals: dict[tuple[str, str, str], int]
) -> dict[tuple[str, str], Own]:
    """Return the figures of each organisation and level.

    Args:
        frame: the table ``figure``; its index is the number of each figure.
        decimals: those of a standard, indicator and measure.
    """
    names = Figure._fields[2:]
    columns: list[list[Any]] = []
    for name in names:
        column = frame[name].astype(object)
        columns.append(column.where(frame[name].notna(), None).tolist())
    place = {name: at for at, name in enumerate(names)}
    columns[place["comparator_code"]] = [one or "" for one in columns[place["comparator_code"]]]
    named = [columns[place[name]] for name in ("standard", "indicator", "measure")]
    kinds = zip(*named, strict=True)
    places = [decimals.get(kind, 1) for kind in kinds]
    found: dict[tuple[str, str], list[Figure]] = {}
    for row in zip(frame.index.tolist(), places, *columns, strict=True):
        figure = Figure._make(row)
        found.setdefault((figure.organisation_code, figure.level), []).append(figure)
    return {key: Own(figures) for key, figures in found.items()}
