"""Conditions in arrays: ends that follow, what hangs together, and exact looks at worlds."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.attack.conditions import Conditions

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]

NO_END = 2**62
"""Where a row has no end; no sum comes near it."""
_ROUNDS = 50


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

    @property
    def rows(self) -> "Ints":
        """The row of each entry."""
        import numpy as np

        return np.repeat(np.arange(len(self.row_low)), np.diff(self.starts))

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

    def of_rows(self, chosen: "Ints") -> "System":
        """Return the same columns with some of the rows."""
        import numpy as np

        lengths = np.diff(self.starts)[chosen]
        starts = np.concatenate(([0], np.cumsum(lengths)))
        entries = np.arange(starts[-1]) + np.repeat(self.starts[:-1][chosen] - starts[:-1], lengths)
        return replace(
            self,
            starts=starts,
            columns=self.columns[entries],
            weights=self.weights[entries],
            row_low=self.row_low[chosen],
            row_high=self.row_high[chosen],
        )

    def of_columns(self, chosen: "Ints", world: "Ints") -> "System":
        """Return the conditions on some columns where all others are as in a world.

        The columns are numbered anew in the order of ``chosen``; rows of none of them are left out.
        """
        import numpy as np

        place = np.full(len(self.low), -1)
        place[chosen] = np.arange(len(chosen))
        own = place[self.columns]
        is_own = own >= 0
        rows = self.rows
        fixed = np.zeros(len(self.row_low), np.int64)
        np.add.at(fixed, rows[~is_own], (world[self.columns] * self.weights)[~is_own])
        lengths = np.bincount(rows[is_own], minlength=len(self.row_low))
        kept = np.flatnonzero(lengths)
        return System(
            low=self.low[chosen],
            high=self.high[chosen],
            starts=np.concatenate(([0], np.cumsum(lengths[kept]))),
            columns=own[is_own],
            weights=self.weights[is_own],
            row_low=_less(self.row_low[kept], fixed[kept]),
            row_high=_less(self.row_high[kept], fixed[kept]),
        )


def _less(ends: "Ints", fixed: "Ints") -> "Ints":
    import numpy as np

    return np.where(np.abs(ends) >= NO_END, ends, ends - fixed)


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
    made = largest[system.columns] * np.abs(system.weights)
    if made.sum() >= NO_END:
        totals = np.bincount(system.rows, weights=made, minlength=1)
        if totals.max() >= NO_END / 2:
            raise OverflowError("The coefficients of a condition are too large to be exact.")
    return system
