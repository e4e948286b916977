"""What the answers to the questions mean under the protection rule."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pipeline.attack.asked import Pair, Question, Verdict
from pipeline.attack.breaches import Breach, Kind
from pipeline.attack.counts import Numbering
from pipeline.attack.knowledge import Knowledge
from pipeline.attack.questions import Questions, Subject, characteristic
from pipeline.attack.worlds import Worlds

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
        excused: the columns that would be as narrow if their block were withheld; of what is told
            less elsewhere they are to be asked again.
    """

    known: Knowledge
    of: Questions
    numbering: Numbering
    policy: "Policy"
    excused: set[int] = field(default_factory=set)

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
        closed: set[int] = set()
        for one in narrow:
            is_told = not self._may_be_told(one)
            if is_told:
                yield self._breach(one.subject.column, Kind(one.subject.kind), one.low, one.high)
            if one.subject.kind == Kind.INTERVAL and (is_told or one.low == one.high):
                closed.add(one.subject.column)
        yield from self._withheld(worlds)
        yield from self._alike(worlds.told_empty(range(self.known.columns.in_figures)))
        yield from self._with_one_known(worlds, closed)

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
        freed = self._withholding(np.unique(self.of.block[columns]))
        if not _is_no_wider(freed, Question(subject.terms, low, high)):
            return False
        self.excused.add(subject.column)
        return True

    def _withholding(self, blocks: "Ints") -> Worlds:
        """Return the worlds of a reader to whom some blocks were withheld as well."""
        import numpy as np

        is_free = np.isin(self.of.block, blocks[blocks >= 0]) & ~self.known.is_out
        freed = self.known.conditions(np.flatnonzero(is_free))
        return Worlds(freed, self._start(), topics=self._topics())

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

    def _with_one_known(self, worlds: Worlds, closed: Collection[int]) -> Iterator[Breach]:
        """Yield what the person behind another count of 1 can tell, where the truth is known.

        Args:
            worlds: the possible worlds.
            closed: columns that are told as they are, or that are breaches already.
        """
        import numpy as np

        if self.known.truth is None:
            return
        hidden, apart = self.of.hidden, np.array(sorted(closed), dtype=np.int64)
        # What stands in a withheld block is as open as it can be, and some zeros may be told.
        is_asked = ~self.of.is_withheld[hidden]
        is_asked &= (self.known.truth[hidden] > 0) | self.of.hides_zero[hidden]
        pairs = worlds.with_one_known(
            np.setdiff1d(self.of.ones, apart).tolist(),
            np.setdiff1d(hidden[is_asked], apart).tolist(),
            fewest=self.policy.fewest_with_one_known,
            large=self.policy.threshold,
        )
        of_block: dict[int, list[Pair]] = {}
        for pair in pairs:
            of_block.setdefault(int(self.of.block[pair.other]), []).append(pair)
        for block, own in of_block.items():
            freed = self._withholding(np.array([block]))
            for pair in own:
                if pair.verdict is not Verdict.NARROW:
                    yield self._breach(pair.other, Kind.UNSOLVED)
                elif self._is_as_open(worlds, freed, pair):
                    self.excused.add(pair.other)
                else:
                    yield self._breach(pair.other, Kind.ONE_KNOWN)

    @staticmethod
    def _is_as_open(worlds: Worlds, freed: Worlds, pair: Pair) -> bool:
        """Return whether withholding a block leaves no more open to whom knows a count of 1.

        Args:
            worlds: the possible worlds.
            freed: those where the block of the other column is withheld.
            pair: the column that is known, and the other one.
        """
        # No count is fewer than none, so that both ends are looked for.
        question = Question(((pair.other, 1),), least=-1, most=0, given=((pair.known, 1),))
        (answer,) = worlds.answer([question])
        if answer.low is None or answer.high is None:
            return False
        return _is_no_wider(freed, question._replace(least=answer.low, most=answer.high))


def _is_no_wider(freed: Worlds, number: Question) -> bool:
    """Return whether it is proven that a number has no more values than it is known to have.

    Args:
        freed: the possible worlds of a reader who is told less.
        number: the number, with its least and its most for who is told more.
    """
    # What is wider is so at one of the ends.
    wider = [number._replace(least=number.most, most=number.most + 1)]
    if number.least > 0:
        wider.append(number._replace(least=number.least - 1, most=number.least))
    return all(answer.verdict is Verdict.NARROW for answer in freed.answer(wider))
