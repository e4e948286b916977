"""Amounts that are no ratio of counts: pay gaps, scores, targets. Exact, and rounded once."""

from decimal import Decimal
from fractions import Fraction

from pipeline.assess.assessed import (
    COMPARATOR_RATE_ZERO,
    NEUTRAL,
    NO_COMPARATOR_BASE,
    NO_NUMERATOR_BASE,
    OK,
    Assessed,
    not_applicable,
)
from pipeline.assess.rates import PERCENT, direction_of
from pipeline.assess.rounding import round_half_away


def mean(amount: Decimal | int | None, base: int | None) -> Fraction | None:
    """Return ``amount / base``, or None where there is nobody to divide by."""
    return Fraction(amount) / base if amount is not None and base else None


def amount(value: Fraction | None, decimals: int) -> Assessed:
    """Return an amount as it stands; not applicable where there is nothing behind it."""
    if value is None:
        return not_applicable(NO_NUMERATOR_BASE)
    rounded = round_half_away(value, decimals)
    return Assessed(rounded, None, None, None, OK, None, NEUTRAL)


def gap_percent(reference: Fraction | None, compared: Fraction | None, high_is: str) -> Assessed:
    """Return (reference - compared) / reference in percent: positive where the reference is more.

    Not applicable where one side has nobody, or the reference group was paid nothing. All staff
    are counted and no test is defined, so nothing is claimed of the gap.
    Source: SI 2017/353, Schedule 1, paragraphs 8 to 11.
    """
    if reference is None:
        return not_applicable(NO_NUMERATOR_BASE)
    if compared is None:
        return not_applicable(NO_COMPARATOR_BASE)
    if reference == 0:
        return not_applicable(COMPARATOR_RATE_ZERO)
    value = round_half_away(100 * (reference - compared) / reference, PERCENT.places)
    direction = direction_of(None, None, PERCENT, high_is)
    return Assessed(value, None, None, None, OK, None, direction)
