"""The layers that charts are made of, declared in Altair, and the key under a chart."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from pipeline.report.charts.drawing import WIDTH, Row, Said
from pipeline.report.charts.text import LINE, width, wrap

GREY: Final = "#5b6b77"
BLUE: Final = "#005eb8"
ORANGE: Final = "#b34700"
GREEN: Final = "#00703c"
PLUM: Final = "#7c2855"
WHITE: Final = "#fff"
PALE: Final = "#e8edee"
LINES: Final = "#768692"
"""Axes and the edges of areas."""

EDGE: Final = 4.0
"""What stays free at the left and the right of a drawing."""

_SAMPLE: Final = 36.0


@dataclass(frozen=True, slots=True)
class Symbol:
    """How a point is drawn; a hollow one is white inside."""

    shape: str
    colour: str
    hollow: bool = False
    size: float = 110


@dataclass(frozen=True, slots=True)
class Stroke:
    """How a line is drawn; ``dash`` is drawn and left out in turn."""

    colour: str
    dash: tuple[int, ...] = (1, 0)
    width: float = 2


def pixel(channel: str, field: str) -> Any:
    """Return an encoding of units of the drawing: from the left, or from the top."""
    import altair

    kind = {"x": altair.X, "y": altair.Y}[channel]
    return kind(field, type="quantitative", scale=None, axis=None)


def scaled(
    channel: str,
    field: str,
    ends: tuple[float, float],
    *,
    kind: Literal["linear", "log"] = "linear",
    zoom: str,
) -> Any:
    """Return an encoding by a scale over ``ends`` of the drawing; its signal is ``zoom``."""
    import altair

    scale = altair.Scale(
        type=kind, domain=altair.ExprRef(zoom), range=list(ends), nice=False, zero=False
    )
    chosen = {"x": altair.X, "y": altair.Y}[channel]
    return chosen(field, type="quantitative", scale=scale, axis=None)


def place(
    value: float, ends: tuple[float, float], domain: tuple[float, float], *, kind: str = "linear"
) -> float:
    """Return where a scale over ``domain`` draws a value, for the texts beside it."""
    low, high = domain
    if kind == "log":
        value, low, high = math.log(value), math.log(low), math.log(high)
    return ends[0] + (ends[1] - ends[0]) * (value - low) / (high - low)


def symbols(name: str, styles: Mapping[str, Symbol], x: Any, y: Any) -> Any:
    """Return a layer of points; ``style`` of a row names one of ``styles``."""
    import altair

    def scale(values: Sequence[str | float]) -> Any:
        return altair.Scale(domain=list(styles), range=list(values))

    kinds = list(styles.values())
    return (
        _chart(name)
        .mark_point(opacity=1, strokeWidth=2.5)
        .encode(
            x=x,
            y=y,
            shape=altair.Shape("style:N", scale=scale([kind.shape for kind in kinds]), legend=None),
            size=altair.Size("style:N", scale=scale([kind.size for kind in kinds]), legend=None),
            fill=altair.Fill(
                "style:N",
                scale=scale([WHITE if kind.hollow else kind.colour for kind in kinds]),
                legend=None,
            ),
            stroke=altair.Stroke(
                "style:N", scale=scale([kind.colour for kind in kinds]), legend=None
            ),
        )
    )


def rules(name: str, stroke: Stroke, **encoded: Any) -> Any:
    """Return a layer of straight lines."""
    return _chart(name).mark_rule(**_stroked(stroke)).encode(**encoded)


def lines(name: str, strokes: Mapping[str, Stroke], x: Any, y: Any) -> Any:
    """Return a layer of lines, one for each ``run``; ``style`` of a row names one of ``strokes``.

    The ``run`` of a row may not be that of another style.
    """
    return _chart(name).mark_line().encode(x=x, y=y, detail="run:N", **_looks(strokes))


def samples(name: str, strokes: Mapping[str, Stroke]) -> Any:
    """Return a layer of what stands for lines in a key."""
    return (
        _chart(name)
        .mark_rule()
        .encode(x=pixel("x", "left"), x2="right", y=pixel("y", "y"), **_looks(strokes))
    )


def _looks(strokes: Mapping[str, Stroke]) -> dict[str, Any]:
    import altair

    def scale(values: Sequence[Any]) -> Any:
        return altair.Scale(domain=list(strokes), range=list(values))

    looks = list(strokes.values())
    return {
        "stroke": altair.Stroke(
            "style:N", scale=scale([look.colour for look in looks]), legend=None
        ),
        "strokeDash": altair.StrokeDash(
            "style:N", scale=scale([list(look.dash) for look in looks]), legend=None
        ),
    }


def areas(name: str, colour: str, stroke: Stroke | None, **encoded: Any) -> Any:
    """Return a layer of rectangles; its class begins with ``area``."""
    look = {"stroke": stroke.colour, "strokeWidth": stroke.width} if stroke else {}
    return _chart(f"area_{name}", data=name).mark_rect(color=colour, **look).encode(**encoded)


def _stroked(stroke: Stroke) -> dict[str, Any]:
    dashed = {} if stroke.dash == (1, 0) else {"strokeDash": list(stroke.dash)}
    return {"color": stroke.colour, "strokeWidth": stroke.width} | dashed


def _chart(name: str, data: str | None = None) -> Any:
    import altair

    return altair.Chart(altair.NamedData(data or name), name=name)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a key: what is drawn, by name of its style, and what it stands for."""

    sample: str
    text: str


@dataclass(frozen=True, slots=True)
class Key:
    """A key: its texts, its samples and where it ends."""

    words: list[Said]
    samples: list[Row]
    bottom: float

    def of(self, *styles: str) -> list[Row]:
        """Return the samples that are of one of the styles."""
        return [sample for sample in self.samples if sample["style"] in styles]


def key(entries: Sequence[Entry], top: float) -> Key:
    """Return the key of a chart, beneath ``top``: entries beside each other as long as they fit."""
    texts: list[Said] = []
    samples: list[Row] = []
    x, y = EDGE, top + LINE
    for entry in entries:
        lines = wrap(entry.text, WIDTH - 2 * EDGE - _SAMPLE)
        wide = _SAMPLE + max(width(one) for one in lines) + 16
        if x > EDGE and x + wide > WIDTH:
            x, y = EDGE, y + LINE
        middle = y - 6
        samples.append(
            {
                "style": entry.sample, "x": x + 12, "y": middle, "left": x, "right": x + 28,
                "top": middle - 9, "bottom": middle + 9,
            }
        )  # fmt: skip
        texts += [Said(x + _SAMPLE, y + LINE * place, one) for place, one in enumerate(lines)]
        x += wide
        if len(lines) > 1:
            x, y = EDGE, y + LINE * len(lines)
    # The last entry may have ended with a line of its own.
    bottom = y + 10 if x > EDGE else y - LINE + 10
    return Key(texts, samples, bottom if entries else top)
