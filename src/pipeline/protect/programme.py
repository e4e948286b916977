"""The cheapest move from the true counts to another world that a reader must think possible.

A move is a change of every count under which all rows still add up to nought. Cells that are shown
move at the price of hiding them, unknown ones nearly for nothing. The counts of a snapshot are one
linear programme, which is asked again and again and goes on from its last answer.
"""

from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.protect.system import System

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from pipeline.protect.system import Ints

    Mask = npt.NDArray[np.bool_]

_UNKNOWN = 3e-4
"""What a column that is unknown costs for each step, so that few move."""
_USUAL = 8
"""How far a column is asked to move at most: over that the price of a shown one is spread."""
_ROUNDING = 1e-6
_ATTEMPTS = 3


class Question(NamedTuple):
    """Whether a column can be ``need`` more (sign 1) or less (sign -1) than in truth.

    Attributes:
        column: the column; it may move, whatever it costs.
        sign: whether it is to be more or less.
        need: by how many.
        kept: a column that stays as it is.
    """

    column: int
    sign: int
    need: int
    kept: int | None = None


class Move(NamedTuple):
    """The columns that move, by how many each, and what hiding the shown ones among them costs."""

    columns: "Ints"
    by: "Ints"
    cost: float


class Programme:
    """The programme of the columns that hang together.

    Each has two variables: how far it moves forth, and how far back.

    Args:
        system: the equations.
        columns: the columns that may move at all, in order.
        prices: what hiding each column of the system costs; nought of what is unknown.
    """

    def __init__(self, system: System, columns: "Ints", prices: "npt.NDArray[np.float64]") -> None:
        import highspy
        import numpy as np

        self.columns, self.width = columns, len(columns)
        self.prices = prices[columns].copy()
        self.truth = system.truth[columns]
        self.solved = 0
        which, rows, values = system.columns.entries(columns)
        near, index = np.unique(rows, return_inverse=True)
        starts = np.concatenate(([0], np.cumsum(np.bincount(which, minlength=self.width))))
        self._upper = np.concatenate((np.full(self.width, np.inf), self.truth)).astype(float)
        self._slopes = np.where(self.prices > 0, self.prices / _USUAL, _UNKNOWN)
        self._highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in (
            ("output_flag", False),
            ("threads", 1),
            ("presolve", "off"),
        ):
            self._highs.setOptionValue(option, value)
        self._highs.passModel(
            2 * self.width,
            len(near),
            2 * len(index),
            int(highspy.MatrixFormat.kColwise),
            int(highspy.ObjSense.kMinimize),
            0.0,
            np.concatenate((self._slopes, self._slopes)),
            np.zeros(2 * self.width),
            self._upper,
            np.zeros(len(near)),
            np.zeros(len(near)),
            np.concatenate((starts, starts[1:] + starts[-1])).astype(np.int32),
            np.concatenate((index, index)).astype(np.int32),
            np.concatenate((values, -values)).astype(np.float64),
            np.zeros(2 * self.width, dtype=np.int32),
        )

    def _place(self, column: int) -> int:
        return int(self.columns.searchsorted(column))

    def price(self, column: int, price: float, *, may_move: bool = True) -> None:
        """Set what hiding a column costs from now on, and whether it may move at all."""
        one = self._place(column)
        self.prices[one] = price
        self._slopes[one] = price / _USUAL if price else _UNKNOWN
        self._cost([one], self._slopes)
        self._free(one, may_move=may_move)

    def _cost(self, places: "list[int] | Ints", slopes: "npt.NDArray[np.float64]") -> None:
        import numpy as np

        both = np.concatenate((places, np.asarray(places) + self.width)).astype(np.int32)
        costs = np.tile(slopes[places], 2)
        self._highs.changeColsCost(len(both), both, costs)

    def _free(self, one: int, *, may_move: bool) -> None:
        for variable in (one, one + self.width):
            upper = float(self._upper[variable]) if may_move else 0.0
            self._highs.changeColBounds(variable, 0.0, upper)

    def cheapest(self, question: Question) -> Move | None:
        """Return the cheapest move that is found; None where there is none.

        What a column costs is one price however far it moves, so where something shown moves the
        programme is solved again with its price spread over the distance that it moved.
        """
        import numpy as np

        one = self._place(question.column)
        forth, back = (one, one + self.width) if question.sign > 0 else (one + self.width, one)
        if self._upper[forth] < question.need:
            return None
        self._highs.changeColBounds(forth, float(question.need), float(question.need))
        self._highs.changeColBounds(back, 0.0, 0.0)
        if question.kept is not None:
            self._free(self._place(question.kept), may_move=False)
        best = self._move()
        if best is not None and best.cost:
            moved = np.searchsorted(self.columns, best.columns)
            shown = moved[self.prices[moved] > 0]
            far = np.abs(best.by[self.prices[moved] > 0])
            slopes = self._slopes.copy()
            slopes[shown] = self.prices[shown] / far
            self._cost(shown, slopes)
            other = self._move()
            if other is not None and other.cost < best.cost:
                best = other
            self._cost(shown, self._slopes)
        self._free(one, may_move=True)
        if question.kept is not None:
            self._free(self._place(question.kept), may_move=True)
        return best

    def furthest(self, column: int, is_unknown: "Mask") -> int:
        """Return how far back a column can move at most where only what is unknown moves."""
        import numpy as np

        one = self._place(column)
        kept = np.flatnonzero(~is_unknown[self.columns])
        both = np.concatenate((kept, kept + self.width)).astype(np.int32)
        nothing = np.zeros(len(both))
        every = np.arange(2 * self.width, dtype=np.int32)
        slopes = np.tile(self._slopes, 2)
        self._highs.changeColsBounds(len(both), both, nothing, nothing)
        costs = np.zeros(2 * self.width)
        costs[one], costs[one + self.width] = 1.0, -1.0
        self._highs.changeColsCost(len(every), every, costs)
        moved = self._solved()
        self._highs.changeColsCost(len(every), every, slopes)
        self._highs.changeColsBounds(len(both), both, nothing, self._upper[both])
        return int(self.truth[one]) if moved is None else int(np.floor(_ROUNDING - moved[one]))

    def _move(self) -> Move | None:
        import numpy as np

        moved = self._solved()
        changed: Ints | None = None
        for attempt in range(_ATTEMPTS):
            if moved is None:
                break
            whole = np.rint(moved)
            if np.abs(moved - whole).max() <= _ROUNDING:
                if changed is not None:
                    self._cost(changed, self._slopes)
                there = np.flatnonzero(whole)
                cost = float(self.prices[there].sum())
                return Move(self.columns[there], whole[there].astype(np.int64), cost)
            # Other prices of what moves lead to another corner, which may be in whole numbers.
            used = np.flatnonzero(moved)
            changed = used if changed is None else np.union1d(changed, used)
            slopes = self._slopes.copy()
            slopes[used] *= np.random.default_rng(attempt).uniform(1, 3, len(used))
            self._cost(used, slopes)
            moved = self._solved()
        if changed is not None:
            self._cost(changed, self._slopes)
        return None

    def _solved(self) -> "npt.NDArray[np.float64] | None":
        import highspy
        import numpy as np

        self.solved += 1
        self._highs.run()
        if self._highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        solution = np.array(self._highs.getSolution().col_value, dtype=np.float64)
        moved: npt.NDArray[np.float64] = solution[: self.width] - solution[self.width :]
        return moved
