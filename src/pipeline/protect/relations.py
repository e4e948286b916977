"""How the counts of a release depend on one another.

A relation says that cells add up to another one; whoever knows all but one of them knows that one
too. All relations together are a system of linear equations over the numbered cells.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import NamedTuple

from pipeline.protect.cells import Cells, Owner
from pipeline.protect.sums import is_everybody, is_observed, subsets, sums

# How many people two employers share is no secret; who of them is what, is.
_NO_CHARACTERISTIC = "ALL"
HEADCOUNT = "workforce/all//ALL"
# Cases, applications and movements of an employer are counted for each of those who pool it.
_EVENTS = frozenset(
    {
        "appointed",
        "bonus",
        "capability_ill_health",
        "capability_performance",
        "disciplinary",
        "exit_interviewed",
        "leavers",
        "promoted",
        "shortlisted",
        "starters",
        "survey_base",
    }
)
# The quarters of those who are pooled are made of all their pay, not of the quarters of each.
_MADE_ANEW = "full_pay/quarter:"


class Relation(NamedTuple):
    """``total`` is the sum of ``children``, but for a remainder and for people counted twice.

    Attributes:
        total: the number of its cell.
        children: the numbers of theirs, one at least.
        remainder: the people of the total who stand in no child, less those who stand in several;
            who knows total and children knows them too. None where the children are everybody,
            each of them once.
        shared: how many people with this characteristic stand in more than one child, since a
            total that pools employers counts each person once.
        is_partition: whether the children are the groups of a characteristic, so that a group
            that holds everybody tells it of each of them.
        is_pooled: whether the children are counts of those whom the organisation pools.
        limit: of pooled people the place of the relation of their headcounts: of no group more
            can stand in several children than of everybody. None: nothing is known of that.
    """

    total: int
    children: Sequence[int]
    remainder: int | None = None
    shared: int = 0
    is_partition: bool = False
    is_pooled: bool = False
    limit: int | None = None


@dataclass(slots=True)
class Relations:
    """Relations in columns, as the rows of a sparse matrix over the cells.

    The relation at ``place`` has the children from ``starts[place]`` up to ``starts[place + 1]``;
    every other column has one entry a relation. What they hold is told at ``Relation``.
    """

    totals: list[int] = field(default_factory=list)
    starts: list[int] = field(default_factory=lambda: [0])
    children: list[int] = field(default_factory=list)
    remainders: list[int | None] = field(default_factory=list)
    shared: list[int] = field(default_factory=list)
    are_partitions: list[bool] = field(default_factory=list)
    are_pooled: list[bool] = field(default_factory=list)
    limits: list[int | None] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.totals)

    def __getitem__(self, place: int) -> Relation:
        return Relation(
            self.totals[place],
            tuple(self.children_of(place)),
            self.remainders[place],
            self.shared[place],
            self.are_partitions[place],
            self.are_pooled[place],
            self.limits[place],
        )

    def children_of(self, place: int) -> list[int]:
        """Return the children of one relation."""
        return self.children[self.starts[place] : self.starts[place + 1]]

    def sums_of(self, values: Sequence[int]) -> list[int]:
        """Return for each relation the sum over its children of ``values``, one for each cell."""
        so_far = list(accumulate([values[child] for child in self.children], initial=0))
        return [so_far[end] - so_far[start] for start, end in pairwise(self.starts)]

    def append(self, relation: Relation) -> None:
        """Add a relation."""
        total, children, remainder, shared, is_partition, is_pooled, limit = relation
        self.totals.append(total)
        self.children.extend(children)
        self.starts.append(len(self.children))
        self.remainders.append(remainder)
        self.shared.append(shared)
        self.are_partitions.append(is_partition)
        self.are_pooled.append(is_pooled)
        self.limits.append(limit)

    def extend(self, own: "Relations", first: int, remainders: Iterable[int | None]) -> None:
        """Add relations between the cells from number ``first`` on, with these remainders."""
        start = len(self.children)
        self.totals.extend([first + total for total in own.totals])
        self.children.extend([first + child for child in own.children])
        self.starts.extend([start + end for end in own.starts[1:]])
        self.remainders.extend(remainders)
        self.shared.extend(own.shared)
        self.are_partitions.extend(own.are_partitions)
        self.are_pooled.extend(own.are_pooled)
        self.limits.extend(own.limits)


class _Own(NamedTuple):
    """The relations that hold in every organisation whose cells have the same names.

    Attributes:
        related: the relations, between places in the list of names; their remainders are open.
        are_whole: for each relation whether the children are everybody where nobody remains.
    """

    related: Relations
    are_whole: list[bool]


def relations(cells: Cells, members: Mapping[Owner, Collection[Collection[Owner]]]) -> Relations:
    """Return every relation between the cells, in an order of their names.

    Args:
        cells: the counts of every organisation and snapshot.
        members: for each pooled organisation every way in which it is put together: of its
            employers; a system also of its ICB and its trusts.
    """
    places = {
        names: {name: place for place, name in enumerate(names)}
        for names in set(cells.names.values())
    }
    known = {names: _own(place_of) for names, place_of in places.items()}
    found = Relations()
    for owner, names in cells.names.items():
        first = cells.first[owner]
        own, are_whole = known[names]
        counts = cells.counts[first : first + len(names)]
        rests = zip(_remainders(own, counts), are_whole, strict=True)
        found.extend(own, first, [None if whole and not rest else rest for rest, whole in rests])
        for way in members.get(owner, ()):
            relate_pooled(
                found,
                cells,
                owner,
                {member: places.get(cells.names.get(member, ()), {}) for member in sorted(way)},
            )
    return found


def _own(place_of: Mapping[str, int]) -> _Own:
    """Return the relations between the counts of one organisation, by their places."""
    related = Relations()
    are_whole: list[bool] = []
    for total, children, is_partition in sums(place_of):
        if total in place_of:
            places = [place_of[child] for child in children]
            related.append(Relation(place_of[total], places, is_partition=is_partition))
            are_whole.append(is_everybody(total, children))
    for people, total in subsets(place_of):
        related.append(Relation(place_of[total], (place_of[people],)))
        are_whole.append(is_observed(people))
    return _Own(related, are_whole)


def _remainders(own: Relations, counts: Sequence[int]) -> list[int]:
    in_children = own.sums_of(counts)
    return [counts[total] - held for total, held in zip(own.totals, in_children, strict=True)]


def relate_pooled(
    found: Relations, cells: Cells, owner: Owner, places: Mapping[Owner, Mapping[str, int]]
) -> None:
    """Add the relations of pooled counts with those of the members.

    Boards are not pooled: where the pooled organisation has one, it is its own.

    Args:
        found: the relations so far.
        cells: the counts of every organisation and snapshot.
        owner: the pooled organisation.
        places: of each member, in order, the place of each name among its own.
    """
    children: dict[str, list[int]] = defaultdict(list)
    for member, place_of in places.items():
        is_own = member.organisation_code == owner.organisation_code
        for name, place in place_of.items():
            if is_own or not name.startswith("board/"):
                children[name].append(cells.first[member] + place)
    limit, most = None, 0
    # The headcounts first: of the other counts no more people can be counted twice.
    for name in sorted(cells.names[owner], key=lambda name: (name != HEADCOUNT, name)):
        total = cells.number(owner, name)
        if total is None or name not in children or name.startswith(_MADE_ANEW):
            continue
        twice = sum([cells.counts[child] for child in children[name]]) - cells.counts[total]
        is_event = name.partition("/")[0] in _EVENTS
        if twice < 0:
            # Conflicting records of one person: such a count is no more than those it pools.
            continue
        is_secret = name.rpartition("/")[2] != _NO_CHARACTERISTIC
        found.append(
            Relation(
                total,
                children[name],
                remainder=None if is_event and not twice else -twice,
                shared=twice if is_secret else 0,
                is_pooled=True,
                limit=None if is_event or limit is None or twice > most else limit,
            )
        )
        if name == HEADCOUNT and len(children[name]) == len(places):
            limit, most = len(found) - 1, twice
