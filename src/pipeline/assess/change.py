"""How a gap changed between two snapshots: how far it was from parity, and how far it is now.

The distance of a ratio from parity is the size of its natural logarithm, that of a difference or
of a pay gap its size in percentage points. The change is the distance then less the distance now:
positive where the gap closed.
"""

import math
from dataclasses import dataclass
from typing import Any

from pipeline.assess import amounts
from pipeline.assess.assessed import NO_EVENTS, OK, Assessed, Question, not_applicable
from pipeline.assess.rates import FAVOURABLE, P_PLACES, PERCENT, RATIO, Scale, direction_of
from pipeline.assess.rounding import percent, round_half_away
from pipeline.assess.statistics import (
    Interval,
    Z,
    against_population,
    cells_ratio,
    change_of_ratios,
    katz_standard_error,
    newcombe,
    part_against_whole,
    ratio_interval,
)


@dataclass(frozen=True, slots=True)
class Distance:
    """How far a figure is from parity, with the ends of its interval and its standard error.

    ``interval`` is None where the figure has none; ``error`` is that of the logarithm of a ratio,
    and None for a figure that is no ratio.
    """

    value: float
    interval: Interval | None
    error: float | None


def change_between(then: Question, now: Question) -> Assessed:
    """Return how a gap changed, of which the figures then and now are known by their questions.

    Not applicable where one of the two is infinitely far from parity.
    """
    before, after = _distance(then), _distance(now)
    if before is None or after is None:
        return not_applicable(NO_EVENTS)
    return change(before, after)


def change(before: Distance, after: Distance) -> Assessed:
    """Return the distance before less that after, with its interval, p-value and direction.

    The interval combines the two intervals by the method of variance estimates recovery (Donner
    and Zou 2012). Of ratios, p is that of z on the logarithms (``change_of_ratios``); of
    differences it is that of the normal deviate at which the interval would end at 0.
    """
    value = before.value - after.value
    is_ratio = before.error is not None
    interval, p_value = None, None
    if before.interval is not None and after.interval is not None:
        down = math.hypot(before.value - before.interval.low, after.interval.high - after.value)
        up = math.hypot(before.interval.high - before.value, after.value - after.interval.low)
        interval = Interval(value - down, value + up)
        p_value = _p_value(before, after, down if value > 0 else up)
    places = RATIO.places if is_ratio else PERCENT.places
    # No change is near parity: a gap that did not move may be a wide one.
    scale = Scale(0.0, math.inf, -math.inf, places)
    return Assessed(
        round_half_away(value, places),
        None if interval is None else round_half_away(interval.low, places),
        None if interval is None else round_half_away(interval.high, places),
        None if p_value is None else round_half_away(p_value, P_PLACES),
        OK,
        None,
        direction_of(interval, p_value, scale, FAVOURABLE),
    )


def _p_value(before: Distance, after: Distance, arm: float) -> float | None:
    if before.error is not None and after.error is not None:
        if before.error == after.error == 0:
            return None
        ratios = math.exp(before.value), math.exp(after.value)
        return change_of_ratios(ratios[0], before.error, ratios[1], after.error)[1]
    value = before.value - after.value
    return math.erfc(Z * abs(value) / arm / math.sqrt(2)) if arm else None


def _distance(gap: Question) -> Distance | None:
    """Return how far a figure is from parity; None for a ratio that has no logarithm."""
    if gap.method == "gap_percent":
        amount, base, comparator_amount, comparator_base = gap.numbers
        reference = amounts.mean(amount, base)
        compared = amounts.mean(comparator_amount, comparator_base)
        if not reference or compared is None:
            return None
        return Distance(abs(float(100 * (reference - compared) / reference)), None, None)
    is_ratio = gap.method in ("relative_likelihood", "disparity_ratio")
    found = (_ratio if is_ratio else _difference)(gap.method, *gap.numbers)
    return None if found is None else _folded(found)


def _folded(found: Distance) -> Distance:
    """Return a distance to the other side of parity as one to this side."""
    if found.value >= 0:
        return found
    turned = found.interval and Interval(-found.interval.high, -found.interval.low)
    return Distance(-found.value, turned, found.error)


def _ratio(method: str, a: int, n: int, b: int, m: int) -> Distance | None:
    if 0 in (a, b):
        return None
    value = math.log(a * m) - math.log(n * b)
    if method == "disparity_ratio":
        interval: Interval | None = cells_ratio(a, n, b, m)
        error = math.sqrt(1 / a + 1 / n + 1 / b + 1 / m)
    elif a > n or b > m:
        return Distance(value, None, 0.0)
    else:
        interval = ratio_interval(a, n, b, m)
        error = katz_standard_error(a, n, b, m)
    logs = interval and Interval(math.log(interval.low), math.log(interval.high))
    return Distance(value, logs, error)


def _difference(method: str, k: int, n: int, other_k: int, other_n: int) -> Distance:
    interval: Interval | None
    if method == "part_against_whole":
        interval, _ = part_against_whole(k, n, other_k, other_n)
    elif method == "population_difference":
        interval, _ = against_population(k, n, other_k, other_n)
    else:
        interval = newcombe(k, n, other_k, other_n)
    value: Any = percent(k, n) - percent(other_k, other_n)
    points = interval and Interval(100 * interval.low, 100 * interval.high)
    return Distance(float(value), points, None)
