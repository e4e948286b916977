"""Tests of chance for alerts agree with SciPy's, and with the false discoveries they allow."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, false_discovery_control, fisher_exact

from pipeline.quality.chance import COUNTS, highest_standing, p_values

P = st.lists(st.floats(1e-9, 1.0), min_size=1, max_size=40)


def p_value(test, *counts):
    return p_values(pd.DataFrame([(test, *counts)], columns=list(COUNTS)))[0]


def test_joiners_are_held_against_the_past_rate():
    # 150 of 160 a quarter before: (150 + 0.5) / (160 + 1) = 93.5%.
    expected = binomtest(9, 15, 150.5 / 161, alternative="less").pvalue
    assert p_value("binomial", 9, 15, 150, 160) == pytest.approx(expected)
    assert expected < 0.005


def test_one_unknown_joiner_of_a_body_of_which_all_are_known_is_no_alarm():
    # Past rate 160.5 / 161 and not 1, under which p would be 0: 0.5 / 161 = 0.3%, of four
    # joiners 1.2%.
    assert p_value("binomial", 3, 4, 160, 160) == pytest.approx(1 - (160.5 / 161) ** 4)
    assert p_value("binomial", 3, 4, 160, 160) > 0.005


@pytest.mark.parametrize(
    "counts", [(20, 40, 110, 120), (40, 40, 100, 120), (0, 30, 130, 130), (39, 40, 119, 120)]
)
def test_a_part_is_held_against_the_rest_by_fishers_exact_test(counts):
    a, n, b, m = counts
    expected = fisher_exact([[a, n - a], [b, m - b]], alternative="less").pvalue
    assert p_value("fisher", *counts) == pytest.approx(expected)


@given(P)
def test_what_stands_is_what_scipy_adjusts_to_five_percent(values):
    highest = highest_standing(values)
    adjusted = false_discovery_control(values, method="bh")
    for value, q in zip(values, adjusted, strict=True):
        assert (value <= highest) == (q <= 0.05) or q == pytest.approx(0.05, abs=1e-12)


def test_nothing_to_test_is_nothing_found():
    assert highest_standing([]) == -1
    assert highest_standing([0.04, 0.9]) == -1
    assert highest_standing([0.02, 0.9]) == 0.02
    # 0.04 is no more than 5% of 2/2, and takes 0.03 with it.
    assert highest_standing([0.04, 0.03]) == 0.04
