"""The totals that no figure shows and that a reader can add up.

Whoever knows all shortlisted by sex knows how many there are, and with that the one hole among
them by ethnicity. A total that can be added up is protected as if it stood in a figure.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from pipeline.protect.cells import Cells, Owner, numbered
from pipeline.protect.relations import Relations
from pipeline.protect.sums import sums

_KEPT = ("//ALL", "/KNOWN", "/UNKNOWN")


def with_totals(counts: Mapping[Owner, Mapping[str, int]]) -> Cells:
    """Return the counts as cells, with every total that they are the addends of.

    Of the groups of a part only those are there that stand in two sums or more, the known, and the
    unknown, who are left where a ratio of tiers shows the others.

    Args:
        counts: the counts that stand in a figure, of each organisation and snapshot by name.
    """
    names = {owner: tuple(sorted(own)) for owner, own in counts.items()}
    totals = {named: _totals(named) for named in set(names.values())}
    added = {
        owner: {
            total: sum([own[child] for child in children])
            for total, children in totals[names[owner]].items()
        }
        for owner, own in counts.items()
    }
    return numbered({owner: {**own, **added[owner]} for owner, own in counts.items()}, added)


def _totals(names: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Return the totals to add to counts of these names, with the addends of each."""
    there = frozenset(names)
    addends: dict[str, tuple[str, ...]] = {}
    uses: Counter[str] = Counter()
    for total, children, _ in sums(dict.fromkeys(names)):
        if total not in there and _is_everybody(total, children):
            uses[total] += 1
            addends.setdefault(total, children)
    return {
        total: children
        for total, children in addends.items()
        if uses[total] > 1 or "/all/" in total or total.endswith(_KEPT)
    }


def _is_everybody(total: str, children: Sequence[str]) -> bool:
    """Return whether the addends leave nobody out: all staff are no sum of the known groups."""
    if not total.endswith("//ALL"):
        return True
    names = [child.rpartition("/")[2] for child in children]
    return "UNKNOWN" in names or all(child.endswith("//ALL") for child in children)


def told_totals(
    cells: Cells, related: Relations, by_cell: Sequence[Sequence[int]], small: Collection[int]
) -> set[int]:
    """Return which of the totals that no figure shows a reader can work out.

    A total that stands in one sum alone follows from it but tells nothing of its addends, and is
    not among them.

    Args:
        cells: all counts.
        related: the relations between them.
        by_cell: the places of the relations that each cell stands in.
        small: the counts of figures that are hidden in any case.
    """
    missing = [False] * len(cells.counts)
    for cell in cells.added.union(small):
        missing[cell] = True
    holes = [
        missing[total] + of_children
        for total, of_children in zip(related.totals, related.sums_of(missing), strict=True)
    ]
    exact = [remainder is None for remainder in related.remainders]
    ready = [place for place, number in enumerate(holes) if number == 1 and exact[place]]
    told: set[int] = set()
    while ready:
        place = ready.pop()
        hole = [
            cell for cell in (related.totals[place], *related.children_of(place)) if missing[cell]
        ]
        if not hole or hole[0] not in cells.added:
            continue
        missing[hole[0]] = False
        told.add(hole[0])
        for other in by_cell[hole[0]]:
            holes[other] -= 1
            if holes[other] == 1 and exact[other]:
                ready.append(other)
    uses = {cell: sum(not related.are_pooled[place] for place in by_cell[cell]) for cell in told}
    return {cell for cell, number in uses.items() if number > 1}
