"""The usual practice: hide what is small, then the next smallest in each sum that gives it back.

What tools of the field do, one table after the other, here repeated until the result passes the
same attack as the product's choice: a baseline for ``bench/disclosure.py``.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from random_counts import Cell, Law

Sum = tuple[Cell, ...]
"""A total and its addends, of which one follows from all others."""
Attack = Callable[[Collection[Cell]], Collection[Cell]]
"""What returns the hidden counts of which a reader can tell too much."""


def sums_of(laws: Iterable[Law]) -> list[Sum]:
    """Return the sums among laws; a pooled count is taken for the sum of those in it."""
    found = {}
    for terms, least, _ in laws:
        totals = [cell for cell, factor in terms.items() if factor < 0]
        addends = [cell for cell, factor in terms.items() if factor > 0]
        if len(totals) == 1 and addends and least is not None:
            found[(totals[0], *sorted(addends))] = None
    return list(found)


def usual_practice(
    truth: Mapping[Cell, int],
    sums: Sequence[Sum],
    withheld: Collection[Cell],
    attack: Attack,
    threshold: int = 10,
) -> tuple[set[Cell], int]:
    """Return the counts that the usual practice hides, and how often it was attacked.

    Args:
        truth: the true counts.
        sums: the sums that hold between them.
        withheld: counts that are not published in any case; they are among those returned.
        attack: what it has to pass; the last choice stands where nothing is left to hide.
        threshold: counts from 1 to the one before are small.
    """
    of_cell: dict[Cell, list[int]] = {cell: [] for cell in truth}
    for place, one in enumerate(sums):
        for cell in one:
            of_cell[cell].append(place)
    hidden = {cell for cell, number in truth.items() if 0 < number < threshold} | set(withheld)

    def hide_next(place: int) -> Cell | None:
        shown = [cell for cell in sums[place] if cell not in hidden]
        if not shown:
            return None
        # A zero is the last to be hidden, and of the others the smallest is the first.
        chosen = min(shown, key=lambda cell: (truth[cell] == 0, truth[cell], cell))
        hidden.add(chosen)
        return chosen

    waiting = deque(range(len(sums)))
    rounds = 0
    while True:
        while waiting:
            place = waiting.popleft()
            holes = [cell for cell in sums[place] if cell in hidden]
            few = sum(truth[cell] for cell in holes if cell != sums[place][0]) <= threshold
            if len(holes) == 1 or (holes and few and sums[place][0] not in hidden):
                chosen = hide_next(place)
                waiting.extend(of_cell[chosen] if chosen else ())
        rounds += 1
        told = [cell for cell in sorted(attack(hidden)) if cell in of_cell]
        for cell in told:
            for place in of_cell[cell]:
                chosen = hide_next(place)
                waiting.extend(of_cell[chosen] if chosen else ())
        if not waiting:
            return hidden, rounds
