"""Who sees what is shown of a tiny system, and counts out every world that agrees with it.

The rule of docs/disclosure.md, written apart from the product: what a choice tells is read off the
list of all worlds.
"""

from collections.abc import Iterator

import numpy as np
from tiny_systems import FEW, Cell, Tiny

_ENOUGH, _WITH_ONE_KNOWN = 5, 3
"""So many values are enough, and so many for who knows that another count is 1."""
_ALIKE = 20
"""Of so few people it may not be told that all are in one group."""


def block(cell: Cell) -> tuple[object, ...]:
    """Return the table that a count stands in."""
    population, part, characteristic, _ = cell[1].split("/")
    return cell[0], population, part, characteristic.partition(":")[0]


class Reader:
    """Who sees what is shown of a tiny system, and counts out the worlds that agree with it."""

    def __init__(self, tiny: Tiny) -> None:
        self.tiny = tiny
        self.cells = list(tiny.counts)
        self.place = {cell: at for at, cell in enumerate(self.cells)}
        columns = [*tiny.counts.values(), *tiny.rests, *tiny.twice]
        self.truth = [tiny.number(terms) for terms in columns]
        self.worlds = self._every_world() @ np.array(columns, dtype=np.int64).T
        self.worlds = self.worlds[(self.worlds >= 0).all(axis=1)]
        shown = self.worlds[:, : len(self.cells)] != self.truth[: len(self.cells)]
        self._moved = shown @ (1 << np.arange(len(self.cells), dtype=np.int64))
        small = {cell for cell in self.cells if 0 < self.truth[self.place[cell]] < FEW}
        self.small = frozenset(small)
        kept = {cell for cell in self.cells if tiny.is_kept(cell)}
        self.free = [cell for cell in self.cells if cell not in small | kept]
        self._of_block: dict[object, frozenset[Cell]] = {}
        for cell in [*self.free, *small]:
            if _has_table(cell):
                others = self._of_block.get(block(cell), frozenset())
                self._of_block[block(cell)] = others | {cell}
        self._ends: dict[tuple[frozenset[Cell], Cell | None], tuple[list[int], list[int]]] = {}

    def _every_world(self) -> np.ndarray:
        tiny = self.tiny
        found = np.zeros((1, 0), dtype=np.int64)
        for at in range(len(tiny.kinds)):
            steps = np.arange(tiny.most + 1, dtype=np.int64)
            left = np.repeat(found, len(steps), axis=0)
            found = np.column_stack((left, np.tile(steps, len(found))))
            kept = found.sum(axis=1) <= tiny.most
            for terms in tiny.totals:
                so_far = found @ np.array(terms[: at + 1])
                is_last = not any(terms[at + 1 :])
                number = tiny.number(terms)
                kept &= so_far == number if is_last else so_far <= number
            found = found[kept]
        return found

    def ends(
        self, hidden: frozenset[Cell], known: Cell | None = None
    ) -> tuple[list[int], list[int]]:
        """Return the least and the most of each count, for who knows one of them besides."""
        if (hidden, known) not in self._ends:
            may_move = sum(1 << self.place[cell] for cell in hidden)
            agrees = (self._moved & ~may_move) == 0
            if known is not None:
                agrees &= self.worlds[:, self.place[known]] == self.truth[self.place[known]]
            worlds = self.worlds[agrees]
            self._ends[hidden, known] = worlds.min(axis=0).tolist(), worlds.max(axis=0).tolist()
        return self._ends[hidden, known]

    def _range(
        self, cell: Cell, hidden: frozenset[Cell], known: Cell | None = None
    ) -> tuple[int, int]:
        low, high = self.ends(hidden, known)
        return low[self.place[cell]], high[self.place[cell]]

    def told(self, hidden: frozenset[Cell]) -> Iterator[str]:
        """Yield what a choice tells that the rule forbids."""
        yield from (f"{cell} is shown" for cell in self.small - hidden)
        yield from (f"{cell} is told" for cell in hidden if self._is_told(cell, hidden))
        yield from self._rests(hidden)
        yield from self._alike(hidden)
        for one in hidden:
            low, high = self._range(one, hidden)
            if self.truth[self.place[one]] == 1 and low < high and _has_table(one):
                told = (cell for cell in hidden - {one} if self._is_told_to(one, cell, hidden))
                yield from (f"{cell} is told to whom knows {one}" for cell in told)

    def _rests(self, hidden: frozenset[Cell]) -> Iterator[str]:
        """Yield the people between two counts, and those in two employers, who are told."""
        low, high = self.ends(hidden)
        first = len(self.cells)
        for at in range(first, len(self.truth)):
            is_twice = at >= first + len(self.tiny.rests)
            is_wide = low[at] < high[at] if is_twice else _is_wide(low[at], high[at])
            enough = high[at] - low[at] + 1 >= _ENOUGH
            if 0 < self.truth[at] < FEW and not (is_wide or enough):
                yield f"{'twice' if is_twice else 'rest'} {at - first} is told"

    def _alike(self, hidden: frozenset[Cell]) -> Iterator[str]:
        for whole, groups in self.tiny.wholes.items():
            is_few = 0 < self.truth[self.place[whole]] <= _ALIKE
            empty = [cell for cell in groups if not self.truth[self.place[cell]]]
            is_one = empty and len(groups) - len(empty) == 1
            if is_few and is_one and not any(self._range(cell, hidden)[1] for cell in empty):
                yield f"all of {whole} are alike"

    def _is_told(self, cell: Cell, hidden: frozenset[Cell]) -> bool:
        low, high = self._range(cell, hidden)
        if self._may_be_none(cell) or _is_wide(low, high):
            return False
        if high - low + 1 < _ENOUGH:
            return True
        return self._range(cell, hidden | self._own(cell)) != (low, high)

    def _is_told_to(self, one: Cell, cell: Cell, hidden: frozenset[Cell]) -> bool:
        own = self._own(cell)
        if self._may_be_none(cell) or own <= hidden:
            return False
        low, high = self._range(cell, hidden, one)
        if high - low + 1 >= _WITH_ONE_KNOWN or low >= FEW:
            return False
        least, most = self._range(cell, hidden)
        return least < most and self._range(cell, hidden | own, one) != (low, high)

    def _own(self, cell: Cell) -> frozenset[Cell]:
        return self._of_block.get(block(cell), frozenset())

    def _may_be_none(self, cell: Cell) -> bool:
        """Return whether it may be told that a count is none.

        As the protection has it: where the whole has none. Whether that is told is for the attack.
        """
        if self.truth[self.place[cell]]:
            return False
        owner, (population, part, characteristic, group) = cell[0], cell[1].split("/")
        whole = owner, f"{population}/all/{characteristic}/{group}"
        everybody = owner, f"{population}/{part}//ALL"
        return part == "all" or any(
            other in self.place and not self.truth[self.place[other]]
            for other in (whole, everybody)
        )


def _is_wide(low: int, high: int) -> bool:
    return (low <= 1 and high >= FEW - 1) or low >= FEW


def _has_table(cell: Cell) -> bool:
    """Return whether a count is of a characteristic, and so stands in a table."""
    return bool(cell[1].split("/")[2])
