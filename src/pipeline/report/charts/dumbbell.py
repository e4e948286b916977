"""The share of a group in the workforce beside its share in the population."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from pipeline.report.charts import layers
from pipeline.report.charts.drawing import WIDTH, Prepared, Row, nothing, prepare
from pipeline.report.charts.layers import EDGE, Entry, Stroke, Symbol, pixel, said, scaled
from pipeline.report.charts.scales import steps
from pipeline.report.charts.text import LINE, percent, wrap

ENDS: Final = (90.0, 470.0)
"""Where the scale begins and ends; beside it is room for a number."""

_STRIP: Final = 30.0
_AWAY: Final = 14.0
_STYLES: Final = {
    "workforce": Symbol("circle", layers.BLUE),
    "population": Symbol("diamond", layers.ORANGE, hollow=True),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two shares of one group.

    Attributes:
        label: the group.
        workforce: its share in the workforce, in per cent; None where it is not shown.
        population: its share in the population, in per cent; None where it is not known.
    """

    label: str
    workforce: float | None
    population: float | None


def svg(title: str, description: str, pairs: Sequence[Pair]) -> str:
    """Return a row for each pair, in the order given, with both numbers beside their points."""
    if not pairs:
        return nothing(title, description)
    most = max((one for pair in pairs for one in (pair.workforce, pair.population) if one),
               default=1.0)  # fmt: skip
    ticks = steps(0.0, most)
    data: dict[str, list[Row]] = {
        name: [] for name in ("base", "spans", "dots", "left", "right", "words")
    }
    y = 0.0
    for pair in pairs:
        for line in wrap(pair.label, WIDTH - 2 * EDGE):
            y += LINE
            data["words"].append(said(EDGE, y - 6, line))
        _add_pair(data, pair, y + _STRIP / 2, ticks[-1])
        y += _STRIP + 6
    data["base"].append({"low": 0.0, "high": ticks[-1], "y": y + 4})
    data["ticks"] = [{"value": tick, "top": y + 4, "bottom": y + 10} for tick in ticks]
    data["numbers"] = [{"value": tick, "y": y + LINE + 6, "text": f"{tick:g}%"} for tick in ticks]
    key = layers.key(
        [Entry("workforce", "workforce"), Entry("population", "population")], y + 10 + LINE
    )
    data |= {"key": key.samples, "words": data["words"] + key.words}
    return _prepared().draw(title, description, key.bottom, data, {"across": [0.0, ticks[-1]]})


def _add_pair(data: dict[str, list[Row]], pair: Pair, y: float, most: float) -> None:
    data["base"].append({"low": 0.0, "high": most, "y": y})
    known = sorted(
        (value, style)
        for style, value in (("workforce", pair.workforce), ("population", pair.population))
        if value is not None
    )
    if not known:
        data["words"].append(said(sum(ENDS) / 2, y - 5, "not shown", "center"))
        return
    # The workforce lies on top where both are equal.
    data["dots"] += [
        {"value": value, "y": y, "style": style}
        for value, style in sorted(known, key=lambda one: one[1])
    ]
    if len(known) == 2:
        data["spans"].append({"low": known[0][0], "high": known[1][0], "y": y})
        data["left"].append({"value": known[0][0], "y": y + 6, "text": percent(known[0][0])})
    data["right"].append({"value": known[-1][0], "y": y + 6, "text": percent(known[-1][0])})


@cache
def _prepared() -> Prepared:
    def across(field: str) -> object:
        return scaled("x", field, ENDS, zoom="across")

    level = pixel("y", "y")
    axis = Stroke(layers.LINES, width=1)
    return prepare(
        [
            layers.rules("base", axis, x=across("low"), x2="high", y=level),
            layers.rules("ticks", axis, x=across("value"), y=pixel("y", "top"), y2="bottom"),
            layers.rules("spans", Stroke(layers.GREY, width=4), x=across("low"), x2="high",
                         y=level),
            layers.symbols("dots", _STYLES, across("value"), level, 170),
            layers.symbols("key", _STYLES, pixel("x", "x"), level, 170),
            layers.numbers("left", across("value"), level, "right", -_AWAY),
            layers.numbers("right", across("value"), level, "left", _AWAY),
            layers.numbers("numbers", across("value"), level, "center"),
            layers.words(),
        ],
        across=(0.0, 100.0),
    )  # fmt: skip
