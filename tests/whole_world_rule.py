"""The protection rule, held against every whole-number world of a small random system.

Written apart from the product: the laws come from how the system was made, the worlds from a
search of its own.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

import pandas as pd
from random_counts import Cell, Law
from random_people import COARSE, GROUPS
from random_systems import System
from whole_worlds import MOST, Row, Worlds

from pipeline.assess.columns import COUNTS, PEOPLE
from pipeline.protect.cells import Owner


class Rule(NamedTuple):
    """The numbers of the rule, as the policy that the product ships sets them."""

    threshold: int = 10
    fewest_values: int = 5
    fewest_with_one_known: int = 3

    def is_wide(self, low: int, high: int) -> bool:
        """Return whether these values tell no small count."""
        return (low <= 1 and high >= self.threshold - 1) or low >= self.threshold


Shown = Mapping[Cell, int | None]
_NO_GROUPS = ("ALL", "KNOWN")
_GROUPS_OF = {coarse: name for name, (coarse, _) in COARSE.items()}


def shown_counts(published: pd.DataFrame) -> dict[Cell, int | None]:
    """Return each count that stands in published figures, None where none of them shows it."""
    found: dict[Cell, int | None] = {}
    owners = [Owner(*row) for row in zip(*(published[name] for name in Owner._fields), strict=True)]
    for count, people in zip(COUNTS, PEOPLE, strict=True):
        for owner, name, number in zip(owners, published[people], published[count], strict=True):
            if isinstance(name, str):
                value = None if pd.isna(number) else int(number)
                known = found.setdefault((owner, name), value)
                found[owner, name] = value if known is None else known
    return found


def broken(system: System, published: pd.DataFrame, rule: Rule | None = None) -> list[str]:
    """Return what a reader can tell that the rule forbids, by name; empty where nothing.

    Raises:
        ValueError: what is published contradicts itself.
    """
    rule = rule or Rule()
    shown = shown_counts(published)
    truth = {cell: system.counts[cell[0]][cell[1]] for cell in shown}
    wrong = [cell for cell, number in shown.items() if number not in (None, truth[cell])]
    reader = Reader(system.laws, truth, shown, rule)
    found = [f"{cell} is shown but not true" for cell in wrong]
    found += [
        f"{cell} shows a small count" for cell, number in shown.items() if _is_small(number, rule)
    ]
    # A hidden count of many is no small group: what it leaves besides is a count of its own.
    asked = [cell for cell in reader.hidden if truth[cell] < reader.rule.threshold]
    found += [f"{cell} is told" for cell in asked if reader.is_told(cell)]
    found += [f"{cell} is told to whom knows {one}" for one, cell in reader.told_with_one()]
    found += [f"all of {base} are alike" for base in reader.alike()]
    found += [f"{cells} leave few between them" for cells in reader.small_rests()]
    return found


def _is_small(number: int | None, rule: Rule) -> bool:
    return number is not None and 0 < number < rule.threshold


def block(cell: Cell) -> tuple[Owner, str, str, str]:
    """Return the owner, population, part and characteristic of a count."""
    owner, (population, part, characteristic, _) = cell[0], cell[1].split("/", 3)
    characteristic = characteristic.partition(":")[0]
    return owner, population, part, _GROUPS_OF.get(characteristic, characteristic)


class Reader:
    """A reader of the counts that are shown, who knows the laws.

    Args:
        laws: how the counts hang together.
        truth: the true counts, which are one world.
        shown: the counts as published, None where hidden.
        rule: the numbers of the rule.

    Attributes:
        hidden: the counts that are not shown.
    """

    def __init__(
        self, laws: Sequence[Law], truth: Mapping[Cell, int], shown: Shown, rule: Rule
    ) -> None:
        self.laws, self.truth, self.shown, self.rule = laws, truth, shown, rule
        self.hidden = sorted(cell for cell, number in shown.items() if number is None)
        self.number = {cell: number for number, cell in enumerate(self.hidden)}
        self.worlds = self._worlds(self.number)
        self._telling = {block(cell) for cell, number in shown.items() if number is not None}
        self._ends: dict[Cell, tuple[int, int]] = {}
        self._near: list[Collection[int]] | None = None

    def _worlds(self, number: Mapping[Cell, int]) -> Worlds:
        """Return the worlds of these unknown counts; the others are known."""
        rows = []
        for terms, least, most in self.laws:
            if any(cell in number for cell in terms):
                known = sum(f * self.truth[cell] for cell, f in terms.items() if cell not in number)
                rows.append(
                    Row(
                        {number[cell]: f for cell, f in terms.items() if cell in number},
                        None if least is None else least - known,
                        None if most is None else most - known,
                    )
                )
        return Worlds(len(number), rows, [self.truth[cell] for cell in number])

    def ends(self, cell: Cell) -> tuple[int, int]:
        """Return the least and the most that a count may be."""
        if (number := self.shown[cell]) is not None:
            return number, number
        if cell not in self._ends:
            self._ends[cell] = self.worlds.ends(self.number[cell])
        return self._ends[cell]

    def is_wide(self, cell: Cell) -> bool:
        """Return whether a count may be as good as none and all that is small, or is large."""
        place, rule = self.number[cell], self.rule
        lowest = self.worlds.seen(place)[0] <= 1 or self.worlds.find({place: (0, 1)})
        if lowest:
            highest = self.worlds.seen(place)[1] >= rule.threshold - 1
            return highest or bool(self.worlds.find({place: (rule.threshold - 1, MOST)}))
        return not self.worlds.find({place: (0, rule.threshold - 1)})

    def is_told(self, cell: Cell) -> bool:
        """Return whether a reader knows too much of a hidden count."""
        if self.truth[cell] == 0 and self._may_be_none(cell):
            return False
        if self.is_wide(cell):
            return False
        low, high = self.ends(cell)
        if high - low + 1 < self.rule.fewest_values:
            return True
        if block(cell) not in self._telling:
            return False
        return self.without_block(cell).ends(cell) != (low, high)

    def _may_be_none(self, cell: Cell) -> bool:
        """Return whether it may be told that a count is none.

        It may of a whole organisation, and so of its parts; and of parts where nobody is.
        """
        owner, (population, part, *group) = cell[0], cell[1].split("/")
        whole = owner, "/".join((population, "all", *group))
        is_nobody = self.truth.get((owner, f"{population}/{part}//ALL")) == 0
        return part == "all" or is_nobody or (whole in self.shown and self.ends(whole) == (0, 0))

    def without_block(self, cell: Cell) -> "Reader":
        """Return a reader to whom the whole block of a count is withheld as well."""
        own = block(cell)
        shown = {
            other: None if block(other) == own else number for other, number in self.shown.items()
        }
        return Reader(self.laws, self.truth, shown, self.rule)

    def told_with_one(self) -> Iterator[tuple[Cell, Cell]]:
        """Yield each hidden count of one, with each other that its member knows too much of.

        Of a count that is part of the one it has two values at most, whatever is hidden: where
        withholding its whole block would leave it no more, it is not told.
        """
        for one in self.hidden:
            if self.truth[one] != 1 or not self._is_open(one):
                continue
            own = self.number[one]
            worlds = self.worlds.given(own, 1)
            self._near = self._near or _together(self.worlds, len(self.hidden))
            for place in sorted(set(self._near[own]) - {own}):
                cell = self.hidden[place]
                # Nothing more could be withheld of its block, and a zero may be told.
                if block(cell) not in self._telling:
                    continue
                if self.truth[cell] == 0 and self._may_be_none(cell):
                    continue
                if self._is_told_in(worlds, one, cell):
                    low, high = self.ends(cell)
                    if low < high:
                        yield one, cell

    def values_with(self, one: Cell, cell: Cell) -> int:
        """Return how many values a hidden count keeps for who knows that another one is 1."""
        low, high = self.worlds.given(self.number[one], 1).ends(self.number[cell])
        return high - low + 1

    def _is_told_in(self, worlds: Worlds, one: Cell, cell: Cell) -> bool:
        place, fewest = self.number[cell], self.rule.fewest_with_one_known
        low, high = worlds.seen(place)
        if high - low + 1 >= fewest:
            return False
        low, high = worlds.ends(place)
        if high - low + 1 >= fewest or low >= self.rule.threshold:
            return False
        without = self.without_block(cell)
        own_worlds = without.worlds.given(without.number[one], 1)
        return own_worlds.ends(without.number[cell]) != (low, high)

    def alike(self) -> Iterator[tuple[Owner, str]]:
        """Yield each part of few people of whom all groups but one are told to be empty."""
        groups: dict[tuple[Owner, str, str], list[Cell]] = defaultdict(list)
        for owner, name in self.shown:
            population, part, characteristic, group = name.split("/", 3)
            if population == "workforce" and characteristic and group != "KNOWN":
                groups[owner, part, characteristic].append((owner, name))
        for (owner, part, characteristic), cells in groups.items():
            is_whole = characteristic in {*GROUPS, *_GROUPS_OF}
            number = self.truth[owner, f"workforce/{part}//ALL"]
            is_few = is_whole and 0 < number <= 2 * self.rule.threshold
            if is_few and sum(map(self._may_be_some, cells)) == 1:
                yield owner, f"{part}/{characteristic}"

    def _is_open(self, cell: Cell) -> bool:
        """Return whether a hidden count may be anything but what it is."""
        low, high = self.worlds.seen(self.number[cell])
        return low < high or self.ends(cell) != (low, high)

    def _may_be_some(self, cell: Cell) -> bool:
        """Return whether a count may be one or more."""
        if (number := self.shown[cell]) is not None:
            return number > 0
        place = self.number[cell]
        return self.worlds.seen(place)[1] > 0 or self.worlds.find({place: (1, MOST)}) is not None

    def small_rests(self) -> Iterator[tuple[Cell, ...]]:
        """Yield counts that are shown and that leave few people between them.

        Those who were shortlisted and not appointed, and those of a group who are counted in two
        employers and once in what pools them.
        """
        for cells, _ in few_between(self.laws, self.truth, self.rule):
            if all(self.shown[cell] is not None for cell in cells):
                yield cells


def few_between(
    laws: Sequence[Law], truth: Mapping[Cell, int], rule: Rule
) -> Iterator[tuple[tuple[Cell, ...], int]]:
    """Yield counts that leave few people between them, with the number of those."""
    for terms, least, most in laws:
        names = {name for _, name in terms}
        group = min(names).rpartition("/")[2]
        is_part = len(terms) == 2 and least is None and most == 0
        is_pooled = len(names) == 1 and (least, most) == (0, None) and group not in _NO_GROUPS
        if (is_part or is_pooled) and all(abs(factor) == 1 for factor in terms.values()):
            rest = abs(sum(factor * truth[cell] for cell, factor in terms.items()))
            if _is_small(rest, rule):
                yield tuple(terms), rest


def _together(worlds: Worlds, number: int) -> list[Collection[int]]:
    """Return for each count those that laws tie it to, directly or by way of others."""
    group: list[set[int]] = [{count} for count in range(number)]
    for row in worlds.rows:
        free = [count for count in row.terms if worlds.low[count] < worlds.high[count]]
        joined = set().union(*(group[count] for count in free))
        for count in joined:
            group[count] = joined
    return group
