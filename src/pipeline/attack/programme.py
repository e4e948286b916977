"""HiGHS: the best real or whole numbers that fit linear conditions.

What it returns is rounded to whole numbers and proves nothing before it is looked at exactly.
"""

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from highspy import Highs

    from pipeline.attack.system import System

    Ints = npt.NDArray[np.int64]
    Reals = npt.NDArray[np.float64]


_SCALE = 2**40
"""Prices are held in whole parts of this."""


Option = bool | int | float | str
_ALWAYS: dict[str, Option] = {"output_flag": False, "threads": 1, "parallel": "off"}
# The numbers are whole, so that half a unit is as good as none.
_OPTIONS: dict[str, Option] = {"mip_rel_gap": 0.0, "mip_abs_gap": 0.5}


class Outcome(StrEnum):
    """How a programme ended."""

    SOLVED = "solved"
    INFEASIBLE = "infeasible"
    UNSOLVED = "unsolved"


class Programme:
    """One set of conditions, asked again and again from where the last answer ended.

    Attributes:
        values: the numbers of the last solved question.
        duals: the prices of the rows in the last solved question over real numbers.
    """

    def __init__(self, system: "System", *, whole: bool = False, seconds: float) -> None:
        import highspy
        import numpy as np

        self._highs = solver(_OPTIONS)
        self._size = len(system.low)
        self._whole = whole
        self._seconds = seconds
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = self._size, len(system.row_low)
        model.col_cost_ = np.zeros(self._size)
        model.col_lower_, model.col_upper_ = system.low.astype(float), system.high.astype(float)
        model.row_lower_, model.row_upper_ = ends(system.row_low), ends(system.row_high)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = system.starts.astype(np.int32)
        model.a_matrix_.index_ = system.columns.astype(np.int32)
        model.a_matrix_.value_ = system.weights.astype(float)
        if whole:
            model.integrality_ = [highspy.HighsVarType.kInteger] * self._size
        self._highs.passModel(model)
        status = highspy.HighsModelStatus
        self._outcomes = {
            status.kOptimal: Outcome.SOLVED,
            status.kModelEmpty: Outcome.SOLVED,
            status.kInfeasible: Outcome.INFEASIBLE,
        }
        self.values: Reals = np.zeros(self._size)
        self.duals: Reals = np.zeros(len(system.row_low))

    def cost(self, columns: "Ints", costs: "Ints") -> None:
        """Set what each of some columns costs; the sum is made as small as it can be."""
        import numpy as np

        self._highs.changeColsCost(len(columns), columns.astype(np.int32), costs.astype(float))

    def forget(self) -> None:
        """Begin the next question anew: from the end of an unlike one is a longer way."""
        self._highs.clearSolver()

    def bound(self, columns: "Ints", low: "Ints", high: "Ints") -> None:
        """Set the ends of some columns."""
        import numpy as np

        self._highs.changeColsBounds(
            len(columns), columns.astype(np.int32), low.astype(float), high.astype(float)
        )

    def solve(self) -> Outcome:
        """Find the numbers that cost least, and keep them with the prices of the rows."""
        import numpy as np

        # HiGHS counts the time of all questions to one model together.
        self._highs.setOptionValue("time_limit", self._highs.getRunTime() + self._seconds)
        self._highs.run()
        outcome = self._outcomes.get(self._highs.getModelStatus(), Outcome.UNSOLVED)
        if outcome is Outcome.SOLVED:
            solution = self._highs.getSolution()
            self.values = np.array(solution.col_value)
            if not self._whole:
                self.duals = np.array(solution.row_dual)
        return outcome


def solver(options: dict[str, Option]) -> "Highs":
    """Return HiGHS, silent and on one core, with some options."""
    import highspy

    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in (_ALWAYS | options).items():
        highs.setOptionValue(option, value)
    return highs


def ends(whole: "Ints") -> "Reals":
    """Return the ends of rows as HiGHS takes them, without an end as infinite."""
    import numpy as np

    from pipeline.attack.system import NO_END

    real = whole.astype(float)
    real[whole <= -NO_END] = -np.inf
    real[whole >= NO_END] = np.inf
    return real


def proven_least(system: "System", costs: "Ints", duals: "Reals") -> int:
    """Return a whole number that the cost of no world is below, in exact arithmetic.

    Any prices of the rows prove a bound; those of an optimal programme prove the best one of real
    numbers (Neumaier and Shcherbina 2004, safe bounds in linear programming).

    Args:
        system: the conditions.
        costs: the whole-number cost of each column.
        duals: the prices of the rows.
    """
    import numpy as np

    from pipeline.attack.system import NO_END

    prices = np.array([round(price * _SCALE) for price in duals.tolist()], object)
    low, high = system.row_low.astype(object), system.row_high.astype(object)
    # A row without an end at one side has no price on that side but noise.
    is_noise = ((prices > 0) & (system.row_low <= -NO_END)) | (
        (prices < 0) & (system.row_high >= NO_END)
    )
    prices[is_noise] = 0
    rest = costs.astype(object) * _SCALE
    np.subtract.at(rest, system.columns, prices[system.rows] * system.weights.astype(object))
    of_rows = np.where(prices > 0, prices * low, prices * high).sum()
    ends_ = np.where(rest > 0, system.low.astype(object), system.high.astype(object))
    return -int(-(of_rows + (rest * ends_).sum()) // _SCALE)
