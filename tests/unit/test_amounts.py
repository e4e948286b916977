"""Amounts that are no ratio of counts, exact until they are rounded once."""

from decimal import Decimal
from fractions import Fraction

import pytest

from pipeline.assess.amounts import amount, gap_percent, mean
from pipeline.assess.rates import Assessed


def told(value, direction="neutral"):
    return Assessed(value, None, None, None, "ok", None, direction)


def absent(reason):
    return Assessed(None, None, None, None, "not_applicable", reason, "neutral")


def test_a_mean_is_exact():
    assert mean(Decimal("50.20"), 3) == Fraction(5020, 300)
    assert mean(7, 2) == Fraction(7, 2)
    assert mean(Decimal("0.00"), 4) == 0


@pytest.mark.parametrize(("total", "base"), [(None, 3), (Decimal(5), 0), (Decimal(5), None)])
def test_nobody_has_no_mean(total, base):
    assert mean(total, base) is None


@pytest.mark.parametrize(
    ("value", "decimals", "rounded"),
    [
        (Fraction(5, 2), 0, 3.0),  # half away from zero
        (Fraction(-5, 2), 0, -3.0),
        (Fraction(1, 8), 2, 0.13),
        (Fraction(687, 100), 1, 6.9),
        (Fraction(0), 1, 0.0),
    ],
)
def test_an_amount_is_rounded_once_half_away_from_zero(value, decimals, rounded):
    assert amount(value, decimals) == told(rounded)


def test_an_amount_of_nothing_is_not_applicable():
    assert amount(None, 1) == absent("NO_NUMERATOR_BASE")


@pytest.mark.parametrize(
    ("men", "women", "gap"),
    [
        (Decimal("20.00"), Decimal("14.50"), 27.5),
        (Decimal("14.50"), Decimal("20.00"), -37.9),
        (Decimal("18.00"), Decimal("18.00"), 0.0),
        (Decimal("18.00"), Decimal("0.00"), 100.0),
        # 0.25 of a hundred: half away from zero, on both sides of parity.
        (Decimal("400"), Decimal("399"), 0.3),
        (Decimal("400"), Decimal("401"), -0.3),
    ],
)
def test_a_gap_is_what_the_others_have_less_in_percent_of_the_reference(men, women, gap):
    assert gap_percent(mean(men, 1), mean(women, 1), "neutral") == told(gap)


def test_a_gap_comes_from_exact_means():
    # 16.666... and 16.633...: the rounded means, 16.67 and 16.63, would give 0.2 alike; of
    # 16.666... and 16.658... they would give 0.1 (16.67, 16.66), where the gap is 0.05 exactly.
    reference = mean(Decimal("50"), 3)
    assert gap_percent(reference, reference * Fraction(1999, 2000), "neutral") == told(0.1)
    assert gap_percent(reference, reference * Fraction(2000, 2001), "neutral") == told(0.0)


@pytest.mark.parametrize(
    ("reference", "compared", "reason"),
    [
        (None, Fraction(9), "NO_NUMERATOR_BASE"),
        (None, None, "NO_NUMERATOR_BASE"),
        (Fraction(9), None, "NO_COMPARATOR_BASE"),
        (Fraction(0), Fraction(9), "COMPARATOR_RATE_ZERO"),
    ],
)
def test_gaps_that_are_not_defined(reference, compared, reason):
    assert gap_percent(reference, compared, "adverse") == absent(reason)


@pytest.mark.parametrize("high_is", ["adverse", "favourable"])
def test_nothing_is_claimed_of_a_gap(high_is):
    assert gap_percent(Fraction(20), Fraction(10), high_is).direction == "cannot_tell"
    assert gap_percent(Fraction(20), Fraction(10), "neutral").direction == "neutral"
