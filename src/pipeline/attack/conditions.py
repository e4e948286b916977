"""What a reader knows of the counts: whole numbers between two ends, and linear conditions on them.

A world is one whole number for each column. It is possible where every number lies between its
ends and every condition holds, which is looked at in whole numbers throughout: no tolerance.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

MOST_PEOPLE = 10_000_000
"""No count is larger: the most that a column without an upper end may be."""
_LARGEST = 2.0**62

Term = tuple[int, int]
"""A column and its whole-number coefficient."""


@dataclass
class Conditions:
    """Columns with their ends, and rows: whole-number coefficients and the ends of their sum.

    Attributes:
        low, high: the ends of each column, both possible.
        starts: row ``r`` has the entries from ``starts[r]`` up to ``starts[r + 1]``.
        columns, weights: the column and coefficient of each entry.
        row_low, row_high: the ends of each row's sum, both possible; None is no end.
    """

    low: list[int] = field(default_factory=list)
    high: list[int] = field(default_factory=list)
    starts: list[int] = field(default_factory=lambda: [0])
    columns: list[int] = field(default_factory=list)
    weights: list[int] = field(default_factory=list)
    row_low: list[int | None] = field(default_factory=list)
    row_high: list[int | None] = field(default_factory=list)

    def column(self, low: int = 0, high: int | None = None) -> int:
        """Add a number and return its column; None is no upper end."""
        self.low.append(low)
        self.high.append(MOST_PEOPLE if high is None else high)
        return len(self.low) - 1

    def row(self, terms: Iterable[Term], low: int | None = None, high: int | None = None) -> int:
        """Add a condition and return its row.

        Args:
            terms: column and coefficient; those of one column are added up.
            low: the least that the sum may be; None is no end.
            high: the most that it may be; None is no end.
        """
        merged: dict[int, int] = {}
        for column, weight in terms:
            merged[column] = merged.get(column, 0) + weight
        self.columns.extend(merged)
        self.weights.extend(merged.values())
        self.starts.append(len(self.columns))
        self.row_low.append(low)
        self.row_high.append(high)
        return len(self.row_low) - 1

    def terms(self, row: int) -> list[Term]:
        """Return the columns and coefficients of a row."""
        own = slice(self.starts[row], self.starts[row + 1])
        return list(zip(self.columns[own], self.weights[own], strict=True))

    def narrow(self, column: int, low: int, high: int) -> None:
        """Let a number be within other ends too."""
        self.low[column] = max(self.low[column], low)
        self.high[column] = min(self.high[column], high)

    def copied(self) -> "Conditions":
        """Return the same conditions, to which others may be added."""
        return Conditions(
            list(self.low),
            list(self.high),
            list(self.starts),
            list(self.columns),
            list(self.weights),
            list(self.row_low),
            list(self.row_high),
        )

    def freed(self, columns: Collection[int]) -> "Conditions":
        """Return the same conditions where some columns may be any count, as if never shown."""
        low, high = list(self.low), list(self.high)
        for column in columns:
            low[column], high[column] = 0, MOST_PEOPLE
        return Conditions(
            low, high, self.starts, self.columns, self.weights, self.row_low, self.row_high
        )

    def broken(self, world: Sequence[int]) -> tuple[list[int], list[int]]:
        """Return the columns and the rows that a world does not satisfy, exactly."""
        columns = [
            column
            for column, (low, value, high) in enumerate(
                zip(self.low, world, self.high, strict=True)
            )
            if not low <= value <= high
        ]
        made = [
            world[column] * weight
            for column, weight in zip(self.columns, self.weights, strict=True)
        ]
        rows = []
        for row, (low, high) in enumerate(zip(self.row_low, self.row_high, strict=True)):
            sum_ = sum(made[self.starts[row] : self.starts[row + 1]])
            if (low is not None and sum_ < low) or (high is not None and sum_ > high):
                rows.append(row)
        return columns, rows
