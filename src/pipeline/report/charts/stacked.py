"""Shares that make up a whole as bars: pay quarters, bands."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from pipeline.report.charts import layers
from pipeline.report.charts.drawing import WIDTH, Prepared, Row, nothing, prepare
from pipeline.report.charts.layers import EDGE, pixel, said, scaled
from pipeline.report.charts.text import LINE, clean, percent, width, wrap

ENDS: Final = (EDGE, WIDTH - EDGE)
"""Where 0 and 100 per cent are."""

MOST: Final = 101.0
"""What rounded parts may come to."""

_HEIGHT: Final = 36.0
# White text on each has a contrast of 4.5:1 and more, and so has each against a white page.
_COLOURS: Final = ("#003087", "#007f3b", "#7c2855", "#b34700", "#425563", "#005eb8")


@dataclass(frozen=True, slots=True)
class Bar:
    """A whole with its parts.

    Attributes:
        label: of what.
        parts: name and percentage of each, in the order drawn.
    """

    label: str
    parts: tuple[tuple[str, float], ...]


def svg(title: str, description: str, bars: Sequence[Bar]) -> str:
    """Return bars of 100 per cent, in the order given, each part with its name and number.

    What does not fit into its part is written beneath the bar, where every part is then named in
    the order drawn. Raises ValueError where a part is negative or the parts come to more than 101.
    """
    if not bars:
        return nothing(title, description)
    names = list(dict.fromkeys(name for bar in bars for name, _ in bar.parts))
    data: dict[str, list[Row]] = {"parts": [], "inside": [], "words": [], "frames": []}
    y = 0.0
    for bar in bars:
        y = _add_bar(data, bar, y, names)
    return _prepared().draw(title, description, y, data)


def _add_bar(data: dict[str, list[Row]], bar: Bar, top: float, names: Sequence[str]) -> float:
    shares = [share for _, share in bar.parts]
    if min(shares, default=0.0) < 0 or sum(shares) > MOST:
        raise ValueError(f"the parts of a bar must make up 100 per cent, not {sum(shares):g}")
    for line in wrap(bar.label, WIDTH - 2 * EDGE):
        top += LINE
        data["words"].append(said(EDGE, top - 6, line))
    bottom = top + _HEIGHT
    data["frames"].append({"low": 0.0, "high": 100.0, "top": top, "bottom": bottom})
    start, fits = 0.0, True
    inside: list[Row] = []
    for name, share in bar.parts:
        end = min(start + share, 100.0)
        if end > start:
            data["parts"].append({"low": start, "high": end, "top": top, "bottom": bottom,
                                  "part": names.index(name) % len(_COLOURS)})  # fmt: skip
        text = f"{clean(name)} {percent(share)}"
        scale = (ENDS[1] - ENDS[0]) / 100
        fits = fits and width(text) + 12 <= (end - start) * scale
        inside.append(said(ENDS[0] + start * scale + 6, bottom - 11, text))
        start = end
    if fits:
        data["inside"] += inside
        return bottom + 8
    listed = ", ".join(f"{name} {percent(share)}" for name, share in bar.parts)
    for line in wrap(listed, WIDTH - 2 * EDGE):
        bottom += LINE
        data["words"].append(said(EDGE, bottom - 4, line))
    return bottom + 10


@cache
def _prepared() -> Prepared:
    import altair

    span = {
        "x": scaled("x", "low", ENDS, zoom="across"), "x2": "high",
        "y": pixel("y", "top"), "y2": "bottom",
    }  # fmt: skip
    colours = altair.Fill(
        "part:O",
        scale=altair.Scale(domain=list(range(len(_COLOURS))), range=list(_COLOURS)),
        legend=None,
    )
    return prepare(
        [
            layers.areas("frames", layers.PALE, layers.LINES, **span),
            layers.areas("parts", layers.GREY, layers.WHITE, **span, fill=colours),
            layers.words(),
            layers.words("inside", layers.WHITE, "bold"),
        ],
        across=(0.0, 100.0),
    )
