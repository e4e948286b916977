"""XmR limits and special causes: check values of plot-the-dots, and laws of any series."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.assess.spc import (
    Assurance,
    Cause,
    Direction,
    Limits,
    Variation,
    assurance,
    limits,
    limits_of_all,
    special_causes,
    variation,
)

# 18 points with one outlier, of the vignettes of NHSRplotthedots.
CHECK = [1, 2, 1, 2, 10, *[1, 2] * 6, 1]
TEN = Limits(mean=10.0, moving_range=3 / 2.66, is_trial=False)  # limits 7 and 13, inner 8 and 12
SERIES = st.lists(st.integers(-1000, 1000).map(float), min_size=5, max_size=40)


def marks(values, drawn=TEN):
    return special_causes([float(value) for value in values], drawn)


@pytest.mark.parametrize(("screened", "low", "high"), [(True, -0.72, 4.60), (False, -3.06, 6.95)])
def test_the_check_values_of_the_source(screened, low, high):
    drawn = limits_of_all(CHECK, screen_outliers=screened)
    assert round(drawn.mean, 2) == 1.94
    assert (round(drawn.lower, 2), round(drawn.upper, 2)) == (low, high)
    assert marks(CHECK, drawn)[4] is Cause.OUTSIDE


def test_inner_limits_are_two_thirds_of_the_way():
    assert (TEN.lower, TEN.inner_lower) == pytest.approx((7, 8))
    assert (TEN.inner_upper, TEN.upper) == pytest.approx((12, 13))


@pytest.mark.parametrize(("points", "expected"), [(4, None), (5, True), (11, True), (12, False)])
def test_few_points_have_trial_limits_and_fewer_none(points, expected):
    drawn = limits(CHECK[:points])
    assert (drawn and drawn.is_trial) == expected


def test_limits_are_locked_after_twelve_points():
    first = [float(value % 3) for value in range(12)]
    assert limits([*first, 50.0, 60.0, 70.0]) == limits(first)
    assert limits([*first[:11], 50.0]) != limits(first)


def test_a_point_on_the_limit_is_inside():
    drawn = Limits(mean=10.0, moving_range=0.0, is_trial=False)
    assert marks([10], drawn) == [None]
    assert marks([10.1], drawn) == [Cause.OUTSIDE]


def test_seven_points_on_one_side_are_a_run():
    six = [11, 10.5, 11, 10.6, 11, 10.5]
    assert marks([9, *six, 9]) == [None] * 8
    assert marks([9, *six, 11, 9]) == [None, *[Cause.RUN] * 7, None]
    assert marks([9, *six, 11, 10.5, 9]) == [None, *[Cause.RUN] * 8, None]
    # A point on the mean breaks it.
    assert marks([*six, 10, *six]) == [None] * 13


def test_seven_rising_points_are_a_trend():
    rising = [8.5, 9, 9.5, 9.8, 10.5, 11, 11.5]
    assert marks(rising) == [Cause.TREND] * 7
    assert marks(rising[::-1]) == [Cause.TREND] * 7
    assert marks(rising[:6]) == [None] * 6
    assert marks([*rising[:4], 9.8, *rising[4:]]) == [None] * 8


@pytest.mark.parametrize(
    ("three", "marked"),
    [
        ((12.5, 11, 12.6), {0, 2}),
        ((12.5, 12.6, 12.7), {0, 1, 2}),
        ((7.5, 7.6, 9), {0, 1}),
        ((12.5, 9, 12.6), set()),
        ((12.5, 10, 12.6), set()),
        ((12.5, 11, 11), set()),
    ],
)
def test_two_of_three_near_a_limit_with_all_on_its_side(three, marked):
    found = marks(three)
    assert {place for place, cause in enumerate(found) if cause} == marked
    assert set(found) <= {None, Cause.TWO_IN_THREE}


def test_the_strongest_cause_is_told():
    # The last of a trend is outside, two of it are near the limit, and all are a run.
    rising = [10.5, 11, 11.2, 11.5, 12.2, 12.5, 13.5]
    assert marks(rising) == [*[Cause.TREND] * 6, Cause.OUTSIDE]
    high = [11, 12.5, 11, 12.6, 11, 10.5, 11]
    assert marks(high) == [
        Cause.RUN, Cause.TWO_IN_THREE, Cause.RUN, Cause.TWO_IN_THREE, *[Cause.RUN] * 3,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("good", "above", "below"),
    [
        (Direction.INCREASE, Variation.IMPROVEMENT, Variation.CONCERN),
        (Direction.DECREASE, Variation.CONCERN, Variation.IMPROVEMENT),
        (Direction.NEUTRAL, Variation.NEUTRAL, Variation.NEUTRAL),
    ],
)
def test_the_side_says_what_a_cause_means(good, above, below):
    assert variation(Cause.RUN, 11, TEN, good) is above
    assert variation(Cause.OUTSIDE, 6, TEN, good) is below
    assert variation(None, 11, TEN, good) is None


@pytest.mark.parametrize(
    ("target", "higher_is_better", "lower_is_better"),
    [
        (14, Assurance.FAILS, Assurance.PASSES),
        (6, Assurance.PASSES, Assurance.FAILS),
        (10, Assurance.HIT_AND_MISS, Assurance.HIT_AND_MISS),
    ],
)
def test_a_target_is_held_against_both_limits(target, higher_is_better, lower_is_better):
    assert assurance(7, 13, target, Direction.INCREASE) is higher_is_better
    assert assurance(7, 13, target, Direction.DECREASE) is lower_is_better
    assert assurance(7, 13, target, Direction.NEUTRAL) is None


# --- laws -----------------------------------------------------------------------------------


@given(SERIES, st.booleans())
def test_the_mirror_image_has_mirrored_limits_and_the_same_causes(values, screened):
    drawn = limits(values, screen_outliers=screened)
    mirrored = [-value for value in values]
    other = limits(mirrored, screen_outliers=screened)
    assert (other.lower, other.upper) == pytest.approx((-drawn.upper, -drawn.lower))
    assert special_causes(mirrored, other) == special_causes(values, drawn)


@given(SERIES)
def test_screening_never_widens_the_limits(values):
    screened, whole = limits(values), limits(values, screen_outliers=False)
    assert screened.mean == whole.mean
    assert screened.moving_range <= whole.moving_range
    assert screened.lower <= screened.inner_lower <= screened.mean


@given(st.floats(-1e6, 1e6), st.integers(5, 30))
def test_a_steady_series_has_no_special_cause(value, points):
    values = [value] * points
    assert special_causes(values, limits(values)) == [None] * points


@given(SERIES, SERIES)
def test_later_points_move_no_locked_limit_and_no_cause_outside_it(values, later):
    long = (values * 3)[:12]
    drawn = limits(long)
    assert limits([*long, *later]) == drawn
    before, after = special_causes(long, drawn), special_causes([*long, *later], drawn)
    assert all(now is was for was, now in zip(before, after, strict=False) if was is Cause.OUTSIDE)


@given(SERIES)
def test_a_point_is_outside_where_it_is_beyond_a_limit(values):
    drawn = limits(values)
    for value, cause in zip(values, special_causes(values, drawn), strict=True):
        assert (cause is Cause.OUTSIDE) == (value > drawn.upper or value < drawn.lower)
