"""The counts of a release as numbered cells.

A cell is a count of people (or cases) of one organisation at one snapshot. Its name says whom it
counts, ``population/part/characteristic/group``, so that the same people have the same name in
every standard.
"""

from bisect import bisect_left
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import NamedTuple


class Owner(NamedTuple):
    """Whose people a cell counts, and when."""

    period_end: date
    level: str
    organisation_code: str


@dataclass(frozen=True, slots=True)
class Cells:
    """Cells numbered from zero in the order of organisation and name, which so decides a tie.

    Attributes:
        names: the names of the cells of each organisation and snapshot, both in order.
        first: the number of the first cell of each organisation and snapshot.
        counts: the true count of each cell.
        added: the numbers of the totals that no figure shows.
    """

    names: dict[Owner, tuple[str, ...]]
    first: dict[Owner, int]
    counts: list[int]
    added: frozenset[int]

    def number(self, owner: Owner, name: str) -> int | None:
        """Return the number of the cell of ``owner`` called ``name``, None where there is none."""
        names = self.names.get(owner, ())
        place = bisect_left(names, name)
        return self.first[owner] + place if names[place : place + 1] == (name,) else None

    def named(self) -> list[tuple[Owner, str]]:
        """Return owner and name of each cell, in the order of their numbers."""
        return [(owner, name) for owner, names in self.names.items() for name in names]


def numbered(
    counts: Mapping[Owner, Mapping[str, int]],
    added: Mapping[Owner, Collection[str]] | None = None,
) -> Cells:
    """Return the cells of ``counts``, in whatever order those come.

    Args:
        counts: the true counts of each organisation and snapshot by name.
        added: which of the names no figure shows.
    """
    owners = sorted(counts)
    names = {owner: tuple(sorted(counts[owner])) for owner in owners}
    starts = accumulate((len(names[owner]) for owner in owners), initial=0)
    first = dict(zip(owners, starts, strict=False))
    return Cells(
        names=names,
        first=first,
        counts=[counts[owner][name] for owner in owners for name in names[owner]],
        added=frozenset(
            first[owner] + bisect_left(names[owner], name)
            for owner, own in (added or {}).items()
            for name in own
        ),
    )
