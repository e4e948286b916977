"""How counts hang together by their names alone, found once for all who have the same names."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.attack.counts import Numbering
from pipeline.attack.sums import (
    IN_PARTS,
    Group,
    Name,
    Parts,
    is_listed,
    sums_of_families,
    sums_of_groups,
    sums_of_parts,
    wholes_of,
)

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]

_NOT_ALL_OF_A_KIND = frozenset({"KNOWN", "NEVER_ASKED", "NOT_WHITE_BRITISH"})


@dataclass(frozen=True, slots=True)
class Pattern:
    """How counts of some names hang together, whosever they are, by the numbers of the names.

    Attributes:
        sums: the total and its addends, sum after sum.
        lengths: of how many names each sum is, its total among them.
        is_partition: whether the addends are all groups of a characteristic that there are.
        added: the totals that are among none of the names and add up twice or more.
        parts: pairs of a whole and a part of it, in two rows.
    """

    sums: "Ints"
    lengths: "Ints"
    is_partition: "Flags"
    added: "Ints"
    parts: "Ints"


@dataclass(slots=True)
class _Sums:
    """Sums by the numbers of names, one after the other."""

    flat: list[int] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)
    is_partition: list[bool] = field(default_factory=list)

    def append(self, names: Sequence[int], *, is_partition: bool) -> None:
        """Add a sum: its total and its addends."""
        self.flat.extend(names)
        self.lengths.append(len(names))
        self.is_partition.append(is_partition)

    def extend(self, other: "_Sums") -> None:
        """Add all sums of another list."""
        self.flat.extend(other.flat)
        self.lengths.extend(other.lengths)
        self.is_partition.extend(other.is_partition)


@dataclass(slots=True)
class Patterns:
    """The patterns of lists of names; what recurs in several of them is found once.

    Attributes:
        numbering: the numbers of names, to which those of totals that no figure shows are added.
    """

    numbering: Numbering
    _of_groups: dict[tuple[str, str, frozenset[Group]], _Sums] = field(default_factory=dict)
    _of_parts: dict[tuple[str, Group, Parts], _Sums] = field(default_factory=dict)

    def of(self, names: Sequence[Name]) -> Pattern:
        """Return how counts of these names hang together."""
        import numpy as np

        found = _Sums()
        tables: dict[tuple[str, str], list[Group]] = defaultdict(list)
        parts: dict[str, dict[Group, list[str]]] = defaultdict(lambda: defaultdict(list))
        for population, part, *group in names:
            tables[population, part].append((group[0], group[1]))
            parts[population][group[0], group[1]].append(part)
        for (population, part), groups in tables.items():
            found.extend(self._sums_of_groups(population, part, frozenset(groups)))
        for population, of_groups in parts.items():
            every = frozenset[str]().union(*of_groups.values())
            for of_group, own in of_groups.items():
                for divided in _divided(population, own, every):
                    found.extend(self._sums_of_parts(population, of_group, divided))
        name = self.numbering.name
        there = set(names)
        pairs = [
            (name(whole), name(one)) for one in names for whole in wholes_of(one) if whole in there
        ]
        return _pattern(
            found,
            np.array([name(one) for one in names], dtype=np.int64),
            np.array(pairs, dtype=np.int64).reshape(-1, 2).T,
        )

    def _sums_of_groups(self, population: str, part: str, groups: frozenset[Group]) -> _Sums:
        key = (population, part, groups)
        if key not in self._of_groups:
            sums = self._of_groups[key] = _Sums()
            # Where there are no details, several ways to add up are the same.
            for total, addends in dict.fromkeys(sums_of_groups(groups)):
                sums.append(
                    [self.numbering.name((population, part, *one)) for one in (total, *addends)],
                    is_partition=_is_partition(total, addends),
                )
        return self._of_groups[key]

    def _sums_of_parts(self, population: str, group: Group, divided: Parts) -> _Sums:
        key = (population, group, divided)
        if key not in self._of_parts:
            sums = self._of_parts[key] = _Sums()
            for whole, split in divided:
                sums.append(
                    [self.numbering.name((population, part, *group)) for part in (whole, *split)],
                    is_partition=False,
                )
        return self._of_parts[key]


def _divided(population: str, own: Iterable[str], every: frozenset[str]) -> Iterable[Parts]:
    """Return how people divide by listed parts and by others."""
    mine = frozenset(own)
    if population in IN_PARTS:
        yield sums_of_parts(frozenset(filter(is_listed, mine)))
    yield sums_of_families(mine, every)


def _is_partition(total: Group, addends: Sequence[Group]) -> bool:
    """Return whether the addends are the groups of one characteristic, each person in one."""
    groups = {group for _, group in addends}
    return (
        len(addends) > 1
        and len({characteristic for characteristic, _ in addends}) == 1
        and total[1] != "KNOWN"
        and not groups & _NOT_ALL_OF_A_KIND
    )


def _pattern(found: _Sums, names: "Ints", parts: "Ints") -> Pattern:
    """Return the pattern, without the totals that add up once and that no figure shows."""
    import numpy as np

    flat, lengths = (np.array(of, dtype=np.int64) for of in (found.flat, found.lengths))
    totals = flat[np.cumsum(lengths) - lengths]
    size = int(flat.max(initial=0)) + 1
    uses = np.bincount(totals, minlength=size)
    is_there = np.zeros(size, dtype=bool)
    is_there[names[names < size]] = True
    is_kept = is_there[totals] | (uses[totals] > 1)
    return Pattern(
        sums=flat[np.repeat(is_kept, lengths)],
        lengths=lengths[is_kept],
        is_partition=np.array(found.is_partition, dtype=bool)[is_kept],
        added=np.unique(totals[is_kept & ~is_there[totals]]),
        parts=parts,
    )
