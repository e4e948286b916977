"""The attack on tables typed in from a printed report: between what each hidden count must be.

Totals, parts, percentages with their rounding and bases of one organisation and period are one
system of whole numbers; ``docs/audit.md`` describes the layout of the file.
"""

from pathlib import Path
from typing import NamedTuple


class PrintedCell(NamedTuple):
    """A count that a printed table does not show.

    Attributes:
        row: the row of the file.
        organisation, period, table, part, group: where it is printed.
        low, high: the least and the most that it can be; of a public table they are no secret.
        is_protected: whether it may be anything that the report's rule hides.
        is_linked: whether that follows only if the blank records of the tables are the same people.
    """

    row: int
    organisation: str
    period: str
    table: str
    part: str
    group: str
    low: int
    high: int
    is_protected: bool
    is_linked: bool

    def sentence(self) -> str:
        """Return it as a line for people."""
        names = (self.organisation, self.period, self.table, self.part, self.group)
        place = ", ".join(text for text in names if text and text != "all")
        number = f"{self.low}" if self.low == self.high else f"{self.low} to {self.high}"
        linked = " if the blank records of the tables are the same people" if self.is_linked else ""
        held = "protected" if self.is_protected else "told"
        return f"Row {self.row}: {place}: {number}{linked} ({held})"


def attack_printed(path: Path) -> list[PrintedCell]:
    """Return every count that the tables of a file do not show, with its exact interval.

    Tables that contradict themselves tell nothing: ``equality audit`` names what is wrong with
    them.

    Args:
        path: a .csv or .xlsx file in the layout of ``docs/audit.md``.

    Raises:
        UsageError: the file cannot be read, or is of another layout.
    """
    from pipeline.audit.detect import detect
    from pipeline.audit.hidden import Interval, intervals
    from pipeline.audit.resolved import Table
    from pipeline.audit.table import LAYOUT, lines, read_file
    from pipeline.errors import UsageError

    layout, reading = read_file(path)
    if layout != LAYOUT:
        raise UsageError(
            f"{path.name} holds filings, of which no count is hidden. Type a table in as "
            "docs/audit.md shows it."
        )
    table = Table(lines(reading, path.name))
    found = [one for one in intervals(table, detect(table)) if isinstance(one, Interval)]
    return [
        PrintedCell(
            row=one.line.row_number,
            organisation=one.line.place.organisation,
            period=one.line.place.period,
            table=one.line.place.table,
            part=one.line.place.part,
            group=one.line.group,
            low=one.low,
            high=one.high,
            is_protected=one.is_protected,
            is_linked=one.is_linked,
        )
        for one in sorted(found, key=lambda one: (one.line.row_number, one.is_linked))
    ]
