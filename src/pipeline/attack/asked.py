"""What is asked of the possible worlds, and what they answer."""

from enum import StrEnum
from typing import NamedTuple

from pipeline.attack.conditions import Term
from pipeline.attack.search import HIGH, LOW, Ends


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

    def is_protected(self, ends: Ends) -> bool:
        """Return whether worlds and proofs show that it is."""
        reaches = ends.low <= self.least and ends.high >= self.most
        return reaches or (self.large is not None and ends.lowest >= self.large)

    def asked(self, ends: Ends) -> tuple[int, ...]:
        """Return the ends that are to be found yet."""
        if self.is_protected(ends):
            return ()
        if ends.lowest > self.least or ends.highest < self.most:
            return ends.inexact
        low = (LOW,) if ends.low > self.least else ()
        return (*low, HIGH) if ends.high < self.most else low


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
