"""Every whole-number world that agrees with what is published, searched through to the end.

A world gives each unknown count a whole number so that every law holds. The search narrows what
each count may be until nothing follows any more, then tries one count after the other, value by
value: slow, exact, and written apart from the product. Where that takes too many steps, an integer
programme of SciPy's looks for the world instead, which is then checked law by law.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import scipy.optimize
import scipy.sparse

MOST = 2_000
"""More than any count of a system that is small enough to search."""
_MOST_STEPS = 4
_MOST_PASSES = 2
"""How often each law is looked at before the narrowing stops: it may creep on for ever."""
_INFEASIBLE = 2
_DEAD_END = -1


class _TooManyStepsError(Exception):
    """The search by hand has taken too many steps."""


class Row(NamedTuple):
    """That a sum of counts, each times a factor, is ``least`` to ``most``; None is no end."""

    terms: Mapping[int, int]
    least: int | None
    most: int | None


class Worlds:
    """The worlds of some unknown counts.

    Args:
        number: how many unknown counts there are.
        rows: the laws.
        start: a world that is known to agree, which is where the search looks first.

    Attributes:
        low: below which no count is, as far as follows from narrowing alone.
        high: above which none is.
    """

    def __init__(self, number: int, rows: Iterable[Row], start: Sequence[int]) -> None:
        self.rows = [row for row in rows if row.terms]
        self.start = list(start)
        self.of_count: dict[int, list[int]] = defaultdict(list)
        for place, row in enumerate(self.rows):
            for count in row.terms:
                self.of_count[count].append(place)
        low, high = [0] * number, [MOST] * number
        if not self._narrow(low, high, range(len(self.rows))):
            raise ValueError("no whole-number world agrees with what is published")
        self.low, self.high = low, high
        self._seen_low, self._seen_high = list(start), list(start)
        self._found: list[list[int]] = []
        self._steps = 0
        self._matrix: scipy.sparse.csr_array | None = None

    def given(self, count: int, number: int) -> "Worlds":
        """Return the worlds in which a count is this number, as it is at the start."""
        found = Worlds(len(self.low), [*self.rows, Row({count: 1}, number, number)], self.start)
        for world in self._found:
            if world[count] == number:
                found._keep(world)
        return found

    def ends(self, count: int) -> tuple[int, int]:
        """Return the least and the most that a count is in any world."""
        low, high = self.seen(count)
        floor, ceiling = self.low[count], self.high[count]
        while floor < low:
            middle = (floor + low - 1) // 2
            world = self.find({count: (floor, middle)})
            floor, low = (middle + 1, low) if world is None else (floor, world[count])
        while high < ceiling:
            middle = (high + ceiling + 2) // 2
            world = self.find({count: (middle, ceiling)})
            ceiling, high = (middle - 1, high) if world is None else (ceiling, world[count])
        return low, high

    def find(self, limits: Mapping[int, tuple[int, int]]) -> list[int] | None:
        """Return a world in which each count of ``limits`` is from the one to the other number.

        None where there is none.
        """
        low, high = list(self.low), list(self.high)
        for count, (least, most) in limits.items():
            low[count], high[count] = max(low[count], least), min(high[count], most)
            if low[count] > high[count]:
                return None
        self._steps = 0
        changed = dict.fromkeys(place for count in limits for place in self.of_count[count])
        try:
            world = self._search(low, high, changed)
        except _TooManyStepsError:
            world = self._solved(low, high)
        if world is not None:
            self._keep(world)
        return world

    def _keep(self, world: list[int]) -> None:
        self._found.append(world)
        self._seen_low = list(map(min, self._seen_low, world))
        self._seen_high = list(map(max, self._seen_high, world))

    def _solved(self, low: list[int], high: list[int]) -> list[int] | None:
        """Return a world between these ends, by an integer programme; None where there is none."""
        if self._matrix is None:
            entries = [
                (factor, place, count)
                for place, row in enumerate(self.rows)
                for count, factor in row.terms.items()
            ]
            factors, places, counts = zip(*entries, strict=True)
            shape = len(self.rows), len(low)
            self._matrix = scipy.sparse.csr_array((factors, (places, counts)), shape=shape)
        least = [-np.inf if row.least is None else row.least for row in self.rows]
        most = [np.inf if row.most is None else row.most for row in self.rows]
        found = scipy.optimize.milp(
            np.zeros(len(low)),
            integrality=np.ones(len(low)),
            bounds=scipy.optimize.Bounds(low, high),
            constraints=scipy.optimize.LinearConstraint(self._matrix, least, most),
        )
        if found.status == _INFEASIBLE:
            return None
        if found.status != 0:
            raise ArithmeticError(f"the integer programme was not solved: {found.message}")
        world = [round(number) for number in found.x]
        if not self.agrees(world):
            raise ArithmeticError("the integer programme gave a world that breaks a law")
        return world

    def agrees(self, world: Sequence[int]) -> bool:
        """Return whether every law holds in a world."""
        totals = (
            sum(factor * world[count] for count, factor in row.terms.items()) for row in self.rows
        )
        return all(
            (row.least is None or total >= row.least) and (row.most is None or total <= row.most)
            for total, row in zip(totals, self.rows, strict=True)
        )

    def seen(self, count: int) -> tuple[int, int]:
        """Return the least and the most that a count was in the worlds found so far."""
        return self._seen_low[count], self._seen_high[count]

    def _search(self, low: list[int], high: list[int], changed: Iterable[int]) -> list[int] | None:
        self._steps += 1
        if self._steps > _MOST_STEPS:
            raise _TooManyStepsError
        if not self._narrow(low, high, changed):
            return None
        # A count that need not leave the start stands as it is where everything around it may.
        away = [
            place for place, is_ in enumerate(self.start) if not low[place] <= is_ <= high[place]
        ]
        open_ = self._next(low, high, away)
        if open_ == _DEAD_END:
            return None
        if open_ is None:
            return [
                min(max(is_, least), most)
                for is_, least, most in zip(self.start, low, high, strict=True)
            ]
        nearest = min(max(self.start[open_], low[open_]), high[open_])
        for least, most in (
            (nearest, nearest), (low[open_], nearest - 1), (nearest + 1, high[open_]),
        ):  # fmt: skip
            if least <= most:
                own_low, own_high = list(low), list(high)
                own_low[open_], own_high[open_] = least, most
                world = self._search(own_low, own_high, self.of_count[open_])
                if world is not None:
                    return world
        return None

    def _next(self, low: list[int], high: list[int], away: list[int]) -> int | None:
        """Return the next count to try: one in a law that the nearest values to the start break.

        None where they break none, and ``_DEAD_END`` where nothing in such a law can be tried.
        """
        nearest: dict[int, int] = {}

        def value(count: int) -> int:
            if count not in nearest:
                nearest[count] = min(max(self.start[count], low[count]), high[count])
            return nearest[count]

        for place in {place for count in away for place in self.of_count[count]}:
            row = self.rows[place]
            total = sum(factor * value(count) for count, factor in row.terms.items())
            if (row.least is not None and total < row.least) or (
                row.most is not None and total > row.most
            ):
                free = [count for count in row.terms if low[count] < high[count]]
                if not free:
                    return _DEAD_END
                return min(free, key=lambda count: (high[count] - low[count], count))
        return None

    def _narrow(self, low: list[int], high: list[int], changed: Iterable[int]) -> bool:
        """Narrow what each count may be by each law alone; False where nothing is left."""
        waiting = deque(dict.fromkeys(changed))
        is_waiting = set(waiting)
        left = _MOST_PASSES * (len(self.rows) + 10)
        while waiting and left:
            left -= 1
            place = waiting.popleft()
            is_waiting.discard(place)
            terms, least, most = self.rows[place]
            smallest = sum(f * (low[c] if f > 0 else high[c]) for c, f in terms.items())
            largest = sum(f * (high[c] if f > 0 else low[c]) for c, f in terms.items())
            if (most is not None and smallest > most) or (least is not None and largest < least):
                return False
            for count, factor in terms.items():
                size = abs(factor)
                span = size * (high[count] - low[count])
                room = most - smallest if most is not None else span
                need = largest - least if least is not None else span
                up, down = (room, need) if factor > 0 else (need, room)
                new_high = min(high[count], low[count] + up // size)
                new_low = max(low[count], high[count] - down // size)
                if new_low > new_high:
                    return False
                if (new_low, new_high) != (low[count], high[count]):
                    smallest += size * (
                        (new_low - low[count]) if factor > 0 else (high[count] - new_high)
                    )
                    largest -= size * (
                        (high[count] - new_high) if factor > 0 else (new_low - low[count])
                    )
                    low[count], high[count] = new_low, new_high
                    for other in self.of_count[count]:
                        if other not in is_waiting:
                            waiting.append(other)
                            is_waiting.add(other)
        return True
