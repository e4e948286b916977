"""What can be wrong with a published count, and how it is said without any number of people."""

from dataclasses import dataclass
from enum import StrEnum

from pipeline.attack.sums import Count


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

    def sentence(self) -> str:
        """Return what is wrong in words, without any number of people."""
        return f"{self.name}: {_WORDS[self.kind]}"

    def as_row(self) -> dict[str, str]:
        """Return the breach by column, without any number of people."""
        return self.cell._asdict() | {"kind": str(self.kind), "message": _WORDS[self.kind]}


_WORDS = {
    Kind.INTERVAL: "a reader can tell it, or nearly so",
    Kind.ONE_KNOWN: "the one person behind another hidden count can tell it, or nearly so",
    Kind.ALIKE: "it is told that all of these few people are in one group",
    Kind.REMAINDER: "with the count that it is part of it tells few people",
    Kind.COUNTED_TWICE: "with the counts of the members it tells few people who are in two of them",
    Kind.INFEASIBLE: "what is published of it contradicts itself, or the truth",
    Kind.UNSOLVED: "that a reader cannot tell it could not be proven",
}
