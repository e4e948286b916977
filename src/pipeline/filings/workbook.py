"""A return as a workbook: its tables, what is missing, and auto cells that are live formulas.

Text is written as text whatever it begins with, so that none becomes a formula.
"""

import io
from datetime import datetime
from fractions import Fraction
from itertools import groupby
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from pipeline.filings.returns import Content, Return
from pipeline.filings.template import Place, Slot, Table

_CREATED = datetime(2000, 1, 1)  # a fixed moment: equal returns have equal bytes
_WIDTHS = {"About": (30, 90), "Missing": (20, 14, 60, 60, 60)}
_LABEL_WIDTH, _CELL_WIDTH, _HEADING_HEIGHT = 64, 17, 30
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
MISSING_HEADINGS = ("Sheet", "Cell", "What", "Why", "What to do")


def workbook(filled: Return, release_id: str) -> bytes:
    """Return the workbook of a return: a pure function of its figures.

    Args:
        filled: the return.
        release_id: the release with whose figures it agrees.
    """
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, _OPTIONS)
    title = _title(filled)
    book.set_properties({"title": title, "subject": "True counts: private", "created": _CREATED})
    page = _Pages(book)
    page.listed("About", title, _about(filled, release_id))
    for name in filled.template.sheets:
        page.tables(name, title, filled)
    page.listed("Missing", "Cells that are blank, and why",
                [MISSING_HEADINGS, *_missing(filled)])  # fmt: skip
    book.close()
    return content.getvalue()


def _title(filled: Return) -> str:
    body = filled.body
    day = body.snapshot.isoformat()
    return f"{filled.template.standard} return of {body.name} ({body.code}), 31 March {day[:4]}"


def _about(filled: Return, release_id: str) -> list[tuple[str, ...]]:
    body = filled.body
    standard = filled.template.standard
    pooled = "The bodies that became the ICB, pooled, each person once: nobody files it."
    return [
        ("Return", standard),
        ("Organisation code", body.code),
        ("Organisation name", body.name),
        ("Whose figures", pooled if body.level == "icb" else "One legal employer's."),
        ("Snapshot", body.snapshot.isoformat()),
        ("Year before", filled.prior.isoformat()),
        ("For this body", filled.need),
        ("Report due by", filled.due.isoformat() if filled.due else "No deadline is known."),
        ("Release", release_id),
        ("Layout", f"Modelled; its rows hold since {filled.template.since} (unconfirmed)."),
        ("Counts", "True counts, not protected: not for publication. Publish the release's."),
        ("Auto", "Cells marked auto are formulas over the others: type over none of them."),
        ("N/A", "There is nothing to divide by."),
        ("Blank", "The sheet Missing names each blank cell, why it is blank and what to do."),
        ("Signed off by (role)", ""),
        ("Signed off on", ""),
    ]


def _missing(filled: Return) -> list[tuple[str, ...]]:
    """Return a line for the neighbouring cells of a row that are blank for the same reason."""
    groups = groupby(
        filled.blanks,
        key=lambda blank: (blank.place.sheet, blank.place.row, blank.label, blank.why, blank.mend),
    )
    return [
        (sheet, _range([blank.place for blank in blanks]), label, why, mend)
        for (sheet, _, label, why, mend), blanks in groups
    ]


def _range(places: list[Place]) -> str:
    """Return the addresses of cells of one row: ``B5:D5`` where they are neighbours."""
    first, last = places[0], places[-1]
    if last.column - first.column == len(places) - 1 > 0:
        return f"{first.address}:{last.address}"
    return ", ".join(place.address for place in places)


class _Page(Worksheet):  # type: ignore[misc]
    """A worksheet whose formulas have none of the functions that XlsxWriter looks for.

    Looking for them takes a third of the time of a return.
    """

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")


class _Pages:
    """The sheets of one workbook."""

    def __init__(self, book: Any) -> None:
        self._book = book
        text = {"text_wrap": True, "valign": "top"}
        self._title = book.add_format({"bold": True, "font_size": 14})
        self._table = book.add_format({"bold": True, "font_size": 12})
        self._heading = book.add_format({"bold": True, **text, "bottom": 1})
        self._text = book.add_format(text)
        self._plain: dict[tuple[str, int | None], Any] = {}

    def listed(self, name: str, title: str, lines: list[tuple[str, ...]]) -> None:
        """Add a sheet of texts."""
        page = self._page(name, title)
        for number, width in enumerate(_WIDTHS[name]):
            page.set_column(number, number, width)
        for down, line in enumerate(lines, start=2):
            is_heading = line == MISSING_HEADINGS
            for across, text in enumerate(line):
                page.write_string(down, across, text, self._heading if is_heading else self._text)

    def tables(self, name: str, title: str, filled: Return) -> None:
        """Add a sheet of the return."""
        page = self._page(name, title)
        page.set_column(0, 0, _LABEL_WIDTH)
        tables = [table for table in filled.template.tables if table.sheet == name]
        page.set_column(1, max(len(table.headings) for table in tables), _CELL_WIDTH)
        years = {"prior": filled.prior.year, "snapshot": filled.body.snapshot.year}
        for table in tables:
            self._frame(page, table, years)
        for slot in filled.template.slots:
            if slot.place.sheet == name:
                self._cell(page, slot, filled.cells.get(slot.place))

    def _page(self, name: str, title: str) -> Any:
        page = self._book.add_worksheet(name, worksheet_class=_Page)
        page.write_string(0, 0, title, self._title)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        return page

    def _frame(self, page: Any, table: Table, years: dict[str, int]) -> None:
        page.write_string(table.top, 0, table.title, self._table)
        page.set_row(table.top + 1, _HEADING_HEIGHT)
        for across, heading in enumerate(table.headings):
            page.write_string(table.top + 1, across, heading.format(**years), self._heading)
        for down, label in enumerate(table.labels, start=table.top + 2):
            page.write_string(down, 0, label, self._text)

    def _cell(self, page: Any, slot: Slot, content: Content | None) -> None:
        where, style = (slot.place.row, slot.place.column), self._style(slot)
        if slot.kind == "auto":
            shown = float(content) if isinstance(content, Fraction) else content
            page.write_formula(*where, slot.formula, style, "" if shown is None else shown)
        elif content is None:
            page.write_blank(*where, None, style)
        elif isinstance(content, str):
            page.write_string(*where, content, style)
        else:
            page.write_number(*where, content, style)

    def _style(self, slot: Slot) -> Any:
        """Return how a cell looks: auto cells grey and in italics, blanks to be typed framed."""
        known = self._plain.get((slot.kind, slot.decimals))
        if known is None:
            look: dict[str, object] = {"valign": "top", "align": "right", "border": 1}
            if slot.decimals is not None:
                look["num_format"] = "0." + "0" * slot.decimals
            if slot.kind == "auto":
                look |= {"italic": True, "bg_color": "#EDEDED"}
            if slot.kind in ("yes_no", "examples"):
                look |= {"align": "left", "text_wrap": True}
            known = self._plain[slot.kind, slot.decimals] = self._book.add_format(look)
        return known
