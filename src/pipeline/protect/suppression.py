"""Which counts are hidden: the small ones, and what would give them back.

This is primary suppression with one complementary cell in every relation. It leaves no hidden
count that follows from one relation alone, no small remainder between counts that are shown, and
no group of few people of whom all are said to be alike.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping

from pipeline.protect.policy import Policy
from pipeline.protect.relations import Cell, Relation

PRIMARY, SECONDARY = "PRIMARY", "SECONDARY"


def hidden_cells(
    counts: Mapping[Cell, int], related: Iterable[Relation], policy: Policy
) -> dict[Cell, str]:
    """Return each cell that must be hidden, with PRIMARY or SECONDARY.

    Args:
        counts: each cell with its true count.
        related: the relations between them.
        policy: which counts are small.
    """
    hidden = {cell: PRIMARY for cell, count in counts.items() if policy.is_small(count)}
    touching: dict[Cell, list[Relation]] = defaultdict(list)
    # A set would lose the order, and with it the same choice on every run.
    waiting: deque[Relation] = deque()
    for relation in related:
        waiting.append(relation)
        for cell in (relation.total, *relation.children):
            touching[cell].append(relation)
    while waiting:
        relation = waiting.popleft()
        while (partner := _partner(relation, counts, hidden, policy)) is not None:
            hidden[partner] = SECONDARY
            waiting.extend(touching[partner])
    return hidden


def _partner(
    relation: Relation, counts: Mapping[Cell, int], hidden: Mapping[Cell, str], policy: Policy
) -> Cell | None:
    """Return the next cell to hide in ``relation``, or None where nothing follows from it."""
    if relation.is_partition:
        telling = _telling_of_all(relation, counts, hidden, policy)
        if telling is not None:
            return telling
    unknown = [counts[cell] for cell in relation.children if cell in hidden]
    is_whole = relation.total not in hidden and not unknown
    if relation.remainder is not None:
        follows = is_whole and policy.is_small(relation.remainder)
    elif relation.total in hidden:
        follows = not unknown
    elif is_whole:
        follows = policy.is_small(relation.shared)
    else:
        follows = len(unknown) == 1 or sum(unknown) <= policy.threshold
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
