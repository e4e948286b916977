"""Lines in time, with gaps where nothing is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from pipeline.assess.rounding import round_half_away
from pipeline.report.charts import layers, plane
from pipeline.report.charts.drawing import Prepared, Row, nothing, prepare
from pipeline.report.charts.layers import Entry, Stroke, Symbol, pixel
from pipeline.report.charts.scales import steps
from pipeline.report.charts.text import LINE, day

_LOOKS: Final = (
    (Stroke(layers.BLUE), Symbol("circle", layers.BLUE)),
    (Stroke(layers.ORANGE, (8, 4)), Symbol("diamond", layers.ORANGE)),
    (Stroke(layers.GREEN, (2, 3)), Symbol("square", layers.GREEN)),
    (Stroke(layers.PLUM, (10, 3, 2, 3)), Symbol("triangle-up", layers.PLUM)),
    (Stroke(layers.GREY), Symbol("circle", layers.GREY, hollow=True)),
    (Stroke(layers.INK, (8, 4)), Symbol("diamond", layers.INK, hollow=True)),
)

MOST: Final = len(_LOOKS)
"""How many lines can be told apart."""

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
    ticks = steps(min(values), max(values))
    data = plane.rows(ticks, [f"{tick:g}{unit}" for tick in ticks],
                      [one.toordinal() for one in sorted(set(days))])  # fmt: skip
    data["points"] = []
    entries = []
    for place, line in enumerate(lines):
        told = _told(line)
        data[f"line{place}"] = told
        data["points"] += [one | {"style": str(place)} for one in told]
        entries.append(Entry(str(place), _read(line, max(days), unit, places)))
    key = layers.key(entries, plane.BOTTOM + LINE + 6)
    data["key"] = key.samples
    data |= {f"key{place}": key.of(str(place)) for place in range(len(lines))}
    data["words"] = plane.days_below(days, over) + key.words
    signals = {"across": list(over), "up": [ticks[0], ticks[-1]]}
    return _prepared().draw(title, description, key.bottom, data, signals)


def _told(line: Line) -> list[Row]:
    rows: list[Row] = []
    run = 0
    for at, value in sorted(line.points, key=lambda point: point[0]):
        if value is None:
            run += 1
        else:
            rows.append({"at": at.toordinal(), "value": value, "run": str(run)})
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
    across, up = plane.across("at"), plane.up("value")
    in_key = {"x": pixel("x", "left"), "x2": "right", "y": pixel("y", "y")}
    drawn = []
    for place, (stroke, _) in enumerate(_LOOKS):
        drawn += [
            layers.line(f"line{place}", stroke, across, up),
            layers.rules(f"key{place}", stroke, **in_key),
        ]
    return prepare(
        [
            *plane.grid(),
            *drawn,
            layers.symbols("points", _STYLES, across, up, 90),
            layers.symbols("key", _STYLES, pixel("x", "x"), pixel("y", "y"), 90),
            layers.words(),
        ],
        across=(0.0, 1.0),
        up=(0.0, 1.0),
    )
