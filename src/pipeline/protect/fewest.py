"""The fewest cells to hide, exactly, where little hangs together.

An integer programme over all choices (HiGHS) knows at first only that what is small is hidden.
What its answer tells too much of becomes a cut: one of the shown cells that tell it is hidden too,
or one of the hidden ones that would open its block is shown. The first answer that tells nothing
is the optimum, since every cut holds for every choice that protects.

Source: Fischetti and Salazar, "Solving the Cell Suppression Problem on Tabular Data with Linear
Constraints", Management Science 47 (2001), for the master programme and the attacker's.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from pipeline.protect.demands import Demands, Shortfall
from pipeline.protect.possible import Hidden, Possible, UnsolvedError
from pipeline.protect.rules import Rules

if TYPE_CHECKING:
    from pipeline.protect.system import Ints

MOST_COLUMNS = 60
"""Up to how many columns that hang together the fewest are sought."""
_MOST_ROUNDS, _MOST_SOLVED = 200, 5_000
"""When the search is given up. No clock decides, so that every machine makes the same choice."""
_HALF = 0.5


def fewest(rules: Rules, columns: "Ints") -> list[int] | None:
    """Return the cells to hide for the sake of others, in order; None where it is given up.

    Args:
        rules: what holds of each column of the system.
        columns: the columns that hang together, in order.
    """
    possible = Possible(rules, columns)
    demands = Demands(rules, columns, possible)
    master = _Master(rules, possible.free)
    given_up: set[int] = set()
    try:
        for _ in range(_MOST_ROUNDS):
            hidden = master.cheapest()
            found = _not_in(given_up, demands.shortfalls(hidden))
            found = found or _not_in(given_up, demands.to_whom_knows_one(hidden))
            if not found:
                return sorted(hidden)
            for short in found:
                if possible.solved > _MOST_SOLVED:
                    return None
                telling, opening = _cut(demands, short, hidden)
                if telling or opening:
                    master.cut(telling, opening)
                else:
                    # No choice protects it: its whole block is withheld.
                    given_up.add(short.column)
                    master.hide(demands.block(short.column))
    except UnsolvedError:
        pass
    return None


def _not_in(given_up: set[int], found: Iterable[Shortfall]) -> list[Shortfall]:
    return [short for short in found if short.column not in given_up]


def _cut(demands: Demands, short: Shortfall, hidden: Hidden) -> tuple[Hidden, Hidden]:
    """Return the shown cells of which one is to be hidden, or of the hidden ones one shown.

    The fewer these are, the more the cut says.
    """
    every = frozenset(demands.possible.free)
    telling = demands.held(short, hidden)
    if not demands.is_narrow(short, every - telling):
        telling = every - hidden
    for cell in sorted(telling):
        if demands.is_narrow(short, every - (telling - {cell})):
            telling -= {cell}
    opening = hidden & {short.column}
    if not demands.is_asked(short, opening):
        opening = hidden
        for cell in sorted(hidden - {short.column}):
            if demands.is_asked(short, opening - {cell}):
                opening -= {cell}
    return telling, opening


class _Master:
    """The programme over all choices: 1 for a cell that is hidden, and 0 for one that is shown."""

    def __init__(self, rules: Rules, free: list[int]) -> None:
        import highspy
        import numpy as np

        self._free = free
        self._place = {cell: place for place, cell in enumerate(free)}
        # Fewest first: all that decides among as few together is less than one cell.
        facts = rules.prices[free] - 1
        self._highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in (("output_flag", False), ("threads", 1), ("mip_rel_gap", 0.0)):
            self._highs.setOptionValue(option, value)
        size = len(free)
        self._highs.addVars(size, np.zeros(size), np.ones(size))
        every = np.arange(size, dtype=np.int32)
        self._highs.changeColsCost(size, every, 1 + facts / (size + 1))
        whole = np.full(size, int(highspy.HighsVarType.kInteger), dtype=np.uint8)
        self._highs.changeColsIntegrality(size, every, whole)

    def cut(self, telling: Hidden, opening: Hidden) -> None:
        """Demand that one of some cells is hidden, or one of some others shown."""
        import highspy
        import numpy as np

        cells = sorted(telling | opening)
        places = np.array([self._place[cell] for cell in cells], dtype=np.int32)
        weights = np.array([1.0 if cell in telling else -1.0 for cell in cells])
        self._highs.addRow(1.0 - len(opening), highspy.kHighsInf, len(cells), places, weights)

    def hide(self, cells: Hidden) -> None:
        """Demand that some cells are hidden."""
        for cell in sorted(cells):
            self._highs.changeColBounds(self._place[cell], 1.0, 1.0)

    def cheapest(self) -> Hidden:
        """Return the cheapest choice that meets all demands.

        Raises:
            UnsolvedError: none was found.
        """
        import highspy

        if not self._free:
            return frozenset()
        self._highs.run()
        if self._highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise UnsolvedError
        chosen = self._highs.getSolution().col_value
        return frozenset(
            cell for cell, is_hidden in zip(self._free, chosen, strict=True) if is_hidden > _HALF
        )
