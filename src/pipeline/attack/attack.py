"""The attack on published figures: which hidden counts a reader can tell too much of.

A hidden count is protected where a reader must think it possible that it is 0 or 1 and that it is
as large as the threshold allows, or where it is large for certain, or where everything that is
known of its block would leave no more if the block were withheld. Every answer rests on two
possible worlds that were looked at in whole numbers, or on a programme solved to optimality.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from pipeline.attack.counts import Numbering
from pipeline.attack.knowledge import Knowledge, knowledge
from pipeline.attack.questions import Questions, Subject, questions
from pipeline.attack.states import states
from pipeline.attack.sums import Count
from pipeline.attack.worlds import Question, Verdict, Worlds
from pipeline.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.attack.published import Release
    from pipeline.disclosure import Policy


_NEEDED = frozenset({"figure", "organisation", "coverage"})
_FEWEST_VALUES = 5
_FEWEST_WITH_ONE_KNOWN = 3


class Kind(StrEnum):
    """What is wrong with a count."""

    INTERVAL = "interval"
    """It is told, or nearly so."""
    ONE_KNOWN = "one_known"
    """It is told, or nearly so, to the one person behind another count of 1."""
    ALIKE = "alike"
    """It tells that all of few people are in one group."""
    REMAINDER = "remainder"
    """With a count that it is part of it tells few people."""
    COUNTED_TWICE = "counted_twice"
    """With the counts that it pools it tells few people who work for two employers."""
    INFEASIBLE = "infeasible"
    """What is published of it contradicts itself, or the truth: a fault."""
    UNSOLVED = "unsolved"
    """Whether it can be told could not be proven."""


@dataclass(frozen=True, slots=True)
class Breach:
    """A count that a reader can tell too much of.

    Attributes:
        cell: the count.
        kind: what is wrong with it.
        low, high: between what it is told to be; None where that is not known. For private use.
    """

    cell: Count
    kind: Kind
    low: int | None = None
    high: int | None = None

    @property
    def name(self) -> str:
        """Whose count of whom it is, without any number of people."""
        return f"{' '.join(self.cell[:3])} {'/'.join(self.cell[3:])}"


@dataclass(frozen=True, slots=True)
class Attack:
    """What an attack found.

    Attributes:
        breaches: the counts that are not protected, in the order of their names.
        counts: how many counts the reader knows of.
        attacked: how many of them are hidden, and were attacked.
        questions: how many questions that took.
    """

    breaches: tuple[Breach, ...]
    counts: int
    attacked: int
    questions: int


def attack(
    releases: Sequence["Release"], policy: "Policy", truth: "pd.DataFrame | None" = None
) -> Attack:
    """Attack the newest of some releases with all that is published.

    Args:
        releases: the published tables of each release, oldest first: ``figure``, ``organisation``
            and ``coverage``, and whichever of the others there are.
        policy: the rule that every hidden count is to meet.
        truth: the unprotected figures of the newest release: counts that satisfy all that is
            published, with which the attack is faster and looks at remainders and at counts of 1.

    Raises:
        UsageError: there is no release, or one lacks a table.
    """
    if not releases:
        raise UsageError("Name at least one published database to attack.")
    for release in releases:
        if missing := sorted(_NEEDED - release.keys()):
            raise UsageError(f"A release cannot be attacked without: {', '.join(missing)}.")
    numbering = Numbering()
    found: list[Breach] = []
    counts = attacked = asked = 0
    for state in states(releases, numbering, getattr(policy, "rounding", 0), truth):
        known = knowledge(state, numbering, policy)
        of = questions(known, numbering, policy)
        found += _of_state(known, of, numbering, policy)
        counts += len(state.told.numbers)
        attacked += len(state.asked)
        asked += len(of.subjects)
    each = {(breach.cell, breach.kind): breach for breach in found}
    return Attack(tuple(each[key] for key in sorted(each)), counts, attacked, asked)


def _of_state(
    known: Knowledge, of: Questions, numbering: Numbering, policy: "Policy"
) -> Iterator[Breach]:
    """Yield what one state tells too much of."""
    import numpy as np

    def breach(column: int, kind: Kind, low: int | None = None, high: int | None = None) -> Breach:
        return Breach(known.named(numbering, column), kind, low, high)

    for kind, column, number in of.told:
        yield breach(column, Kind(kind), number, number)
    for column in known.unclear.tolist():
        yield breach(column, Kind.UNSOLVED)
    if len(known.faults):
        # What contradicts itself has no possible world, and no question about one an answer.
        for column in known.faults.tolist():
            yield breach(column, Kind.INFEASIBLE)
        return
    worlds = Worlds(known.conditions(), known.truth)
    answers = worlds.answer([_question(subject, policy) for subject in of.subjects])
    narrow: list[tuple[Subject, int, int]] = []
    for subject, answer in zip(of.subjects, answers, strict=True):
        if answer.verdict is Verdict.NARROW and answer.low is not None and answer.high is not None:
            narrow.append((subject, answer.low, answer.high))
        elif answer.verdict is not Verdict.PROTECTED:
            kind = Kind.INFEASIBLE if answer.verdict is Verdict.INFEASIBLE else Kind.UNSOLVED
            yield breach(subject.column, kind)
    for subject, low, high in narrow:
        if not _may_be_told(subject, low, high, known, of, policy):
            yield breach(subject.column, Kind(subject.kind), low, high)
    empty = [subject.column for subject, low, high in narrow if low == high == 0]
    for column in _alike(known, empty, policy):
        yield breach(column, Kind.ALIKE)
    if known.truth is not None:
        told = [subject.column for subject, _, _ in narrow if subject.kind == Kind.INTERVAL]
        others = np.setdiff1d(of.hidden, told)
        ones = others[known.truth[others] == 1]
        fewest = getattr(policy, "fewest_with_one_known", _FEWEST_WITH_ONE_KNOWN)
        for pair in worlds.with_one_known(
            ones.tolist(), others.tolist(), fewest=fewest, large=policy.threshold
        ):
            is_narrow = pair.verdict is Verdict.NARROW
            yield breach(pair.other, Kind.ONE_KNOWN if is_narrow else Kind.UNSOLVED)


def _question(subject: Subject, policy: "Policy") -> Question:
    return Question(subject.terms, least=1, most=subject.most, large=policy.threshold)


def _may_be_told(
    subject: Subject, low: int, high: int, known: Knowledge, of: Questions, policy: "Policy"
) -> bool:
    """Return whether a narrow interval is no breach of the rule.

    A zero of a whole organisation may be told, and so may what would be as narrow if the block
    were withheld, where that leaves enough values.
    """
    import numpy as np

    if low == high == 0 and subject.kind == Kind.INTERVAL:
        hides_zeros = getattr(policy, "hides_zeros_below_employer", False)
        return not (hides_zeros and of.is_below[subject.column])
    if high - low + 1 < getattr(policy, "fewest_values", _FEWEST_VALUES):
        return False
    columns = [column for column, _ in subject.terms if column < len(of.block)]
    blocks = np.unique(of.block[columns])
    freed = np.flatnonzero(np.isin(of.block, blocks[blocks >= 0]) & ~known.is_out)
    # Wider at either end would be wider.
    wider = [Question(subject.terms, least=high, most=high + 1)]
    if low > 0:
        wider.append(Question(subject.terms, least=low - 1, most=low))
    answers = Worlds(known.conditions(freed), known.truth).answer(wider)
    return all(answer.verdict is Verdict.NARROW for answer in answers)


def _alike(known: Knowledge, empty: Sequence[int], policy: "Policy") -> Iterator[int]:
    """Yield the total of each partition that tells that all of few people are in one group."""
    import numpy as np

    number = known.told if known.truth is None else known.truth
    is_empty = known.told == 0
    is_empty[list(empty)] = True
    for owner, pattern in known.columns.patterns.items():
        columns = known.columns.of[owner][pattern.sums]
        if not len(columns):
            continue
        starts = np.cumsum(pattern.lengths) - pattern.lengths
        totals = columns[starts]
        filled = pattern.lengths - 1 - np.add.reduceat(is_empty[columns], starts)
        filled += is_empty[totals]
        is_few = (number[totals] > 0) & (number[totals] <= 2 * policy.threshold)
        for total in totals[pattern.is_partition & is_few & (filled == 1)].tolist():
            yield total
