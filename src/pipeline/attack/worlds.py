"""Which hidden numbers are protected: a proof is two possible worlds, looked at exactly.

A number is protected where a reader must think it possible that it is small and that it is not.
Most proofs are worlds near a known one in which many numbers move at once; what those leave open
is asked alone, ever further around, and at last of everything that hangs together with it.
"""

from collections.abc import Sequence
from time import monotonic
from typing import TYPE_CHECKING

from pipeline.attack.asked import Answer, Pair, Question, Verdict
from pipeline.attack.conditions import MOST_PEOPLE, Conditions
from pipeline.attack.one_known import OneKnown, told_by_rows
from pipeline.attack.programme import Outcome
from pipeline.attack.search import Ends, Search, first_world, fixed
from pipeline.attack.sweep import Seen, Sweep
from pipeline.attack.system import system_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]

SECONDS = 10.0
"""The time of one programme; what takes longer is not proven."""
_MOST_FOR_PAIRS = 400
"""Up to how many open columns every pair of them is looked at, and not row by row only."""
SECONDS_IN_ALL = 600.0
"""The time of all questions to one set of conditions; what is open then is not proven."""


_VERDICTS = {
    Outcome.SOLVED: Verdict.NARROW,
    Outcome.INFEASIBLE: Verdict.INFEASIBLE,
    Outcome.UNSOLVED: Verdict.UNSOLVED,
}


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
        start: a world that is possible, such as the true counts; found where it is None. Where it
            is not possible every answer is INFEASIBLE.
        seconds: the time of one programme.

    Raises:
        OverflowError: a coefficient is too large to be exact.
    """
    return Worlds(conditions, start, seconds=seconds).answer(questions)


class Worlds:
    """The possible worlds of some conditions; each that is found answers many questions."""

    def __init__(
        self,
        conditions: Conditions,
        start: Sequence[int] | None = None,
        *,
        seconds: float = SECONDS,
        seconds_in_all: float = SECONDS_IN_ALL,
        topics: "Ints | None" = None,
    ) -> None:
        """Look at the start, or find one.

        Args:
            conditions: as ``answer`` takes them.
            start: the same.
            seconds: the same.
            seconds_in_all: the time of all questions; what is open then is UNSOLVED.
            topics: a number for each column, the same for those that are about the same thing.
                Worlds are sought among those, and what they leave open is UNSOLVED: that is fast,
                and proves no number narrow. None: every question is answered exactly.
        """
        self._conditions, self._seconds, self._topics = conditions, seconds, topics
        self._given_start = None if start is None else [int(number) for number in start]
        self._until = monotonic() + seconds_in_all
        self._outcome: Outcome | None = None
        self._firsts: list[int] = []

    @property
    def outcome(self) -> Outcome:
        """Whether any world is possible, and was found."""
        if self._outcome is None:
            self._outcome = self._prepare(self._conditions, self._given_start)
        return self._outcome

    def _prepare(self, conditions: Conditions, start: list[int] | None) -> Outcome:
        """Find the ends that follow row by row, and a world; return whether there is one."""
        import numpy as np

        system = system_of(conditions)
        if system is None or (start is not None and not system.fits(np.array(start, np.int64))):
            return Outcome.INFEASIBLE
        system = system.narrowed()
        if system is None:
            return Outcome.INFEASIBLE
        self._values = system.low.copy()
        held, self._open = system.open()
        self._place = np.full(len(system.low), -1)
        self._place[held] = np.arange(len(held))
        if start is None:
            outcome, self._world = first_world(self._open, self._seconds)
        else:
            outcome, self._world = Outcome.SOLVED, np.array(start, np.int64)[held]
        here, ends = self._world, self._open
        self._seen = Seen(here.copy(), here.copy(), ends.low.copy(), ends.high.copy())
        return outcome

    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """Return the answer to each question, in their order."""
        columns = self._columns_of(questions)
        if self.outcome is not Outcome.SOLVED:
            return [Answer(_VERDICTS[self.outcome])] * len(questions)
        asked = list(zip(columns, questions, strict=True))
        self._sweep([(int(self._place[column]), question) for column, question in asked])
        search = Search(
            self._open,
            self._world,
            self._seconds,
            self._seen.keep,
            is_whole=self._topics is None,
        )
        return [self._answer(search, column, question) for column, question in asked]

    def between(self, column: int) -> tuple[int, int]:
        """Return ends that a column cannot be beyond; those that were proven so far."""
        if self.outcome is not Outcome.SOLVED:
            return 0, 0
        place = int(self._place[column])
        if place < 0:
            return int(self._values[column]), int(self._values[column])
        return int(self._seen.lowest[place]), int(self._seen.highest[place])

    def told_empty(self, columns: Sequence[int]) -> list[int]:
        """Return which of some columns are told to be nobody."""
        return [column for column in columns if self.between(column)[1] == 0]

    def _columns_of(self, questions: Sequence[Question]) -> list[int]:
        """Return the column of each number; a sum of several becomes a column of its own."""
        sums = {
            question.terms: -1
            for question in questions
            if len(question.terms) != 1 or question.terms[0][1] != 1
        }
        if sums:
            conditions = self._conditions.copied()
            start = None if self._given_start is None else list(self._given_start)
            self._firsts = [terms[0][0] for terms in sums]
            for terms in sums:
                sums[terms] = column = conditions.column(-MOST_PEOPLE, MOST_PEOPLE)
                conditions.row([*terms, (column, -1)], 0, 0)
                if start is not None:
                    start.append(sum(start[of] * weight for of, weight in terms))
            self._outcome = self._prepare(conditions, start)
        return [sums.get(question.terms, question.terms[0][0]) for question in questions]

    def _answer(self, search: Search, column: int, question: Question) -> Answer:
        place = int(self._place[column])
        if place < 0:
            value = int(self._values[column])
            ends = Ends(value, value, value, value)
            return self._verdict(question, ends, Outcome.SOLVED)
        if question.given:
            return self._answer_given(place, question)
        ends = self._ends(place)
        outcome = Outcome.SOLVED
        if question.asked(ends) and monotonic() > self._until:
            return self._verdict(question, ends, Outcome.UNSOLVED)
        if question.asked(ends):
            outcome = search.ends(place, ends, question.asked)
            self._seen.lowest[place], self._seen.highest[place] = ends.lowest, ends.highest
        return self._verdict(question, ends, outcome)

    def _answer_given(self, place: int, question: Question) -> Answer:
        import numpy as np

        system, world = self._open, self._world
        for column, value in question.given:
            known = int(self._place[column])
            if known < 0 and self._values[column] != value:
                return Answer(Verdict.INFEASIBLE)
            if known >= 0:
                system = fixed(system, known, value)
        if not system.fits(world):
            near = np.array([self._place[column] for column, _ in question.given])
            held, part = system.around(system.near(near[near >= 0], len(world)))
            outcome, found = first_world(part, self._seconds)
            if outcome is not Outcome.SOLVED:
                return Answer(_VERDICTS[outcome])
            world = world.copy()
            world[held] = found
        value = int(world[place])
        lowest = max(int(self._seen.lowest[place]), int(system.low[place]))
        ends = Ends(
            value, value, lowest, min(int(self._seen.highest[place]), int(system.high[place]))
        )
        search = Search(system, world, self._seconds, lambda _held, _found: None)
        outcome = search.ends(place, ends, question.asked)
        return self._verdict(question, ends, outcome)

    @staticmethod
    def _verdict(question: Question, ends: Ends, outcome: Outcome) -> Answer:
        if question.is_protected(ends):
            return Answer(Verdict.PROTECTED)
        if outcome is not Outcome.SOLVED:
            return Answer(_VERDICTS[outcome])
        if question.asked(ends):
            return Answer(Verdict.UNSOLVED)
        return Answer(Verdict.NARROW, ends.low, ends.high)

    def _ends(self, place: int) -> Ends:
        return Ends(*(int(ends[place]) for ends in self._seen))

    def _of_open(self) -> "Ints | None":
        """Return the topic of each open column; sums of several columns have that of the first."""
        import numpy as np

        if self._topics is None:
            return None
        held = np.flatnonzero(self._place >= 0)
        of_sums = [self._topics[first] for first in self._firsts]
        return np.concatenate((self._topics, np.array(of_sums, np.int64)))[held]

    def _sweep(self, asked: "Sequence[tuple[int, Question]]") -> None:
        """Find worlds for many columns at once, region by region."""
        import numpy as np

        size = len(self._world)
        least, most = np.full(size, MOST_PEOPLE), np.full(size, -MOST_PEOPLE)
        for place, question in asked:
            if place >= 0 and not question.given and question.asked(self._ends(place)):
                least[place] = min(least[place], question.least)
                most[place] = max(most[place], question.most)
        sweep = Sweep(
            self._open,
            self._world,
            self._seen,
            least,
            most,
            self._seconds,
            self._until,
            self._of_open(),
        )
        sweep.everywhere()

    def with_one_known(
        self, ones: Sequence[int], others: Sequence[int], fewest: int, large: int
    ) -> list[Pair]:
        """Return where one column that is known to be 1 tells too much of another one.

        Args:
            ones: columns that are 1 in the start, each of which may be known to its own member.
            others: columns of which fewer than ``fewest`` values may not remain, unless they are
                ``large`` at least.
            fewest: how many values must remain.
            large: how many tell no small count.

        Raises:
            ValueError: one of ``ones`` is not 1 in the start.
        """
        import numpy as np

        if self.outcome is not Outcome.SOLVED:
            known = next(iter(ones), -1)
            return [Pair(known, other, _VERDICTS[self.outcome]) for other in others]
        held = np.flatnonzero(self._place >= 0)
        open_ones = self._place[np.array(ones, np.int64)]
        open_ones = np.unique(open_ones[open_ones >= 0])
        if (self._world[open_ones] != 1).any():
            raise ValueError("A column that its member knows to be 1 is not 1 in the start.")
        open_others = self._place[np.array(others, np.int64)]
        open_others = np.unique(open_others[open_others >= 0])
        if self._topics is not None and len(self._world) > _MOST_FOR_PAIRS:
            found = told_by_rows(self._open, open_ones, open_others, fewest, large)
        else:
            search = OneKnown(self._open, self._world, open_ones, fewest, large, self._seconds)
            found = search.pairs(open_others, self._seen.lowest)
        return [
            Pair(int(held[known]), int(held[other]), _VERDICTS[outcome])
            for known, other, outcome in found
        ]
