"""A plane with two axes: where it lies in a drawing, its grid, its numbers and its days."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from pipeline.report.charts import layers
from pipeline.report.charts.drawing import Content, Prepared, Said, prepare
from pipeline.report.charts.layers import Stroke, Symbol, pixel, place, scaled
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
    ]  # fmt: skip


def content(ticks: Sequence[float], unit: str, across_ticks: Sequence[float]) -> Content:
    """Return a drawing with its grid: ``ticks`` upwards, in ``unit``, and ticks at the bottom."""
    drawing = Content()
    drawing.rows["grid"] = [{"value": tick, "left": LEFT, "right": RIGHT} for tick in ticks]
    drawing.rows["axis"] = [{"left": LEFT, "right": RIGHT, "y": BOTTOM}]
    drawing.rows["ticks"] = [
        {"value": tick, "top": BOTTOM, "bottom": BOTTOM + 6} for tick in across_ticks
    ]
    drawing.words = [
        Said(
            LEFT - 8,
            place(tick, (BOTTOM, TOP), (ticks[0], ticks[-1])) + 6,
            f"{tick:g}{unit}",
            "end",
        )
        for tick in ticks
    ]
    return drawing


def ends(days: Sequence[date]) -> tuple[float, float]:
    """Return the ends of a scale of days, in days since the year 1, with some room beside them."""
    first, last = min(days).toordinal(), max(days).toordinal()
    room = max(0.04 * (last - first), 15.0)
    return first - room, last + room


def days_below(days: Sequence[date], over: tuple[float, float]) -> list[Said]:
    """Return the days written under the axis: the first, the last, and those with room between."""
    ordered = sorted(set(days))
    y = BOTTOM + 2 + LINE

    def span(one: date, anchor: str) -> tuple[float, float, Said]:
        x = place(one.toordinal(), (LEFT, RIGHT), over)
        wide = width(day(one))
        at = {"start": x - 24, "middle": x, "end": min(x + 24, RIGHT + 20)}[anchor]
        begin = at - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
        return begin, begin + wide, Said(at, y, day(one), anchor)

    if len(ordered) == 1:
        return [span(ordered[0], "middle")[2]]
    first, last = span(ordered[0], "start"), span(ordered[-1], "end")
    written, free = [first[2]], first[1] + 14
    if last[0] < free:
        return [last[2]]
    for one in ordered[1:-1]:
        begin, end, row = span(one, "middle")
        if begin >= free and end + 14 <= last[0]:
            written.append(row)
            free = end + 14
    return [*written, last[2]]


def prepared(strokes: Mapping[str, Stroke], styles: Mapping[str, Symbol]) -> Prepared:
    """Return a plane with lines, points and the key of both, compiled and ready to be filled.

    Args:
        strokes: how each kind of line looks.
        styles: how each kind of point looks.
    """
    return prepare(
        [
            *grid(),
            layers.lines("lines", strokes, across("at"), up("value")),
            layers.samples("key_lines", strokes),
            layers.symbols("points", styles, across("at"), up("value")),
            layers.symbols("key", styles, pixel("x", "x"), pixel("y", "y")),
        ],
        across=(0.0, 1.0),
        up=(0.0, 1.0),
    )
