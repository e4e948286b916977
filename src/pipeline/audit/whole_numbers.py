"""Systems of whole numbers: between which ends each may lie, by mixed-integer programming."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

MOST_PEOPLE = 10_000_000
SECONDS = 10.0
"""The time of one question; a cell that takes longer is not told."""

_SOLVED, _INFEASIBLE = 0, 2
"""How SciPy says that it found the best solution, and that there is none."""


class _UnsolvedError(Exception):
    """The solver gave up, or gave numbers that do not fit exactly."""


Row = tuple[dict[int, int], int | None, int | None]
"""Coefficients by column, and the whole numbers that the sum lies between; None is no end."""


@dataclass
class System:
    """Whole numbers, what each may be, and the linear conditions on them."""

    low: list[int] = field(default_factory=list)
    high: list[int] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    def column(self, low: int, high: int | None) -> int:
        """Add a number and return its column."""
        self.low.append(low)
        self.high.append(MOST_PEOPLE if high is None else high)
        return len(self.low) - 1

    def ends(self, column: int) -> tuple[int, int] | None:
        """Return the smallest and largest value of a column, or None where that cannot be told."""
        try:
            least, most = (self._solve(column, sign) for sign in (1, -1))
        except _UnsolvedError:
            return None
        return None if least is None or most is None else (least, most)

    def is_possible(self) -> bool:
        """Return whether any whole numbers fit; what cannot be told in time is taken to."""
        try:
            return self._solve(0, 0) is not None
        except _UnsolvedError:
            return True

    def narrow(self, column: int, low: int, high: int) -> None:
        """Let a number be within other ends too."""
        self.low[column] = max(self.low[column], low)
        self.high[column] = min(self.high[column], high)

    def _solve(self, column: int, sign: int) -> int | None:
        """Return a column where it times ``sign`` is smallest, or None where nothing fits."""
        import numpy
        from scipy.optimize import Bounds, milp

        if any(low > high for low, high in zip(self.low, self.high, strict=True)):
            return None
        wanted = numpy.zeros(len(self.low))
        wanted[column] = sign
        outcome = milp(
            wanted,
            integrality=numpy.ones(len(self.low)),
            bounds=Bounds(self.low, self.high),
            constraints=self._conditions,
            options={"time_limit": SECONDS, "mip_rel_gap": 0.0},
        )
        if outcome.status == _INFEASIBLE:
            return None
        values: list[int] = [] if outcome.x is None else [round(value) for value in outcome.x]
        if outcome.status != _SOLVED or not self._fits(values):
            raise _UnsolvedError
        return values[column]

    @cached_property
    def _conditions(self) -> list[Any]:
        """The conditions as the solver takes them; none may be added after the first question."""
        import numpy
        from scipy.optimize import LinearConstraint
        from scipy.sparse import csr_array

        if not self.rows:
            return []
        rows, places, weights = zip(
            *(
                (row, place, weight)
                for row, (terms, _, _) in enumerate(self.rows)
                for place, weight in terms.items()
            ),
            strict=True,
        )
        shape = (len(self.rows), len(self.low))
        matrix = csr_array((numpy.array(weights, float), (rows, places)), shape=shape)
        lows = [-numpy.inf if low is None else low for _, low, _ in self.rows]
        highs = [numpy.inf if high is None else high for _, _, high in self.rows]
        return [LinearConstraint(matrix, lows, highs)]

    def _fits(self, values: list[int]) -> bool:
        """Return whether whole numbers fit exactly: the solver allows a tolerance."""
        for terms, low, high in self.rows:
            made = sum(weight * values[column] for column, weight in terms.items())
            if (low is not None and made < low) or (high is not None and made > high):
                return False
        return True
