"""What follows from the rows one by one: bounds of what is unknown, each row tightening the next.

They are never narrower than what all rows together tell, so a count that is narrow here is told.
"""

from typing import TYPE_CHECKING

from pipeline.protect.system import System

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from pipeline.protect.system import Ints

    Mask = npt.NDArray[np.bool_]

MOST = 10**7
"""More than any count: the bound of what nothing bounds."""
_SWEEPS = 12


class Bounds:
    """The bounds of the columns of a system while more and more of them are hidden.

    Attributes:
        row, index, value: the entries of the system, row by row.
        least, most: what each column is at least and at most.
        own_least, own_most: what its row alone says of the column of each entry.
    """

    def __init__(self, system: System) -> None:
        """Set up the bounds of the columns of a system."""
        import numpy as np

        self.height = len(system.rows.start) - 1
        self.row, self.index, self.value = system.rows.entries(np.arange(self.height))
        self.truth = system.truth
        self._is_plus = self.value > 0

    def tighten(self, is_unknown: "Mask") -> None:
        """Find the bounds where some columns are unknown and all others are told."""
        import numpy as np

        least = np.where(is_unknown, 0, self.truth)
        most = np.where(is_unknown, MOST, self.truth)
        for _ in range(_SWEEPS):
            self._look(least, most)
            new_most, new_least = most.copy(), least.copy()
            np.minimum.at(new_most, self.index, self.own_most)
            np.maximum.at(new_least, self.index, self.own_least)
            if (new_most == most).all() and (new_least == least).all():
                break
            most, least = new_most, new_least
        self.least, self.most = least, most

    def _look(self, least: "Ints", most: "Ints") -> None:
        import numpy as np

        low = np.where(self._is_plus, least[self.index], -most[self.index])
        high = np.where(self._is_plus, most[self.index], -least[self.index])
        sum_low = np.bincount(self.row, weights=low, minlength=self.height).astype(np.int64)
        sum_high = np.bincount(self.row, weights=high, minlength=self.height).astype(np.int64)
        upper, lower = low - sum_low[self.row], high - sum_high[self.row]
        self.own_most = np.where(self._is_plus, upper, -lower)
        self.own_least = np.where(self._is_plus, lower, -upper)
