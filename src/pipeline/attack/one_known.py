"""What is told to the one person behind a count of 1, who knows it: how much that leaves open."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.attack.batch import Batch, batches
from pipeline.attack.programme import Outcome
from pipeline.attack.search import Ends, Search, fixed
from pipeline.attack.system import System

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]

_ROUNDS = 12
_HALF = 0.5


@dataclass
class OneKnown:
    """The search for worlds in which one count is still 1 and others are not what they are.

    Attributes:
        system: the conditions.
        world: a possible world.
        ones: the columns that are 1 in it and may be known.
        fewest: how many values of every other column must remain.
        large: a column that cannot be fewer than this tells no small count.
        seconds: the time of one programme.
    """

    system: System
    world: "Ints"
    ones: "Ints"
    fewest: int
    large: int
    seconds: float

    def pairs(self, others: "Ints", lowest: "Ints") -> Iterator[tuple[int, int, Outcome]]:
        """Yield each column of which too little remains open, with each that tells it.

        Args:
            others: the columns that must stay open.
            lowest: what each column was proven not to be fewer than.

        Yields:
            the known column, the other one, and SOLVED where that is so or what the programme
            said that did not tell.
        """
        import numpy as np

        others = others[lowest[others] < self.large]
        for batch in batches(self.system, self.world, others, self.seconds):
            is_one = np.isin(batch.columns, self.ones)
            if not is_one.any():
                continue
            is_asked = np.isin(batch.columns, others)
            worlds = self._worlds(batch, is_asked, is_one)
            for other, tellers in self._tellers(batch, worlds, is_asked, is_one):
                for known in tellers:
                    outcome = self._told(known, other, int(lowest[other]))
                    if outcome is not None:
                        yield known, other, outcome

    def _tellers(
        self, batch: Batch, worlds: "Ints", is_asked: "Flags", is_one: "Flags"
    ) -> "Iterator[tuple[int, list[int]]]":
        """Yield each column with the known ones that may tell too much of it, for all we know."""
        import numpy as np

        found: dict[int, list[int]] = {}
        asked = np.flatnonzero(is_asked)
        of_asked = worlds[:, asked]
        together = batch.labels
        for one in np.flatnonzero(is_one).tolist():
            own = of_asked[worlds[:, one] == 1]
            is_narrow = own.max(axis=0) - own.min(axis=0) + 1 < self.fewest
            is_narrow &= (together[asked] == together[one]) & (asked != one)
            for other in asked[is_narrow].tolist():
                found.setdefault(other, []).append(int(batch.columns[one]))
        for other in sorted(found):
            yield int(batch.columns[other]), found[other]

    def _worlds(self, batch: Batch, is_asked: "Flags", is_one: "Flags") -> "Ints":
        """Return worlds of a batch in which many of the known columns are 1."""
        import numpy as np

        step = self.fewest - 1
        least, most = batch.here - step, batch.here + step
        choose = np.random.default_rng(0)
        found = [batch.here]
        for round_ in range(_ROUNDS):
            # First all that may be known stay as they are, then half of them.
            is_held = (
                is_one if round_ < _ROUNDS // 2 else is_one & (choose.random(len(is_one)) < _HALF)
            )
            worlds = np.array(found)
            own = worlds[(worlds[:, is_held] == 1).all(axis=1)]
            is_open = is_asked & ~is_held & (own.max(axis=0) - own.min(axis=0) < step)
            if not is_open.any():
                continue
            is_up = choose.random(len(is_one)) < _HALF
            world = batch.world(is_open & is_up, is_open & ~is_up, least, most, is_held)
            if world is not None:
                found.append(world)
        return np.array(found)

    def _told(self, known: int, other: int, lowest: int) -> Outcome | None:
        """Return None where enough of a column stays open to whoever knows another one."""
        value = int(self.world[other])
        ends = Ends(value, value, lowest, int(self.system.high[other]))
        search = Search(
            fixed(self.system, known, 1), self.world, self.seconds, lambda _held, _found: None
        )
        outcome = search.ends(other, ends, self._asked)
        if self._is_open(ends):
            return None
        return outcome

    def _is_open(self, ends: Ends) -> bool:
        return ends.high - ends.low + 1 >= self.fewest or ends.lowest >= self.large

    def _asked(self, ends: Ends) -> tuple[int, ...]:
        if self._is_open(ends):
            return ()
        is_told = ends.highest - ends.lowest + 1 < self.fewest and ends.low < self.large
        return () if is_told else ends.inexact


def told_by_rows(
    system: System, ones: "Ints", others: "Ints", fewest: int, large: int
) -> Iterator[tuple[int, int, Outcome]]:
    """Yield what follows from one row for whoever knows a column of it that is 1.

    Args:
        system: the conditions.
        ones: the columns that are 1 and may be known.
        others: the columns of which enough values must remain.
        fewest: how many.
        large: a column that cannot be fewer than this tells no small count.

    Yields:
        the known column, the other one, and SOLVED, since a row is proof enough.
    """
    import numpy as np

    is_one, is_other = np.zeros(len(system.low), bool), np.zeros(len(system.low), bool)
    is_one[ones], is_other[others] = True, True
    found: set[tuple[int, int]] = set()
    for row in system.rows_of(ones).tolist():
        entries = slice(system.starts[row], system.starts[row + 1])
        columns, weights = system.columns[entries], system.weights[entries]
        low = np.where(weights > 0, weights * system.low[columns], weights * system.high[columns])
        high = np.where(weights > 0, weights * system.high[columns], weights * system.low[columns])
        for known in np.flatnonzero(is_one[columns]).tolist():
            for place in np.flatnonzero(is_other[columns]).tolist():
                pair = int(columns[known]), int(columns[place])
                other = pair[1]
                if place == known or pair in found or abs(weights[place]) != 1:
                    continue
                own = weights[known]
                least = system.row_low[row] - own - (high.sum() - high[known] - high[place])
                most = system.row_high[row] - own - (low.sum() - low[known] - low[place])
                ends = (least, most) if weights[place] > 0 else (-most, -least)
                lowest = max(int(ends[0]), int(system.low[other]))
                highest = min(int(ends[1]), int(system.high[other]))
                if highest - lowest + 1 < fewest and lowest < large:
                    found.add(pair)
                    yield *pair, Outcome.SOLVED
