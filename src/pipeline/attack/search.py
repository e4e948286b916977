"""The search for the ends of one column: worlds and proofs that there are none, ever further on."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.attack.moves import Moves
from pipeline.attack.programme import Outcome, Programme, proven_least
from pipeline.attack.system import System

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]

_SIZES = (60, 300, 1500)
"""How many columns around one are looked at, before everything that hangs together with it."""
_PROVING = 300
"""Around how many at most a proof is sought: what so many do not prove, more of them hardly do."""
LOW, HIGH = -1, 1
"""The two ends of a column."""


@dataclass
class Ends:
    """What is known of the ends of a column.

    Attributes:
        low, high: the least and the most of it in possible worlds.
        lowest, highest: the ends that were proven.
    """

    low: int
    high: int
    lowest: int
    highest: int

    @property
    def inexact(self) -> tuple[int, ...]:
        """The sides at whose proven end there is no world yet."""
        low = (LOW,) if self.low > self.lowest else ()
        return (*low, HIGH) if self.high < self.highest else low


@dataclass
class Search:
    """The search for the ends of columns near a possible world.

    Attributes:
        system: the conditions.
        world: the possible world.
        seconds: the time of one programme.
        is_whole: whether at last everything that hangs together is asked, which may take long.
        keep: is told of each world: the columns that may differ from ``world``, and their values.
    """

    system: System
    world: "Ints"
    seconds: float
    keep: Callable[["Ints", "Ints"], None]
    is_whole: bool = True

    def ends(self, column: int, ends: Ends, asked: Callable[[Ends], tuple[int, ...]]) -> Outcome:
        """Find worlds and proofs for a column until no side of it is asked for.

        Args:
            column: the column.
            ends: what is known of it, which becomes more.
            asked: the sides that are still asked for.

        Returns:
            SOLVED, or how the programme ended that did not tell.
        """
        import numpy as np

        before = 0
        for size in _SIZES:
            near = self.system.near(np.array([column]), size)
            if len(near) == before:
                break
            before = len(near)
            self._find_worlds(column, near, ends, asked)
            if len(near) <= _PROVING:
                self._find_proofs(column, near, ends, asked)
        if not self.is_whole:
            return Outcome.UNSOLVED if asked(ends) else Outcome.SOLVED
        return self._find_in_all(column, ends, asked)

    def _find_worlds(
        self,
        column: int,
        near: "Ints",
        ends: Ends,
        asked: Callable[[Ends], tuple[int, ...]],
    ) -> None:
        sides = asked(ends)
        if not sides:
            return
        is_it, is_none = near == column, near < 0
        low, high = self.system.low[near], self.system.high[near]
        moves = Moves(self.system, self.world, near, low, high, seconds=self.seconds)
        for side in sides:
            found = moves.world(*((is_it, is_none) if side == HIGH else (is_none, is_it)))
            if found is not None:
                self.keep(near, found)
                value = int(found[is_it][0])
                ends.low, ends.high = min(ends.low, value), max(ends.high, value)

    def _find_proofs(
        self,
        column: int,
        near: "Ints",
        ends: Ends,
        asked: Callable[[Ends], tuple[int, ...]],
    ) -> None:
        import numpy as np

        sides = asked(ends)
        if not sides:
            return
        held, part = self.system.around(near)
        programme = Programme(part, seconds=self.seconds)
        place = np.searchsorted(held, [column])
        for side in sides:
            costs = np.zeros(len(held), np.int64)
            costs[place] = -side
            programme.cost(place, costs[place])
            if programme.solve() is Outcome.SOLVED:
                least = proven_least(part, costs, programme.duals)
                if side == LOW:
                    ends.lowest = max(ends.lowest, least)
                else:
                    ends.highest = min(ends.highest, -least)

    def _find_in_all(
        self, column: int, ends: Ends, asked: Callable[[Ends], tuple[int, ...]]
    ) -> Outcome:
        """Find the ends in everything that hangs together with a column, in whole numbers."""
        import numpy as np

        if not asked(ends):
            return Outcome.SOLVED
        all_near = self.system.near(np.array([column]), len(self.system.low))
        held, part = self.system.around(all_near)
        place = np.searchsorted(held, [column])
        programme = Programme(part, whole=True, seconds=self.seconds)
        # Where one end does not reach far enough, the other is asked for too.
        while sides := asked(ends):
            side = sides[0]
            programme.cost(place, np.array([-side]))
            outcome = programme.solve()
            if outcome is not Outcome.SOLVED:
                return outcome
            found = np.rint(programme.values).astype(np.int64)
            if not part.fits(found):
                return Outcome.UNSOLVED
            self.keep(held, found)
            value = int(found[place[0]])
            ends.low, ends.high = min(ends.low, value), max(ends.high, value)
            if side == LOW:
                ends.lowest = value
            else:
                ends.highest = value
        return Outcome.SOLVED


def first_world(system: System, seconds: float) -> "tuple[Outcome, Ints]":
    """Return whether any whole numbers fit, with some that do."""
    import numpy as np

    programme = Programme(system, whole=True, seconds=seconds)
    outcome = programme.solve()
    found = np.rint(programme.values).astype(np.int64)
    if outcome is Outcome.SOLVED and not system.fits(found):
        outcome = Outcome.UNSOLVED
    return outcome, found


def fixed(system: System, column: int, value: int) -> System:
    """Return the conditions where one column is known."""
    low, high = system.low.copy(), system.high.copy()
    low[column] = high[column] = value
    return replace(system, low=low, high=high)
