"""Worlds for many columns at once: some are to be more and some to be fewer."""

from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from pipeline.attack.batch import Batch, batches
from pipeline.attack.moves import Moves
from pipeline.attack.system import System

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]

_REGION = 400
_ROUNDS = 4
_IDLE = 2
_HALF = 0.5


class Seen(NamedTuple):
    """What is known of the ends of every column.

    Attributes:
        low, high: the least and the most of each in possible worlds; they become wider.
        lowest, highest: the ends that were proven.
    """

    low: "Ints"
    high: "Ints"
    lowest: "Ints"
    highest: "Ints"

    def keep(self, columns: "Ints", found: "Ints") -> None:
        """Take note of a world: of some columns, all others being as they were."""
        import numpy as np

        self.low[columns] = np.minimum(self.low[columns], found)
        self.high[columns] = np.maximum(self.high[columns], found)


@dataclass
class Sweep:
    """A search for worlds in which columns reach what is wanted of them.

    Attributes:
        system: the conditions.
        world: a possible world.
        seen: the ends of every column so far.
        least, most: how far each column is wanted to reach; those above and below every count
            are not asked for.
        seconds: the time of one programme.
        until: when to stop, by the monotonic clock.
        topics: a number for each column, the same for those that are sought in one region; None
            where everything that hangs together is.
        tried: whether each column was asked for in its region.
    """

    system: System
    world: "Ints"
    seen: Seen
    least: "Ints"
    most: "Ints"
    seconds: float
    until: float
    topics: "Ints | None" = None
    tried: "Flags" = field(init=False)

    def __post_init__(self) -> None:
        import numpy as np

        self.tried = np.zeros(len(self.world), bool)

    def everywhere(self) -> None:
        """Search for worlds of everything, then around each column that those leave open."""
        import numpy as np

        if self.topics is not None:
            self._by_topic(self.topics)
        else:
            for batch in batches(self.system, self.world, self._open(), self.seconds):
                if monotonic() < self.until:
                    self._rounds(batch)
        self.tried[:] = False
        for seed in self._open().tolist():
            if not self.tried[seed] and monotonic() < self.until:
                self.region(self.system.near(np.array([seed]), _REGION))

    def _by_topic(self, topics: "Ints") -> None:
        """Search where only what is about the same thing moves, which is mostly enough."""
        import numpy as np

        order = np.argsort(topics, kind="stable")
        sorted_topics = topics[order]
        for topic in np.unique(topics[self._open()]).tolist():
            first, last = np.searchsorted(sorted_topics, [topic, topic + 1])
            if monotonic() < self.until:
                self.region(np.sort(order[first:last]))

    def _open(self) -> "Ints":
        """Return the columns that are asked for and have not reached what is wanted."""
        import numpy as np

        is_low, is_high = self._asked(np.arange(len(self.world)))
        return np.flatnonzero(is_low | is_high)

    def _rounds(self, batch: Batch) -> None:
        import numpy as np

        columns = batch.columns
        least, most = self.least[columns], self.most[columns]
        none = np.zeros(len(columns), bool)
        choose = np.random.default_rng(0)
        idle = 0
        while idle < _IDLE:
            is_low, is_high = self._asked(columns)
            before = is_low.sum() + is_high.sum()
            if not before:
                return
            is_up = choose.random(len(columns)) < _HALF
            up, down = is_high & (is_up | ~is_low), is_low & ~(is_up & is_high)
            found = batch.world(up, down, least, most, none)
            if found is not None:
                self.seen.keep(columns, found)
            is_low, is_high = self._asked(columns)
            idle = idle + 1 if before - is_low.sum() - is_high.sum() <= before // 20 else 0

    def region(self, columns: "Ints") -> None:
        """Search where only some columns move."""
        import numpy as np

        self.tried[columns] = True
        is_low, is_high = self._asked(columns)
        if not (is_low | is_high).any():
            return
        least, most = self.least[columns], self.most[columns]
        moves = Moves(self.system, self.world, columns, least, most, seconds=self.seconds)
        choose = np.random.default_rng(0)
        idle = 0
        for _ in range(_ROUNDS):
            before = is_low.sum() + is_high.sum()
            if not before or idle > 1:
                break
            is_up = choose.random(len(columns)) < _HALF
            self._ask(moves, is_high & (is_up | ~is_low), is_low & ~(is_up & is_high))
            is_low, is_high = self._asked(columns)
            idle = idle + 1 if before - is_low.sum() - is_high.sum() < 1 + before // 20 else 0
        none = np.zeros(len(columns), bool)
        for place in np.flatnonzero(is_low | is_high).tolist():
            is_it = none.copy()
            is_it[place] = True
            if self._asked(columns[[place]])[1].any():
                self._ask(moves, is_it, none)
            if self._asked(columns[[place]])[0].any():
                self._ask(moves, none, is_it)

    def _ask(self, moves: Moves, up: "Flags", down: "Flags") -> None:
        found = moves.world(up, down)
        if found is not None:
            self.seen.keep(moves.columns, found)

    def _asked(self, columns: "Ints") -> "tuple[Flags, Flags]":
        """Return which of some columns are wanted to be fewer, and which to be more."""
        low, high, lowest, highest = (ends[columns] for ends in self.seen)
        least, most = self.least[columns], self.most[columns]
        can_reach = (lowest <= least) & (highest >= most)
        return can_reach & (low > least), can_reach & (high < most)
