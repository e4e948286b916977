"""Intervals and tests against published values, SciPy and exact arithmetic."""

import math
import random
from fractions import Fraction

import pytest
from scipy.optimize import minimize_scalar
from scipy.stats import binomtest, fisher_exact

from pipeline.assess import statistics as s

# Worked examples come from "Workforce Race Equality Standard report 2022", Bedfordshire, Luton
# and Milton Keynes: White appointed / shortlisted against BME appointed / shortlisted.
BLMK_2022 = (43, 185, 17, 169)
BLMK_2021 = (6, 22, 4, 39)


def rounded(interval, places):
    return tuple(round(limit, places) for limit in interval)


@pytest.mark.parametrize(
    ("k", "n", "expected"),
    [
        # Newcombe (1998), Two-sided confidence intervals for the single proportion, table I.
        (81, 263, (0.2553, 0.3662)),
        (15, 148, (0.0624, 0.1605)),
        (0, 20, (0.0, 0.1611)),
        (1, 29, (0.0061, 0.1718)),
    ],
)
def test_wilson_published(k, n, expected):
    assert rounded(s.wilson(k, n), 4) == expected


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        # Newcombe (1998), Interval estimation for the difference between independent
        # proportions, table II, method 10.
        ((56, 70, 48, 80), (0.0524, 0.3339)),
        ((9, 10, 3, 10), (0.1705, 0.8090)),
        ((6, 7, 2, 7), (0.0582, 0.8062)),
        ((5, 56, 0, 29), (-0.0381, 0.1926)),
        ((0, 10, 0, 20), (-0.1611, 0.2775)),
        ((0, 10, 0, 10), (-0.2775, 0.2775)),
        ((10, 10, 0, 20), (0.6791, 1.0)),
        ((10, 10, 0, 10), (0.6075, 1.0)),
        # Fagerland, Lydersen, Laake (2017), chapter 4 (data of Perondi and others 2004).
        ((7, 34, 1, 34), (0.0189, 0.3404)),
    ],
)
def test_newcombe_published(counts, expected):
    assert rounded(s.newcombe(*counts), 4) == expected


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        (BLMK_2022, (1.37, 3.89)),
        (BLMK_2021, (0.84, 8.42)),
        ((116, 288, 48, 96), (0.63, 1.03)),
        ((26, 268, 11, 83), (0.38, 1.42)),
        ((16, 48, 126, 207), (0.36, 0.83)),
        ((49, 207, 21, 208), (1.46, 3.76)),  # both years pooled
        ((3, 200, 8, 800), (0.40, 5.60)),  # two years of cases over twice the workforce
        ((7, 34, 1, 34), (0.91, 53.87)),  # Fagerland, Lydersen, Laake (2017): 0.9096, 53.8695
    ],
)
def test_katz_published(counts, expected):
    assert rounded(s.katz(*counts), 2) == expected


def test_the_ratio_of_four_cells_worked_by_hand():
    # Four cells of 4: the variance is 4 times 1/4, so that the limits are exp(-+1.96).
    assert rounded(s.cells_ratio(4, 4, 4, 4), 3) == (0.141, 7.099)
    # 3, with a variance of 1/100 + 1/200 + 1/10 + 1/60 = 0.1317.
    assert rounded(s.cells_ratio(100, 200, 10, 60), 2) == (1.47, 6.11)


def test_koopman_published():
    # Fagerland, Lydersen, Laake (2017), chapter 4 (data of Perondi and others 2004).
    assert rounded(s.koopman(7, 34, 1, 34), 4) == (1.2209, 42.5757)


def profiled_chi_squared(ratio, a, n, b, m):
    """Pearson's chi-squared at the rates that maximise the likelihood under ``ratio``."""

    def loss(p2):
        p1 = ratio * p2
        terms = ((a, p1), (n - a, 1 - p1), (b, p2), (m - b, 1 - p2))
        return -sum(count * math.log(p) for count, p in terms if count)

    top = min(1.0, 1 / ratio)
    found = minimize_scalar(loss, (0, top), bounds=(0, top), method="bounded", options={"xatol": 0})
    p2 = min(found.x, top * (1 - 1e-12))
    p1 = ratio * p2
    return (a - n * p1) ** 2 / (n * p1 * (1 - p1)) + (b - m * p2) ** 2 / (m * p2 * (1 - p2))


@pytest.mark.parametrize(
    "counts",
    [
        (36, 40, 16, 80),  # Koopman (1984)
        BLMK_2021,
        (3, 200, 8, 800),
        (1, 10, 1, 12),
        (1, 500, 1, 90),
        (2, 7, 4, 9),
    ],
)
def test_koopman_against_the_profiled_statistic(counts):
    low, high = s.koopman(*counts)
    a, n, b, m = counts
    limit = s.Z**2
    for edge in (low, high):
        assert profiled_chi_squared(edge, *counts) == pytest.approx(limit, rel=1e-4)
    log_low, log_high = math.log(low), math.log(high)
    for step in range(1, 20):
        inside = math.exp(log_low + (log_high - log_low) * step / 20)
        assert profiled_chi_squared(inside, *counts) < limit
        assert profiled_chi_squared(low * math.exp(-step / 10), *counts) > limit
        assert profiled_chi_squared(high * math.exp(step / 10), *counts) > limit
    assert low < (a * m) / (n * b) < high


@pytest.mark.parametrize(
    "counts", [(1, 1, 1, 2), (1, 2, 1, 1), (5, 5, 1, 900), (4, 9, 3, 3), (1, 10**6, 4, 10**6)]
)
def test_koopman_where_a_group_is_full_or_almost_empty(counts):
    a, n, b, m = counts
    low, high = s.koopman(*counts)
    assert 0 < low < (a * m) / (n * b) < high < math.inf


def test_ratio_interval_chooses_by_events():
    assert s.ratio_interval(*BLMK_2022) == s.katz(*BLMK_2022)
    assert s.ratio_interval(5, 22, 5, 39) == s.katz(5, 22, 5, 39)
    assert s.ratio_interval(*BLMK_2021) == s.koopman(*BLMK_2021)
    assert s.ratio_interval(4, 22, 90, 200) == s.koopman(4, 22, 90, 200)
    assert rounded(s.ratio_interval(*BLMK_2021), 2) == (0.88, 7.99)
    assert rounded(s.ratio_interval(3, 200, 8, 800), 2) == (0.43, 5.14)


@pytest.mark.parametrize(
    "counts", [(0, 9, 3, 9), (3, 9, 0, 9), (0, 9, 0, 9), (9, 9, 4, 4), (0, 0, 1, 4), (1, 4, 0, 0)]
)
def test_ratio_interval_is_undefined(counts):
    assert s.ratio_interval(*counts) is None


@pytest.mark.parametrize(
    ("counts", "places", "expected"),
    [
        ((3, 4, 1, 4), 4, 0.4857),  # Fisher (1935), the lady tasting tea: 34/70
        ((0, 16, 15, 72), 5, 0.06287),  # Fagerland, Lydersen, Laake (2017), chapter 4
        (BLMK_2022, 3, 0.001),
        (BLMK_2021, 3, 0.147),
        ((116, 288, 48, 96), 3, 0.097),
        ((26, 268, 11, 83), 2, 0.41),
        ((16, 48, 126, 207), 4, 0.0007),
        ((5, 47, 20, 201), 2, 0.79),
        ((9, 47, 26, 202), 2, 0.25),
        ((5, 48, 11, 210), 2, 0.19),
    ],
)
def test_fisher_published(counts, places, expected):
    assert round(s.fisher(*counts), places) == expected


def exact_fisher(a, n, b, m):
    tables = [
        math.comb(n, x) * math.comb(m, a + b - x)
        for x in range(max(0, a + b - m), min(n, a + b) + 1)
    ]
    here = math.comb(n, a) * math.comb(m, b)
    return float(Fraction(sum(t for t in tables if t <= here), sum(tables)))


def exact_binomial(k, n, share):
    weights = [math.comb(n, x) * share**x * (1 - share) ** (n - x) for x in range(n + 1)]
    return float(sum(w for w in weights if w <= weights[k]))


def test_fisher_is_exact_on_every_small_table():
    for n in range(1, 8):
        for m in range(1, 8):
            for a in range(n + 1):
                for b in range(m + 1):
                    expected = exact_fisher(a, n, b, m)
                    assert s.fisher(a, n, b, m) == pytest.approx(expected, rel=1e-12)


def test_equally_likely_tables_count_on_both_sides():
    # Equal groups: the mirrored table is exactly as likely as the one observed.
    for half in (12, 60, 400):
        counts = (half // 3, half, half // 2, half)
        assert s.fisher(*counts) == pytest.approx(exact_fisher(*counts), rel=1e-10)


def test_exact_binomial_is_exact_on_small_numbers():
    for n in range(1, 9):
        for k in range(n + 1):
            for residents in range(11):
                expected = exact_binomial(k, n, Fraction(residents, 10))
                assert s.exact_binomial(k, n, residents, 10) == pytest.approx(expected, rel=1e-12)


def test_agrees_with_scipy():
    generator = random.Random(20220331)
    for _ in range(60):
        n, m = generator.randint(1, 6000), generator.randint(1, 900)
        rate = generator.random()
        a = sum(generator.random() < rate for _ in range(n))
        b = sum(generator.random() < rate for _ in range(m))
        residents = generator.randint(0, 5000)
        table = [[a, n - a], [b, m - b]]
        assert s.fisher(a, n, b, m) == pytest.approx(
            fisher_exact(table).pvalue, rel=1e-9, abs=1e-19
        )
        test = binomtest(a, n, residents / 5000)
        p_value = s.exact_binomial(a, n, residents, 5000)
        assert p_value == pytest.approx(test.pvalue, rel=1e-9, abs=1e-19)
        assert s.wilson(a, n) == pytest.approx(test.proportion_ci(method="wilson"), rel=1e-9)


def test_a_difference_beyond_all_chance_has_no_p():
    assert s.fisher(5000, 5000, 0, 5000) == 0.0
    assert s.exact_binomial(5000, 5000, 1, 1000) == 0.0


def test_part_against_whole_worked_by_hand():
    # BLMK 2022, clinical bands 8a and above: 31 BME of 84, in a workforce of 96 of 398.
    # Wilson 0.27371-0.47585 (31/84) and 0.16586-0.25523 (65/314); difference 0.16204, less
    # hypot(0.09534, 0.04822), plus hypot(0.10680, 0.04114); all times 314/398.
    interval, p_value = s.part_against_whole(31, 84, 96, 398)
    assert rounded(interval, 3) == (0.044, 0.218)
    assert p_value == pytest.approx(exact_fisher(31, 84, 65, 314), rel=1e-12)


def test_the_whole_has_nothing_to_be_compared_with():
    assert s.part_against_whole(96, 398, 96, 398) == (None, None)


@pytest.mark.parametrize("counts", [(5, 9, 4, 20), (2, 9, 9, 9), (5, 9, 5, 8), (2, 9, 15, 20)])
def test_a_part_outside_the_whole_is_an_error(counts):
    with pytest.raises(ValueError, match="base"):
        s.part_against_whole(*counts)


def test_against_population_moves_the_wilson_limits():
    (low, high), p_value = s.against_population(15, 148, 1200, 10000)
    assert (round(low, 4), round(high, 4)) == (-0.0576, 0.0405)
    assert p_value == pytest.approx(binomtest(15, 148, 0.12).pvalue, rel=1e-9)


def test_against_a_population_without_or_of_only_the_group():
    assert s.against_population(0, 9, 0, 100)[1] == 1.0
    assert s.against_population(1, 9, 0, 100)[1] == 0.0
    assert s.against_population(9, 9, 100, 100)[1] == 1.0
    assert s.against_population(8, 9, 100, 100)[1] == 0.0


def test_change_between_two_years():
    # BLMK, appointment: from 2.66 to 2.31 is no evidence of improvement.
    earlier, later = (6 / 22) / (4 / 39), (43 / 185) / (17 / 169)
    z, p_value = s.change_of_ratios(
        earlier, s.katz_standard_error(*BLMK_2021), later, s.katz_standard_error(*BLMK_2022)
    )
    assert round(z, 2) == 0.22
    assert round(p_value, 2) == 0.83


def test_mantel_haenszel():
    assert float(round(s.mantel_haenszel([BLMK_2022, BLMK_2021]), 2)) == 2.36
    assert round((49 / 207) / (21 / 208), 2) == 2.34
    assert s.mantel_haenszel([BLMK_2022]) == pytest.approx((43 / 185) / (17 / 169))


def test_mantel_haenszel_where_there_is_nothing_to_pool():
    assert s.mantel_haenszel([]) is None
    assert s.mantel_haenszel([(3, 10, 0, 10)]) is None
    assert s.mantel_haenszel([(0, 10, 3, 10)]) == 0.0
    assert s.mantel_haenszel([BLMK_2022, (3, 10, 0, 0)]) == s.mantel_haenszel([BLMK_2022])


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (s.wilson, (3, 0)),
        (s.wilson, (4, 3)),
        (s.wilson, (-1, 3)),
        (s.newcombe, (1, 3, 4, 3)),
        (s.katz, (0, 3, 2, 3)),
        (s.cells_ratio, (0, 3, 2, 3)),
        (s.cells_ratio, (3, 0, 2, 3)),
        (s.cells_ratio, (3, 3, 2, -3)),
        (s.katz_standard_error, (1, 3, 0, 3)),
        (s.koopman, (0, 3, 2, 3)),
        (s.koopman, (3, 3, 4, 4)),
        (s.ratio_interval, (4, 3, 1, 3)),
        (s.fisher, (4, 3, 1, 3)),
        (s.exact_binomial, (1, 3, 11, 10)),
        (s.against_population, (1, 3, 11, 10)),
    ],
)
def test_impossible_counts_are_refused(function, arguments):
    with pytest.raises(ValueError, match=r"base|events|above zero"):
        function(*arguments)
