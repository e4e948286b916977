"""Shares that make up a whole as bars: pay quarters, bands."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from pipeline.report.charts import layers
from pipeline.report.charts.drawing import WIDTH, Content, Prepared, Said, nothing, prepare
from pipeline.report.charts.layers import EDGE, Stroke, pixel, scaled
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

    Where a name does not fit into its part, all are written beneath the bar in the order drawn.
    Raises ValueError where a part is negative or the parts come to more than 101.
    """
    if not bars:
        return nothing(title, description)
    names = list(dict.fromkeys(name for bar in bars for name, _ in bar.parts))
    content = Content()
    y = 0.0
    for bar in bars:
        y = _add_bar(content, bar, y, names)
    return _prepared().draw(title, description, y, content)


def _add_bar(content: Content, bar: Bar, top: float, names: Sequence[str]) -> float:
    shares = [share for _, share in bar.parts]
    if min(shares, default=0.0) < 0 or sum(shares) > MOST:
        raise ValueError(f"the parts of a bar must make up 100 per cent, not {sum(shares):g}")
    for line in wrap(bar.label, WIDTH - 2 * EDGE):
        top += LINE
        content.words.append(Said(EDGE, top - 6, line))
    bottom = top + _HEIGHT
    content.rows["frames"].append({"low": 0.0, "high": 100.0, "top": top, "bottom": bottom})
    start, fits = 0.0, True
    for name, share in bar.parts:
        end = min(start + share, 100.0)
        if end > start:
            content.rows["parts"].append({"low": start, "high": end, "top": top, "bottom": bottom,
                                  "part": names.index(name) % len(_COLOURS)})  # fmt: skip
        scale = (ENDS[1] - ENDS[0]) / 100
        whole = f"{clean(name)} {percent(share)}"
        for text in (whole, percent(share)):
            # Bold letters are wider by about a tenth.
            if 1.1 * width(text) + 12 <= (end - start) * scale:
                content.words.append(
                    Said(ENDS[0] + start * scale + 7, bottom - 11, text, inside=True)
                )
                break
            fits = False
        start = end
    if fits:
        return bottom + 8
    listed = ", ".join(f"{name} {percent(share)}" for name, share in bar.parts)
    for line in wrap(listed, WIDTH - 2 * EDGE):
        bottom += LINE
        content.words.append(Said(EDGE, bottom - 4, line))
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
            layers.areas("frames", layers.PALE, Stroke(layers.LINES, width=1), **span),
            layers.areas("parts", layers.GREY, Stroke(layers.WHITE, width=3), **span, fill=colours),
        ],
        across=(0.0, 100.0),
    )
