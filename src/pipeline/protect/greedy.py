"""The choice where too much hangs together for programmes: row by row, the cheapest cover first.

Where a row tells too much of a count, another cell of the row is hidden, and of these first the
one that opens the most such rows for its price; what a row tells follows from the bounds of all
others.
"""

from typing import TYPE_CHECKING

from pipeline.protect.bounds import Bounds
from pipeline.protect.rules import Rules

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from pipeline.protect.system import Ints

    Mask = npt.NDArray[np.bool_]

_ROUNDS = 60


class Greedy:
    """What is hidden so far, and the bounds that follow."""

    def __init__(self, rules: Rules, is_here: "Mask") -> None:
        """Set up the choice.

        Args:
            rules: what holds of each column of the system.
            is_here: the columns to be protected, and that can be hidden.
        """
        import numpy as np

        self.rules, self.is_here = rules, is_here
        self.unknown = rules.unknown.copy()
        self.bounds = Bounds(rules.system)
        self._useful = np.isfinite(rules.prices) & is_here
        # Where there is nobody at all, to hide that leaves nothing open.
        own = self.bounds
        is_empty = np.zeros(own.height, dtype=bool)
        is_empty[own.row[(rules.is_base & (rules.system.truth == 0))[own.index]]] = True
        people = np.bincount(own.row, weights=rules.system.truth[own.index], minlength=own.height)
        self._useful[own.index[(is_empty & (people == 0))[own.row]]] = False

    def made(self) -> list[int]:
        """Return the cells that are hidden for the sake of others, in order."""
        import numpy as np

        for _ in range(_ROUNDS):
            self.bounds.tighten(self.unknown)
            rows = self._telling_rows()
            if not len(rows) or not self._open(rows):
                break
        self._hide_blocks()
        return np.flatnonzero(self.unknown & ~self.rules.unknown).tolist()

    def _exposed(self) -> tuple["Mask", "Mask"]:
        """Return of which columns the most is too small, and of which the least too large."""
        import numpy as np

        rules, low, high = self.rules, self.bounds.least, self.bounds.most
        truth = rules.system.truth
        asked = rules.sensitive & self.unknown & self.is_here & ~(rules.told_zero & (truth == 0))
        asked &= low < rules.threshold
        is_twice = np.zeros(len(truth), dtype=bool)
        is_twice[list(rules.system.twice)] = True
        asked &= ~is_twice | (low == high)
        is_wide = self._is_whole() & (high - low >= rules.fewest - 1)
        asked &= ~is_wide
        return asked & (high < rules.enough), asked & (low > 1)

    def _told_twice(self) -> "Mask":
        """Return the numbers of people counted twice that are told to be what they are."""
        import numpy as np

        told = np.zeros(len(self.unknown), dtype=bool)
        told[list(self.rules.system.twice)] = True
        told &= self.rules.sensitive & self.is_here
        told &= self.bounds.least == self.bounds.most
        return told

    def _is_whole(self) -> "Mask":
        import numpy as np

        block = self.rules.block
        shown = ~self.unknown & ~self.rules.fixed & (block >= 0)
        number = np.bincount(block[shown], minlength=int(block.max(initial=0)) + 1)
        is_whole: Mask = (block < 0) | (number[block] == 0)
        return is_whole

    def _telling_rows(self) -> "Ints":
        """Return the rows that tell too much and of which a cell can be hidden."""
        import numpy as np

        rules, own = self.rules, self.bounds
        index, row = own.index, own.row
        low, high = self._exposed()
        enough = np.where(self._is_whole(), own.least + rules.fewest - 1, rules.enough)
        telling = low[index] & (own.own_most < np.minimum(enough, rules.enough)[index])
        telling |= high[index] & (own.own_least > 1)
        telling |= self._told_twice()[index] & (own.own_most == own.own_least)
        rows = np.zeros(own.height, dtype=bool)
        rows[row[telling]] = True
        can = self._can_be_hidden()
        for _ in range(3):
            has = np.zeros(own.height, dtype=bool)
            has[row[can[index]]] = True
            stuck = rows & ~has
            if not stuck.any():
                break
            # Of what else is unknown there, the rows that bound it have to be opened.
            narrow = np.zeros(len(can), dtype=bool)
            narrow[index[stuck[row] & self.unknown[index]]] = True
            told = (own.least == own.most)[index]
            small = (own.most < rules.threshold - 1)[index]
            binding = (own.own_most == own.most[index]) & (told | small)
            binding |= (own.own_least == own.least[index]) & told
            binding &= narrow[index]
            rows[row[binding]] = True
        rows |= self._known_to_one()
        rows |= self._alike()
        has = np.zeros(own.height, dtype=bool)
        has[row[can[index]]] = True
        return np.flatnonzero(rows & has)

    def _can_be_hidden(self) -> "Mask":
        return ~self.unknown & self._useful

    def _known_to_one(self) -> "Mask":
        """Return the rows of two unknown counts of which one is 1: its person knows the other."""
        import numpy as np

        own, rules = self.bounds, self.rules
        open_ = self.unknown & (own.least < own.most)
        number = np.bincount(own.row[open_[own.index]], minlength=own.height)
        of_cells = open_ & rules.sensitive & (rules.prices > 0)
        real = np.bincount(own.row[of_cells[own.index]], minlength=own.height)
        ones = of_cells & (rules.system.truth == 1) & self.is_here
        has_one = np.zeros(own.height, dtype=bool)
        has_one[own.row[ones[own.index]]] = True
        found: Mask = (number == 2) & (real == 2) & has_one
        return found

    def _alike(self) -> "Mask":
        """Return the rows by which few people are told to be all in one group."""
        import numpy as np

        rows = np.zeros(self.bounds.height, dtype=bool)
        columns = self.rules.system.columns
        for empty in self.rules.alike:
            if not self.is_here[list(empty)].any():
                continue
            if any(self.unknown[cell] and self.bounds.most[cell] > 0 for cell in empty):
                continue
            free = [cell for cell in empty if self._can_be_hidden()[cell]]
            if free:
                cell = min(free, key=lambda one: self.rules.prices[one])
                self.unknown[cell] = True
                rows[columns.indices(np.array([cell]))] = True
        return rows

    def _open(self, rows: "Ints") -> bool:
        """Hide a cell in each of the rows; return whether any could be."""
        import numpy as np

        own, rules = self.bounds, self.rules
        can = self._can_be_hidden()
        is_telling = np.zeros(own.height, dtype=bool)
        is_telling[rows] = True
        there = is_telling[own.row] & can[own.index]
        row, column = own.row[there], own.index[there]
        filled = rules.system.truth[column] > 0
        # A nought can only grow: it fills no hole from above.
        prices = np.where(filled, rules.prices[column], 3 * rules.prices[column])
        by_column: dict[int, list[int]] = {}
        for one, of in zip(column.tolist(), row.tolist(), strict=True):
            by_column.setdefault(one, []).append(of)
        price = dict(zip(column.tolist(), prices.tolist(), strict=True))
        waiting = set(rows.tolist())
        order = sorted(by_column, key=lambda one: (price[one] / len(by_column[one]), one))
        hidden = 0
        for one in order:
            new = waiting.intersection(by_column[one])
            # What opened most at first may open nothing more.
            if len(new) * 2 >= len(by_column[one]):
                self.unknown[one] = True
                waiting.difference_update(by_column[one])
                hidden += 1
        return hidden > 0

    def _hide_blocks(self) -> None:
        """Withhold the blocks of what is told in spite of all."""
        import numpy as np

        low, high = self._exposed()
        told = np.unique(self.rules.block[low | high])
        told = told[told >= 0]
        block = self.rules.block
        self.unknown |= np.isin(block, told) & self._can_be_hidden()
