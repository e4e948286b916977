"""What is told to the one person behind a count of 1, who knows it: how much that leaves open."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.attack.moves import Moves
from pipeline.attack.programme import Outcome
from pipeline.attack.search import Ends, Search, fixed
from pipeline.attack.system import System, labels

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]

_REGION = 400
_ROUNDS = 8
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

    def pairs(
        self, others: "Ints", lowest: "Ints", regions: "Sequence[Ints]"
    ) -> Iterator[tuple[int, int, Outcome]]:
        """Yield each column of which too little remains open, with one that tells it.

        Args:
            others: the columns that must stay open.
            lowest: what each column was proven not to be fewer than.
            regions: columns that move together often.

        Yields:
            the known column, the other one, and SOLVED where that is so or what the programme
            said that did not tell.
        """
        system = self.system
        together = labels(len(self.world), system.rows, system.columns, len(system.row_low))
        open_for = self._tellers(others[lowest[others] < self.large], together, regions)
        for other, tellers in open_for.items():
            for known in tellers.tolist():
                if known != other and (outcome := self._told(known, other, int(lowest[other]))):
                    yield known, other, outcome
                    break

    def _tellers(
        self, others: "Ints", together: "Ints", regions: "Sequence[Ints]"
    ) -> "dict[int, Ints]":
        """Return of each column the known ones that may tell too much of it, for all we know."""
        import numpy as np

        found = {
            other: self.ones[together[self.ones] == together[other]] for other in others.tolist()
        }
        found = {other: ones for other, ones in found.items() if np.setdiff1d(ones, other).size}
        for region in regions:
            self._narrow(found, region)
        for other in list(found):
            if np.setdiff1d(found[other], other).size:
                self._narrow(found, self.system.near(np.array([other]), _REGION))
        return found

    def _narrow(self, tellers: "dict[int, Ints]", region: "Ints") -> None:
        """Leave out of the tellers of each column in a region whatever its worlds clear."""
        import numpy as np

        waiting = [c for c in region.tolist() if c in tellers and len(tellers[c])]
        if not waiting:
            return
        places = np.searchsorted(region, waiting)
        is_one = np.isin(region, self.ones)
        worlds = self._worlds(region, places, is_one)
        spread = worlds[:, places].max(axis=0) - worlds[:, places].min(axis=0)
        is_wide_to_others: Flags = spread + 1 >= self.fewest
        is_wide: dict[int, Flags] = {}
        for one in np.flatnonzero(is_one).tolist():
            own = worlds[worlds[:, one] == 1][:, places]
            is_wide[int(region[one])] = own.max(axis=0) - own.min(axis=0) + 1 >= self.fewest
        for at, other in enumerate(waiting):
            # A known column outside the region is 1 in every one of these worlds.
            keeps = [
                not is_wide.get(known, is_wide_to_others)[at] for known in tellers[other].tolist()
            ]
            tellers[other] = tellers[other][np.array(keeps, bool)]

    def _worlds(self, region: "Ints", places: "Ints", is_one: "Flags") -> "Ints":
        """Return worlds in which only a region differs, the known one first."""
        import numpy as np

        here = self.world[region]
        step = self.fewest - 1
        moves = Moves(
            self.system, self.world, region, here - step, here + step, seconds=self.seconds
        )
        choose = np.random.default_rng(0)
        found = [here]
        is_asked = np.zeros(len(region), bool)
        is_asked[places] = True
        for round_ in range(_ROUNDS):
            # First all that may be known stay as they are, then half of them.
            is_held = (
                is_one if round_ < _ROUNDS // 2 else is_one & (choose.random(len(region)) < _HALF)
            )
            moves.hold(is_held)
            worlds = np.array(found)
            held = worlds[(worlds[:, is_held] == 1).all(axis=1)]
            is_open = is_asked & ~is_held
            is_open &= held.max(axis=0) - held.min(axis=0) < step
            if not is_open.any():
                continue
            is_up = choose.random(len(region)) < _HALF
            world = moves.world(is_open & is_up, is_open & ~is_up)
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
