"""Systems of whole numbers: between which ends each may lie.

The conditions and the search for worlds that fit them are those of the attack on our own figures.
"""

from functools import cached_property

from pipeline.attack.asked import Question
from pipeline.attack.conditions import MOST_PEOPLE, Conditions
from pipeline.attack.programme import Outcome
from pipeline.attack.worlds import Worlds

SECONDS = 10.0
"""The time of one programme; a cell that takes longer is not told."""


class System(Conditions):
    """Conditions on printed numbers; none may be added after the first question."""

    def ends(self, column: int) -> tuple[int, int] | None:
        """Return the smallest and largest value of a column, or None where that cannot be told."""
        # No number is outside of these, so that both ends are found.
        whole = Question(((column, 1),), least=-1, most=MOST_PEOPLE + 1)
        (answer,) = self._worlds.answer([whole])
        if answer.low is None or answer.high is None:
            return None
        return answer.low, answer.high

    def is_possible(self) -> bool:
        """Return whether any whole numbers fit; what cannot be told in time is taken to."""
        return self._worlds.outcome is not Outcome.INFEASIBLE

    @cached_property
    def _worlds(self) -> Worlds:
        return Worlds(self, seconds=SECONDS)
