"""XmR charts as NHS England's "Making Data Count" draws them.

The centre is the mean of the values; the limits lie 2.66 mean moving ranges from it, the inner
limits two thirds as far. Source of rules and of their precedence: the NHS-R Community's
plot-the-dots package (``NHSRplotthedots``) and its vignettes on the tool of NHS England.

The chart assumes that points are independent. Declaration rates are not, since the same people
stay from quarter to quarter: they are drawn, and nobody is alarmed by them.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from statistics import mean

LIMIT_FACTOR = 2.66
"""3 / 1.128: three standard deviations, in mean moving ranges of two points."""

SCREEN_FACTOR = 3.267
"""The upper limit of a moving range, in mean moving ranges: screened ones reach it."""

FEWEST_POINTS, LOCKED_AFTER = 5, 12
_RUN, _TREND = 7, 7


class Cause(StrEnum):
    """Special causes, the strongest first: a point has the first that holds."""

    OUTSIDE = "outside the limits"
    TREND = "seven points rising or falling"
    TWO_IN_THREE = "two of three points near a limit"
    RUN = "seven points on one side of the mean"


class Direction(StrEnum):
    """What counts as improvement."""

    INCREASE = "increase"
    DECREASE = "decrease"
    NEUTRAL = "neutral"


class Variation(StrEnum):
    """What a special cause means."""

    IMPROVEMENT = "improvement"
    CONCERN = "concern"
    NEUTRAL = "neutral"


class Assurance(StrEnum):
    """Whether a target is met as the process stands."""

    PASSES = "consistently passes"
    FAILS = "consistently fails"
    HIT_AND_MISS = "hit and miss"


@dataclass(frozen=True, slots=True)
class Limits:
    """Centre and limits, in the unit of the values; not clipped to what values can be.

    Attributes:
        mean: the centre line.
        moving_range: the mean moving range behind the limits.
        is_trial: whether there were fewer than 12 points.
    """

    mean: float
    moving_range: float
    is_trial: bool

    def _away(self, factor: float) -> float:
        return self.mean + factor * LIMIT_FACTOR * self.moving_range

    @property
    def lower(self) -> float:
        """The lower limit."""
        return self._away(-1)

    @property
    def upper(self) -> float:
        """The upper limit."""
        return self._away(1)

    @property
    def inner_lower(self) -> float:
        """Two thirds of the way to the lower limit."""
        return self._away(-2 / 3)

    @property
    def inner_upper(self) -> float:
        """Two thirds of the way to the upper limit."""
        return self._away(2 / 3)


def limits(
    values: Sequence[float], *, screen_outliers: bool = True, after_gap: Collection[int] = ()
) -> Limits | None:
    """Return centre and limits of a series, or None for fewer than 5 points or without a step.

    From 12 points on they are locked: they are those of the first 12, so that a change does not
    widen the limits by which it is judged.

    Args:
        values: the points in the order of time.
        screen_outliers: whether moving ranges of 3.267 mean moving ranges or more are left out and
            the mean is taken again; the Excel tool of NHS England keeps them all.
        after_gap: the places of points before which others are missing; the range to such a point
            is that of several steps, and left out.
    """
    if len(values) < FEWEST_POINTS:
        return None
    kept = values[:LOCKED_AFTER]
    if not set(range(1, len(kept))).difference(after_gap):
        return None
    return limits_of_all(kept, screen_outliers=screen_outliers, after_gap=after_gap)


def limits_of_all(
    values: Sequence[float], *, screen_outliers: bool = True, after_gap: Collection[int] = ()
) -> Limits:
    """Return centre and limits from every point; needs two of which one follows the other."""
    ranges = [
        abs(after - before)
        for place, (before, after) in enumerate(pairwise(values), start=1)
        if place not in after_gap
    ]
    moving_range = _mean(ranges)
    if screen_outliers:
        kept = [one for one in ranges if one < SCREEN_FACTOR * moving_range]
        moving_range = _mean(kept) if kept else moving_range
    return Limits(_mean(values), moving_range, is_trial=len(values) < LOCKED_AFTER)


def _mean(values: Sequence[float]) -> float:
    # Exact, so that a series of equal values has its points on the mean and not a hair beside it.
    return float(mean(map(Fraction, values)))


def special_causes(values: Sequence[float], drawn: Limits) -> list[Cause | None]:
    """Return the special cause of each point, the strongest where several hold, or None.

    Outside the limits; seven consecutive points rising, or falling; two of three consecutive
    points between an inner and an outer limit with all three on that side of the mean; seven or
    more consecutive points on one side of the mean. Every point that belongs to a run, a trend or
    a two in three is marked, of a two in three the two near the limit. A point on the mean is on
    no side.
    """
    sides = [_sign(value - drawn.mean) for value in values]
    slopes = [_sign(after - before) for before, after in pairwise(values)]
    marks: dict[Cause, set[int]] = {
        Cause.OUTSIDE: {
            place
            for place, value in enumerate(values)
            if value > drawn.upper or value < drawn.lower
        },
        Cause.TREND: _stretches(slopes, _TREND - 1, extra=1),
        Cause.TWO_IN_THREE: _two_in_three(values, sides, drawn),
        Cause.RUN: _stretches(sides, _RUN, extra=0),
    }
    return [
        next((cause for cause in Cause if place in marks[cause]), None)
        for place in range(len(values))
    ]


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)


def _stretches(signs: Sequence[int], fewest: int, extra: int) -> set[int]:
    """Return the places of ``fewest`` or more equal signs in a row, and ``extra`` after them."""
    found: set[int] = set()
    for first in range(len(signs) - fewest + 1):
        if signs[first] and len(set(signs[first : first + fewest])) == 1:
            found |= set(range(first, first + fewest + extra))
    return found


def _two_in_three(values: Sequence[float], sides: Sequence[int], drawn: Limits) -> set[int]:
    found: set[int] = set()
    for first in range(len(values) - 2):
        three = range(first, first + 3)
        side = sides[first]
        if not side or {sides[place] for place in three} != {side}:
            continue
        near = {place for place in three if _is_near_limit(values[place], side, drawn)}
        if len(near) >= 2:
            found |= near
    return found


def _is_near_limit(value: float, side: int, drawn: Limits) -> bool:
    if side > 0:
        return drawn.inner_upper < value <= drawn.upper
    return drawn.lower <= value < drawn.inner_lower


def variation(
    cause: Cause | None, value: float, drawn: Limits, good: Direction
) -> Variation | None:
    """Return what a special cause means at a point, None where there is none."""
    if cause is None:
        return None
    if good is Direction.NEUTRAL:
        return Variation.NEUTRAL
    is_above = value > drawn.mean
    return Variation.IMPROVEMENT if is_above == (good is Direction.INCREASE) else Variation.CONCERN


def assurance(lower: float, upper: float, target: float, good: Direction) -> Assurance | None:
    """Return whether a process within two limits meets a target; None where no side is good."""
    if good is Direction.NEUTRAL:
        return None
    if lower <= target <= upper:
        return Assurance.HIT_AND_MISS
    return Assurance.FAILS if (upper < target) == (good is Direction.INCREASE) else Assurance.PASSES
