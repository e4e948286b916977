"""The fewest counts that have to be hidden, exactly, in systems small enough to search.

A count of which a reader can tell too much under one choice is told under every choice that hides
no more than that, unless something else is shown that keeps it as narrow as its whole block
withheld would be. So each such count is a cut: one of the counts that are shown must be hidden
too, or one of those that open its block be shown. The fewest counts that meet all cuts are found
by an integer programme, and held against every whole-number world; what is still told is the next
cut. Written apart from the product.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import scipy.optimize
import scipy.sparse
from random_counts import Cell, Law
from whole_world_rule import Reader, Rule, few_between

Readers = Callable[[Collection[Cell]], Reader]
"""What returns the reader to whom some counts are hidden."""


class Fewest(NamedTuple):
    """The fewest counts to be hidden.

    Attributes:
        hidden: one choice of as few counts as can be, the withheld ones left out; None where it
            was not found.
        rounds: how many choices were searched.
    """

    hidden: frozenset[Cell] | None
    rounds: int


class Cut(NamedTuple):
    """That the sum of some choices, 1 for a hidden count, each times a factor, is at least this."""

    factors: Mapping[Cell, int]
    least: int


class _Told(NamedTuple):
    """What is told, under which test.

    Attributes:
        cell: the count of which too much is told.
        is_narrow: whether a reader is told too much of it; true too of one who is shown more.
        is_open: whether it would be told less with its block withheld, for a reader without that.
    """

    cell: Cell
    is_narrow: Callable[[Reader], bool]
    is_open: Callable[[Reader], bool]


def fewest_hidden(  # noqa: PLR0913 - what may be hidden, and what must be
    laws: Sequence[Law],
    truth: Mapping[Cell, int],
    withheld: Collection[Cell],
    rule: Rule,
    *,
    kept: Collection[Cell] = (),
    most_rounds: int = 100,
) -> Fewest:
    """Return the fewest counts that must be hidden for a reader to be told nothing.

    Args:
        laws: how the counts hang together.
        truth: the true counts.
        withheld: counts that are not published in any case.
        rule: the numbers of the protection rule.
        kept: counts that may not be hidden.
        most_rounds: how many choices are tried before it gives up.
    """
    cells = sorted(set(truth) - set(withheld))
    small = frozenset(cell for cell in cells if 0 < truth[cell] < rule.threshold)

    def reader(hidden: Collection[Cell]) -> Reader:
        all_hidden = {*hidden, *withheld}
        shown = {cell: None if cell in all_hidden else truth[cell] for cell in truth}
        return Reader(laws, truth, shown, rule)

    few = [own for own, _ in few_between(laws, truth, rule) if not set(own) & {*small, *withheld}]
    cuts = [Cut(dict.fromkeys(own, 1), 1) for own in few]
    for turn in range(1, most_rounds + 1):
        hidden = _smallest(cells, cuts, small, kept)
        own = reader(hidden)
        found = [(cell, None) for cell in own.hidden if own.is_told(cell)]
        found = found or [(cell, one) for one, cell in own.told_with_one()]
        if not found:
            return Fewest(hidden, turn)
        for cell, one in found[:4]:
            if cell in withheld or truth[cell] >= rule.threshold:
                cuts.append(_never_again(hidden, cells))
                continue
            tests = list(_tests(cell, one, own, rule))
            cuts += [_cut(test, hidden, small, cells, reader) for test in tests]
            if not tests:
                cuts.append(_never_again(hidden, cells))
    return Fewest(None, most_rounds)


def _tests(cell: Cell, one: Cell | None, own: Reader, rule: Rule) -> Iterable[_Told]:
    """Return the tests under which a count is told, each of which gives a cut."""
    if one is not None:
        few = rule.fewest_with_one_known
        yield _Told(
            cell,
            lambda reader: reader.values_with(one, cell) < few,
            lambda reader: reader.values_with(one, cell) >= few,
        )
        return

    def number(reader: Reader) -> int:
        low, high = reader.ends(cell)
        return high - low + 1

    if number(own) < rule.fewest_values:
        yield _Told(
            cell,
            lambda reader: not reader.is_wide(cell) and number(reader) < rule.fewest_values,
            lambda _: True,
        )
    if own.without_block(cell).is_wide(cell):
        yield _Told(
            cell, lambda reader: not reader.is_wide(cell), lambda reader: reader.is_wide(cell)
        )


def _cut(
    told: _Told,
    hidden: Collection[Cell],
    small: Collection[Cell],
    cells: Sequence[Cell],
    reader: Readers,
) -> Cut:
    """Return that a count which still tells it is hidden, or one that opens its block is shown.

    The fewer these are, the more the cut says.
    """
    all_hidden, telling = set(hidden), []
    for other in cells:
        if other not in all_hidden:
            if told.is_narrow(reader({*all_hidden, other})):
                all_hidden.add(other)
            else:
                telling.append(other)
    opening = set(hidden)
    for other in sorted(opening - set(small)):
        if told.is_open(reader(opening - {other}).without_block(told.cell)):
            opening.discard(other)
    opening -= {*small, told.cell}
    factors = dict.fromkeys(telling, 1) | dict.fromkeys(opening, -1)
    least = -len(opening)
    if told.cell not in small:
        return Cut({**factors, told.cell: -1}, least)
    return Cut(factors, least + 1)


def _never_again(hidden: Collection[Cell], cells: Sequence[Cell]) -> Cut:
    """Return the cut that leaves out this one choice."""
    return Cut({cell: -1 if cell in hidden else 1 for cell in cells}, 1 - len(hidden))


def _smallest(
    cells: Sequence[Cell],
    cuts: Sequence[Cut],
    fixed: Collection[Cell],
    kept: Collection[Cell],
) -> frozenset[Cell]:
    """Return the fewest counts that meet all cuts: all of ``fixed``, and none of ``kept``."""
    number = {cell: place for place, cell in enumerate(cells)}
    entries = [
        (factor, row, number[cell])
        for row, cut in enumerate(cuts)
        for cell, factor in cut.factors.items()
    ]
    constraints = []
    if entries:
        factors, rows, places = zip(*entries, strict=True)
        matrix = scipy.sparse.csr_array((factors, (rows, places)), shape=(len(cuts), len(cells)))
        least = [cut.least for cut in cuts]
        constraints.append(scipy.optimize.LinearConstraint(matrix, least))
    found = scipy.optimize.milp(
        np.ones(len(cells)),
        integrality=np.ones(len(cells)),
        bounds=scipy.optimize.Bounds(
            [float(cell in fixed) for cell in cells],
            [float(cell in fixed or cell not in kept) for cell in cells],
        ),
        constraints=constraints,
    )
    if found.status != 0:
        raise ArithmeticError(f"no choice meets all cuts: {found.message}")
    return frozenset(
        cell for cell, is_hidden in zip(cells, found.x, strict=True) if is_hidden > 0.5
    )
