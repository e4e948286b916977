"""XmR charts: rates in time with their mean, limits and signals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from pipeline.report.charts import layers, plane
from pipeline.report.charts.drawing import Prepared, Row, nothing
from pipeline.report.charts.layers import Entry, Stroke, Symbol
from pipeline.report.charts.scales import reach
from pipeline.report.charts.text import LINE, percent

LEAST_SPAN: Final = 10.0
"""How many percentage points the scale reaches over at least."""

_STYLES: Final = {
    "common": Symbol("circle", layers.BLUE),
    "signal": Symbol("diamond", layers.ORANGE),
}
_STROKES: Final = {
    "rate": Stroke(layers.BLUE),
    "centre": Stroke(layers.GREY),
    "limits": Stroke(layers.GREY, (7, 5)),
    "target": Stroke(layers.ORANGE, (2, 4)),
}


@dataclass(frozen=True, slots=True)
class Point:
    """A rate with the mean and the limits that hold at its day, all in per cent.

    Attributes:
        day: the snapshot.
        rate: 0-100.
        centre: the mean; None where there are too few points.
        lower: the lower limit; None as above.
        upper: the upper limit; None as above.
        is_signal: whether it has a special cause.
    """

    day: date
    rate: float
    centre: float | None
    lower: float | None
    upper: float | None
    is_signal: bool


def svg(title: str, description: str, points: Sequence[Point], target: float | None) -> str:
    """Return the points in time with mean, limits and target; diamonds are signals.

    Limits are drawn within 0 and 100 per cent. The scale reaches over what
    is drawn, and over 10 percentage points at least.
    """
    if not points:
        return nothing(title, description)
    points = sorted(points, key=lambda point: point.day)
    over = plane.ends([point.day for point in points])
    levels = [_within(value) for point in points
              for value in (point.rate, point.lower, point.upper, target)
              if value is not None]  # fmt: skip
    ticks = reach(levels, LEAST_SPAN, (0.0, 100.0))
    content = plane.content(ticks, "%", [point.day.toordinal() for point in points])
    content.rows["lines"] = _lines(points, target)
    content.rows["points"] = [
        {"at": point.day.toordinal(), "value": point.rate,
         "style": "signal" if point.is_signal else "common"}
        for point in points
    ]  # fmt: skip
    key = layers.key(_entries(points, target), plane.BOTTOM + LINE + 6)
    content.rows["key_lines"] = key.of(*_STROKES)
    content.rows["key"] = key.of(*_STYLES)
    content.words += plane.days_below([point.day for point in points], over) + key.words
    return _prepared().draw(
        title, description, key.bottom, content, across=over, up=(ticks[0], ticks[-1])
    )


def _within(value: float) -> float:
    return min(max(float(value), 0.0), 100.0)


def _lines(points: Sequence[Point], target: float | None) -> list[Row]:
    """Return the points of the lines, the rate last; a line with gaps is several runs."""
    rows: list[Row] = []

    def add(style: str, run: str, day: float, value: float | None) -> None:
        if value is not None:
            rows.append({"at": day, "value": _within(value), "style": style, "run": run})

    for at in plane.ends([point.day for point in points]):
        add("target", "target", at, target)
    gap = 0
    for point in points:
        at = point.day.toordinal()
        gap += point.centre is None
        add("limits", f"lower {gap}", at, point.lower)
        add("limits", f"upper {gap}", at, point.upper)
        add("centre", f"centre {gap}", at, point.centre)
    for point in points:
        add("rate", "rate", point.day.toordinal(), point.rate)
    return rows


def _entries(points: Sequence[Point], target: float | None) -> list[Entry]:
    newest = points[-1]
    entries = [Entry("common", f"rate, newest {percent(newest.rate)}")]
    if any(point.is_signal for point in points):
        entries.append(Entry("signal", "special cause"))
    if newest.centre is not None:
        entries.append(Entry("centre", f"mean {percent(newest.centre)}"))
    if newest.lower is not None and newest.upper is not None:
        low, high = percent(_within(newest.lower)), percent(_within(newest.upper))
        entries.append(Entry("limits", f"limits {low} and {high}"))
    if target is not None:
        entries.append(Entry("target", f"target {target:g}%"))
    return entries


@cache
def _prepared() -> Prepared:
    return plane.prepared(_STROKES, _STYLES)
