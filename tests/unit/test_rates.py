"""One figure's numbers, as published and as the zero table and the claims ask."""

import pytest

from pipeline.assess import rates
from pipeline.assess.rates import (
    Assessed,
    difference_from_population,
    difference_independent,
    difference_of_part,
    direction_of,
    disparity_ratio,
    relative_likelihood,
    representation_index,
    rest_of_share,
    share,
)
from pipeline.assess.statistics import Interval


def row(value, low, high, p_value, direction):
    return Assessed(value, low, high, p_value, "ok", None, direction)


def absent(reason):
    return Assessed(None, None, None, None, "not_applicable", reason, "neutral")


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        # Bedfordshire, Luton and Milton Keynes, WRES report 2022: indicator 2, both years.
        ((43, 185, 17, 169), row(2.31, 1.37, 3.89, 0.001, "adverse")),
        ((6, 22, 4, 39), row(2.66, 0.88, 7.99, 0.147, "cannot_tell")),
        # Indicator 4, both years.
        ((116, 288, 48, 96), row(0.81, 0.63, 1.03, 0.097, "cannot_tell")),
        ((26, 268, 11, 83), row(0.73, 0.38, 1.42, 0.413, "cannot_tell")),
        # Both years pooled.
        ((49, 207, 21, 208), row(2.34, 1.46, 3.76, 0.0, "adverse")),
    ],
)
def test_published_relative_likelihoods(counts, expected):
    assert relative_likelihood(*counts, "adverse") == expected


def test_ratios_come_from_unrounded_likelihoods():
    # The rounded percentages would give 2.30 and 2.65.
    assert round(23.2 / 10.1, 2) == 2.30
    assert round(27.3 / 10.3, 2) == 2.65
    assert relative_likelihood(43, 185, 17, 169, "adverse").value == 2.31
    assert relative_likelihood(6, 22, 4, 39, "adverse").value == 2.66


def test_a_low_ratio_can_be_the_adverse_one():
    # Indicator 7: 33.3% of BME and 60.9% of White staff believe in equal opportunities.
    figure = relative_likelihood(16, 48, 126, 207, "favourable")
    assert figure == row(0.55, 0.36, 0.83, 0.001, "adverse")


def test_the_window_of_cases_changes_the_reading():
    # Two years of cases over twice the workforce, then the latest year alone.
    assert relative_likelihood(3, 200, 8, 800, "adverse").value == 1.5
    assert relative_likelihood(1, 100, 5, 400, "adverse").value == 0.8


@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        ((0, 0, 3, 9), "NO_NUMERATOR_BASE"),
        ((0, 0, 0, 0), "NO_NUMERATOR_BASE"),
        ((2, 9, 0, 0), "NO_COMPARATOR_BASE"),
        ((0, 288, 0, 96), "NO_EVENTS"),  # the published indicator 3: N/A
        ((2, 9, 0, 9), "COMPARATOR_RATE_ZERO"),
    ],
)
def test_ratios_that_are_not_defined(counts, reason):
    assert relative_likelihood(*counts, "adverse") == absent(reason)


def test_no_events_in_the_numerator_group_only():
    figure = relative_likelihood(0, 200, 90, 200, "adverse")
    assert figure == row(0.0, None, None, 0.0, "cannot_tell")


def test_everyone_in_both_groups():
    assert relative_likelihood(9, 9, 4, 4, "adverse") == row(1.0, None, None, 1.0, "cannot_tell")


def test_cases_that_outnumber_their_base_have_a_value_alone():
    assert relative_likelihood(3, 2, 4, 8, "adverse") == row(3.0, None, None, None, "cannot_tell")
    assert share(3, 2) == row(150.0, None, None, None, "neutral")


def test_the_disparity_of_two_tiers():
    # 100 White staff in the upper and 200 in the lower tier, 10 and 60 of BME staff: 0.5 / 0.1667.
    # Interval: 3 exp(-+1.96 sqrt(1/100 + 1/200 + 1/10 + 1/60)); p of 100 of 300 and 10 of 70.
    figure = disparity_ratio(100, 200, 10, 60, "adverse")
    assert figure == row(3.0, 1.47, 6.11, 0.001, "adverse")


def test_disparities_multiply_along_the_tiers():
    # Lower to upper is lower to middle times middle to upper, of the same people.
    white, bme = (200, 160, 80), (60, 24, 8)
    steps = [
        disparity_ratio(white[high], white[low], bme[high], bme[low], "adverse").value
        for low, high in ((0, 1), (1, 2), (0, 2))
    ]
    assert steps == [2.0, 1.5, 3.0]


@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        ((5, 0, 3, 9), "NO_NUMERATOR_BASE"),
        ((5, 9, 3, 0), "NO_COMPARATOR_BASE"),
        ((0, 9, 0, 9), "NO_EVENTS"),
        ((5, 9, 0, 9), "COMPARATOR_RATE_ZERO"),
    ],
)
def test_disparities_that_are_not_defined(counts, reason):
    assert disparity_ratio(*counts, "adverse") == absent(reason)


def test_a_disparity_without_anybody_in_the_higher_tier_has_no_interval():
    figure = disparity_ratio(0, 50, 5, 45, "adverse")
    assert (figure.value, figure.ci_low, figure.ci_high) == (0.0, None, None)
    assert figure.direction == "cannot_tell"


def test_shares():
    assert share(96, 398) == row(24.1, 20.2, 28.6, None, "neutral")
    assert share(36, 129).value == 27.9
    assert share(93, 129).value == 72.1
    assert share(1, 16).value == 6.3  # 6.25: half away from zero
    assert share(0, 20) == row(0.0, 0.0, 16.1, None, "neutral")
    assert share(0, 0) == absent("NO_NUMERATOR_BASE")


def test_board_against_workforce():
    # 31.58 - 24.12 = 7.46; the rounded percentages 32 and 24 would give 8.
    assert difference_independent(6, 19, 96, 398, "favourable") == row(
        7.5, -9.4, 30.2, 0.425, "cannot_tell"
    )
    # The year before, against all staff and against those of known ethnicity.
    assert difference_independent(5, 16, 83, 369, "favourable").value == 8.8
    assert difference_independent(5, 16, 83, 351, "favourable").value == 7.6
    assert difference_independent(0, 0, 96, 398, "favourable") == absent("NO_NUMERATOR_BASE")
    assert difference_independent(6, 19, 0, 0, "favourable") == absent("NO_COMPARATOR_BASE")


def test_band_against_workforce():
    # Clinical bands 8a and above, 31 of 84; the interval is worked by hand in test_statistics.
    assert difference_of_part(31, 84, 96, 398, "favourable") == row(
        12.8, 4.4, 21.8, 0.004, "favourable"
    )
    assert difference_of_part(0, 0, 96, 398, "favourable") == absent("NO_NUMERATOR_BASE")
    whole = difference_of_part(96, 398, 96, 398, "favourable")
    assert whole == row(0.0, None, None, None, "cannot_tell")


def test_workforce_against_population():
    figure = difference_from_population(96, 384, 303, 1000, "favourable")
    assert figure == row(-5.3, -9.4, -0.7, 0.026, "adverse")
    assert difference_from_population(96, 384, 303, 1000, "neutral").direction == "neutral"
    assert difference_from_population(0, 0, 3, 10, "favourable") == absent("NO_NUMERATOR_BASE")
    assert difference_from_population(1, 9, 0, 0, "favourable") == absent("NO_COMPARATOR_BASE")


def test_representation_index():
    figure = representation_index(96, 384, 303, 1000, "favourable")
    assert figure == row(0.83, 0.69, 0.98, 0.026, "adverse")
    assert representation_index(0, 40, 303, 1000, "favourable") == row(
        0.0, 0.0, 0.29, 0.0, "adverse"
    )
    assert representation_index(0, 0, 3, 10, "favourable") == absent("NO_NUMERATOR_BASE")
    assert representation_index(1, 9, 0, 0, "favourable") == absent("NO_COMPARATOR_BASE")
    assert representation_index(1, 9, 0, 10, "favourable") == absent("COMPARATOR_RATE_ZERO")


@pytest.mark.parametrize(
    ("interval", "p_value", "expected"),
    [
        (Interval(1.37, 3.89), 0.001, "adverse"),
        (Interval(0.36, 0.83), 0.001, "favourable"),
        (Interval(0.99, 3.89), 0.001, "cannot_tell"),  # the interval holds parity
        (Interval(1.0, 3.89), 0.001, "cannot_tell"),
        (Interval(1.37, 3.89), 0.05, "cannot_tell"),  # p is not below 0.05
        (Interval(0.80, 1.25), 0.5, "near_parity"),
        (Interval(0.79, 1.25), 0.5, "cannot_tell"),
        (Interval(0.80, 1.26), 0.5, "cannot_tell"),
        (Interval(1.001, 1.2), 0.06, "near_parity"),
        (Interval(1.001, 1.2), 0.01, "adverse"),  # an established difference is not hidden
        (Interval(0.85, 0.999), 0.01, "favourable"),
        (None, 0.001, "cannot_tell"),
        (Interval(1.37, 3.89), None, "cannot_tell"),
    ],
)
def test_what_may_be_claimed_of_a_ratio(interval, p_value, expected):
    assert direction_of(interval, p_value, rates.RATIO, "adverse") == expected
    mirrored = {"adverse": "favourable", "favourable": "adverse"}.get(expected, expected)
    assert direction_of(interval, p_value, rates.RATIO, "favourable") == mirrored
    assert direction_of(interval, p_value, rates.RATIO, "neutral") == "neutral"


@pytest.mark.parametrize(
    ("interval", "p_value", "expected"),
    [
        (Interval(-9.4, -0.7), 0.026, "adverse"),
        (Interval(4.4, 21.8), 0.004, "favourable"),
        (Interval(-5.0, 5.0), 0.9, "near_parity"),
        (Interval(-5.1, 5.0), 0.9, "cannot_tell"),
        (Interval(-4.9, -0.1), 0.04, "adverse"),
        (Interval(-9.4, 30.2), 0.425, "cannot_tell"),
    ],
)
def test_what_may_be_claimed_of_a_difference(interval, p_value, expected):
    assert direction_of(interval, p_value, rates.PERCENT, "favourable") == expected


def test_a_small_share_far_below_its_population_is_not_near_parity():
    # 1.5% of 2,000 staff where 6% of residents: the whole gap lies within 5 percentage points.
    figure = difference_from_population(30, 2000, 6000, 100000, "favourable")
    assert (figure.ci_low, figure.ci_high) == (-4.9, -3.9)
    assert figure.direction == "adverse"


def test_claims_are_decided_before_rounding():
    # p is 0.0496 and is published as 0.05.
    assert direction_of(Interval(1.0004, 3.0), 0.0496, rates.RATIO, "adverse") == "adverse"


def test_an_unknown_meaning_of_high_is_refused():
    with pytest.raises(ValueError, match="high_is"):
        relative_likelihood(43, 185, 17, 169, "bad")


def test_impossible_counts_are_refused():
    with pytest.raises(ValueError, match="base"):
        difference_independent(20, 19, 96, 398, "favourable")
    with pytest.raises(ValueError, match="base"):
        difference_of_part(5, 9, 4, 20, "favourable")


@pytest.mark.parametrize(
    ("women", "men", "percent"),
    [
        # 15 of 16 are 93.75%, and 1 of 16 is 6.25%: 93.8 and 6.3 would be 100.1.
        (15, 1, 93.7),
        (1, 15, 6.2),
        (2, 1, 66.7),
        (0, 7, 0.0),
        (7, 0, 100.0),
    ],
)
def test_two_shares_of_a_pay_quarter_total_exactly_100(women, men, percent):
    figure = rest_of_share(women, women + men)
    assert figure.value == percent
    assert figure.value + share(men, women + men).value == pytest.approx(100, abs=1e-9)
    assert (figure.ci_low, figure.ci_high) == (
        share(women, women + men).ci_low,
        share(women, women + men).ci_high,
    )


def test_a_pay_quarter_of_nobody_has_no_share():
    assert rest_of_share(0, 0) == absent("NO_NUMERATOR_BASE")
