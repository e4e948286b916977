"""Rates, ratios and differences: counts in, the published numbers of one figure out.

A percentage is 0-100 with one decimal, a ratio has two decimals, a difference is in percentage
points with one decimal, a p-value has three; an interval is 95% and has the decimals of its value.
Values come from exact fractions and are rounded once, half away from zero, so that 6 of 19 less 96
of 398 is 7.5 percentage points, not 32 less 24.

Counts are named as in ``pipeline.assess.statistics``. ``high_is`` says what a value above parity
(a ratio above 1, a difference above 0) means: ``adverse``, ``favourable`` or ``neutral``. A
difference raises ValueError where a count exceeds its base.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from pipeline.assess.assessed import (
    COMPARATOR_RATE_ZERO,
    NEUTRAL,
    NO_COMPARATOR_BASE,
    NO_EVENTS,
    NO_NUMERATOR_BASE,
    OK,
    Assessed,
    not_applicable,
)
from pipeline.assess.rounding import percent, round_half_away
from pipeline.assess.statistics import (
    Interval,
    against_population,
    cells_ratio,
    fisher,
    mantel_haenszel,
    newcombe,
    part_against_whole,
    ratio_interval,
    wilson,
)

ADVERSE = "adverse"
FAVOURABLE = "favourable"
NEAR_PARITY = "near_parity"
CANNOT_TELL = "cannot_tell"

SIGNIFICANT = 0.05
P_PLACES = 3

SAME_COUNTS = 1 << 16
"""Results kept: the same small counts recur in most rows of a release."""


@dataclass(frozen=True, slots=True)
class Scale:
    """What equality is on a scale, how near counts as near, and the decimals published."""

    parity: float
    near_low: float
    near_high: float
    places: int


RATIO = Scale(parity=1.0, near_low=0.80, near_high=1.25, places=2)
"""Ratios; near parity is the non-adverse range of the four-fifths rule."""

PERCENT = Scale(parity=0.0, near_low=-5.0, near_high=5.0, places=1)
"""Percentages, and differences between them in percentage points."""


def direction_of(
    interval: Interval | None, p_value: float | None, scale: Scale, high_is: str
) -> str:
    """Return what may be claimed of an unrounded interval and p-value.

    ``adverse`` or ``favourable`` only where p is below 0.05 and the interval excludes parity.
    That outranks ``near_parity``: on a small share a gap within 5 percentage points can be most
    of the share (1.5% of staff where 6% of residents), and a difference that is established is
    not to be hidden as none. So ``near_parity`` says that no difference is established and that
    any there is would be small: the whole interval lies within the scale's near range, its ends
    included. Otherwise ``cannot_tell``, also where interval or p-value is not defined. Always
    ``neutral`` where ``high_is`` is. Raises ValueError for an unknown ``high_is``.
    """
    if high_is not in (ADVERSE, FAVOURABLE, NEUTRAL):
        raise ValueError(f"high_is must be {ADVERSE}, {FAVOURABLE} or {NEUTRAL}, not {high_is!r}")
    if high_is == NEUTRAL:
        return NEUTRAL
    if interval is None or p_value is None:
        return CANNOT_TELL
    above, below = interval.low > scale.parity, interval.high < scale.parity
    if p_value < SIGNIFICANT and (above or below):
        return ADVERSE if above == (high_is == ADVERSE) else FAVOURABLE
    near = scale.near_low <= interval.low and interval.high <= scale.near_high
    return NEAR_PARITY if near else CANNOT_TELL


def _assessed(
    value: Fraction, interval: Interval | None, p_value: float | None, scale: Scale, high_is: str
) -> Assessed:
    """Round once, after the direction is decided on the unrounded numbers."""
    return Assessed(
        round_half_away(value, scale.places),
        None if interval is None else round_half_away(interval.low, scale.places),
        None if interval is None else round_half_away(interval.high, scale.places),
        None if p_value is None else round_half_away(p_value, P_PLACES),
        OK,
        None,
        direction_of(interval, p_value, scale, high_is),
    )


def _in_points(interval: Interval | None) -> Interval | None:
    return interval and Interval(100 * interval.low, 100 * interval.high)


@lru_cache(maxsize=SAME_COUNTS)
def share(k: int, n: int) -> Assessed:
    """Return ``k`` of ``n`` as a percentage with its Wilson interval; the direction is neutral.

    A rate of cases may pass 100% (two cases of one person): it then has no interval.
    """
    if n == 0:
        return not_applicable(NO_NUMERATOR_BASE)
    interval = _in_points(wilson(k, n)) if k <= n else None
    return _assessed(percent(k, n), interval, None, PERCENT, NEUTRAL)


@lru_cache(maxsize=SAME_COUNTS)
def rest_of_share(k: int, n: int) -> Assessed:
    """Return ``share``, but as what the rounded percentage of the others leaves of 100.

    Of two groups one is rounded and the other derived, so that they total exactly 100.0 where
    both shares end in a half of the last decimal: 1 and 15 of 16 are 6.3% and 93.7%, not 93.8%.
    Source: GOV.UK gender pay gap service, pay quarters.
    """
    found = share(k, n)
    others = share(n - k, n).value
    if others is None:
        return found
    return found._replace(value=round_half_away(100 - Decimal(repr(others)), PERCENT.places))


@lru_cache(maxsize=SAME_COUNTS)
def relative_likelihood(a: int, n: int, b: int, m: int, high_is: str) -> Assessed:
    """Return (a/n) / (b/m) with the interval of ``ratio_interval`` and Fisher's p.

    The numerator group is the one that the indicator names first: White staff in WRES 2 and 4,
    BME staff in WRES 3. Without events in the numerator group only, the value is 0.00 without an
    interval, so no claim is made. Cases that outnumber their base are no proportion: a value
    alone.
    """
    reason = _ratio_reason(a, n, b, m)
    if reason is not None:
        return not_applicable(reason)
    value = Fraction(a * m, n * b)
    if a > n or b > m:
        return _assessed(value, None, None, RATIO, high_is)
    return _assessed(value, ratio_interval(a, n, b, m), fisher(a, n, b, m), RATIO, high_is)


def pooled_estimate(strata: Iterable[tuple[int, int, int, int]]) -> Assessed:
    """Return the Mantel-Haenszel ratio over ``(a, n, b, m)`` of each employer.

    It stands beside the ratio of the pooled counts, which may differ where employers differ in
    size and rate. No interval and nothing claimed: the pooled ratio has them.
    """
    strata = list(strata)
    reason = _ratio_reason(*(sum(counts) for counts in zip(*strata, strict=True)))
    value = mantel_haenszel(strata)
    if reason is not None or value is None:
        return not_applicable(reason or COMPARATOR_RATE_ZERO)
    return _assessed(value, None, None, RATIO, NEUTRAL)


@lru_cache(maxsize=SAME_COUNTS)
def disparity_ratio(a: int, n: int, b: int, m: int, high_is: str) -> Assessed:
    """Return (a/n) / (b/m), where a and n, b and m are people of two tiers: nobody is in both.

    White staff in the higher and lower tier, then BME staff: above 1 White staff progress more.
    The interval is that of the logarithm, with the sum of 1/cell as variance; p is Fisher's.
    Source: NHS England, race disparity ratio (2021).
    """
    reason = _ratio_reason(a, n, b, m)
    if reason is not None:
        return not_applicable(reason)
    interval = cells_ratio(a, n, b, m) if a else None
    p_value = fisher(a, a + n, b, b + m)
    return _assessed(Fraction(a * m, n * b), interval, p_value, RATIO, high_is)


def _ratio_reason(a: int, n: int, b: int, m: int) -> str | None:
    """Return why a relative likelihood is not defined, or None where it is."""
    if n == 0:
        return NO_NUMERATOR_BASE
    if m == 0:
        return NO_COMPARATOR_BASE
    if b > 0:
        return None
    return COMPARATOR_RATE_ZERO if a else NO_EVENTS


@lru_cache(maxsize=SAME_COUNTS)
def difference_of_part(k: int, n: int, whole_k: int, whole_n: int, high_is: str) -> Assessed:
    """Return ``k/n - whole_k/whole_n`` in percentage points, the part counted in the whole too.

    A band against the workforce. Where the part is the whole there is nothing to compare: 0.0
    without an interval. Raises ValueError where the part is no part of the whole.
    """
    if n == 0:
        return not_applicable(NO_NUMERATOR_BASE)
    interval, p_value = part_against_whole(k, n, whole_k, whole_n)
    value = percent(k, n) - percent(whole_k, whole_n)
    return _assessed(value, _in_points(interval), p_value, PERCENT, high_is)


@lru_cache(maxsize=SAME_COUNTS)
def difference_independent(k: int, n: int, other_k: int, other_n: int, high_is: str) -> Assessed:
    """Return ``k/n - other_k/other_n`` in percentage points: Newcombe's interval, Fisher's p.

    A board against the workforce. Approximate where executive members stand in both.
    """
    if n == 0:
        return not_applicable(NO_NUMERATOR_BASE)
    if other_n == 0:
        return not_applicable(NO_COMPARATOR_BASE)
    interval = newcombe(k, n, other_k, other_n)
    value = percent(k, n) - percent(other_k, other_n)
    p_value = fisher(k, n, other_k, other_n)
    return _assessed(value, _in_points(interval), p_value, PERCENT, high_is)


@lru_cache(maxsize=SAME_COUNTS)
def difference_from_population(
    k: int, n: int, residents: int, total: int, high_is: str
) -> Assessed:
    """Return ``k/n - residents/total`` in percentage points, the census share taken as fixed."""
    if n == 0:
        return not_applicable(NO_NUMERATOR_BASE)
    if total == 0:
        return not_applicable(NO_COMPARATOR_BASE)
    interval, p_value = against_population(k, n, residents, total)
    value = percent(k, n) - percent(residents, total)
    return _assessed(value, _in_points(interval), p_value, PERCENT, high_is)


@lru_cache(maxsize=SAME_COUNTS)
def representation_index(k: int, n: int, residents: int, total: int, high_is: str) -> Assessed:
    """Return (k/n) / (residents/total), the census share taken as fixed; 1 is parity.

    The interval is Wilson's of k/n divided by the share, the p the exact binomial test's. Not
    applicable (COMPARATOR_RATE_ZERO) where none of the residents is of the group.
    """
    if n == 0:
        return not_applicable(NO_NUMERATOR_BASE)
    if total == 0:
        return not_applicable(NO_COMPARATOR_BASE)
    if residents == 0:
        return not_applicable(COMPARATOR_RATE_ZERO)
    own, (_, p_value) = wilson(k, n), against_population(k, n, residents, total)
    interval = Interval(own.low * total / residents, own.high * total / residents)
    return _assessed(Fraction(k * total, n * residents), interval, p_value, RATIO, high_is)
