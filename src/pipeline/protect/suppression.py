"""Which counts are hidden: the small ones, and what would give them back.

Small counts are hidden first. Then, for every count that is hidden or withheld and of which the
rest tells too much, the cheapest move to another world that a reader must think possible is
sought, and whatever is shown and moves there is hidden too. At the end each of these is shown
again where the others protect enough without it.

Source: Fischetti and Salazar, "Solving the Cell Suppression Problem on Tabular Data with Linear
Constraints", Management Science 47 (2001); Kelly, Golden and Assad, "Cell Suppression: Disclosure
Protection for Sensitive Tabular Data", Networks 22 (1992), for the moves.
"""

from collections.abc import Collection
from functools import partial
from itertools import chain

from pipeline.disclosure import Policy
from pipeline.protect.bounds import Bounds
from pipeline.protect.cells import Cells
from pipeline.protect.choice import Choice
from pipeline.protect.fewest import MOST_COLUMNS, fewest
from pipeline.protect.greedy import Greedy
from pipeline.protect.part import Part, part, places_of_alike
from pipeline.protect.relations import Relations
from pipeline.protect.rules import Rules, rules
from pipeline.protect.system import parts
from pipeline.sharing import Each, here

PRIMARY, SECONDARY = "PRIMARY", "SECONDARY"
_LARGE = 2500
"""From how many columns that hang together on each move would take too long."""


def hidden_cells(  # noqa: PLR0913 - what is known of the cells has names of its own
    cells: Cells,
    related: Relations,
    policy: Policy,
    withheld: Collection[int] = frozenset(),
    out: Collection[int] = frozenset(),
    *,
    each: Each = here,
) -> dict[int, str]:
    """Return each cell that must be hidden, by number, with PRIMARY or SECONDARY.

    Args:
        cells: every cell with its true count.
        related: the relations between them.
        policy: which counts are small, and what hiding others costs.
        withheld: cells that are not published in any case; protected, and not among the result.
        out: cells that are published already, which can be hidden no more.
        each: works on the parts that hang together, one after the other or several at once.
    """
    own = rules(cells, related, policy, frozenset(withheld), frozenset(out))
    hidden = dict.fromkeys(own.primary.nonzero()[0].tolist(), PRIMARY)
    if policy.secondary:
        hidden |= dict.fromkeys(_others(own, each, is_first=not out), SECONDARY)
    return hidden


def _others(rules: Rules, each: Each, *, is_first: bool) -> list[int]:
    """Return what is hidden for the sake of others, each part that hangs together by itself.

    Args:
        rules: what holds of each column of the system.
        each: works on the parts.
        is_first: whether nothing is out yet. Beside what is, the fewest cells would lean on what
            no withholding can open any more, which the attack does not excuse.
    """
    import numpy as np

    is_large = np.zeros(len(rules.system.truth), dtype=bool)
    asked = rules.sensitive & rules.unknown
    asked[[cell for empty in rules.alike for cell in empty]] = True
    own: list[Part] = []
    alike_of = places_of_alike(rules.alike)
    for columns in parts(rules.system, ~rules.fixed):
        if not asked[columns].any():
            continue
        if len(columns) > _LARGE:
            is_large[columns] = True
        else:
            own.append(part(rules, columns, alike_of))
    own.sort(key=lambda one: -len(one.columns))
    found = list(chain.from_iterable(each(partial(_made, is_first=is_first), own)))
    if is_large.any():
        found += Greedy(rules, is_large).made()
    return _without_told(rules, found)


def _made(own: Part, *, is_first: bool) -> list[int]:
    """Return what is hidden of a part, by the numbers of the whole system."""
    few = None
    if is_first and len(own.columns) <= MOST_COLUMNS:
        few = fewest(own.rules, own.columns)
    return own.numbers(Choice(own.rules, own.columns).made() if few is None else few)


def _without_told(rules: Rules, hidden: list[int]) -> list[int]:
    """Return the hidden cells without those that follow from one condition: it hides nothing."""
    import numpy as np

    unknown = rules.unknown.copy()
    unknown[hidden] = True
    bounds = Bounds(rules.system)
    bounds.tighten(unknown)
    is_told = (bounds.least == bounds.most) & (rules.system.truth >= rules.threshold)
    return np.array(hidden, dtype=np.int64)[~is_told[hidden]].tolist() if hidden else hidden
