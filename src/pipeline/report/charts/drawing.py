"""From a chart declared in Altair to an SVG for a page.

Altair checks a declaration against the schema of Vega-Lite, which takes longer than to draw. So each
kind of chart is declared and compiled to Vega once, with named data and signals, which are filled
in for every drawing. What Vega writes is then cut down to what is seen.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
    f".{_CLASS} [class|=area] *{{fill:Canvas;stroke:CanvasText}}"
    f".{_CLASS} text{{fill:CanvasText!important}}}}"
)
_NUMBER: Final = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
_PLACE: Final = re.compile(r"translate\((\S+),(\S+)\)")
_KEPT: Final = (
    "x", "y", "x2", "y2", "width", "height", "d", "fill", "stroke", "stroke-width",
    "stroke-dasharray", "text-anchor", "font-weight",
)  # fmt: skip

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A kind of chart as compiled Vega, still without figures."""

    vega: Mapping[str, Any]

    def draw(
        self,
        title: str,
        description: str,
        height: float,
        data: Mapping[str, Sequence[Row]],
        signals: Mapping[str, Any] | None = None,
    ) -> str:
        """Return the chart with these figures as SVG.

        Args:
            title: its name for who does not see it.
            description: what it says.
            height: in units of the drawing.
            data: the rows by name of the data.
            signals: the ends of the scales by name.
        """
        import vl_convert

        signals = signals or {}
        filled = self.vega | {
            "height": height,
            "data": [one | _values(data, one) for one in self.vega["data"]],
            "signals": [
                one | {"value": signals.get(one["name"], one["value"])}
                for one in self.vega.get("signals", ())
            ],
        }
        return _page_ready(
            vl_convert.vega_to_svg(filled, allowed_base_urls=[]), title, description, height
        )


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
        .configure(aria=False)
        .configure_view(stroke=None)
    )
    return Prepared(vl_convert.vegalite_to_vega(chart.to_dict()))


def nothing(title: str, description: str) -> str:
    """Return a drawing that says that there is nothing to draw."""
    text = ElementTree.Element("text", {"x": "0", "y": str(SIZE), "fill": INK})
    text.text = "No figures to draw"
    return _shell([text], title, description, LINE)


def _page_ready(drawn: str, title: str, description: str, height: float) -> str:
    groups = []
    for group in ElementTree.fromstring(drawn).iter():  # noqa: S314 - our own drawing
        kind = group.get("class", "")
        if " role-mark " not in kind:
            continue
        name = kind.rsplit(" ", 1)[1].removesuffix("_marks")
        marks = [_mark(mark) for mark in group.iter() if mark is not group and _is_mark(mark)]
        if marks:
            groups.append(_grouped(name, marks))
    return _shell(groups, title, description, height)


def _is_mark(element: ElementTree.Element) -> bool:
    return (
        element.tag.rsplit("}", 1)[1] in ("path", "line", "text", "rect")
        and element.get("class") not in ("background", "foreground")
        and (element.tag.endswith("}text") is False or bool(element.text))
    )


def _mark(element: ElementTree.Element) -> ElementTree.Element:
    tag = element.tag.rsplit("}", 1)[1]
    mark = ElementTree.Element(tag)
    for name in _KEPT:
        if (value := element.get(name)) is not None and (name, value) != ("fill", "none"):
            mark.set(name, _NUMBER.sub(_short, value))
    mark.text = element.text
    place = _PLACE.fullmatch(element.get("transform", ""))
    if place is None:
        return mark
    x, y = (float(one) for one in place.groups())
    if tag == "text":
        mark.attrib = {"x": _number(x), "y": _number(y)} | mark.attrib
    elif tag == "line":
        x2, y2 = x + float(mark.get("x2", 0)), y + float(mark.get("y2", 0))
        mark.attrib |= {
            "x1": _number(x), "y1": _number(y), "x2": _number(x2), "y2": _number(y2),
        }  # fmt: skip
    else:
        mark.set("transform", f"translate({_number(x)},{_number(y)})")
    return mark


def _grouped(name: str, marks: Sequence[ElementTree.Element]) -> ElementTree.Element:
    """Return the marks in a group that holds what they have in common."""
    common = {
        key: value
        for key, value in marks[0].attrib.items()
        if key in _KEPT[7:] and all(mark.get(key) == value for mark in marks)
    }
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
