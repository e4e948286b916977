"""Rounding: half away from zero, exact, once."""

from decimal import Decimal
from fractions import Fraction
from math import copysign, inf, nan

import pytest

from pipeline.assess.rounding import percent, round_half_away


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        (Fraction(1, 8), 2, 0.13),
        (Fraction(-1, 8), 2, -0.13),
        (Fraction(1, 3), 1, 0.3),
        (Decimal("2.45"), 1, 2.5),
        (Decimal("-2.45"), 1, -2.5),
        (0.05, 1, 0.1),
        (0.25, 1, 0.3),  # round() goes to the even 0.2
        (2.675, 2, 2.68),  # the binary value is 2.67499...
        (1.005, 2, 1.01),
        (-0.125, 2, -0.13),
        (7, 1, 7.0),
        (5, 0, 5.0),
        (1e-9, 3, 0.0),
        (12345678.25, 1, 12345678.3),
    ],
)
def test_rounds_half_away_from_zero(value, places, expected):
    assert round_half_away(value, places) == expected


def test_never_gives_a_negative_zero():
    assert copysign(1, round_half_away(-0.04, 1)) == 1
    assert copysign(1, round_half_away(Fraction(-1, 1000), 1)) == 1


def test_refuses_what_is_no_number():
    with pytest.raises(ValueError, match="NaN"):
        round_half_away(nan, 1)
    with pytest.raises(OverflowError):
        round_half_away(inf, 1)


def test_percentages_are_exact():
    assert percent(6, 19) == Fraction(600, 19)
    assert percent(0, 7) == 0
    # A float gives 56.99999999999999 here.
    assert percent(57, 100) == 57


def test_a_percentage_of_nothing_is_an_error():
    with pytest.raises(ZeroDivisionError):
        percent(0, 0)
