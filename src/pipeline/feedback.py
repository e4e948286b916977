"""What a submitter has to mend: a workbook to read and a list for machines. Never a cell's value.

Both files are a pure function of what was found: sent again, the same file gets the same bytes.
"""

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from pipeline.accessible import Cell, Column, Sheet, workbook
from pipeline.checked import Checked
from pipeline.faults import Fault, FaultKind, Severity
from pipeline.files import write_whole

MOST_ROWS = 100_000
"""Lines of the sheet By row; the list for machines holds all of them."""

WHOLE_FILE, WHOLE_ROW = "whole file", "whole row"
"""What stands for a place that no row, or no column, names."""

EFFECTS = {
    Severity.FILE: "the file is rejected",
    Severity.ROW: "the row is left out",
    Severity.WARNING: "a warning",
}
"""What a fault does, in words."""
_ORDER = list(EFFECTS)


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


@dataclass(frozen=True, slots=True)
class _Told:
    """A kind of fault that a file has, and in how many rows; None where it is in none."""

    kind: FaultKind
    rows: int | None

    @property
    def shown_rows(self) -> Cell:
        """How many rows, in a cell."""
        return WHOLE_FILE if self.rows is None else self.rows


def write(folder: Path, source: str, place: FilePlace, checked: Checked) -> tuple[Path, Path]:
    """Write ``<source>.xlsx`` and ``<source>.jsonl`` into ``folder``, readable by the owner alone.

    In both, the faults that reject the file come first, then those that leave rows out, then
    warnings; of each sort, those in most rows first.

    Args:
        folder: where the feedback of one organisation at one snapshot lies; it is made if needed.
        source: one of ``receive.inbox.SOURCES``.
        place: whose file it is and what it is called.
        checked: what was found in it.

    Returns:
        The workbook and the list: one fault a line, as an object with code, severity, row,
        column, detail, meaning, expected, mend and rows (how many rows of the file have a fault
        of this code, null where it is one of the whole file).

    """
    told = _told(checked.faults)
    faults = _top_first(checked.faults, told)
    book, lines = folder / f"{source}.xlsx", folder / f"{source}.jsonl"
    write_whole(book, _workbook(source, place, checked, told, faults))
    write_whole(lines, _json_lines(faults, told).encode())
    return book, lines


def _told(faults: list[Fault]) -> dict[str, _Told]:
    """Return the kinds of fault by code, the most important first."""
    rows: dict[str, set[int]] = defaultdict(set)
    kinds: dict[str, FaultKind] = {}
    for fault in faults:
        if fault.code not in kinds:
            kinds[fault.code] = fault.kind
        if fault.row_number is not None:
            rows[fault.code].add(fault.row_number)
    told = [_Told(kind, len(rows[code]) or None) for code, kind in kinds.items()]
    told.sort(key=lambda one: (_ORDER.index(one.kind.severity), -(one.rows or 0), one.kind.code))
    return {one.kind.code: one for one in told}


def _top_first(faults: list[Fault], told: dict[str, _Told]) -> list[Fault]:
    rank = {code: number for number, code in enumerate(told)}
    return sorted(
        faults,
        key=lambda fault: (
            rank[fault.code], fault.row_number or 0, fault.column or "", fault.detail,
        ),
    )  # fmt: skip


def _json_lines(faults: list[Fault], told: dict[str, _Told]) -> str:
    # All but the row number repeats, and writing JSON takes longer than finding the faults.
    known: dict[tuple[str, str | None, str], tuple[str, str]] = {}
    lines = []
    for fault in faults:
        key = fault.code, fault.column, fault.detail
        if key not in known:
            known[key] = _around_row(fault, told[fault.code])
        before, after = known[key]
        row = "null" if fault.row_number is None else fault.row_number
        lines.append(f"{before}{row}{after}\n")
    return "".join(lines)


def _around_row(fault: Fault, told: _Told) -> tuple[str, str]:
    """Return the JSON object of a fault up to its row number, and from there on."""
    kind = told.kind
    before = {"code": kind.code, "severity": kind.severity.value}
    after = {
        "column": fault.column,
        "detail": fault.detail,
        "meaning": kind.meaning,
        "expected": kind.expected,
        "mend": kind.mend,
        "rows": told.rows,
    }
    opened = json.dumps(before, ensure_ascii=False).removesuffix("}")
    closed = json.dumps(after, ensure_ascii=False).removeprefix("{")
    return f'{opened}, "row": ', f", {closed}"


def _workbook(
    source: str, place: FilePlace, checked: Checked, told: dict[str, _Told], faults: list[Fault]
) -> bytes:
    of_what = f"{source} of {place.organisation_name} at {place.period_end}"
    sheets = [_by_rule(of_what, told), _by_row(of_what, faults, told)] if faults else []
    title = f"Feedback on {of_what}"
    contents = [(f"Sheet {sheet.name}", sheet.description) for sheet in sheets]
    summary = Sheet(
        "Summary",
        title,
        "Whether the file was accepted, what to do next, and what each sheet holds.",
        (Column("About the file", 26), Column("Answer", 90)),
        [*_summary(source, place, checked), *contents],
    )
    return workbook(title, "What is wrong in a file and how to mend it", [summary, *sheets])


def _summary(source: str, place: FilePlace, checked: Checked) -> list[tuple[str, Cell]]:
    return [
        ("Result", "Not accepted" if checked.rejected else "Accepted"),
        ("Organisation", f"{place.organisation_name} ({place.organisation_code})"),
        ("Snapshot", place.period_end.isoformat()),
        ("Source", source),
        ("File", place.file_name),
        ("Rows received", checked.rows_received),
        ("Rows accepted", checked.rows_accepted),
        ("Rows with a fault", checked.rows_quarantined),
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
    if checked.rows_quarantined:
        return (
            "The rows with a fault were left out of every figure. Mend them as By row says and "
            "send the whole file again: it takes the place of this one."
        )
    if checked.faults:
        return "Nothing has to be sent again. The warnings say what would make the figures better."
    return "Nothing: every row was accepted without a warning."


def _by_rule(of_what: str, told: dict[str, _Told]) -> Sheet:
    return Sheet(
        "By rule",
        f"Faults by rule: {of_what}",
        "One row for each kind of fault: those that reject the file first, then those that cost "
        "most rows, then warnings.",
        (
            *(Column("Code", 30), Column("What it does", 20), Column("What is wrong", 50)),
            *(Column("What was expected", 40), Column("How many rows", 12)),
            Column("How to mend it", 50),
        ),
        [
            (
                one.kind.code,
                EFFECTS[one.kind.severity],
                one.kind.meaning,
                one.kind.expected,
                one.shown_rows,
                one.kind.mend,
            )
            for one in told.values()
        ],
    )


def _by_row(of_what: str, faults: list[Fault], told: dict[str, _Told]) -> Sheet:
    left_out = len(faults) - MOST_ROWS
    more = f" {left_out} more are in the list beside this workbook." if left_out > 0 else ""
    known: dict[tuple[str, bool, str | None, str], tuple[Cell, ...]] = {}
    rows: list[tuple[Cell, ...]] = []
    for fault in faults[:MOST_ROWS]:
        is_of_file = fault.row_number is None
        key = fault.code, is_of_file, fault.column, fault.detail
        if key not in known:
            known[key] = _beside_row(fault, told[fault.code])
        rows.append((fault.row_number or WHOLE_FILE, *known[key]))
    return Sheet(
        "By row",
        f"Faults by row: {of_what}",
        "One row for each place of a fault, in the order of By rule; the rows are numbered as in "
        f"the file received, of which no content is repeated here.{more}",
        (
            *(Column("Row", 11), Column("Column", 24), Column("Code", 30)),
            *(Column("What it does", 20), Column("What is wrong", 60)),
            *(Column("What was expected", 40), Column("How to mend it", 50)),
            Column("How many rows", 12),
        ),
        rows,
    )


def _beside_row(fault: Fault, told: _Told) -> tuple[Cell, ...]:
    kind = told.kind
    whole = WHOLE_FILE if fault.row_number is None else WHOLE_ROW
    return (
        fault.column or whole,
        kind.code,
        EFFECTS[kind.severity],
        f"{kind.meaning} ({fault.detail})" if fault.detail else kind.meaning,
        kind.expected,
        kind.mend,
        told.shown_rows,
    )
