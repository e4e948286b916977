"""The attack on tables typed in from a printed report: between what each hidden count must be.

Totals, parts, percentages with their rounding and bases of one organisation and period are one
system of whole numbers; ``docs/audit.md`` describes the layout of the file.
"""

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pipeline.audit.table import Line


class PrintedCell(NamedTuple):
    """A count that a printed table does not show.

    Attributes:
        row: the row of the file.
        organisation, period, table, part, group: where it is printed.
        low, high: the least and the most that it can be; of a public table they are no secret. None
            where nothing could be proven: its table contradicts itself, or it took too long.
        is_protected: whether it may be anything that the report's rule hides.
        is_linked: whether that follows only if the blank records of the tables are the same people.
    """

    row: int
    organisation: str
    period: str
    table: str
    part: str
    group: str
    low: int | None
    high: int | None
    is_protected: bool
    is_linked: bool

    def sentence(self) -> str:
        """Return it as a line for people."""
        names = (self.organisation, self.period, self.table, self.part, self.group)
        place = ", ".join(text for text in names if text and text != "all")
        if self.low is None:
            return f"Row {self.row}: {place}: not proven (`equality audit` lists what is wrong)"
        number = f"{self.low}" if self.low == self.high else f"{self.low} to {self.high}"
        linked = " if the blank records of the tables are the same people" if self.is_linked else ""
        held = "protected" if self.is_protected else "told"
        return f"Row {self.row}: {place}: {number}{linked} ({held})"


def attack_printed(path: Path) -> list[PrintedCell]:
    """Return every count that the tables of a file do not show, with its exact interval.

    Of tables that contradict themselves nothing can be proven, and a count of which nothing is
    proven is not protected: ``equality audit`` names what is wrong with them.

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
    cells = [
        _cell(one.line, one.low, one.high, is_protected=one.is_protected, is_linked=one.is_linked)
        for one in found
    ]
    proven = {one.line.row_number for one in found}
    cells += [
        _cell(line, None, None, is_protected=False, is_linked=False)
        for line in table.lines
        if line.hidden is not None and not line.is_total and line.row_number not in proven
    ]
    return sorted(cells, key=lambda cell: (cell.row, cell.is_linked))


def _cell(
    line: "Line", low: int | None, high: int | None, *, is_protected: bool, is_linked: bool
) -> PrintedCell:
    return PrintedCell(
        row=line.row_number,
        organisation=line.place.organisation,
        period=line.place.period,
        table=line.place.table,
        part=line.place.part,
        group=line.group,
        low=low,
        high=high,
        is_protected=is_protected,
        is_linked=is_linked,
    )
