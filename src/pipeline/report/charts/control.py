"""XmR charts: rates in time with their mean, limits and signals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from pipeline.report.charts import layers, plane
from pipeline.report.charts.drawing import Prepared, Row, nothing, prepare
from pipeline.report.charts.layers import Entry, Stroke, Symbol, pixel
from pipeline.report.charts.scales import steps
from pipeline.report.charts.text import LINE, percent

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

    Limits are drawn within 0 and 100 per cent. The scale begins where the lowest of them asks for.
    """
    if not points:
        return nothing(title, description)
    points = sorted(points, key=lambda point: point.day)
    over = plane.ends([point.day for point in points])
    levels = [_within(value) for point in points
              for value in (point.rate, point.lower, point.upper, target)
              if value is not None]  # fmt: skip
    ticks = [tick for tick in steps(min(levels), max(levels)) if tick <= 100]
    data = plane.rows(
        ticks, [f"{tick:g}%" for tick in ticks], [point.day.toordinal() for point in points]
    )
    data |= _lines(points, target)
    data["points"] = [
        {"at": point.day.toordinal(), "value": point.rate,
         "style": "signal" if point.is_signal else "common"}
        for point in points
    ]  # fmt: skip
    key = layers.key(_entries(points, target), plane.BOTTOM + LINE + 6)
    data |= {f"key_{name}": key.of(name) for name in _STROKES}
    data["key"] = key.of(*_STYLES)
    data["words"] = plane.days_below([point.day for point in points], over) + key.words
    signals = {"across": list(over), "up": [ticks[0], ticks[-1]]}
    return _prepared().draw(title, description, key.bottom, data, signals)


def _within(value: float) -> float:
    return min(max(float(value), 0.0), 100.0)


def _lines(points: Sequence[Point], target: float | None) -> dict[str, list[Row]]:
    """Return the points of each line; a line with gaps is several runs."""
    lines: dict[str, list[Row]] = {name: [] for name in _STROKES}

    def add(line: str, run: str, point: Point, value: float | None) -> None:
        if value is not None:
            lines[line].append({"at": point.day.toordinal(), "value": _within(value), "run": run})

    gap = 0
    for point in points:
        gap += point.centre is None
        add("rate", "rate", point, point.rate)
        add("centre", f"{gap}", point, point.centre)
        add("limits", f"lower {gap}", point, point.lower)
        add("limits", f"upper {gap}", point, point.upper)
    if target is not None:
        lines["target"] = [
            {"at": at, "value": _within(target), "run": "target"}
            for at in plane.ends([point.day for point in points])
        ]
    return lines


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
    in_key = {"x": pixel("x", "left"), "x2": "right", "y": pixel("y", "y")}
    return prepare(
        [
            *plane.grid(),
            *(
                layers.line(name, stroke, plane.across("at"), plane.up("value"))
                for name, stroke in reversed(_STROKES.items())
            ),
            *(layers.rules(f"key_{name}", stroke, **in_key) for name, stroke in _STROKES.items()),
            layers.symbols("points", _STYLES, plane.across("at"), plane.up("value"), 100),
            layers.symbols("key", _STYLES, pixel("x", "x"), pixel("y", "y"), 100),
            layers.words(),
        ],
        across=(0.0, 1.0),
        up=(0.0, 1.0),
    )
