"""What the protection rule asks of each count under one choice, and which choices fall short of it.

A count that falls short does so under every choice that hides no more, unless something else is
shown that opened its block: so each shortfall is narrow for whatever hides less, and asked for
whatever hides more. Between the two lie the choices that fall short as this one does.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from pipeline.protect.bounds import MOST
from pipeline.protect.possible import Hidden, Possible, Range
from pipeline.protect.rules import Rules

if TYPE_CHECKING:
    from pipeline.protect.system import Ints

_DOWN, _UP = -1, 1


class Goal(NamedTuple):
    """How far a count is to reach: ``low`` or fewer, ``high`` or more, and so many values."""

    low: int = MOST
    high: int = 0
    values: int = 1

    def is_met(self, own: Range) -> bool:
        """Return whether a range reaches so far."""
        return own.low <= self.low and own.high >= self.high and own.values >= self.values


class Shortfall(NamedTuple):
    """What is told that may not be told.

    Attributes:
        column: the column of which too much is told.
        goals: it is open enough where one of these is met.
        opened: what it meets with its block withheld, without which nothing is asked; None where
            that is no matter.
        kept: the column that the reader knows besides.
        alike: groups of which it is told that all hold nobody; ``column`` is one of them.
    """

    column: int
    goals: tuple[Goal, ...] = ()
    opened: Goal | None = None
    kept: int | None = None
    alike: tuple[int, ...] = ()


class Demands:
    """What is asked of the columns that hang together."""

    def __init__(self, rules: Rules, columns: "Ints", possible: Possible) -> None:
        """Set up the demands.

        Args:
            rules: what holds of each column of the part.
            columns: those that hang together, in order; all others are known.
            possible: what each may be.
        """
        self.rules, self.possible = rules, possible
        truth = rules.system.truth
        may_be_told = rules.told_zero & (truth == 0)
        is_asked = rules.sensitive & ~(may_be_told & ~rules.of_silent)
        self._asked = columns[is_asked[columns]].tolist()
        self._zeros = frozenset(columns[may_be_told[columns]].tolist())
        is_one = is_asked & (truth == 1) & (rules.block >= 0)
        self._ones = columns[is_one[columns]].tolist()
        self._of_block: dict[int, Hidden] = {}
        for cell in possible.free:
            block = int(rules.block[cell])
            if block >= 0:
                self._of_block[block] = self._of_block.get(block, frozenset()) | {cell}

    def block(self, column: int) -> Hidden:
        """Return the cells of the block of a column that can be hidden."""
        return self._of_block.get(int(self.rules.block[column]), frozenset())

    def shortfalls(self, hidden: Hidden) -> Iterator[Shortfall]:
        """Yield where a choice falls short for a reader who knows what is published."""
        for column in self._asked:
            if self._is_hidden(column, hidden):
                yield from self._alone(column, hidden)
        for empty in self.rules.alike:
            short = Shortfall(empty[0], alike=empty)
            if self.is_narrow(short, hidden):
                yield short

    def _alone(self, column: int, hidden: Hidden) -> Iterator[Shortfall]:
        rules = self.rules
        own = self.possible.range(column, hidden)
        if column in rules.system.twice:
            # Some of those who are in several posts: it is enough that it is not told how many.
            if own.values == 1:
                yield Shortfall(column, (Goal(values=2),))
            return
        few, many = Goal(low=1), Goal(high=int(rules.enough[column]))
        wide = Goal(low=few.low, high=many.high)
        if wide.is_met(own) or self._tells_nobody(column, own):
            return
        freed = self.possible.range(column, hidden | self.block(column))
        ends = [goal for goal in (few, many) if goal.is_met(freed) and not goal.is_met(own)]
        for goal in ends:
            yield Shortfall(column, (goal,), goal)
        if own.values < rules.fewest:
            yield Shortfall(column, (wide, Goal(values=rules.fewest)))
        elif freed != own and not ends:
            more = Goal(values=freed.values)
            yield Shortfall(column, (wide, more), more)

    def to_whom_knows_one(self, hidden: Hidden) -> Iterator[Shortfall]:
        """Yield where a choice falls short for the one person behind a hidden count of 1."""
        possible, least = self.possible, self.rules.fewest_known
        for one in self._ones:
            for column in self._asked:
                if column == one or column in self._zeros or self.block(column) <= hidden:
                    continue
                own = possible.range(column, hidden, one)
                if own.values >= least or possible.range(column, hidden).values == 1:
                    continue
                freed = possible.range(column, hidden | self.block(column), one)
                more = Goal(values=min(least, freed.values))
                short = Shortfall(column, (more,), more, one)
                if freed != own and self.is_asked(short, hidden):
                    yield short

    def is_narrow(self, short: Shortfall, hidden: Hidden) -> bool:
        """Return whether too little is open; true too of whatever hides less."""
        if short.alike:
            return not any(
                self._is_hidden(cell, hidden) and self.possible.range(cell, hidden).high
                for cell in short.alike
            )
        own = self.possible.range(short.column, hidden, short.kept)
        return not any(goal.is_met(own) for goal in short.goals)

    def is_asked(self, short: Shortfall, hidden: Hidden) -> bool:
        """Return whether the rule asks for more; true too of whatever hides more."""
        if short.alike:
            return True
        column, kept = short.column, short.kept
        if not self._is_hidden(column, hidden):
            return False
        if kept is not None and self.possible.range(kept, hidden).values == 1:
            return False
        if self._tells_nobody(column, self.possible.range(column, hidden, kept)):
            return False
        if short.opened is None:
            return True
        freed = self.possible.range(column, hidden | self.block(column), kept)
        return short.opened.is_met(freed)

    def _tells_nobody(self, column: int, own: Range) -> bool:
        """Return whether a range tells of no person: of many, or of none where that may be told."""
        return own.low >= self.rules.threshold or (column in self._zeros and not own.high)

    def held(self, short: Shortfall, hidden: Hidden) -> Hidden:
        """Return shown cells that keep it narrow by themselves, as far as the programmes tell."""
        if short.alike:
            return frozenset(self.possible.free) - hidden
        one, kept = short.column, short.kept
        down, up = (self.possible.holding(one, sign, hidden, kept) for sign in (_DOWN, _UP))
        if len(short.goals) == 1 and short.goals[0].values == 1:
            return up if short.goals[0].high else down
        return down | up

    def _is_hidden(self, column: int, hidden: Hidden) -> bool:
        return column in hidden or bool(self.rules.unknown[column])
