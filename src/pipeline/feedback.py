"""What a submitter has to mend: a workbook to read and a list for machines. Never a cell's value.

Both files are a pure function of what was found: sent again, the same file gets the same bytes.
"""

import io
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

import xlsxwriter

from pipeline.checked import Checked
from pipeline.faults import Fault, Severity
from pipeline.files import write_whole

MOST_ROWS = 100_000
"""Lines of the sheet By row; the list for machines holds all of them."""

_EFFECTS = {
    Severity.FILE: "the file is rejected",
    Severity.ROW: "the row is left out",
    Severity.WARNING: "a warning",
}
_ORDER = list(_EFFECTS)
_CREATED = datetime(2000, 1, 1)  # a fixed moment: equal feedback has equal bytes


class FilePlace(Protocol):
    """What the feedback says about the file itself."""

    @property
    def period_end(self) -> date:
        """The snapshot."""

    @property
    def organisation_code(self) -> str:
        """The ODS code of the organisation that sent the file."""

    @property
    def organisation_name(self) -> str:
        """Its name at the snapshot."""

    @property
    def file_name(self) -> str:
        """The name of the file as received."""


def write(folder: Path, source: str, place: FilePlace, checked: Checked) -> tuple[Path, Path]:
    """Write ``<source>.xlsx`` and ``<source>.jsonl`` into ``folder``, readable by the owner alone.

    Args:
        folder: where the feedback of one organisation at one snapshot lies; it is made if needed.
        source: one of ``receive.inbox.SOURCES``.
        place: whose file it is and what it is called.
        checked: what was found in it.

    Returns:
        The workbook and the list: one fault a line, as an object with code, severity, row,
        column, detail, meaning and mend.

    """
    workbook, lines = folder / f"{source}.xlsx", folder / f"{source}.jsonl"
    write_whole(workbook, _workbook(source, place, checked))
    write_whole(lines, "".join(f"{_as_json(fault)}\n" for fault in checked.faults).encode())
    return workbook, lines


def _as_json(fault: Fault) -> str:
    kind = fault.kind
    line = {
        "code": fault.code,
        "severity": kind.severity.value,
        "row": fault.row_number,
        "column": fault.column,
        "detail": fault.detail,
        "meaning": kind.meaning,
        "mend": kind.mend,
    }
    return json.dumps(line, ensure_ascii=False)


def _workbook(source: str, place: FilePlace, checked: Checked) -> bytes:
    content = io.BytesIO()
    workbook = xlsxwriter.Workbook(content, {"in_memory": True})
    workbook.set_properties({"title": f"Feedback on {source}", "created": _CREATED})
    bold = workbook.add_format({"bold": True})
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
    _sheet(workbook, "Summary", (26, 90), [], _summary(source, place, checked), (bold, wrapped))
    if checked.faults:
        formats = bold, wrapped
        headings = ["Code", "What it does", "What is wrong", "How often", "How to mend it"]
        _sheet(workbook, "By rule", (28, 20, 60, 11, 60), headings, _by_rule(checked), formats)
        headings = ["Row", "Column", "Code", "What is wrong", "How to mend it"]
        _sheet(workbook, "By row", (8, 24, 28, 70, 60), headings, _by_row(checked), formats)
    workbook.close()
    return content.getvalue()


def _sheet(  # noqa: PLR0913, PLR0917 - the parts of a table
    workbook: Any,
    name: str,
    widths: Sequence[int],
    headings: Sequence[str],
    rows: Iterable[Sequence[str | int | None]],
    formats: tuple[object, object],
) -> None:
    """Write one table from cell A1 on; every text is written as text, never as a formula."""
    bold, wrapped = formats
    sheet = workbook.add_worksheet(name)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading, bold)
    if headings:
        sheet.freeze_panes(1, 0)
    for row_number, row in enumerate(rows, start=1 if headings else 0):
        for column, cell in enumerate(row):
            if isinstance(cell, int):
                sheet.write_number(row_number, column, cell, wrapped)
            elif cell:
                first_of_summary = not headings and column == 0
                style = bold if first_of_summary else wrapped
                sheet.write_string(row_number, column, cell, style)


def _summary(source: str, place: FilePlace, checked: Checked) -> list[tuple[str, str | int]]:
    quarantined = len(checked.quarantined)
    return [
        ("Result", "Not accepted" if checked.rejected else "Accepted"),
        ("Organisation", f"{place.organisation_name} ({place.organisation_code})"),
        ("Snapshot", place.period_end.isoformat()),
        ("Source", source),
        ("File", place.file_name),
        ("Rows received", checked.rows_received),
        ("Rows accepted", len(checked.accepted)),
        ("Rows with a fault", quarantined),
        ("Rows with a warning", checked.rows_warned),
        ("What to do next", next_step(checked)),
    ]


def next_step(checked: Checked) -> str:
    """Return what the submitter should do, in a sentence or two."""
    if checked.rejected:
        return (
            "Nothing of this file was used. Mend every fault that By rule marks as one for which "
            "the file is rejected, and the rows listed in By row, and send the whole file again."
        )
    if len(checked.quarantined):
        return (
            "The rows with a fault were left out of every figure. Mend them as By row says and "
            "send the whole file again: it takes the place of this one."
        )
    if checked.faults:
        return "Nothing has to be sent again. The warnings say what would make the figures better."
    return "Nothing: every row was accepted without a warning."


def _by_rule(checked: Checked) -> list[tuple[str, str, str, int, str]]:
    kinds = {fault.code: fault.kind for fault in checked.faults}
    counts = Counter(fault.code for fault in checked.faults)
    ordered = sorted(kinds.values(), key=lambda kind: (_ORDER.index(kind.severity), kind.code))
    return [
        (kind.code, _EFFECTS[kind.severity], kind.meaning, counts[kind.code], kind.mend)
        for kind in ordered
    ]


def _by_row(checked: Checked) -> list[tuple[int | None, str | None, str, str, str]]:
    ordered = sorted(checked.faults, key=lambda fault: fault.row_number or 0)
    lines: list[tuple[int | None, str | None, str, str, str]] = [
        (
            fault.row_number,
            fault.column,
            fault.code,
            f"{fault.kind.meaning} ({fault.detail})" if fault.detail else fault.kind.meaning,
            fault.kind.mend,
        )
        for fault in ordered[:MOST_ROWS]
    ]
    if len(ordered) > MOST_ROWS:
        rest = f"{len(ordered) - MOST_ROWS} more are in the list beside this workbook"
        lines.append((None, None, "", rest, ""))
    return lines
