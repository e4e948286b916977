"""The totals that no figure shows and that a reader can add up.

Whoever knows all shortlisted by sex knows how many there are, and with that the one hole among
them by ethnicity. What adds up to the same total in two ways is equal, whatever the total is.
"""

from collections.abc import Mapping

from pipeline.protect.cells import Cells, Owner, numbered
from pipeline.protect.sums import is_everybody, sums


def with_totals(counts: Mapping[Owner, Mapping[str, int]]) -> Cells:
    """Return the counts as cells, with every total that they, or such totals, are the addends of.

    Args:
        counts: the counts that stand in a figure, of each organisation and snapshot by name.
    """
    names = {owner: tuple(sorted(own)) for owner, own in counts.items()}
    totals = {named: _totals(named) for named in set(names.values())}
    complete: dict[Owner, dict[str, int]] = {}
    for owner, own in counts.items():
        complete[owner] = dict(own)
        for total, children in totals[names[owner]].items():
            complete[owner][total] = sum([complete[owner][child] for child in children])
    added = {owner: totals[names[owner]] for owner in counts}
    return numbered(complete, added)


def _totals(names: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Return the totals to add to counts of these names, with the addends of each, in order."""
    known = dict.fromkeys(names)
    found: dict[str, tuple[str, ...]] = {}
    while True:
        new = {
            total: children
            for total, children, _ in sums(known)
            if total not in known and is_everybody(total, children)
        }
        if not new:
            return found
        found |= new
        known |= dict.fromkeys(new)
