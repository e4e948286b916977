"""The tables among the filings, as CSV, and why a figure is not there."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from pipeline.filings.template import filing_rows


def csv_bytes(headings: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """Return rows as UTF-8 CSV with their headings; a cell that a row has not is blank."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, headings, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def why_blank(reason: str, day: date, needs: str) -> tuple[str, str]:
    """Return why a cell is blank and what to do about it.

    Args:
        reason: the reason code of its figure, or one of ``blank_reason.csv`` alone.
        day: the snapshot of the figure.
        needs: the sources behind it, with blanks between them.
    """
    rows = {row["reason"]: row for row in filing_rows("blank_reason")}
    row = rows.get(reason, rows["OTHER"])
    sources = " and ".join(needs.split())
    return row["why"].format(needs=sources, day=day.isoformat(), reason=reason), row["mend"]
