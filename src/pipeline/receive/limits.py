"""How much a received file may hold: against hostile files, not against large ones."""

from dataclasses import dataclass

MOST_CELLS = 3_000_000
"""Cells between the first and the last of a sheet or a text: 140,000 rows of a staff extract."""
MOST_ROWS = 1_048_576
"""Rows of a file: as many as a spreadsheet holds."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a text may hold. It is read in batches, so a home may allow more.

    A sheet of a workbook is read whole, so that it has the limits above whatever a home allows.
    """

    cells: int = MOST_CELLS
    rows: int = MOST_ROWS
