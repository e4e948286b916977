"""Which hidden numbers are protected: a proof is two possible worlds, looked at exactly.

A number is protected where a reader must think it possible that it is small and that it is not.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from pipeline.attack.conditions import Conditions, Term
from pipeline.attack.programme import Outcome, Programme
from pipeline.attack.system import system_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]

SECONDS = 10.0
"""The time of one programme; what takes longer is not proven."""


class Verdict(StrEnum):
    """What a reader can tell."""

    PROTECTED = "protected"
    NARROW = "narrow"
    INFEASIBLE = "infeasible"
    UNSOLVED = "unsolved"


class Question(NamedTuple):
    """Whether a whole number is protected: it may be ``least`` or fewer and ``most`` or more.

    Attributes:
        terms: the number: columns with their coefficients, mostly one column with 1.
        least, most: the ends that it must be able to reach.
        large: it is protected too where it cannot be fewer than this; None where that is no matter.
        given: columns that the reader knows, with their values.
    """

    terms: tuple[Term, ...]
    least: int
    most: int
    large: int | None = None
    given: tuple[Term, ...] = ()


class Answer(NamedTuple):
    """The answer to one question.

    Attributes:
        verdict: whether it is protected; NARROW where it is not.
        low, high: where it is NARROW, the exact ends of the number. For private use.
    """

    verdict: Verdict
    low: int | None = None
    high: int | None = None


class Pair(NamedTuple):
    """Two columns of which one tells too much of the other.

    Attributes:
        known: the column that is known to be 1.
        other: the column that it tells of.
        verdict: NARROW, INFEASIBLE or UNSOLVED.
    """

    known: int
    other: int
    verdict: Verdict


def answer(
    conditions: Conditions,
    questions: Sequence[Question],
    start: Sequence[int] | None = None,
    *,
    seconds: float = SECONDS,
) -> list[Answer]:
    """Return the answer to each question, in their order.

    Args:
        conditions: what is known.
        questions: the numbers that are to be protected.
        start: a world that is possible, such as the true counts; found where it is None.
        seconds: the time of one programme.
    """
    return Worlds(conditions, start, seconds=seconds).answer(questions)


class Worlds:
    """The possible worlds of some conditions, of which those once found answer later questions."""

    def __init__(
        self,
        conditions: Conditions,
        start: Sequence[int] | None = None,
        *,
        seconds: float = SECONDS,
    ) -> None:
        import numpy as np

        self._conditions = conditions
        self._seconds = seconds
        self._start = None if start is None else np.array(start, np.int64)

    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """Return the answer to each question, in their order."""
        return [self._exactly(question) for question in questions]

    def with_one_known(
        self, ones: Iterable[int], others: Iterable[int], fewest: int, large: int
    ) -> list[Pair]:
        """Return where one column that is known to be 1 tells too much of another one.

        Args:
            ones: columns that are 1, each of which may be known to its own member.
            others: columns of which fewer than ``fewest`` values may not remain, unless they are
                ``large`` at least.
            fewest: how many values must remain.
            large: how many tell no small count.
        """
        others = list(others)
        found = []
        for known in ones:
            for other in others:
                if other == known:
                    continue
                ends = self._ends(((other, 1),), ((known, 1),))
                if not isinstance(ends, tuple):
                    found.append(Pair(known, other, ends))
                elif ends[1] - ends[0] + 1 < fewest and ends[0] < large:
                    found.append(Pair(known, other, Verdict.NARROW))
        return found

    def _exactly(self, question: Question) -> Answer:
        ends = self._ends(question.terms, question.given)
        if not isinstance(ends, tuple):
            return Answer(ends)
        low, high = ends
        if low <= question.least and high >= question.most:
            return Answer(Verdict.PROTECTED)
        if question.large is not None and low >= question.large:
            return Answer(Verdict.PROTECTED)
        return Answer(Verdict.NARROW, low, high)

    def _ends(self, terms: tuple[Term, ...], given: tuple[Term, ...]) -> tuple[int, int] | Verdict:
        """Return the exact ends of a number."""
        import numpy as np

        system = system_of(self._conditions)
        if system is None or (self._start is not None and not system.fits(self._start)):
            return Verdict.INFEASIBLE
        for column, value in given:
            system.low[column] = max(system.low[column], value)
            system.high[column] = min(system.high[column], value)
        columns = np.array([column for column, _ in terms])
        weights = np.array([weight for _, weight in terms])
        found = []
        for sign in (1, -1):
            programme = Programme(system, whole=True, seconds=self._seconds)
            programme.cost(columns, sign * weights)
            outcome = programme.solve()
            if outcome is Outcome.INFEASIBLE:
                return Verdict.INFEASIBLE
            world = np.rint(programme.values).astype(np.int64)
            if outcome is Outcome.UNSOLVED or not system.fits(world):
                return Verdict.UNSOLVED
            found.append(int((world[columns] * weights).sum()))
        return found[0], found[1]
