"""Dots with their intervals around 1 on a log scale: relative likelihoods and other ratios."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from pipeline.assess.rates import ADVERSE, CANNOT_TELL, FAVOURABLE, NEAR_PARITY
from pipeline.report.charts import layers
from pipeline.report.charts.drawing import INK, WIDTH, Content, Prepared, Said, nothing, prepare
from pipeline.report.charts.layers import EDGE, Entry, Stroke, Symbol, pixel, scaled
from pipeline.report.charts.scales import ratio_ticks
from pipeline.report.charts.text import LINE, ratio, width, wrap

NEAR: Final = (0.8, 1.25)
"""Ratios that count as near parity (four-fifths rule and its inverse)."""

ENDS: Final = (32.0, 528.0)
"""Where the scale begins and ends."""

LEAST: Final = 0.05
MOST: Final = 20.0
"""How far the scale can reach; what lies beyond is marked at its end."""

_STRIP: Final = 30.0
_STYLES: Final = {
    FAVOURABLE: Symbol("triangle-up", layers.BLUE, size=150),
    ADVERSE: Symbol("diamond", layers.ORANGE, size=150),
    NEAR_PARITY: Symbol("square", layers.GREEN, size=150),
    CANNOT_TELL: Symbol("circle", layers.GREY, hollow=True, size=150),
    "neutral": Symbol("circle", layers.GREY, size=150),
    "below": Symbol("triangle-left", layers.GREY, size=90),
    "above": Symbol("triangle-right", layers.GREY, size=90),
}
_SAID: Final = {
    FAVOURABLE: "favourable",
    ADVERSE: "adverse",
    NEAR_PARITY: "near parity",
    CANNOT_TELL: "cannot tell",
    "neutral": "neither",
}


@dataclass(frozen=True, slots=True)
class Dot:
    """A ratio with its interval.

    Attributes:
        label: of what.
        value: the ratio, 0 or more.
        low: the lower end of its interval; None where there is none.
        high: the upper end; None where there is none.
        direction: favourable, adverse, near_parity, cannot_tell or neutral.
    """

    label: str
    value: float
    low: float | None
    high: float | None
    direction: str


def svg(title: str, description: str, dots: Sequence[Dot]) -> str:
    """Return dots with their intervals around parity, in the order given.

    The scale is logarithmic and ends at 0.05 and 20 at the furthest: a value or an end of an
    interval beyond it, 0 among them, is drawn at the edge with an arrow, and the key says so.
    Raises KeyError for an unknown direction.
    """
    if not dots:
        return nothing(title, description)
    numbers = [one for dot in dots for one in (dot.value, dot.low, dot.high) if one is not None]
    ticks = ratio_ticks(numbers, LEAST, MOST)
    content = Content()
    y = 0.0
    for dot in dots:
        y = _add_row(content, dot, y, ticks)
    bottom = _add_axis(content, ticks, y)
    key = layers.key(_entries(dots, bool(content.rows["arrows"])), bottom)
    content.rows |= {
        "key": key.of(*_STYLES), "key_spans": key.of("interval"), "key_near": key.of("near"),
    }  # fmt: skip
    content.words += key.words
    across = (ticks[0], ticks[-1])
    return _prepared().draw(title, description, key.bottom, content, across=across)


def _add_row(content: Content, dot: Dot, top: float, ticks: Sequence[float]) -> float:
    """Add label, interval and dot beneath ``top``; return where the row ends."""
    value = _read(dot)
    lines = wrap(dot.label, WIDTH - 2 * EDGE)
    if width(lines[-1]) + width(value) + 20 > WIDTH - 2 * EDGE:
        lines.append("")
    for place, one in enumerate(lines):
        content.words.append(Said(EDGE, top + LINE * (place + 1) - 6, one))
    below = top + LINE * len(lines)
    content.words.append(Said(WIDTH - EDGE, below - 6, value, "end"))
    y = below + _STRIP / 2
    strip = {"top": below, "bottom": below + _STRIP}
    content.rows["near"].append({"low": NEAR[0], "high": NEAR[1]} | strip)
    content.rows["parity"].append({"value": 1.0} | strip)
    content.rows["base"].append({"low": ticks[0], "high": ticks[-1], "y": y})

    def within(number: float) -> float:
        return min(max(number, ticks[0]), ticks[-1])

    ends = [one for one in (dot.low, dot.value, dot.high) if one is not None]
    if len(ends) > 1:
        content.rows["spans"].append({"low": within(min(ends)), "high": within(max(ends)), "y": y})
    if min(ends) < ticks[0]:
        content.rows["arrows"].append({"x": ENDS[0] - 18, "y": y, "style": "below"})
    if max(ends) > ticks[-1]:
        content.rows["arrows"].append({"x": ENDS[1] + 18, "y": y, "style": "above"})
    _ = _STYLES[dot.direction]
    content.rows["dots"].append({"value": within(dot.value), "y": y, "style": dot.direction})
    return below + _STRIP + 8


def _read(dot: Dot) -> str:
    value = ratio(dot.value)
    if dot.low is None and dot.high is None:
        return value
    if dot.high is None:
        return f"{value} (from {ratio(dot.low or 0)})"
    return f"{value} (up to {ratio(dot.high)})" if dot.low is None else (
        f"{value} ({ratio(dot.low)} to {ratio(dot.high)})"
    )  # fmt: skip


def _add_axis(content: Content, ticks: Sequence[float], top: float) -> float:
    content.rows["base"].append({"low": ticks[0], "high": ticks[-1], "y": top + 4})
    content.rows["ticks"] = [{"value": tick, "top": top + 4, "bottom": top + 10} for tick in ticks]
    across = (ticks[0], ticks[-1])
    content.words += [
        Said(layers.place(tick, ENDS, across, kind="log"), top + 6 + LINE, f"{tick:g}", "middle")
        for tick in ticks
    ]
    return top + 10 + LINE


def _entries(dots: Sequence[Dot], has_arrows: bool) -> list[Entry]:
    found = {dot.direction for dot in dots}
    entries = [Entry(name, text) for name, text in _SAID.items() if name in found]
    if any(dot.low is not None or dot.high is not None for dot in dots):
        entries.append(Entry("interval", "95% interval"))
    entries.append(Entry("near", "0.80 to 1.25: near parity; line: 1.00, parity"))
    if has_arrows:
        entries.append(Entry("above", "beyond the end of the scale, drawn at its edge"))
    return entries


@cache
def _prepared() -> Prepared:
    def across(field: str) -> object:
        return scaled("x", field, ENDS, kind="log", zoom="across")

    strip = {"y": pixel("y", "top"), "y2": "bottom"}
    level = {"y": pixel("y", "y")}
    interval, thin = Stroke(INK, width=3), Stroke(layers.LINES, width=1)
    in_key = {"x": pixel("x", "left"), "x2": "right"}
    return prepare(
        [
            layers.areas("near", layers.PALE, thin, x=across("low"), x2="high", **strip),
            layers.areas("key_near", layers.PALE, thin, **in_key, **strip),
            layers.rules(
                "base", Stroke(layers.LINES, width=1), x=across("low"), x2="high", **level
            ),
            layers.rules("ticks", thin, x=across("value"), **strip),
            layers.rules("parity", Stroke(INK, width=1.5), x=across("value"), **strip),
            layers.rules("spans", interval, x=across("low"), x2="high", **level),
            layers.rules("key_spans", interval, **in_key, **level),
            layers.symbols("arrows", _STYLES, pixel("x", "x"), pixel("y", "y")),
            layers.symbols("dots", _STYLES, across("value"), pixel("y", "y")),
            layers.symbols("key", _STYLES, pixel("x", "x"), pixel("y", "y")),
        ],
        across=(0.5, 2.0),
    )
