"""Funnel plots: the share of each organisation against its base, around the pooled share.

The limits are those of D. J. Spiegelhalter, "Funnel plots for comparing institutional performance",
Statistics in Medicine 24 (2005), appendix A.1: exact binomial limits, interpolated between the two
counts that enclose the probability. At 99.8% one organisation in 500 lies outside by chance.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from pipeline.report.charts import layers, plane
from pipeline.report.charts.drawing import WIDTH, Content, Prepared, Row, Said, nothing
from pipeline.report.charts.layers import Entry, Stroke, Symbol
from pipeline.report.charts.placing import Box, beside
from pipeline.report.charts.scales import reach, steps
from pipeline.report.charts.text import LINE, clean, percent, wrap

OUTER: Final = 0.998
"""The probability within the limits."""

_CURVE: Final = 48
_ACROSS: Final = (plane.LEFT, plane.RIGHT)
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
    """Return whether a share is ``within`` the limits at its base, ``above`` or ``below``."""
    low, high = limits(dot.base, pooled)
    share = 100 * dot.events / dot.base
    return "above" if share > high else "below" if share < low else "within"


def svg(title: str, description: str, dots: Sequence[Dot], pooled: float) -> str:
    """Return organisations by base (across) and share (up) with the 99.8% limits.

    Codes stand at their points; names, and codes that would lie on each other, have a number there
    and are listed beneath in the order of their names: nobody is ranked. Organisations outside the
    limits are triangles.

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
    content, up = _around(dots, pooled, across)
    styles = [standing(dot, pooled) for dot in dots]
    content.rows["points"] = [
        {"at": dot.base, "value": 100 * dot.events / dot.base, "style": style}
        for dot, style in zip(dots, styles, strict=True)
    ]
    marks, is_numbered = _marked(content.rows, dots, across, up)
    top = plane.BOTTOM + 2 * LINE + 2
    entries = [Entry("within", "organisation")]
    entries += [Entry(name, text) for name, text in _SAID.items() if name in styles]
    entries += [Entry("pooled", f"all together {percent(pooled)}"), Entry("limits", "99.8% limits")]
    key = layers.key(entries, top)
    listed = _listed(dots, styles, key.bottom) if is_numbered else []
    content.rows["key_lines"] = key.of(*_STROKES)
    content.rows["key"] = key.of(*_STYLES)
    content.words += marks + key.words + listed
    bottom = listed[-1].y + 10 if listed else key.bottom
    return _prepared().draw(
        title, description, bottom, content, across=(0.0, across[-1]), up=(up[0], up[-1])
    )


def _around(
    dots: Sequence[Dot], pooled: float, across: Sequence[float]
) -> tuple[Content, list[float]]:
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
    up = reach([*shares, *at_dots], 5.0, (0.0, 100.0))
    content = plane.content(up, "%", across)
    content.rows["lines"] = [
        {"at": base, "value": value, "style": "limits", "run": side}
        for side, values in (("lower", low), ("upper", high))
        for base, value in zip(bases, values, strict=True)
        if up[0] <= value <= up[-1]
    ]
    content.rows["lines"] += [
        {"at": at, "value": pooled, "style": "pooled", "run": "pooled"} for at in (0.0, last)
    ]
    y = plane.BOTTOM + LINE
    content.words += [
        Said(layers.place(tick, _ACROSS, (0.0, last)), y, f"{tick:,.10g}", "middle")
        for tick in across[:-1]
    ]
    content.words.append(Said(plane.RIGHT + 20, y, f"{last:,.10g}", "end"))
    content.words.append(Said(plane.RIGHT, y + LINE - 2, "base: out of how many", "end"))
    return content, up


def _listed(dots: Sequence[Dot], styles: Sequence[str], top: float) -> list[Said]:
    rows: list[Said] = []
    y = top - 4
    for place, (dot, style) in enumerate(zip(dots, styles, strict=True), start=1):
        text = f"{dot.label} {percent(100 * dot.events / dot.base)}"
        text += f", {_SAID[style]}" if style in _SAID else ""
        for line, words in enumerate(wrap(text, WIDTH - layers.EDGE - 44)):
            y += LINE
            if not line:
                rows.append(Said(34, y, str(place), "end"))
            rows.append(Said(44, y, words))
    return rows


def _marked(
    data: Mapping[str, Sequence[Row]],
    dots: Sequence[Dot],
    across: Sequence[float],
    up: Sequence[float],
) -> tuple[list[Said], bool]:
    """Return what stands beside the points, and whether it is numbers and not the labels."""

    def place(row: Row) -> tuple[float, float]:
        return (
            layers.place(row["at"], _ACROSS, (0.0, across[-1])),
            layers.place(row["value"], (plane.BOTTOM, plane.TOP), (up[0], up[-1])),
        )

    lines: list[Box] = [
        (x - 4, y - 2, x + 4, y + 2)
        for x, y in (place(row) for row in data["lines"] if row["style"] == "limits")
    ]
    level = next(place(row)[1] for row in data["lines"] if row["style"] == "pooled")
    lines.append((plane.LEFT, level - 2, plane.RIGHT, level + 2))
    points = [place(row) for row in data["points"]]
    within = (plane.LEFT, plane.RIGHT + 20)
    labels = [clean(dot.label) for dot in dots]
    if all(len(label) <= _CODE for label in labels):
        rows, clashes = beside(points, labels, within, lines)
        if not clashes:
            return rows, False
    return beside(points, [f"{place}" for place in range(1, len(dots) + 1)], within, lines)[0], True


@cache
def _prepared() -> Prepared:
    return plane.prepared(_STROKES, _STYLES)
