"""Worlds near a possible world: what changes if some columns move and all others stay.

Every column is what it was, and what it gains and loses; nothing gained and nothing lost fits, so
the simplex method starts there. Where the columns end on whole numbers, the world is possible.
"""

from typing import TYPE_CHECKING

from pipeline.attack.programme import Option, ends, solver
from pipeline.attack.system import System, entries_of, labels, less

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]
    Reals = npt.NDArray[np.float64]

_TOLERANCE = 1e-6
# Steps up that are wanted and those beyond, steps down that are wanted and those beyond.
_GAIN, _MORE, _LOSS, _LESS = range(4)
_OPTIONS: dict[str, Option] = {
    # From a world that is known the primal simplex method goes on at once.
    "presolve": "off",
    "solver": "simplex",
    "simplex_strategy": 4,
}


class Moves:
    """The worlds in which only some columns differ from a known world.

    Attributes:
        columns: the columns that may move, in order.
    """

    def __init__(  # noqa: PLR0913
        self,
        system: System,
        world: "Ints",
        columns: "Ints",
        least: "Ints",
        most: "Ints",
        *,
        seconds: float,
    ) -> None:
        """Set up the worlds.

        Args:
            system: the conditions.
            world: the known world.
            columns: the columns that may move, in order.
            least: how far each of these is wanted to move down.
            most: how far each is wanted to move up.
            seconds: the time of one programme.
        """
        import highspy
        import numpy as np

        self.columns = columns
        self._seconds = seconds
        part = system.of_rows(system.rows_of(columns))
        sums = part.sums(world)
        place = np.full(len(system.low), -1)
        place[columns] = np.arange(len(columns))
        own = place[part.columns]
        order = np.flatnonzero(own >= 0)
        order = order[np.argsort(own[order], kind="stable")]
        self._rows, self._own, self._weights = part.rows[order], own[order], part.weights[order]
        self._row_low, self._row_high = less(part.row_low, sums), less(part.row_high, sums)
        self._here = world[columns]
        self._low, self._high = system.low[columns], system.high[columns]
        self._labels = labels(len(columns), self._rows, self._own, len(sums))

        room = self._high - self._here
        gain = np.clip(most - self._here, 0, room)
        loss = np.clip(self._here - least, 0, self._here - self._low)
        steps = np.concatenate((gain, room - gain, loss, self._here - self._low - loss))
        is_used = steps > 0
        self._steps = steps[is_used]
        self._kinds = np.repeat([_GAIN, _MORE, _LOSS, _LESS], len(columns))[is_used]
        self._of = np.tile(np.arange(len(columns)), 4)[is_used]
        self._signs = np.where(self._kinds < _LOSS, 1, -1)
        starts = np.searchsorted(self._own, np.arange(len(columns) + 1))
        entries = entries_of(starts, self._of)
        lengths = np.diff(starts)[self._of]
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(self._of), len(sums)
        model.col_cost_ = np.zeros(len(self._of))
        model.col_lower_ = np.zeros(len(self._of))
        model.col_upper_ = self._steps.astype(float)
        model.row_lower_, model.row_upper_ = ends(self._row_low), ends(self._row_high)
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)
        model.a_matrix_.index_ = self._rows[entries].astype(np.int32)
        model.a_matrix_.value_ = (self._weights[entries] * np.repeat(self._signs, lengths)).astype(
            float
        )
        self._highs = solver(_OPTIONS)
        self._highs.passModel(model)
        self._is_optimal = highspy.HighsModelStatus.kOptimal
        self._all = np.arange(len(self._of), dtype=np.int32)

    def world(self, up: "Flags", down: "Flags") -> "Ints | None":
        """Return the columns in a possible world in which some are more and some are fewer.

        None where no other world was found. Whatever is returned was looked at exactly.
        """
        import numpy as np

        cost = np.zeros(len(self._of))
        is_up, is_down = up[self._of], down[self._of]
        cost[is_up & (self._kinds == _GAIN) | is_down & (self._kinds == _LOSS)] = -1.0
        cost[is_up & (self._signs < 0) | is_down & (self._signs > 0)] = 1.0
        self._highs.changeColsCost(len(cost), self._all, cost)
        # HiGHS counts the time of all questions to one model together.
        self._highs.setOptionValue("time_limit", self._highs.getRunTime() + self._seconds)
        self._highs.run()
        if self._highs.getModelStatus() != self._is_optimal:
            return None
        steps = np.array(self._highs.getSolution().col_value) * self._signs
        moved = np.zeros(len(self.columns))
        np.add.at(moved, self._of, steps)
        return self._in_whole_numbers(moved)

    def _in_whole_numbers(self, moved: "Reals") -> "Ints | None":
        """Return a world where what hangs together with a fraction stays as it was."""
        import numpy as np

        whole = np.rint(moved).astype(np.int64)
        is_broken = np.abs(moved - whole) > _TOLERANCE
        if is_broken.any():
            whole[np.isin(self._labels, self._labels[is_broken])] = 0
        sums = np.zeros(len(self._row_low), np.int64)
        np.add.at(sums, self._rows, self._weights * whole[self._own])
        found = self._here + whole
        fits = ((self._low <= found) & (found <= self._high)).all() and (
            (self._row_low <= sums) & (sums <= self._row_high)
        ).all()
        return found if fits and whole.any() else None
