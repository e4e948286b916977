"""Notes and shorthand of the workbook, and the sheets that hold them."""

from collections.abc import Sequence

from pipeline.report.spreadsheets.model import (
    CONFIDENTIAL,
    NOT_APPLICABLE,
    NOT_AVAILABLE,
    Column,
    Sheet,
)

_NOTES = {
    "protection": (
        "Numbers that could tell something of a few people are hidden, and so is every number from "
        "which a hidden one could be worked out. What is published stands in the disclosure policy "
        "of the release. The column How counts are given says where counts are rounded, or left "
        "out beside their value. A figure may be told of a larger group, or of a pooled body, "
        "where it is hidden here."
    ),
    "rows": (
        "A sheet holds every body at the newest 31 March, and the totals of the pooled bodies at "
        "every other snapshot. Employers and details at other snapshots, and details in which no "
        "number is shown, are left out; the sheet Rows held counts them for each body. The "
        "database equality.duckdb and its CSV copy hold every figure, shown or hidden, with the "
        "interval of every percentage."
    ),
    "intervals": (
        "Intervals are 95%. All staff are counted, so an interval describes chance in the "
        "underlying rate, not sampling. No interval stands where none is defined."
    ),
    "claims": (
        "Favourable and adverse are claimed only where the p-value is below 0.05 and the interval "
        "excludes parity; near parity where the whole interval is near it. Cannot tell means that "
        "the numbers are too small to say."
    ),
    "pay": (
        "A pay gap above 0 means that the group named first is paid more. The part illustrative "
        "pools bodies before they were one employer: a pay gap is each legal employer's own. A "
        "published median gap is in whole per cent where its counts are not given."
    ),
    "band": (
        "The band tells whether the characteristic of 95% of staff or more is known, also where "
        "the rate itself is hidden."
    ),
}
_ORDER = list(_NOTES)
_SHORTHAND = {
    CONFIDENTIAL: (
        "confidential: suppressed to protect people, or counts left out beside their value"
    ),
    NOT_AVAILABLE: "not available: what it is made from was not sent, or is not told",
    NOT_APPLICABLE: "not applicable: there is no such number for this row",
}
LEGEND = (
    "Shorthand: "
    + "; ".join(f"{mark} {meaning.partition(':')[0]}" for mark, meaning in _SHORTHAND.items())
    + ". The sheet Shorthand tells more.",
)


def refer(title: str, notes: Sequence[str]) -> str:
    """Return a title with references to notes."""
    return " ".join([title, *(f"[note {_ORDER.index(name) + 1}]" for name in notes)])


def notes_sheet() -> Sheet:
    """Return the sheet of notes."""
    return Sheet(
        "Notes",
        "Notes",
        "This worksheet contains one table: the notes that titles of other worksheets refer to.",
        (
            Column("Note", [f"note {number}" for number in range(1, len(_NOTES) + 1)]),
            Column("What it says", list(_NOTES.values())),
        ),
    )


def shorthand_sheet() -> Sheet:
    """Return the sheet of symbols."""
    return Sheet(
        "Shorthand",
        "Shorthand in place of a number or text",
        "This worksheet contains one table. No cell of the workbook is blank.",
        (
            Column("Shorthand", list(_SHORTHAND)),
            Column("What it stands for", list(_SHORTHAND.values())),
        ),
    )
