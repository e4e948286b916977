"""From a chart declared in Altair to an SVG for a page.

Altair checks a declaration against the schema of Vega-Lite, which takes longer than to draw. So
each kind of chart is declared and compiled to Vega once, with named data and signals, which are
filled in for every drawing. What Vega writes is then cut down to what is seen.
"""

import hashlib
import math
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final
from xml.etree import ElementTree

from pipeline.report.charts.text import LINE, NARROW_SIZE, SIZE, clean

WIDTH: Final = 560
"""The width of every drawing, in its own units: pixels where the page has room."""

INK: Final = "#212b32"

_FONTS: Final = "Arial, Helvetica, 'Liberation Sans', sans-serif"
_CLASS: Final = "equality-chart"
_STYLE: Final = (
    f".{_CLASS}{{display:block;width:100%;max-width:40em;height:auto}}"
    f"@media (max-width:30em){{.{_CLASS} text{{font-size:{NARROW_SIZE}px}}}}"
    f"@media (forced-colors:active){{.{_CLASS} [stroke]{{stroke:CanvasText}}"
    f".{_CLASS} [fill]{{fill:CanvasText}}.{_CLASS} [fill='#fff']{{fill:Canvas}}"
    f".{_CLASS} [fill=none]{{fill:none}}"
    f".{_CLASS} [class^=area] *{{fill:Canvas;stroke:CanvasText}}"
    f".{_CLASS} .grid{{stroke:GrayText}}.{_CLASS} text{{fill:CanvasText!important}}}}"
)
_NUMBER: Final = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
_PLACE: Final = re.compile(r"translate\((\S+),(\S+)\)")
_CIRCLE: Final = re.compile(r"M([\d.]+),0A\1,\1,0,1,1,-\1,0A\1,\1,0,1,1,\1,0")
_LOOK: Final = ("fill", "stroke", "stroke-width", "stroke-dasharray")
_KEPT: Final = ("x2", "y2", "d", *_LOOK)

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """A text at a place of the drawing, in its units.

    Vega would only pass these on, and measure each, which takes longer than all the rest.

    Attributes:
        x: where its start, middle or end is.
        y: its baseline.
        text: one line.
        anchor: start, middle or end.
        inside: whether it stands in a dark area: white and bold.
    """

    x: float
    y: float
    text: str
    anchor: str = "start"
    inside: bool = False


@dataclass(slots=True)
class Content:
    """What one drawing shows.

    Attributes:
        rows: the rows by name of the data.
        words: the texts that stand at a place and not at a value.
    """

    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    words: list[Said] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A kind of chart as compiled Vega, still without figures."""

    vega: dict[str, Any]

    def draw(
        self,
        title: str,
        description: str,
        height: float,
        content: Content,
        **signals: Sequence[float],
    ) -> str:
        """Return the chart with these figures as SVG.

        Args:
            title: its name for who does not see it.
            description: what it says.
            height: in units of the drawing.
            content: what it shows.
            signals: the ends of the scales by name.

        Raises ValueError for a number that is not finite.
        """
        import vl_convert

        _require_finite(content.rows)
        filled = self.vega | {
            "height": height,
            "data": [one | _values(content.rows, one) for one in self.vega["data"]],
            "signals": [
                one | {"value": list(signals.get(one["name"], one["value"]))}
                for one in self.vega.get("signals", ())
            ],
        }
        drawn = vl_convert.vega_to_svg(filled, allowed_base_urls=[])
        return _shell([*_marks(drawn), *_words(content.words)], title, description, height)


def _require_finite(rows: Mapping[str, Sequence[Row]]) -> None:
    for name, own in rows.items():
        for row in own:
            if any(isinstance(value, float) and not math.isfinite(value) for value in row.values()):
                raise ValueError(f"a chart cannot draw what is no finite number, in {name}")


def _values(data: Mapping[str, Sequence[Row]], one: Mapping[str, Any]) -> dict[str, Any]:
    return {} if "source" in one else {"values": list(data.get(one["name"], ()))}


def prepare(layers: Sequence[Any], **signals: Sequence[float]) -> Prepared:
    """Compile layers of Altair; ``signals`` are the ends of scales before figures are known."""
    import altair
    import vl_convert

    chart = (
        altair.layer(*layers)
        .add_params(*(altair.param(name=name, value=ends) for name, ends in signals.items()))
        .properties(
            width=WIDTH, height=WIDTH, padding=0, autosize=altair.AutoSizeParams(type="none")
        )
        .resolve_scale(stroke="independent", strokeDash="independent")
        # Rows hold no missing values; Vega would look for them in each layer.
        .configure(aria=False, mark=altair.MarkConfig(invalid=None))
        .configure_view(stroke=None)
    )
    return Prepared(vl_convert.vegalite_to_vega(chart.to_dict()))


def nothing(title: str, description: str) -> str:
    """Return a drawing that says that there is nothing to draw."""
    return _shell(_words([Said(0, SIZE, "No figures to draw")]), title, description, LINE)


def _marks(drawn: str) -> list[ElementTree.Element]:
    """Return the marks that Vega has drawn, in a group for each layer."""
    groups = []
    for group in ElementTree.fromstring(drawn).iter():  # noqa: S314 - our own drawing
        kind = group.get("class", "")
        if " role-mark " not in kind:
            continue
        name = kind.rsplit(" ", 1)[1].removesuffix("_marks")
        marks = [_mark(mark) for mark in group.iter() if mark is not group and _is_mark(mark)]
        groups += [_grouped(name, list(alike)) for _, alike in groupby(marks, _look)]
    return groups


def _words(words: Sequence[Said]) -> list[ElementTree.Element]:
    groups = []
    for inside, look in ((False, {"fill": INK}), (True, {"fill": "#fff", "font-weight": "bold"})):
        group = ElementTree.Element("g", look)
        for one in words:
            if one.inside is inside and one.text:
                place = {"x": _number(one.x), "y": _number(one.y)}
                if one.anchor != "start":
                    place["text-anchor"] = one.anchor
                ElementTree.SubElement(group, "text", place).text = clean(one.text)
        if len(group):
            groups.append(group)
    return groups


def _is_mark(element: ElementTree.Element) -> bool:
    return element.tag.rsplit("}", 1)[1] in ("path", "line") and element.get("class") is None


def _mark(element: ElementTree.Element) -> ElementTree.Element:
    """Return a path, a line or a circle with no more attributes than it needs."""
    mark = ElementTree.Element(element.tag.rsplit("}", 1)[1])
    for name in _KEPT:
        if (value := element.get(name)) is not None and (name, value) != ("fill", "none"):
            mark.set(name, _NUMBER.sub(_short, value))
    place = _PLACE.fullmatch(element.get("transform", ""))
    if place is None:
        return mark
    x, y = (float(one) for one in place.groups())
    if mark.tag == "line":
        x2, y2 = x + float(element.get("x2", 0)), y + float(element.get("y2", 0))
        mark.attrib |= {
            "x1": _number(x), "y1": _number(y), "x2": _number(x2), "y2": _number(y2),
        }  # fmt: skip
    elif circle := _CIRCLE.fullmatch(mark.attrib.get("d", "")):
        mark.tag = "circle"
        del mark.attrib["d"]
        mark.attrib |= {"cx": _number(x), "cy": _number(y), "r": circle[1]}
    else:
        mark.set("transform", f"translate({_number(x)},{_number(y)})")
    return mark


def _look(mark: ElementTree.Element) -> list[str | None]:
    return [mark.get(name) for name in _LOOK]


def _grouped(name: str, marks: Sequence[ElementTree.Element]) -> ElementTree.Element:
    """Return marks that look alike in a group that says how."""
    common = {key: value for key, value in marks[0].attrib.items() if key in _LOOK}
    group = ElementTree.Element("g", {"class": name} | common)
    for mark in marks:
        for key in common:
            del mark.attrib[key]
        group.append(mark)
    return group


def _shell(
    content: Sequence[ElementTree.Element], title: str, description: str, height: float
) -> str:
    title, description = clean(title), clean(description)
    known = hashlib.sha256(f"{title}\n{description}".encode()).hexdigest()[:12]
    svg = ElementTree.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "class": _CLASS,
            "role": "img",
            "aria-label": title,
            "aria-describedby": f"chart-{known}-description",
            "width": "100%",
            "viewBox": f"0 0 {WIDTH} {_number(height)}",
        },
    )
    ElementTree.SubElement(svg, "title", {"id": f"chart-{known}-title"}).text = title
    ElementTree.SubElement(svg, "desc", {"id": f"chart-{known}-description"}).text = description
    ElementTree.SubElement(svg, "style").text = _STYLE
    inner = ElementTree.SubElement(
        svg, "g", {"fill": "none", "font-family": _FONTS, "font-size": f"{SIZE:g}"}
    )
    inner.extend(content)
    return ElementTree.tostring(svg, encoding="unicode")


def _short(found: re.Match[str]) -> str:
    return _number(float(found.group()))


def _number(value: float) -> str:
    return f"{round(value, 2) + 0.0:.10g}"
