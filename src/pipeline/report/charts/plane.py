"""A plane with two axes: where it lies in a drawing, its grid, its numbers and its days."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from pipeline.report.charts import layers
from pipeline.report.charts.drawing import Row
from pipeline.report.charts.layers import Stroke, pixel, said, scaled
from pipeline.report.charts.text import LINE, day, width

LEFT: Final = 78.0
RIGHT: Final = 536.0
TOP: Final = 16.0
BOTTOM: Final = 276.0
"""Where the plane lies, in units of the drawing."""


def across(field: str) -> Any:
    """Return an encoding from the left of the plane to its right."""
    return scaled("x", field, (LEFT, RIGHT), zoom="across")


def up(field: str) -> Any:
    """Return an encoding from the bottom of the plane to its top."""
    return scaled("y", field, (BOTTOM, TOP), zoom="up")


def grid() -> list[Any]:
    """Return the layers of the grid with the numbers at its left and bottom."""
    thin = Stroke(layers.LINES, width=1)
    return [
        layers.rules("grid", Stroke("#d8dde0", width=1), x=pixel("x", "left"), x2="right",
                     y=up("value")),
        layers.rules("ticks", thin, x=across("value"), y=pixel("y", "top"), y2="bottom"),
        layers.rules("axis", thin, x=pixel("x", "left"), x2="right", y=pixel("y", "y")),
        layers.numbers("numbers", pixel("x", "x"), up("value"), "right", down=6),
    ]  # fmt: skip


def rows(ticks: Sequence[float], texts: Sequence[str], across_ticks: Sequence[float]) -> dict[
    str, list[Row]
]:  # fmt: skip
    """Return the rows of the grid: ``ticks`` upwards with their texts, and ticks at the bottom."""
    return {
        "grid": [{"value": tick, "left": LEFT, "right": RIGHT} for tick in ticks],
        "numbers": [
            {"value": tick, "x": LEFT - 8, "text": text}
            for tick, text in zip(ticks, texts, strict=True)
        ],
        "axis": [{"left": LEFT, "right": RIGHT, "y": BOTTOM}],
        "ticks": [{"value": tick, "top": BOTTOM, "bottom": BOTTOM + 6} for tick in across_ticks],
    }


def ends(days: Sequence[date]) -> tuple[float, float]:
    """Return the ends of a scale of days, in days since the year 1, with some room beside them."""
    first, last = min(days).toordinal(), max(days).toordinal()
    room = max(0.04 * (last - first), 15.0)
    return first - room, last + room


def days_below(days: Sequence[date], over: tuple[float, float]) -> list[Row]:
    """Return the days written under the axis: the first, the last, and those with room between."""
    ordered = sorted(set(days))
    scale = (RIGHT - LEFT) / (over[1] - over[0])
    y = BOTTOM + 2 + LINE

    def span(one: date, anchor: str) -> tuple[float, float, Row]:
        x = LEFT + (one.toordinal() - over[0]) * scale
        wide = width(day(one))
        at = {"left": x - 24, "center": x, "right": min(x + 24, RIGHT + 20)}[anchor]
        begin = at - {"left": 0.0, "center": wide / 2, "right": wide}[anchor]
        return begin, begin + wide, said(at, y, day(one), anchor)

    if len(ordered) == 1:
        return [span(ordered[0], "center")[2]]
    first, last = span(ordered[0], "left"), span(ordered[-1], "right")
    written, free = [first[2]], first[1] + 14
    if last[0] < free:
        return [last[2]]
    for one in ordered[1:-1]:
        begin, end, row = span(one, "center")
        if begin >= free and end + 14 <= last[0]:
            written.append(row)
            free = end + 14
    return [*written, last[2]]
