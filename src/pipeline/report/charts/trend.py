"""Lines in time, with gaps where nothing is told."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from pipeline.assess.rounding import round_half_away
from pipeline.report.charts import layers, plane
from pipeline.report.charts.drawing import INK, Prepared, Row, nothing
from pipeline.report.charts.layers import Entry, Stroke, Symbol
from pipeline.report.charts.scales import reach
from pipeline.report.charts.text import LINE, day

_LOOKS: Final = (
    (Stroke(layers.BLUE), Symbol("circle", layers.BLUE)),
    (Stroke(layers.ORANGE, (8, 4)), Symbol("diamond", layers.ORANGE)),
    (Stroke(layers.GREEN, (2, 3)), Symbol("square", layers.GREEN)),
    (Stroke(layers.PLUM, (10, 3, 2, 3)), Symbol("triangle-up", layers.PLUM)),
    (Stroke(layers.GREY), Symbol("circle", layers.GREY, hollow=True)),
    (Stroke(INK, (8, 4)), Symbol("diamond", INK, hollow=True)),
)

LEAST_SPAN: Final = 10.0
"""How many percentage points the scale reaches over at least."""

MOST: Final = len(_LOOKS)
"""How many lines can be told apart."""

_STROKES: Final = {str(place): stroke for place, (stroke, _) in enumerate(_LOOKS)}
_STYLES: Final = {str(place): symbol for place, (_, symbol) in enumerate(_LOOKS)}


@dataclass(frozen=True, slots=True)
class Line:
    """A line.

    Attributes:
        label: of what.
        points: day and value; None where nothing is told.
    """

    label: str
    points: tuple[tuple[date, float | None], ...]


def svg(
    title: str,
    description: str,
    lines: Sequence[Line],
    *,
    unit: str = "%",
    places: int = 1,
) -> str:
    """Return lines in time with a gap where a value is None, each with its newest value in the key.

    The scale need not begin at 0. ``unit`` follows each number, which has ``places`` decimals.
    Raises ValueError for more than six lines, which cannot be told apart.
    """
    if len(lines) > MOST:
        raise ValueError(f"{len(lines)} lines cannot be told apart; a chart holds {MOST}")
    days = [at for line in lines for at, _ in line.points]
    values = [value for line in lines for _, value in line.points if value is not None]
    if not values:
        return nothing(title, description)
    over = plane.ends(days)
    ticks = _ticks(values, unit)
    content = plane.content(ticks, unit, [one.toordinal() for one in sorted(set(days))])
    entries = []
    for place, line in enumerate(lines):
        content.rows["lines"] += _told(line, str(place))
        entries.append(Entry(str(place), _read(line, max(days), unit, places)))
    content.rows["points"] = content.rows["lines"]
    key = layers.key(entries, plane.BOTTOM + LINE + 6)
    content.rows["key"] = content.rows["key_lines"] = key.samples
    content.words += plane.days_below(days, over) + key.words
    return _prepared().draw(
        title, description, key.bottom, content, across=over, up=(ticks[0], ticks[-1])
    )


def _ticks(values: Sequence[float], unit: str) -> list[float]:
    """Return ticks over 10 percentage points or more, or over a fifth of the greatest value."""
    bounds = (0.0 if min(values) >= 0 else -math.inf, math.inf)
    if unit != "%":
        return reach(values, max(abs(value) for value in values) / 5, bounds)
    return reach(values, LEAST_SPAN, (bounds[0], 100.0 if max(values) <= 100 else math.inf))


def _told(line: Line, style: str) -> list[Row]:
    rows: list[Row] = []
    run = 0
    for at, value in sorted(line.points, key=lambda point: point[0]):
        if value is None:
            run += 1
        else:
            rows.append(
                {"at": at.toordinal(), "value": value, "style": style, "run": f"{style} {run}"}
            )
    return rows


def _read(line: Line, newest: date, unit: str, places: int) -> str:
    told = [(at, value) for at, value in line.points if value is not None]
    if not told:
        return f"{line.label}: not shown"
    at, value = max(told, key=lambda point: point[0])
    text = f"{line.label} {round_half_away(float(value), places):.{places}f}{unit}"
    return text if at == newest else f"{text} on {day(at)}"


@cache
def _prepared() -> Prepared:
    return plane.prepared(_STROKES, _STYLES)
