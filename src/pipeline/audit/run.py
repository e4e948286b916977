"""An audit from a file to its findings."""

from pathlib import Path

from pipeline.audit.detect import detect
from pipeline.audit.filings import audit_filing, filings
from pipeline.audit.findings import Finding, in_order
from pipeline.audit.hidden import hidden_cells
from pipeline.audit.resolved import Table
from pipeline.audit.table import FILING, Line, lines, read_file


def audit(path: Path) -> list[Finding]:
    """Return what cannot be true in a printed table, or in filings, and what can be worked out.

    Args:
        path: a .csv or .xlsx file in the layout of ``docs/audit.md``, or the GOV.UK download of
            gender pay gap filings.

    Raises:
        UsageError: the file cannot be read as either; all faults in one text.
    """
    layout, reading = read_file(path)
    if layout == FILING:
        return in_order(
            one for filing in filings(reading, path.name) for one in audit_filing(filing)
        )
    return audit_lines(lines(reading, path.name))


def audit_lines(printed: list[Line]) -> list[Finding]:
    """Return the findings in the lines of one or more tables, by row."""
    table = Table(printed)
    found = detect(table)
    return in_order([*found, *hidden_cells(table, found)])
