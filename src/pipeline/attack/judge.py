"""What the answers to the questions mean under the protection rule."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pipeline.attack.breaches import Breach, Kind
from pipeline.attack.counts import Numbering
from pipeline.attack.knowledge import Knowledge
from pipeline.attack.questions import Questions, Subject, characteristic
from pipeline.attack.worlds import Question, Verdict, Worlds

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from pipeline.disclosure import Policy

    Ints = npt.NDArray[np.int64]


class _Narrow(NamedTuple):
    """A number of which too few values remain, with its exact ends."""

    subject: Subject
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Judge:
    """The questions of one state, with what is known and the rule.

    Attributes:
        known: what a reader knows.
        of: what must be protected.
        numbering: whose counts of whom the columns are.
        policy: the rule.
    """

    known: Knowledge
    of: Questions
    numbering: Numbering
    policy: "Policy"

    def breaches(self) -> Iterator[Breach]:
        """Yield what the state tells too much of."""
        for kind, column, number in self.of.told:
            yield self._breach(column, Kind(kind), number, number)
        for column in self.known.unclear.tolist():
            yield self._breach(column, Kind.UNSOLVED)
        if len(self.known.faults):
            # What contradicts itself has no possible world, and no question about one an answer.
            for column in self.known.faults.tolist():
                yield self._breach(column, Kind.INFEASIBLE)
            return
        worlds = Worlds(
            self.known.conditions(),
            self._start(),
            seconds_in_all=self.policy.time_limit_seconds,
            topics=self._topics(),
        )
        subjects = [subject for subject in self.of.subjects if not subject.is_withheld]
        answers = worlds.answer([self._question(subject) for subject in subjects])
        narrow: list[_Narrow] = []
        for subject, answer in zip(subjects, answers, strict=True):
            if answer.low is not None and answer.high is not None:
                narrow.append(_Narrow(subject, answer.low, answer.high))
            elif answer.verdict is not Verdict.PROTECTED:
                kind = Kind.INFEASIBLE if answer.verdict is Verdict.INFEASIBLE else Kind.UNSOLVED
                yield self._breach(subject.column, kind)
        for one in narrow:
            if not self._may_be_told(one):
                yield self._breach(one.subject.column, Kind(one.subject.kind), one.low, one.high)
        yield from self._withheld(worlds)
        yield from self._alike(worlds.told_empty(range(self.known.columns.in_figures)))
        yield from self._with_one_known(worlds, narrow)

    def _withheld(self, worlds: Worlds) -> Iterator[Breach]:
        """Yield the counts of withheld blocks of which condition by condition too little is open.

        Nothing of their blocks is published, so that no more could be withheld; what others tell of
        them is at most a difference.
        """
        for subject in self.of.subjects:
            if subject.is_withheld:
                low, high = worlds.between(subject.column)
                is_few = low < self.policy.threshold and high > 0
                if is_few and high - low + 1 < self.policy.fewest_values:
                    yield self._breach(subject.column, Kind(subject.kind), low, high)

    def _breach(
        self, column: int, kind: Kind, low: int | None = None, high: int | None = None
    ) -> Breach:
        return Breach(self.known.named(self.numbering, column), kind, low, high)

    def _start(self) -> list[int] | None:
        """Return the true counts, a world that is possible; None where nobody says them."""
        return None if self.known.truth is None else self.known.truth.tolist()

    def _topics(self) -> "Ints | None":
        """Return a number for each column, the same for a characteristic of a population at a day.

        None where the truth is not known: then there is time to answer everything exactly.
        """
        import numpy as np

        if self.known.truth is None:
            return None
        days = {day: at for at, day in enumerate(sorted({own[0] for own in self.numbering.owners}))}
        of_owner = np.array([days[own[0]] for own in self.numbering.owners])
        kinds: dict[tuple[str, str], int] = {}
        of_name = np.array(
            [
                kinds.setdefault((name[0], characteristic(name[2])), len(kinds))
                for name in self.numbering.names
            ]
        )
        of = self.known.columns.of
        topics = np.zeros(self.known.columns.size, np.int64)
        owners, names = np.nonzero(of >= 0)
        topics[of[owners, names]] = of_owner[owners] * len(kinds) + of_name[names]
        return topics

    def _question(self, subject: Subject) -> Question:
        return Question(subject.terms, subject.least, subject.most, large=self.policy.threshold)

    def _may_be_told(self, one: _Narrow) -> bool:
        """Return whether a narrow interval is no breach of the rule.

        A zero of a whole organisation may be told, and so may what would be as narrow if the
        block were withheld, where that leaves enough values.
        """
        import numpy as np

        subject, low, high = one
        if low == high == 0 and subject.kind == Kind.INTERVAL:
            return not self.of.hides_zero[subject.column]
        if high - low + 1 < self.policy.fewest_values:
            return False
        columns = [column for column, _ in subject.terms if column < len(self.of.block)]
        blocks = np.unique(self.of.block[columns])
        is_free = np.isin(self.of.block, blocks[blocks >= 0]) & ~self.known.is_out
        # What is wider is so at one of the ends.
        wider = [Question(subject.terms, least=high, most=high + 1)]
        if low > 0:
            wider.append(Question(subject.terms, least=low - 1, most=low))
        freed = self.known.conditions(np.flatnonzero(is_free))
        answers = Worlds(freed, self._start(), topics=self._topics()).answer(wider)
        return all(answer.verdict is Verdict.NARROW for answer in answers)

    def _alike(self, empty: Sequence[int]) -> Iterator[Breach]:
        """Yield the group of each partition that is told to hold all of few people.

        Args:
            empty: the columns of counts that are told to be zero.
        """
        import numpy as np

        number = self.known.told if self.known.truth is None else self.known.truth
        is_empty = self.known.told == 0
        is_empty[list(empty)] = True
        for owner, pattern in self.known.columns.patterns.items():
            columns = self.known.columns.of[owner][pattern.sums]
            if not len(columns):
                continue
            starts = np.cumsum(pattern.lengths) - pattern.lengths
            totals = columns[starts]
            filled = pattern.lengths - 1 - np.add.reduceat(is_empty[columns], starts)
            filled += is_empty[totals]
            is_few = (number[totals] > 0) & (number[totals] <= self.policy.small_base)
            alike = pattern.is_partition & is_few & (filled == 1)
            for first, length in zip(starts[alike], pattern.lengths[alike], strict=True):
                groups = columns[first + 1 : first + length]
                for group in groups[~is_empty[groups]].tolist():
                    yield self._breach(group, Kind.ALIKE)

    def _with_one_known(self, worlds: Worlds, narrow: Sequence[_Narrow]) -> Iterator[Breach]:
        """Yield what the person behind another count of 1 can tell, where the truth is known."""
        import numpy as np

        if self.known.truth is None:
            return
        told = [one.subject.column for one in narrow if one.subject.kind == Kind.INTERVAL]
        # What stands in a withheld block is as open as it can be.
        others = np.setdiff1d(self.of.hidden[~self.of.is_withheld[self.of.hidden]], told)
        for pair in worlds.with_one_known(
            others[self.known.truth[others] == 1].tolist(),
            others.tolist(),
            fewest=self.policy.fewest_with_one_known,
            large=self.policy.threshold,
        ):
            is_narrow = pair.verdict is Verdict.NARROW
            yield self._breach(pair.other, Kind.ONE_KNOWN if is_narrow else Kind.UNSOLVED)
