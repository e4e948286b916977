"""Laws that the statistics obey on any counts."""

import math
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pipeline.assess import rates
from pipeline.assess import statistics as s
from pipeline.assess.rounding import round_half_away

LAW = settings(deadline=None, max_examples=150)


@st.composite
def groups(draw, fewest=0, largest=1500):
    """Events and base of one group."""
    base = draw(st.integers(max(1, fewest), largest))
    return draw(st.integers(fewest, base)), base


EVENTFUL = groups(fewest=1)
PLENTY = groups(fewest=5)


def reciprocal(interval):
    return pytest.approx((1 / interval.high, 1 / interval.low), rel=1e-9)


@LAW
@given(PLENTY, PLENTY)
def test_katz_is_as_wide_as_its_standard_error(first, second):
    low, high = s.katz(*first, *second)
    width = 2 * s.Z * s.katz_standard_error(*first, *second)
    assert math.log(high / low) == pytest.approx(width, abs=1e-9)


@LAW
@given(PLENTY, PLENTY)
def test_swapping_the_groups_inverts_katz(first, second):
    assert s.katz(*second, *first) == reciprocal(s.katz(*first, *second))


@LAW
@given(EVENTFUL, EVENTFUL)
def test_swapping_the_groups_inverts_koopman(first, second):
    assume(first[0] < first[1] or second[0] < second[1])
    assert s.koopman(*second, *first) == reciprocal(s.koopman(*first, *second))


@LAW
@given(*[st.integers(1, 1500)] * 4)
def test_swapping_the_groups_inverts_the_ratio_of_cells(a, n, b, m):
    low, high = s.cells_ratio(a, n, b, m)
    assert s.cells_ratio(b, m, a, n) == reciprocal(s.cells_ratio(a, n, b, m))
    assert low < a * m / (n * b) < high


@LAW
@given(EVENTFUL, EVENTFUL)
def test_a_relative_likelihood_inverted_is_its_reciprocal(first, second):
    """In interval and p as well; a claim stays the claim that it is, of the other group."""
    straight = rates.relative_likelihood(*first, *second, "adverse")
    inverted = rates.relative_likelihood(*second, *first, "favourable")
    exact = Fraction(first[0], first[1]) / Fraction(second[0], second[1])
    assert straight.value == round_half_away(exact, 2)
    assert inverted.value == round_half_away(1 / exact, 2)
    interval = s.ratio_interval(*first, *second)
    inverse = s.ratio_interval(*second, *first)
    assert (interval is None) == (inverse is None)
    if interval is not None and inverse is not None:
        assert inverse == reciprocal(interval)
    assert inverted.p_value == straight.p_value
    assert inverted.direction == straight.direction


@LAW
@given(EVENTFUL, EVENTFUL)
def test_ratio_interval_contains_the_ratio(first, second):
    interval = s.ratio_interval(*first, *second)
    ratio = (first[0] * second[1]) / (first[1] * second[0])
    if interval is None:
        assert ratio == 1
    else:
        assert 0 < interval.low < ratio < interval.high


@LAW
@given(EVENTFUL, EVENTFUL)
def test_koopman_agrees_with_the_chi_squared_test_of_equality(first, second):
    (a, n), (b, m) = first, second
    assume(a + b < n + m)
    pooled = (a + b) / (n + m)
    z = (a / n - b / m) / math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    assume(abs(abs(z) - s.Z) > 1e-6)
    low, high = s.koopman(a, n, b, m)
    assert (low < 1 < high) == (abs(z) < s.Z)


@LAW
@given(EVENTFUL, EVENTFUL, st.integers(2, 9))
def test_more_of_the_same_keeps_the_ratio_and_narrows_its_interval(first, second, times):
    (a, n), (b, m) = first, second
    assume(a < n or b < m)
    many = (times * a, times * n, times * b, times * m)
    once = rates.relative_likelihood(a, n, b, m, "adverse")
    assert rates.relative_likelihood(*many, "adverse").value == once.value
    for method in (s.katz, s.koopman):
        narrow, wide = method(*many), method(a, n, b, m)
        assert wide.low < narrow.low
        assert narrow.high < wide.high


@LAW
@given(groups())
def test_wilson_contains_the_proportion_and_mirrors(group):
    k, n = group
    low, high = s.wilson(k, n)
    assert 0 <= low <= k / n <= high <= 1
    assert (low == 0) == (k == 0)
    assert (high == 1) == (k == n)
    mirror = s.wilson(n - k, n)
    assert (1 - mirror.high, 1 - mirror.low) == pytest.approx((low, high), abs=1e-12)


@LAW
@given(groups(), groups())
def test_newcombe_is_antisymmetric_and_contains_the_difference(first, second):
    low, high = s.newcombe(*first, *second)
    there = s.newcombe(*second, *first)
    assert (-there.high, -there.low) == pytest.approx((low, high), abs=1e-12)
    difference = first[0] / first[1] - second[0] / second[1]
    assert -1 - 1e-12 <= low <= difference <= high <= 1 + 1e-12


@LAW
@given(groups(), groups())
def test_fisher_is_symmetric(first, second):
    (a, n), (b, m) = first, second
    p_value = s.fisher(a, n, b, m)
    assert 0 <= p_value <= 1
    same = pytest.approx(p_value, rel=1e-9, abs=1e-18)
    assert s.fisher(b, m, a, n) == same
    assert s.fisher(n - a, n, m - b, m) == same
    if 0 < a + b < n + m:  # the table turned on its side
        assert s.fisher(a, a + b, n - a, n + m - a - b) == same


@LAW
@given(groups(), st.integers(1, 999))
def test_exact_binomial_mirrors(group, residents):
    k, n = group
    p_value = s.exact_binomial(k, n, residents, 1000)
    assert 0 <= p_value <= 1
    mirror = s.exact_binomial(n - k, n, 1000 - residents, 1000)
    assert mirror == pytest.approx(p_value, rel=1e-9, abs=1e-18)


@LAW
@given(groups(), groups())
def test_part_and_rest_tell_the_same_story(part, rest):
    (k, n), (rest_k, rest_n) = part, rest
    whole = (k + rest_k, n + rest_n)
    interval, p_value = s.part_against_whole(k, n, *whole)
    difference = float(Fraction(k, n) - Fraction(*whole))
    assert interval.low - 1e-12 <= difference <= interval.high + 1e-12
    other, other_p = s.part_against_whole(rest_k, rest_n, *whole)
    assert other_p == pytest.approx(p_value, rel=1e-9, abs=1e-18)
    # The gaps of part and rest balance, person for person, and so do their intervals.
    balanced = (-rest_n / n * other.high, -rest_n / n * other.low)
    assert balanced == pytest.approx(tuple(interval), rel=1e-9, abs=1e-9)


@LAW
@given(groups(), st.integers(1, 1000))
def test_index_and_gap_make_the_same_claims(group, residents):
    gap = rates.difference_from_population(*group, residents, 1000, "favourable")
    index = rates.representation_index(*group, residents, 1000, "favourable")
    claims = {rates.ADVERSE, rates.FAVOURABLE}
    assert gap.p_value == index.p_value
    assert {gap.direction} & claims == {index.direction} & claims


@LAW
@given(groups(largest=200), groups(largest=200), st.sampled_from(["adverse", "favourable"]))
def test_no_claim_without_significance(first, second, high_is):
    claims = {rates.ADVERSE, rates.FAVOURABLE}
    p_value = s.fisher(*first, *second)
    ratio = rates.relative_likelihood(*first, *second, high_is)
    gap = rates.difference_independent(*first, *second, high_is)
    whole = (first[0] + second[0], first[1] + second[1])
    part = rates.difference_of_part(*first, *whole, high_is)
    if p_value >= rates.SIGNIFICANT:
        assert not {ratio.direction, gap.direction, part.direction} & claims
    if ratio.direction in claims:
        assert (ratio.value >= 1) == (ratio.direction == high_is)
    # Part against whole is a scaled part against rest: parity is excluded in both or in neither.
    assert {part.direction} & claims == {gap.direction} & claims


@LAW
@given(groups(), groups())
def test_only_defined_figures_carry_numbers(first, second):
    figure = rates.relative_likelihood(*first, *second, "adverse")
    numbers = (figure.value, figure.ci_low, figure.ci_high, figure.p_value)
    if figure.status == rates.OK:
        assert figure.value is not None
        assert figure.reason is None
    else:
        assert numbers == (None,) * 4
        assert figure.direction == rates.NEUTRAL
        assert figure.reason is not None


@LAW
@given(st.fractions(-(10**6), 10**6, max_denominator=10**6), st.integers(0, 4))
def test_rounding_moves_less_than_half_a_unit_and_never_toward_zero(value, places):
    rounded = Fraction(str(round_half_away(value, places)))
    half = Fraction(1, 2 * 10**places)
    assert abs(rounded - value) <= half
    if abs(rounded - value) == half:
        assert abs(rounded) > abs(value)
    assert round_half_away(-value, places) == -round_half_away(value, places)


@LAW
@given(st.decimals(-(10**9), 10**9, places=6), st.integers(0, 4))
def test_rounding_agrees_with_decimal(value, places):
    with localcontext() as context:
        context.prec = 60
        expected = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    assert round_half_away(value, places) == float(expected)


@LAW
@given(st.floats(-1e9, 1e9), st.integers(0, 4))
def test_a_float_rounds_as_it_is_shown(value, places):
    assert round_half_away(value, places) == round_half_away(Decimal(repr(value)), places)
