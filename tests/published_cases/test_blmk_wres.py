"""The other WRES tables of NHS Bedfordshire, Luton and Milton Keynes (2022), from their counts.

Where the report is wrong the right value stands here, with the reason. Its tables of the bands 1 to
7 and 8a to VSM are each shown by one band.
"""

import pytest
from public_reports import BLMK, JUNE_2021, MARCH_2022
from published import Row, four, only, shown

GROUPS = ("WHITE", "BME", "UNKNOWN")


def wres(reports: list[Row], indicator: str, period: str = MARCH_2022, **key: str) -> Row:
    own = {"organisation_code": BLMK, "standard": "WRES", "indicator": indicator}
    return only(reports, period_end=period, **own, **({"part": "all"} | key))


def values(reports: list[Row], indicator: str, period: str, measure: str, **key: str) -> tuple:
    """Return the values of all groups that the figure has."""
    rows = (
        wres(reports, indicator, period, measure=measure, group_code=group, **key)
        for group in GROUPS
    )
    return tuple(row["value"] for row in rows)


# --- indicator 1 ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("period", "part", "percent"),
    [
        (JUNE_2021, "clinical:5", (73.2, 22.0, 4.9)),
        (MARCH_2022, "clinical:5", (71.7, 23.9, 4.3)),
        (JUNE_2021, "clinical:8a", (68.5, 29.6, 1.9)),  # printed 68, and 69 by rounding
        (MARCH_2022, "clinical:8a", (58.3, 36.9, 4.8)),  # printed 57, 39 and 4: not of 84
        (JUNE_2021, "non_clinical:5", (75.2, 21.1, 3.8)),
        (MARCH_2022, "non_clinical:5", (75.4, 21.5, 3.1)),
        (JUNE_2021, "non_clinical:8a", (78.4, 16.4, 5.2)),  # printed 78.5 and 16.5
        (MARCH_2022, "non_clinical:8a", (79.3, 17.8, 3.0)),
    ],
)
def test_shares_of_each_group_of_bands(reports, period, part, percent):
    assert values(reports, "1", period, "share", part=part) == percent


def test_the_rise_in_senior_clinical_posts_is_of_points_and_not_of_percent(reports):
    """Printed was a rise of 9%, as 15 colleagues: from 29.6% to 36.9% are 7.3 points."""
    before, after = (
        wres(reports, "1", period, part="clinical:8a", measure="share", group_code="BME")
        for period in (JUNE_2021, MARCH_2022)
    )
    assert after["numerator"] - before["numerator"] == 15
    assert round(after["value"] - before["value"], 1) == 7.3


def test_of_all_staff_not_of_those_whose_ethnicity_is_known(reports):
    """Printed was 23.6% (83 of 351 known) and 24.1% (96 of all 398), called a rise of 0.5%."""
    assert values(reports, "1", JUNE_2021, "share") == (72.6, 22.5, 4.9)
    assert values(reports, "1", MARCH_2022, "share") == (72.4, 24.1, 3.5)


def test_known_ethnicity(reports):
    rates = [
        only(
            reports,
            organisation_code=BLMK,
            period_end=period,
            standard="DECLARATION",
            indicator="ethnicity",
            part="all",
            group_code="KNOWN",
        )["value"]
        for period in (JUNE_2021, MARCH_2022)
    ]
    assert rates == [95.1, 96.5]


# --- indicators 2, 3 and 4 ------------------------------------------------------------------


def test_likelihood_of_appointment_of_every_group(reports):
    assert values(reports, "2", JUNE_2021, "rate") == (27.3, 10.3, 0.0)
    assert values(reports, "2", MARCH_2022, "rate") == (23.2, 10.1, 10.5)


@pytest.mark.parametrize(("part", "years"), [("all", 2), ("two_year", 2), ("one_year", 1)])
def test_w6_without_a_case_there_is_no_ratio(reports, part, years):
    """Printed as N/A, for one year; its footnote announces the two years of this snapshot."""
    row = wres(reports, "3", part=part, measure="relative_likelihood")
    assert shown(row, "value", "status", "reason") == (None, "not_applicable", "NO_EVENTS")
    assert four(row) == (0, 96 * years, 0, 288 * years)
    assert values(reports, "3", MARCH_2022, "rate", part=part) == (0.0, 0.0, 0.0)


RESULT = ("value", "ci_low", "ci_high", "direction")


def test_w4_access_to_training(reports):
    row = wres(reports, "4", measure="relative_likelihood")
    assert four(row) == (116, 288, 48, 96)
    assert shown(row, *RESULT) == (0.81, 0.63, 1.03, "cannot_tell")
    assert row["p_value"] == 0.097
    assert values(reports, "4", MARCH_2022, "rate") == (40.3, 50.0, 0.0)


def test_w5_access_to_training_the_year_before(reports):
    row = wres(reports, "4", JUNE_2021, measure="relative_likelihood")
    assert four(row) == (26, 268, 11, 83)
    assert shown(row, *RESULT) == (0.73, 0.38, 1.42, "cannot_tell")
    assert row["p_value"] == pytest.approx(0.41, abs=0.005)
    assert values(reports, "4", JUNE_2021, "rate") == (9.7, 13.3, 0.0)


# --- indicators 5 to 8 ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("indicator", "counts", "percent", "claim"),
    [
        ("5", (5, 47, 20, 201), (10.6, 10.0), (0.79, "cannot_tell")),
        ("6", (9, 47, 26, 202), (19.1, 12.9), (0.25, "cannot_tell")),
        ("7", (16, 48, 126, 207), (33.3, 60.9), (0.0007, "adverse")),
        ("8", (5, 48, 11, 210), (10.4, 5.2), (0.19, "cannot_tell")),
    ],
)
def test_w9_and_w10_survey(reports, indicator, counts, percent, claim):
    """The counts follow from percentages and bases; one difference of the four is established."""
    shares = [
        wres(reports, indicator, measure="share", group_code=group)["value"]
        for group in ("BME", "WHITE")
    ]
    assert tuple(shares) == percent
    row = wres(reports, indicator, measure="difference_pp")
    assert four(row) == counts
    assert row["p_value"] == pytest.approx(claim[0], abs=0.005)
    assert row["direction"] == claim[1]


# --- indicator 9 ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("period", "percent"), [(JUNE_2021, (62.5, 31.3, 6.3)), (MARCH_2022, (63.2, 31.6, 5.3))]
)
def test_shares_of_the_board(reports, period, percent):
    """Printed with whole numbers, or two decimals: 62.5, 31.25 and 6.25; 63, 32 and 5."""
    assert values(reports, "9", period, "share") == percent
