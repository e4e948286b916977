"""The report of a body as a tagged PDF (PDF/UA-1), in ordinary and in large print.

Texts reach the typesetter as data and never as its markup, so that none of them can be a command.
The day of making is the newest snapshot: the same release gives the same bytes.

Tables take most of the time of setting. Those of the page on method, which are the same for every
body, stay on the web page; large print, which has no room for columns, leaves them all to it.
"""

import json
import re
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any, cast

from pipeline.alert.wording import day
from pipeline.report.document import Body, Chart, Headline, Page, Section, Table, Words, plain
from pipeline.report.site.wording import DIRECTIONS, LEVELS, full_name, label
from pipeline.report.source import Published

_HERE = Path(__file__).parent
_METHOD = "method"
_SCREEN = re.compile("<style>.*?</style>", re.DOTALL)  # for narrow and high-contrast screens
_WIDEST = 34  # A column of text takes no more of the width than this many characters ask for.


class Printer:
    """Sets the reports of a release; fonts and template are read once."""

    def __init__(self, published: Published) -> None:
        from typst import Compiler, Fonts

        fonts = Fonts(
            include_system_fonts=False,
            include_embedded_fonts=True,
            font_paths=[str(_HERE / "assets" / "fonts")],
        )
        template = _HERE / "templates" / "report.typ"
        self._compiler = Compiler(template, root=template.parent, font_paths=fonts)
        self._sample = (
            "Sample: all people in this report are invented." if published.is_sample else ""
        )
        self._foot = [
            f"Release {published.release_id}.",
            f"Intervals: {published.about('intervals')}",
            published.about("population"),
        ]

    def pdf(self, body: Body, *, is_large: bool = False) -> bytes:
        """Return the report of a body, every page of it in one document."""
        when = body.period_end
        told = {
            "title": f"{full_name(body)}: workforce equality at {day(when)}",
            "name": full_name(body),
            "level": LEVELS[body.level],
            "date": [when.year, when.month, when.day],
            "sample": self._sample,
            "foot": self._foot,
            "is_large": is_large,
            "pages": [_page(page, body, is_large=is_large) for page in body.pages],
        }
        made = self._compiler.compile(
            format="pdf",
            sys_inputs={"told": json.dumps(told, ensure_ascii=False)},
            pdf_standards="ua-1",
            timestamp=datetime.combine(when, time(), UTC),
        )
        return cast("bytes", made)  # one PDF, as no place to write it was named


def _page(page: Page, body: Body, *, is_large: bool) -> dict[str, Any]:
    sections = [_section(section, page, is_large=is_large) for section in page.sections]
    return {"title": label(page, body), "lead": page.lead, "sections": sections}


def _section(section: Section, page: Page, *, is_large: bool) -> dict[str, Any]:
    has_tables = not is_large and page.name != _METHOD
    return {
        "title": section.title,
        "paragraphs": _all(section.paragraphs),
        "headlines": [_headline(one) for one in section.headlines],
        "charts": [_chart(one, is_large=is_large) for one in section.charts],
        "tables": [_table(one) for one in section.tables if has_tables],
        "elsewhere": [
            f"Table on the web page “{page.title}”: {one.caption}."
            for one in section.tables
            if not has_tables
        ],
    }


def _headline(told: Headline) -> dict[str, Any]:
    return {
        "title": told.title,
        "value": plain(told.value),
        "direction": DIRECTIONS[told.direction][0] if told.direction else "",
        "hidden": told.hidden,
        "absence": told.absence,
        "sentences": _all(told.sentences),
        "change": plain(told.change),
        "facts": [(name, plain(fact)) for name, fact in told.facts],
    }


def _chart(told: Chart, *, is_large: bool) -> dict[str, Any]:
    return {
        "title": told.title,
        "svg": _SCREEN.sub("", told.svg),
        "message": plain(told.message),
        "tables": [] if is_large else [_table(told.table)],
    }


def _table(told: Table) -> dict[str, Any]:
    rows = [_all(row) for row in told.rows]
    lengths = [max(map(len, column)) for column in zip(told.columns, *rows, strict=True)]
    return {
        "caption": told.caption,
        "columns": told.columns,
        "rows": rows,
        "numeric": sorted(told.numeric),
        "notes": told.notes,
        "widths": [min(max(length, 5), _WIDEST) for length in lengths],
    }


def _all(told: tuple[Words, ...]) -> list[str]:
    return [plain(words) for words in told]
