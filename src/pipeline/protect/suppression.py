"""Which counts are hidden: the small ones, and what would give them back.

This is primary suppression with one complementary cell in every relation. It leaves no hidden
count that follows from one relation alone, no small remainder between counts that are shown, and
no group of few people of whom all are said to be alike.
"""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Mapping

from pipeline.protect.policy import Policy
from pipeline.protect.relations import Cell, Relation
from pipeline.protect.totals import told_totals

PRIMARY, SECONDARY = "PRIMARY", "SECONDARY"
_SILENT = "SILENT"
"""Of a total that no figure shows and that nobody can add up: unknown, and no matter if it is."""


def hidden_cells(
    counts: Mapping[Cell, int],
    related: Iterable[Relation],
    policy: Policy,
    added: Collection[Cell] = frozenset(),
) -> dict[Cell, str]:
    """Return each cell that must be hidden, with PRIMARY or SECONDARY.

    Args:
        counts: each cell with its true count.
        related: the relations between them.
        policy: which counts are small.
        added: the totals among the cells that no figure shows. One that a reader cannot add up
            either is neither hidden nor does anything follow from it.
    """
    related = list(related)
    small = {cell for cell, count in counts.items() if policy.is_small(count)}
    silent = set(added) - told_totals(added, related, small)
    hidden = dict.fromkeys(silent, _SILENT) | dict.fromkeys(small - silent, PRIMARY)
    touching: dict[Cell, list[Relation]] = defaultdict(list)
    # A set would lose the order, and with it the same choice on every run.
    waiting: deque[Relation] = deque()
    for relation in related:
        waiting.append(relation)
        for cell in (relation.total, *relation.children):
            touching[cell].append(relation)
    while waiting:
        relation = waiting.popleft()
        find = _telling_of_all if relation.total in silent else _partner
        while (partner := find(relation, counts, hidden, policy)) is not None:
            hidden[partner] = SECONDARY
            waiting.extend(touching[partner])
    return {cell: reason for cell, reason in hidden.items() if cell not in silent}


def _partner(
    relation: Relation, counts: Mapping[Cell, int], hidden: Mapping[Cell, str], policy: Policy
) -> Cell | None:
    """Return the next cell to hide in ``relation``, or None where nothing follows from it."""
    telling = _telling_of_all(relation, counts, hidden, policy)
    if telling is not None:
        return telling
    holes = [cell for cell in relation.children if cell in hidden]
    unknown = [counts[cell] for cell in holes]
    is_whole = relation.total not in hidden and not unknown
    if relation.remainder is not None:
        follows = is_whole and policy.is_small(relation.remainder)
    elif relation.total in hidden:
        follows = not unknown
    elif is_whole:
        follows = policy.is_small(relation.shared)
    else:
        follows = len(unknown) == 1 or sum(unknown) <= policy.threshold
        follows &= any(hidden[cell] != _SILENT for cell in holes)
    if not follows:
        return None
    partner = _smallest(relation.children, counts, hidden)
    if partner is None and relation.total in hidden:
        # None of nobody: where that is hidden, one of the zeros that it is the sum of is too.
        return min((cell for cell in relation.children if cell not in hidden), default=None)
    return partner or relation.total


def _telling_of_all(
    relation: Relation, counts: Mapping[Cell, int], hidden: Mapping[Cell, str], policy: Policy
) -> Cell | None:
    """Return the next cell to hide where all of few people are in one group.

    Their number need not be known for that to tell of each of them what they are, so the group
    that holds everybody is hidden and one that holds nobody as well.
    """
    if not relation.is_partition:
        return None
    filled = [cell for cell in relation.children if counts[cell] > 0]
    if len(filled) != 1 or counts[relation.total] > policy.small_base:
        return None
    if filled[0] not in hidden:
        return filled[0]
    empty = [cell for cell in relation.children if cell != filled[0]]
    return min(empty) if empty and not any(cell in hidden for cell in empty) else None


def _smallest(
    cells: Iterable[Cell], counts: Mapping[Cell, int], hidden: Mapping[Cell, str]
) -> Cell | None:
    """Return the smallest cell still shown that is not zero; ties by organisation and name."""
    shown = [cell for cell in cells if cell not in hidden and counts[cell] > 0]
    return min(shown, key=lambda cell: (counts[cell], cell), default=None)
