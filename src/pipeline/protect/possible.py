"""What a count may be in all worlds that a reader must think possible, for any choice of cells.

A world is a move from the true numbers, in whole numbers, under which every row still adds up to
nought. Only what is unknown or hidden moves. Each end is the optimum of a programme (HiGHS): of
real numbers, and where its corner is not whole, of whole ones.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.protect.bounds import MOST
from pipeline.protect.rules import Rules

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from pipeline.protect.system import Ints

Hidden = frozenset[int]
"""The columns that are hidden besides those that are unknown whatever is chosen."""
_ROUNDING = 1e-6


class UnsolvedError(Exception):
    """A programme was not solved, so that nothing can be said of what is possible."""


class Range(NamedTuple):
    """The least and the most that a column may be."""

    low: int
    high: int

    @property
    def values(self) -> int:
        """How many values that are at most."""
        return self.high - self.low + 1


class Possible:
    """The worlds of the columns that hang together.

    Attributes:
        free: the columns that can be hidden, in order.
        solved: how many programmes were solved.
    """

    def __init__(self, rules: Rules, columns: "Ints") -> None:
        """Set up the programme.

        Args:
            rules: what holds of each column of the system.
            columns: the columns that hang together, in order; no other one moves.
        """
        import highspy
        import numpy as np

        self._columns, self._truth = columns, rules.system.truth[columns]
        self._place = {column: place for place, column in enumerate(columns.tolist())}
        can_hide = ~rules.unknown[columns] & np.isfinite(rules.prices[columns])
        self.free = columns[can_hide].tolist()
        self._unknown = np.flatnonzero(rules.unknown[columns])
        self._every = np.arange(len(columns), dtype=np.int32)
        self.solved = 0
        self._known: dict[tuple[int, int, Hidden, int | None], tuple[int, Hidden]] = {}
        which, rows, values = rules.system.columns.entries(columns)
        near, index = np.unique(rows, return_inverse=True)
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(columns), len(near)
        model.col_cost_ = np.zeros(len(columns))
        model.col_lower_ = model.col_upper_ = np.zeros(len(columns))
        model.row_lower_ = model.row_upper_ = np.zeros(len(near))
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        starts = np.concatenate(([0], np.cumsum(np.bincount(which, minlength=len(columns)))))
        model.a_matrix_.start_ = starts.astype(np.int32)
        model.a_matrix_.index_ = index.astype(np.int32)
        model.a_matrix_.value_ = values.astype(float)
        self._real = _solver(model)
        model.integrality_ = [highspy.HighsVarType.kInteger] * len(columns)
        self._whole = _solver(model)

    def range(self, column: int, hidden: Hidden, kept: int | None = None) -> Range:
        """Return between what a column is in all worlds.

        Args:
            column: the column.
            hidden: what is hidden.
            kept: a column that the reader knows besides.

        Raises:
            UnsolvedError: a programme was not solved.
        """
        truth = int(self._truth[self._place[column]])
        down, up = (self._furthest(column, sign, hidden, kept)[0] for sign in (-1, 1))
        return Range(truth - down, truth + up)

    def holding(self, column: int, sign: int, hidden: Hidden, kept: int | None) -> Hidden:
        """Return cells that are shown and that by themselves keep a column from going further.

        They are those with a price in the programme; where its corner was not whole, all of them.
        """
        return self._furthest(column, sign, hidden, kept)[1]

    def _furthest(
        self, column: int, sign: int, hidden: Hidden, kept: int | None
    ) -> tuple[int, Hidden]:
        key = column, sign, hidden, kept
        if key not in self._known:
            self._known[key] = self._solve(*key)
        return self._known[key]

    def _solve(
        self, column: int, sign: int, hidden: Hidden, kept: int | None
    ) -> tuple[int, Hidden]:
        import numpy as np

        one = self._place[column]
        moving = np.union1d(self._unknown, [self._place[cell] for cell in hidden]).astype(np.int64)
        if one not in moving or column == kept:
            return 0, frozenset()
        low, high, costs = np.zeros((3, len(self._columns)))
        low[moving], high[moving] = -self._truth[moving], MOST
        if kept is not None:
            low[self._place[kept]] = high[self._place[kept]] = 0
        costs[one] = -sign
        real = self._run(self._real, low, high, costs)
        moved = np.array(real.col_value)
        holding: Collection[int] = self.free
        if np.abs(moved - np.rint(moved)).max() <= _ROUNDING:
            priced = np.abs(np.array(real.col_dual)) > _ROUNDING
            holding = [cell for cell in self.free if priced[self._place[cell]]]
        else:
            moved = np.array(self._run(self._whole, low, high, costs).col_value)
        return round(sign * moved[one]), frozenset(holding) - hidden

    def _run(
        self,
        highs: Any,
        low: "npt.NDArray[np.float64]",
        high: "npt.NDArray[np.float64]",
        costs: "npt.NDArray[np.float64]",
    ) -> Any:
        import highspy

        self.solved += 1
        highs.changeColsBounds(len(self._every), self._every, low, high)
        highs.changeColsCost(len(self._every), self._every, costs)
        highs.run()
        if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise UnsolvedError
        return highs.getSolution()


def _solver(model: Any) -> Any:
    import highspy

    highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    # From one question to the next little changes, so that each goes on from the last answer.
    for option, value in (
        ("output_flag", False), ("threads", 1), ("presolve", "off"),
        ("mip_rel_gap", 0.0), ("mip_abs_gap", 0.5),
    ):  # fmt: skip
        highs.setOptionValue(option, value)
    highs.passModel(model)
    return highs
