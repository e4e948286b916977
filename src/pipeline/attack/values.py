"""What a published value tells of counts that are not published beside it.

A percentage with one decimal of a base leaves few counts; so do a difference and a ratio of two
shares where enough of their four counts are known. Of what is no linear condition nothing is
proven: such a value beside a hidden count is named, never passed over.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from pipeline.attack.counts import COUNTS, HIDDEN, Rows
from pipeline.attack.relations import NO_END, Block, Row, block

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    Ints = npt.NDArray[np.int64]

DECIMALS = {
    "share": 1,
    "rate": 1,
    "difference_pp": 1,
    "relative_likelihood": 2,
    "ratio": 2,
    "headcount": 0,
    "count": 0,
}
"""Measures that are made of the counts, and the decimals of their values."""
_PERCENT = ("share", "rate")
_RATIOS = ("relative_likelihood", "ratio")
_ESTIMATE = ":mantel_haenszel"
_FROM_COUNTS = ("ci_low", "ci_high", "p_value")


class Number(NamedTuple):
    """One of the counts behind a value: a column some times, or a number where that is known.

    Attributes:
        times: how often the column is counted; the number itself where there is no column.
        column: the column; None for a number.
    """

    times: int
    column: int | None


_ONE = Number(1, None)


class Values(NamedTuple):
    """What values tell.

    Attributes:
        block: the conditions.
        unclear: the places of the figures whose value tells something that is no such condition.
    """

    block: Block
    unclear: list[int]


def conditions_of(figures: "pd.DataFrame", rows: Rows, of: "Ints", told: "Ints") -> Values:
    """Return what the values of figures tell of counts that no figure tells.

    Args:
        figures: the published figures.
        rows: whom their counts count.
        of: the column of each owner and name.
        told: what is told of each column, ``HIDDEN`` where nothing is.
    """
    import numpy as np

    columns = np.where(rows.name >= 0, of[rows.owner, rows.name], -1)
    is_open = (columns >= 0) & (told[columns] == HIDDEN)
    # What stands beside rounded counts is worked out from those.
    has_value = (figures["value"].notna() & figures["disclosure"].ne("ROUNDED")).to_numpy()
    candidates = np.flatnonzero(has_value & is_open.any(axis=0))
    measures = figures["measure"].astype(object).to_numpy()
    # A target stands without its counts, and is worked out from those of its baseline too.
    silent = figures["standard"].eq("MODEL_EMPLOYER").to_numpy()
    parts = figures["part"].to_numpy(dtype=object)
    more = figures[list(_FROM_COUNTS)].notna().any(axis=1).to_numpy()
    value = figures["value"].to_numpy(dtype=float)
    told_by_values: list[Row[int]] = []
    unclear = []
    for place in candidates.tolist():
        measure = measures[place]
        if measure not in DECIMALS and not silent[place]:
            continue
        numbers = _numbers(rows, columns, told, place)
        if silent[place] or parts[place].endswith(_ESTIMATE) or more[place]:
            unclear.append(place)
            continue
        scale = 2 * 10 ** DECIMALS[measure]
        found = list(_rows(measure, round(float(value[place]) * scale), scale, numbers))
        told_by_values += found
        if not found:
            unclear.append(place)
    return Values(block(told_by_values), unclear)


def _numbers(rows: Rows, columns: "Ints", told: "Ints", place: int) -> list[Number | None]:
    """Return the four counts of a figure, None for one that it does not have or tell."""
    found: list[Number | None] = []
    for count in range(len(COUNTS)):
        column, printed = int(columns[count, place]), int(rows.told[count, place])
        times = int(rows.times[count, place])
        if column >= 0 and told[column] == HIDDEN:
            found.append(Number(times, column))
        elif column >= 0:
            found.append(Number(times * int(told[column]), None))
        else:
            found.append(None if printed == HIDDEN else Number(printed, None))
    return found


def _rows(
    measure: str, value: int, scale: int, numbers: Sequence[Number | None]
) -> Iterator[Row[int]]:
    """Yield what a value tells; nothing where that is no linear condition.

    Args:
        measure: the measure.
        value: the value as a whole number of half units of its last decimal.
        scale: how many of these are one.
        numbers: the four counts.
    """
    count, base, other, other_base = numbers
    if measure in ("headcount", "count"):
        # What stands in the value is the count itself.
        yield from _between([(scale, count)], [(value, _ONE)], [(value, _ONE)])
        return
    if measure in _PERCENT:
        left, right = [(100 * scale, count)], base
    elif measure in _RATIOS:
        left, right = [(scale, _times(count, other_base))], _times(base, other)
    else:
        left = [(100 * scale, _times(count, other_base)), (-100 * scale, _times(other, base))]
        right = _times(base, other_base)
    yield from _between(left, [(value - 1, right)], [(value + 1, right)])


def _times(one: Number | None, other: Number | None) -> Number | None:
    """Return the product of two counts, None where it is that of two columns."""
    if one is None or other is None or (one.column is not None and other.column is not None):
        return None
    column = one.column if other.column is None else other.column
    return Number(one.times * other.times, column)


_Sum = Sequence[tuple[int, Number | None]]


def _between(middle: _Sum, least: _Sum, most: _Sum) -> Iterator[Row[int]]:
    """Yield that a sum is from another to a third one; nothing where one of them is not known."""
    for end, is_least in ((least, True), (most, False)):
        terms: dict[int, int] = {}
        rest = 0
        for weight, number in (*middle, *((-weight, number) for weight, number in end)):
            if number is None:
                return
            if number.column is None:
                rest -= weight * number.times
            else:
                terms[number.column] = terms.get(number.column, 0) + weight * number.times
        held = tuple(terms.items())
        yield Row(held, rest, NO_END) if is_least else Row(held, -NO_END, rest)
