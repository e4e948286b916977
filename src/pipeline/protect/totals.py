"""The totals that no figure shows and that a reader can add up.

Whoever knows all shortlisted by sex knows how many there are, and with that the one hole among
them by ethnicity. A total that can be added up is protected as if it stood in a figure.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Collection, Mapping
from typing import NamedTuple

from pipeline.protect.relations import Cell, Relation, cells_of_owners, sums

_KEPT = ("//ALL", "/KNOWN", "/UNKNOWN")


class WithTotals(NamedTuple):
    """Every count with its cell, and the cells of those that no figure shows."""

    known: dict[Cell, int]
    added: frozenset[Cell]


def with_totals(counts: Mapping[Cell, int]) -> WithTotals:
    """Return the counts with every total that they are the addends of.

    Of the groups of a part only those are there that stand in two sums or more, the known, and the
    unknown, who are left where a ratio of tiers shows the others.
    """
    known = dict(counts)
    for owner, cells in cells_of_owners(counts).items():
        new: dict[str, int] = {}
        uses: Counter[str] = Counter()
        for total, children, _ in sums(cells):
            if total not in cells and _is_everybody(total, children):
                uses[total] += 1
                if total not in new:
                    new[total] = sum(known[cells[child]] for child in children)
        for total, number in new.items():
            if uses[total] > 1 or "/all/" in total or total.endswith(_KEPT):
                known[Cell(owner, total)] = number
    return WithTotals(known, frozenset(known.keys() - counts.keys()))


def _is_everybody(total: str, children: list[str]) -> bool:
    """Return whether the addends leave nobody out: all staff are no sum of the known groups."""
    if not total.endswith("//ALL"):
        return True
    names = [child.rpartition("/")[2] for child in children]
    return "UNKNOWN" in names or all(child.endswith("//ALL") for child in children)


def told_totals(
    added: Collection[Cell], related: Collection[Relation], hidden: Collection[Cell]
) -> set[Cell]:
    """Return which of the totals that no figure shows a reader can work out.

    A total that stands in one sum alone follows from it but tells nothing of its addends, and is
    not among them.

    Args:
        added: the totals that no figure shows.
        related: the relations between all cells.
        hidden: the counts of figures that are hidden in any case.
    """
    exact = [relation for relation in related if relation.remainder is None]
    uses = Counter(
        cell
        for relation in related
        if relation.children[0].owner == relation.total.owner
        for cell in (relation.total, *relation.children)
    )
    missing = set(added).union(hidden)
    exact = [each for each in exact if not missing.isdisjoint((each.total, *each.children))]
    waiting: dict[Cell, list[Relation]] = defaultdict(list)
    for relation in exact:
        for cell in (relation.total, *relation.children):
            if cell in missing:
                waiting[cell].append(relation)
    ready = deque(exact)
    told: set[Cell] = set()
    while ready:
        relation = ready.popleft()
        holes = [cell for cell in (relation.total, *relation.children) if cell in missing]
        if len(holes) == 1 and holes[0] in added:
            missing.remove(holes[0])
            told.add(holes[0])
            ready.extend(waiting[holes[0]])
    return {cell for cell in told if uses[cell] > 1}
