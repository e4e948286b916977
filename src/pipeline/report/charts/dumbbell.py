"""The share of a group in the workforce beside its share in the population."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from pipeline.report.charts import layers
from pipeline.report.charts.drawing import WIDTH, Content, Prepared, Said, nothing, prepare
from pipeline.report.charts.layers import EDGE, Entry, Stroke, Symbol, pixel, scaled
from pipeline.report.charts.scales import steps
from pipeline.report.charts.text import LINE, percent, width, wrap

ENDS: Final = (90.0, 456.0)
"""Where the scale begins and ends; beside it is room for a number."""

_STRIP: Final = 30.0
_AWAY: Final = 14.0
_STYLES: Final = {
    "workforce": Symbol("circle", layers.BLUE, size=130),
    "population": Symbol("diamond", layers.ORANGE, hollow=True, size=300),
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
    content = Content()
    y = 0.0
    for pair in pairs:
        for line in wrap(pair.label, WIDTH - 2 * EDGE):
            y += LINE
            content.words.append(Said(EDGE, y - 6, line))
        _add_pair(content, pair, y + _STRIP / 2, ticks[-1])
        y += _STRIP + 6
    content.rows["base"].append({"left": ENDS[0], "right": ENDS[1], "y": y + 4})
    content.rows["ticks"] = [{"value": tick, "top": y + 4, "bottom": y + 10} for tick in ticks]
    content.words += [
        Said(layers.place(tick, ENDS, (0.0, ticks[-1])), y + 6 + LINE, f"{tick:g}%", "middle")
        for tick in ticks
    ]
    key = layers.key(
        [Entry("workforce", "workforce"), Entry("population", "population")], y + 10 + LINE
    )
    content.rows["key"] = key.samples
    content.words += key.words
    return _prepared().draw(title, description, key.bottom, content, across=(0.0, ticks[-1]))


def _add_pair(content: Content, pair: Pair, y: float, most: float) -> None:
    known = sorted(
        (value, style)
        for style, value in (("workforce", pair.workforce), ("population", pair.population))
        if value is not None
    )
    if not known:
        content.words.append(Said(ENDS[0], y + 6, "not shown"))
        return
    first, last = known[0][0], known[-1][0]
    right = layers.place(last, ENDS, (0.0, most)) + _AWAY
    content.words.append(Said(right, y + 6, percent(last)))
    free_from, free_to = right - _AWAY, right + width(percent(last)) + 6
    if len(known) == 2:
        content.rows["spans"].append({"low": first, "high": last, "y": y})
        left = layers.place(first, ENDS, (0.0, most)) - _AWAY
        content.words.append(Said(left, y + 6, percent(first), "end"))
        free_from = left - width(percent(first)) - 6
    # The line of the row leaves the numbers free.
    content.rows["base"] += [
        {"left": start, "right": end, "y": y}
        for start, end in ((ENDS[0], free_from), (free_to, ENDS[1]))
        if start + 4 < end
    ]
    # The workforce lies on top where both are equal.
    content.rows["dots"] += [
        {"value": value, "y": y, "style": style}
        for value, style in sorted(known, key=lambda one: one[1])
    ]


@cache
def _prepared() -> Prepared:
    def across(field: str) -> object:
        return scaled("x", field, ENDS, zoom="across")

    level = pixel("y", "y")
    axis = Stroke(layers.LINES, width=1)
    return prepare(
        [
            layers.rules("base", axis, x=pixel("x", "left"), x2="right", y=level),
            layers.rules("ticks", axis, x=across("value"), y=pixel("y", "top"), y2="bottom"),
            layers.rules("spans", Stroke(layers.GREY, width=4), x=across("low"), x2="high",
                         y=level),
            layers.symbols("dots", _STYLES, across("value"), level),
            layers.symbols("key", _STYLES, pixel("x", "x"), level),
        ],
        across=(0.0, 100.0),
    )  # fmt: skip
