"""Which counts are hidden: the small ones, and what would give them back.

This is primary suppression with one complementary cell in every relation. It leaves no hidden
count that follows from one relation alone, no small remainder between counts that are shown, and
no group of few people of whom all are said to be alike.
"""

from collections import deque
from collections.abc import Collection, Iterable, Sequence

from pipeline.disclosure import Policy
from pipeline.protect.cells import Cells
from pipeline.protect.costs import Costs
from pipeline.protect.relations import Relations
from pipeline.protect.totals import told_totals

PRIMARY, SECONDARY = "PRIMARY", "SECONDARY"
_SILENT = "SILENT"
"""Of a total that no figure shows and that nobody can add up: unknown, and no matter if it is."""
_WITHHELD = "WITHHELD"


def hidden_cells(
    cells: Cells,
    related: Relations,
    policy: Policy,
    withheld: Collection[int] = frozenset(),
    out: Collection[int] = frozenset(),
) -> dict[int, str]:
    """Return each cell that must be hidden, by number, with PRIMARY or SECONDARY.

    A total that no figure shows and that a reader cannot add up either is neither hidden nor does
    anything follow from it.

    Args:
        cells: every cell with its true count.
        related: the relations between them.
        policy: which counts are small, and what hiding others costs.
        withheld: cells that are not published in any case; protected, and not among the result.
        out: cells that are published already, which can be hidden no more.
    """
    withheld, out = frozenset(withheld), frozenset(out)
    by_cell = related.by_cell(cells)
    small = {cell for cell, count in enumerate(cells.counts) if policy.is_small(count)}
    small = (small | withheld) - out
    silent = cells.added - told_totals(cells, related, by_cell, small)
    hidden = dict.fromkeys(silent, _SILENT) | dict.fromkeys(small - silent, PRIMARY)
    hidden |= dict.fromkeys(withheld - out - silent, _WITHHELD)
    table = _Table(cells, related, by_cell, hidden, policy, out)
    alike = _alike(cells.counts, related, policy)
    # A set would lose the order, and with it the same choice on every run.
    waiting = deque(range(len(related)))
    is_new = [True] * len(related)
    while waiting:
        place = waiting.popleft()
        if not is_new[place]:
            continue
        while (partner := _partner(place, table, alike)) is not None:
            table.hide(partner)
            waiting.extend(by_cell[partner])
            for other in by_cell[partner]:
                is_new[other] = True
        is_new[place] = False
    unpublished = silent | withheld
    return {cell: reason for cell, reason in hidden.items() if cell not in unpublished}


class _Table:
    """What is hidden so far, and how many holes it leaves in each relation.

    Attributes:
        counts: the true count of each cell.
        related: the relations.
        hidden: the hidden cells with the reason of each.
    """

    def __init__(
        self,
        cells: Cells,
        related: Relations,
        by_cell: Sequence[Sequence[int]],
        hidden: dict[int, str],
        policy: Policy,
        out: frozenset[int],
    ) -> None:
        self.counts = cells.counts
        self.related = related
        self.hidden = hidden
        self._by_cell = by_cell
        self._policy = policy
        self._out = out
        self._named = cells.named()
        self._costs = Costs(policy)
        self._holes = related.sums_of([cell in hidden for cell in range(len(self.counts))])

    def hide(self, cell: int) -> None:
        """Hide a cell that is still shown, for the sake of others."""
        self.hidden[cell] = SECONDARY
        for place in self._by_cell[cell]:
            self._holes[place] += self.related.totals[place] != cell

    def follows(self, place: int) -> bool:
        """Return whether something follows from a relation that may not be known."""
        holes, remainder = self._holes[place], self.related.remainders[place]
        total = self.related.totals[place]
        if remainder is not None:
            return not holes and total not in self.hidden and self._policy.is_small(remainder)
        if total in self.hidden:
            return not holes and self.hidden[total] != _SILENT
        if not holes:
            return self._policy.is_small(self.related.shared[place])
        unknown = [cell for cell in self.related.children_of(place) if cell in self.hidden]
        if holes > 1 and sum([self.counts[cell] for cell in unknown]) > self._policy.threshold:
            return False
        return any(self.hidden[cell] != _SILENT for cell in unknown)

    def shown(self, cells: Iterable[int]) -> list[int]:
        """Return which of the cells are shown and can be hidden still."""
        return [cell for cell in cells if cell not in self.hidden and cell not in self._out]

    def cost(self, cell: int) -> float:
        """Return what hiding a cell costs."""
        return self._costs.of(*self._named[cell])


def _partner(place: int, table: _Table, alike: dict[int, int]) -> int | None:
    """Return the next cell to hide in a relation, or None where nothing follows from it."""
    if place in alike:
        telling = _telling_of_all(place, alike[place], table)
        if telling is not None:
            return telling
    if not table.follows(place):
        return None
    total = table.related.totals[place]
    shown = table.shown(table.related.children_of(place))
    filled = [cell for cell in shown if table.counts[cell] > 0]
    if filled:
        return min(filled, key=table.cost)
    if total in table.hidden or not table.shown([total]):
        # None of nobody: where that is hidden, one of the zeros that it is the sum of is too.
        return min(shown, key=table.cost, default=None)
    return total


def _alike(counts: list[int], related: Relations, policy: Policy) -> dict[int, int]:
    """Return the relations whose few people are all in one group, by place, with that group."""
    found = {}
    for place, is_partition in enumerate(related.are_partitions):
        if is_partition and counts[related.totals[place]] <= policy.small_base:
            filled = [cell for cell in related.children_of(place) if counts[cell] > 0]
            if len(filled) == 1:
                found[place] = filled[0]
    return found


def _telling_of_all(place: int, group: int, table: _Table) -> int | None:
    """Return the next cell to hide where all of few people are in one group.

    Their number need not be known for that to tell of each of them what they are, so the group
    that holds everybody is hidden and one that holds nobody as well.
    """
    if table.shown([group]):
        return group
    empty = [cell for cell in table.related.children_of(place) if cell != group]
    if any(cell in table.hidden for cell in empty):
        return None
    return min(table.shown(empty), key=table.cost, default=None)
