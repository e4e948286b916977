"""Random draws that are the same on every machine and every version of Python.

Everything comes from ``Random.random``, the one method whose sequence Python promises to keep;
shares are integers, so that no sum depends on how floating point numbers are added.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import TypeVar

Item = TypeVar("Item")


def at(shares: Mapping[Item, int], unit: float) -> Item:
    """Return the item whose share of the whole ``unit`` (0 to 1) falls into."""
    left = unit * sum(shares.values())
    item = None
    for item, share in shares.items():
        if left < share:
            return item
        left -= share
    if item is None:
        raise ValueError("no shares")
    return item


class Draws:
    """One stream of draws; the streams of two names are independent of each other."""

    def __init__(self, seed: int, *name: str) -> None:
        random = Random("/".join((str(seed), *name)))  # noqa: S311 - invents people, no keys
        self.unit = random.random
        """Return a number from 0 to below 1."""

    def below(self, limit: int) -> int:
        """Return a whole number from 0 to below ``limit``."""
        return int(self.unit() * limit)

    def happens(self, per_mille: int) -> bool:
        """Return True in ``per_mille`` of 1,000 cases."""
        return int(self.unit() * 1000) < per_mille

    def pick(self, items: Sequence[Item]) -> Item:
        """Return one of ``items``."""
        return items[self.below(len(items))]

    def weighted(self, shares: Mapping[Item, int]) -> Item:
        """Return one of the keys of ``shares``, each with its weight."""
        return at(shares, self.unit())

    def day(self, first: date, last: date) -> date:
        """Return a day from ``first`` to ``last``, both included."""
        return first + timedelta(days=self.below((last - first).days + 1))

    def shuffled(self, items: Sequence[Item]) -> list[Item]:
        """Return ``items`` in another order."""
        return [item for _, _, item in sorted((self.unit(), n, it) for n, it in enumerate(items))]

    def even(self, count: int) -> list[float]:
        """Return ``count`` evenly spaced numbers from 0 to 1 in mixed order.

        With ``at``, an item of share p is drawn p x count times, rounded up or down: the sample's
        shares hold for every seed, however small the employer.
        """
        start = self.unit()
        return self.shuffled([(n + start) / count for n in range(count)])

    def chosen(self, chances: Sequence[int]) -> list[bool]:
        """Return for each chance (in thousandths) whether it comes true.

        As many come true as the chances add up to, rounded up or down, spread over the sequence
        (systematic sampling with a random start).
        """
        total = self.below(1000)
        marks = []
        for chance in chances:
            marks.append((total + chance) // 1000 > total // 1000)
            total += chance
        return marks
