"""Funnel plots: the share of each organisation against its base, around the pooled share.

The limits are those of D. J. Spiegelhalter, "Funnel plots for comparing institutional performance",
Statistics in Medicine 24 (2005), appendix A.1: exact binomial limits, interpolated between the two
counts that enclose the probability. At 99.8% one organisation in 500 lies outside by chance.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

from pipeline.report.charts import layers, plane
from pipeline.report.charts.drawing import WIDTH, Prepared, Row, nothing, prepare
from pipeline.report.charts.layers import Entry, Stroke, Symbol, pixel, said
from pipeline.report.charts.scales import steps
from pipeline.report.charts.text import LINE, clean, percent, width, wrap

OUTER: Final = 0.998
"""The probability within the limits."""

_CURVE: Final = 48
_CODE: Final = 8
_STYLES: Final = {
    "within": Symbol("circle", layers.BLUE),
    "above": Symbol("triangle-up", layers.ORANGE),
    "below": Symbol("triangle-down", layers.ORANGE),
}
_SAID: Final = {"above": "above the limits", "below": "below the limits"}
_STROKES: Final = {
    "pooled": Stroke(layers.GREY),
    "limits": Stroke(layers.GREY, (7, 5)),
}


@dataclass(frozen=True, slots=True)
class Dot:
    """An organisation.

    Attributes:
        label: its name or code.
        events: how many of its base, as published.
        base: out of how many, above 0.
    """

    label: str
    events: float
    base: float


def limits(base: float, pooled: float) -> tuple[float, float]:
    """Return the 99.8% limits of a share among ``base``, in per cent, as in the module's source.

    Args:
        base: out of how many, 1 or more; rounded to a whole number.
        pooled: the share expected, 0-100.
    """
    (low,), (high,) = _limits((round(base),), pooled)
    return low, high


@lru_cache(maxsize=256)
def _limits(bases: tuple[int, ...], pooled: float) -> tuple[tuple[float, ...], tuple[float, ...]]:
    import numpy as np
    from scipy.stats import binom

    n, share = np.asarray(bases, dtype=float), pooled / 100
    if share in (0.0, 1.0):
        return (pooled,) * len(bases), (pooled,) * len(bases)

    def at(probability: float) -> tuple[float, ...]:
        count = binom.ppf(probability, n, share)
        reached = binom.cdf(count, n, share)
        over = (reached - probability) / binom.pmf(count, n, share)
        return tuple(np.clip(100 * (count - over) / n, 0.0, 100.0).tolist())

    return at((1 - OUTER) / 2), at((1 + OUTER) / 2)


def standing(dot: Dot, pooled: float) -> str:
    """Return whether an organisation is ``within`` the limits at its base, ``above`` or ``below``."""
    low, high = limits(dot.base, pooled)
    share = 100 * dot.events / dot.base
    return "above" if share > high else "below" if share < low else "within"


def svg(title: str, description: str, dots: Sequence[Dot], pooled: float) -> str:
    """Return organisations by base (across) and share (up) with the 99.8% limits.

    Short labels stand at their points; longer ones have a number there and are listed beneath in
    the order of their names: nobody is ranked. Organisations outside the limits are triangles.

    Args:
        title: its name.
        description: what it says.
        dots: the organisations.
        pooled: the share of all together, in per cent.

    Raises ValueError where a base is not above 0, events are not within it, or ``pooled`` is not
    within 0 and 100.
    """
    if not 0 <= pooled <= 100 or any(not 0 <= dot.events <= dot.base or dot.base < 1
                                     for dot in dots):  # fmt: skip
        raise ValueError("a funnel needs events within a base above 0, and a pooled share")
    if not dots:
        return nothing(title, description)
    dots = sorted(dots, key=lambda dot: (clean(dot.label).casefold(), dot.label))
    across = steps(0.0, 1.04 * max(dot.base for dot in dots), 4)
    data, up = _around(dots, pooled, across)
    styles = [standing(dot, pooled) for dot in dots]
    data["points"] = [
        {"at": dot.base, "value": 100 * dot.events / dot.base, "style": style}
        for dot, style in zip(dots, styles, strict=True)
    ]
    is_short = all(len(clean(dot.label)) <= _CODE for dot in dots)
    marks = [clean(dot.label) if is_short else str(place)
             for place, dot in enumerate(dots, start=1)]  # fmt: skip
    top = plane.BOTTOM + 2 * LINE + 2
    entries = [Entry("within", "organisation")]
    entries += [Entry(name, text) for name, text in _SAID.items() if name in styles]
    entries += [Entry("pooled", f"all together {percent(pooled)}"), Entry("limits", "99.8% limits")]
    key = layers.key(entries, top)
    listed = [] if is_short else _listed(dots, styles, key.bottom)
    data |= {f"key_{name}": key.of(name) for name in _STROKES}
    data["key"] = key.of(*_STYLES)
    data["words"] += _beside(data["points"], marks, across, up) + key.words + listed
    bottom = listed[-1]["y"] + 10 if listed else key.bottom
    signals = {"across": [across[0], across[-1]], "up": [up[0], up[-1]]}
    return _prepared().draw(title, description, bottom, data, signals)


def _around(
    dots: Sequence[Dot], pooled: float, across: Sequence[float]
) -> tuple[dict[str, list[Row]], list[float]]:
    """Return grid, pooled share and limits, and the ticks upwards."""
    smallest = min(dot.base for dot in dots)
    first, last = max(1.0, min(smallest / 2, across[-1] / 40)), across[-1]
    # Even on a log scale: the curves bend where the base is small.
    bases = tuple(
        sorted({round(first * (last / first) ** (place / _CURVE)) for place in range(_CURVE + 1)})
    )
    low, high = _limits(bases, pooled)
    shares = [100 * dot.events / dot.base for dot in dots]
    at_dots = [limit for dot in dots for limit in limits(dot.base, pooled)]
    up = [tick for tick in steps(min(*shares, *at_dots), max(*shares, *at_dots)) if tick <= 100]
    data = plane.rows(up, [f"{tick:g}%" for tick in up], across)
    data["limits"] = [
        {"at": base, "value": value, "run": side}
        for side, values in (("lower", low), ("upper", high))
        for base, value in zip(bases, values, strict=True)
        if up[0] <= value <= up[-1]
    ]
    data["pooled"] = [{"at": at, "value": pooled, "run": "pooled"} for at in (across[0], last)]
    scale = (plane.RIGHT - plane.LEFT) / (across[-1] - across[0])
    y = plane.BOTTOM + LINE
    data["words"] = [
        said(plane.LEFT + tick * scale, y, f"{tick:,.10g}", "center") for tick in across
    ]
    data["words"].append(said(plane.RIGHT, y + LINE - 2, "base: out of how many", "right"))
    return data, up


def _listed(dots: Sequence[Dot], styles: Sequence[str], top: float) -> list[Row]:
    rows: list[Row] = []
    y = top - 4
    for place, (dot, style) in enumerate(zip(dots, styles, strict=True), start=1):
        text = f"{dot.label} {percent(100 * dot.events / dot.base)}"
        text += f", {_SAID[style]}" if style in _SAID else ""
        for line, words in enumerate(wrap(text, WIDTH - layers.EDGE - 44)):
            y += LINE
            if not line:
                rows.append(said(34, y, str(place), "right"))
            rows.append(said(44, y, words))
    return rows


def _beside(
    points: Sequence[Row], marks: Sequence[str], across: Sequence[float], up: Sequence[float]
) -> list[Row]:
    """Return a mark beside each point, where neither a point nor another mark is."""
    places = [
        (
            plane.LEFT + (plane.RIGHT - plane.LEFT) * point["at"] / across[-1],
            plane.BOTTOM - (plane.BOTTOM - plane.TOP) * (point["value"] - up[0]) / (up[-1] - up[0]),
        )
        for point in points
    ]
    taken = [(x - 7, y - 7, x + 7, y + 7) for x, y in places]
    rows = []
    for (x, y), mark in zip(places, marks, strict=True):
        wide, tall = width(mark), 20.0
        best: tuple[int, Any] | None = None
        for dx, dy, anchor in _AROUND:
            left = x + dx - {"left": 0.0, "center": wide / 2, "right": wide}[anchor]
            box = (left, y + dy - tall, left + wide, y + dy)
            clashes = sum(_overlap(box, other) for other in taken)
            clashes += 9 * (left < plane.LEFT or left + wide > plane.RIGHT + 20)
            if best is None or clashes < best[0]:
                best = clashes, (box, said(x + dx, y + dy - 2, mark, anchor))
        if best is not None:
            taken.append(best[1][0])
            rows.append(best[1][1])
    return rows


_AROUND: Final = (
    (10, 9, "left"), (-10, 9, "right"), (0, -9, "center"), (0, 31, "center"), (9, -5, "left"),
    (9, 25, "left"), (-9, -5, "right"), (-9, 25, "right"), (0, -29, "center"), (0, 50, "center"),
)  # fmt: skip


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@cache
def _prepared() -> Prepared:
    in_key = {"x": pixel("x", "left"), "x2": "right", "y": pixel("y", "y")}
    return prepare(
        [
            *plane.grid(),
            *(
                layers.line(name, stroke, plane.across("at"), plane.up("value"))
                for name, stroke in _STROKES.items()
            ),
            *(layers.rules(f"key_{name}", stroke, **in_key) for name, stroke in _STROKES.items()),
            layers.symbols("points", _STYLES, plane.across("at"), plane.up("value"), 110),
            layers.symbols("key", _STYLES, pixel("x", "x"), pixel("y", "y"), 110),
            layers.words(),
        ],
        across=(0.0, 1.0),
        up=(0.0, 1.0),
    )
