"""Words, numbers and pages as HTML. Every text is escaped; only drawings of our own are not."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from pipeline.alert.wording import day
from pipeline.report.document import Number, Words
from pipeline.report.site.wording import DIRECTIONS, LEVELS, label

if TYPE_CHECKING:
    from jinja2 import Environment

_HERE = Path(__file__).parent
_AMOUNT = re.compile(r"-?\d[\d,]*(?:\.\d+)?")


def words(told: Words) -> Markup:
    """Return words and numbers as HTML; each number names its figure and column."""
    return Markup("".join(_one(part) for part in told))  # noqa: S704  each part is escaped


def drawing(svg: str) -> Markup:
    """Return a drawing of ``pipeline.report.charts`` as it stands in a page."""
    return Markup(svg)  # noqa: S704  a drawing of our own, its texts escaped where it is drawn


def render(template: str, **told: Any) -> str:
    """Return a page of a template of ``templates/``."""
    return _environment().get_template(template).render(told)


def _one(part: str | Number) -> str:
    text = str(escape(part if isinstance(part, str) else part.text))
    if isinstance(part, str):
        return text
    return (
        f'<data value="{_amount(text)}" data-figure="{part.figure}" '
        f'data-column="{escape(part.column)}">{text}</data>'
    )


def _amount(text: str) -> str:
    """Return the number in a text as machines write it; the text where there is none."""
    found = _AMOUNT.search(text)
    return found.group().replace(",", "") if found else text


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    made.filters |= {"words": words, "drawing": drawing, "day": day, "label": label}
    styles = (_HERE / "assets" / "report.css").read_text(encoding="utf-8")
    constants: Mapping[str, object] = {
        "styles": Markup(styles),  # noqa: S704  ships with the package
        "directions": DIRECTIONS,
        "levels": LEVELS,
    }
    made.globals |= constants
    return made
