"""Conditions in arrays: ends that follow, what hangs together, and exact looks at worlds."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from pipeline.attack.conditions import Conditions

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]

NO_END = 2**61
"""Where a row has no end; no sum comes near it."""
_ROUNDS = 30


@dataclass(frozen=True)
class System:
    """Conditions as arrays of whole numbers; every row has one entry at least.

    Attributes:
        low, high: the ends of each column.
        starts, columns, weights: the entries by row, as in ``Conditions``.
        row_low, row_high: the ends of each row; without one, ``-NO_END`` and ``NO_END``.
    """

    low: "Ints"
    high: "Ints"
    starts: "Ints"
    columns: "Ints"
    weights: "Ints"
    row_low: "Ints"
    row_high: "Ints"

    @cached_property
    def rows(self) -> "Ints":
        """The row of each entry."""
        import numpy as np

        return np.repeat(np.arange(len(self.row_low)), np.diff(self.starts))

    @cached_property
    def _by_column(self) -> tuple["Ints", "Ints"]:
        import numpy as np

        lengths = np.bincount(self.columns, minlength=len(self.low))
        starts = np.concatenate(([0], np.cumsum(lengths)))
        return starts, self.rows[np.argsort(self.columns, kind="stable")]

    def sums(self, world: "Ints") -> "Ints":
        """Return the sum of each row in a world."""
        import numpy as np

        if not len(self.row_low):
            return np.zeros(0, np.int64)
        return np.add.reduceat(world[self.columns] * self.weights, self.starts[:-1])

    def fits(self, world: "Ints") -> bool:
        """Return whether whole numbers satisfy everything, exactly."""
        sums = self.sums(world)
        return bool(
            ((self.low <= world) & (world <= self.high)).all()
            and ((self.row_low <= sums) & (sums <= self.row_high)).all()
        )

    def near(self, seeds: "Ints", size: int, allowed: "Flags | None" = None) -> "Ints":
        """Return about ``size`` columns near some columns, those with the fewest steps between.

        Args:
            seeds: the columns to begin with.
            size: how many there are to be.
            allowed: whether each column may be among them; None where every one may.
        """
        import numpy as np

        starts, rows_of = self._by_column
        chosen, frontier = seeds, seeds
        is_new = np.ones(len(self.low), bool) if allowed is None else allowed.copy()
        is_new[seeds] = False
        while len(frontier) and len(chosen) < size:
            rows = np.unique(rows_of[entries_of(starts, frontier)])
            frontier = np.unique(self.columns[entries_of(self.starts, rows)])
            frontier = frontier[is_new[frontier]][: size - len(chosen)]
            is_new[frontier] = False
            chosen = np.concatenate((chosen, frontier))
        return np.sort(chosen)

    def rows_of(self, columns: "Ints") -> "Ints":
        """Return the rows in which one at least of some columns stands."""
        import numpy as np

        starts, rows_of = self._by_column
        return np.unique(rows_of[entries_of(starts, columns)])

    def of_rows(self, chosen: "Ints") -> "System":
        """Return the same columns with some of the rows."""
        import numpy as np

        entries = entries_of(self.starts, chosen)
        lengths = np.diff(self.starts)[chosen]
        return replace(
            self,
            starts=np.concatenate(([0], np.cumsum(lengths))),
            columns=self.columns[entries],
            weights=self.weights[entries],
            row_low=self.row_low[chosen],
            row_high=self.row_high[chosen],
        )

    def around(self, columns: "Ints") -> tuple["Ints", "System"]:
        """Return the rows of some columns as a system of their own, with the columns that it has.

        What it does not allow, the whole does not allow either.
        """
        import numpy as np

        part = self.of_rows(self.rows_of(columns))
        held = np.union1d(columns, part.columns)
        return held, replace(
            part,
            low=self.low[held],
            high=self.high[held],
            columns=np.searchsorted(held, part.columns),
        )

    def narrowed(self) -> "System | None":
        """Return the same conditions with the ends that follow row by row, exactly.

        None where a column keeps no value.
        """
        import numpy as np

        if not len(self.row_low):
            return None if (self.low > self.high).any() else self
        low, high = self.low.copy(), self.high.copy()
        size, is_up = np.abs(self.weights), self.weights > 0
        rows, columns = self.rows, self.columns
        for _ in range(_ROUNDS):
            if (low > high).any():
                return None
            at_low, at_high = self.weights * low[columns], self.weights * high[columns]
            least = np.where(is_up, at_low, at_high)
            most = np.where(is_up, at_high, at_low)
            fewest = np.add.reduceat(least, self.starts[:-1])
            largest = np.add.reduceat(most, self.starts[:-1])
            if ((fewest > self.row_high) | (largest < self.row_low)).any():
                return None
            up_to = (self.row_high - fewest)[rows] + least
            down_to = (self.row_low - largest)[rows] + most
            before = low.copy(), high.copy()
            np.minimum.at(high, columns, np.where(is_up, up_to // size, -down_to // size))
            np.maximum.at(low, columns, np.where(is_up, -(-down_to // size), -(up_to // size)))
            if (before[0] == low).all() and (before[1] == high).all():
                break
        return None if (low > high).any() else replace(self, low=low, high=high)

    def open(self) -> tuple["Ints", "System"]:
        """Return the columns with more than one value, and what is left to say of them.

        Rows that the ends of their columns make true are left out.
        """
        import numpy as np

        held = np.flatnonzero(self.low < self.high)
        place = np.full(len(self.low), -1)
        place[held] = np.arange(len(held))
        is_open = place[self.columns] >= 0
        at_low, at_high = (
            self.weights * self.low[self.columns],
            self.weights * self.high[self.columns],
        )
        empty = np.zeros(len(self.row_low), np.int64)
        fewest, largest, fixed = empty.copy(), empty.copy(), empty.copy()
        np.add.at(fewest, self.rows, np.minimum(at_low, at_high))
        np.add.at(largest, self.rows, np.maximum(at_low, at_high))
        np.add.at(fixed, self.rows, np.where(is_open, 0, at_low))
        is_kept = (fewest < self.row_low) | (largest > self.row_high)
        entries = np.flatnonzero(is_open & is_kept[self.rows])
        lengths = np.bincount(self.rows[entries], minlength=len(is_kept))[is_kept]
        return held, System(
            low=self.low[held],
            high=self.high[held],
            starts=np.concatenate(([0], np.cumsum(lengths))),
            columns=place[self.columns[entries]],
            weights=self.weights[entries],
            row_low=less(self.row_low, fixed)[is_kept],
            row_high=less(self.row_high, fixed)[is_kept],
        )


def entries_of(starts: "Ints", chosen: "Ints") -> "Ints":
    """Return the places of all entries of some rows, or columns."""
    import numpy as np

    lengths = starts[chosen + 1] - starts[chosen]
    before = np.cumsum(lengths) - lengths
    entries: Ints = np.arange(lengths.sum()) + np.repeat(starts[chosen] - before, lengths)
    return entries


def labels(size: int, rows: "Ints", columns: "Ints", number_of_rows: int) -> "Ints":
    """Return for each of ``size`` columns a number that those share that hang together."""
    import numpy as np

    found = np.arange(size)
    while True:
        of_rows = np.full(number_of_rows, size)
        np.minimum.at(of_rows, rows, found[columns])
        nearer = found.copy()
        np.minimum.at(nearer, columns, of_rows[rows])
        nearer = nearer[nearer]
        if (nearer == found).all():
            return found
        found = nearer


def less(ends: "Ints", fixed: "Ints") -> "Ints":
    """Return the ends of rows of which a part is fixed; what has no end keeps none."""
    import numpy as np

    rest: Ints = np.where(np.abs(ends) >= NO_END, ends, ends - fixed)
    return rest


def system_of(conditions: Conditions) -> System | None:
    """Return the conditions in arrays, or None where a row without columns cannot be true.

    Raises:
        OverflowError: a sum may be larger than 64 bits hold.
    """
    import numpy as np

    row_low = np.array([-NO_END if end is None else end for end in conditions.row_low], np.int64)
    row_high = np.array([NO_END if end is None else end for end in conditions.row_high], np.int64)
    starts = np.array(conditions.starts, np.int64)
    is_empty = np.diff(starts) == 0
    if (is_empty & ((row_low > 0) | (row_high < 0))).any():
        return None
    system = System(
        low=np.array(conditions.low, np.int64),
        high=np.array(conditions.high, np.int64),
        starts=np.append(starts[:-1][~is_empty], starts[-1]),
        columns=np.array(conditions.columns, np.int64),
        weights=np.array(conditions.weights, np.int64),
        row_low=row_low[~is_empty],
        row_high=row_high[~is_empty],
    )
    largest = np.maximum(np.abs(system.low), np.abs(system.high)).astype(float)
    made = np.bincount(
        system.rows, weights=largest[system.columns] * np.abs(system.weights), minlength=1
    )
    if made.max() >= NO_END / 4:
        raise OverflowError("The coefficients of a condition are too large to be exact.")
    return system
