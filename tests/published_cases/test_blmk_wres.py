"""The other WRES tables of NHS Bedfordshire, Luton and Milton Keynes (2022), from their counts.

Where the report is wrong the right value stands here, with the reason. Its tables of the bands 1 to
7 and 8a to VSM are each shown by one band.

No case are its action plan's gaps of single bands in 2022, which no counts give together: clinical
band 8 at 48.9% and band 9 and over at 45.2% both exceed the 36.9% of the group that they make; nor
its national averages of the survey of 2021, which come from no extract.
"""

import pytest
from public_reports import BLMK, JUNE_2021, MARCH_2022
from published import Row, four, only, percent, shown

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


@pytest.mark.parametrize(
    ("period", "part", "counts", "total"),
    [
        (JUNE_2021, "clinical:5", (30, 9, 2), 41),
        (MARCH_2022, "clinical:5", (33, 11, 2), 46),
        (JUNE_2021, "clinical:8a", (37, 16, 1), 54),
        (MARCH_2022, "clinical:8a", (49, 31, 4), 84),
        (JUNE_2021, "non_clinical:5", (100, 28, 5), 133),
        (MARCH_2022, "non_clinical:5", (98, 28, 4), 130),
        (JUNE_2021, "non_clinical:8a", (91, 19, 6), 116),
        # The 3 after these counts is the percentage of 4: the total of 135 is right.
        (MARCH_2022, "non_clinical:8a", (107, 24, 4), 135),
    ],
)
def test_totals_of_each_group_of_bands(reports, period, part, counts, total):
    rows = [
        wres(reports, "1", period, part=part, measure="share", group_code=group) for group in GROUPS
    ]
    assert tuple(row["numerator"] for row in rows) == counts
    assert {row["denominator"] for row in rows} == {total}


@pytest.mark.parametrize(
    ("period", "counts", "missing"),
    [(JUNE_2021, (268, 83, 18), 25), (MARCH_2022, (288, 96, 14), 3)],
)
def test_the_four_tables_of_bands_leave_some_staff_out(reports, period, counts, missing):
    """They add up to 344 and 395 of 369 and 398; the workforce of indicator 2 has everybody."""
    rows = [wres(reports, "1", period, measure="share", group_code=group) for group in GROUPS]
    assert tuple(row["numerator"] for row in rows) == counts
    sides = [
        wres(reports, "1", period, part=f"{side}:all", measure="share", group_code="BME")
        for side in ("clinical", "non_clinical")
    ]
    assert rows[0]["denominator"] - sum(row["denominator"] for row in sides) == missing


@pytest.mark.parametrize(
    ("part", "points"),
    [
        ("clinical:5", 2.0),  # printed 2
        ("clinical:8a", 7.3),  # printed 9
        ("non_clinical:5", 0.5),  # printed 1, from the rounded 21 and 22
        ("non_clinical:8a", 1.4),  # printed 1.5, from 16.5 and 18
    ],
)
def test_changes_of_the_bme_share_are_taken_before_rounding(reports, part, points):
    before, after = (
        wres(reports, "1", period, part=part, measure="share", group_code="BME")
        for period in (JUNE_2021, MARCH_2022)
    )
    assert round(percent(after, 4) - percent(before, 4), 1) == points


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


@pytest.mark.parametrize(
    ("area", "residents"),
    [
        # Printed of an earlier census: 21, 11.5, 53, 24, and 24 of all four, of which the parts
        # 69% White British, 8% other White, 13% Asian and 3% Black leave 23.
        ("E06000055", 24.3),
        ("E06000056", 9.8),
        ("E06000032", 54.8),
        ("E06000042", 28.2),
        ("boundary", 28.0),
    ],
)
def test_24_1_percent_of_staff_against_the_residents_of_2021(reports, area, residents):
    """Called representative of 24%; in the Census of 2021, 28.0% are BME: 3.9 points fewer."""
    row = only(
        reports, organisation_code=BLMK, period_end=MARCH_2022, standard="CENSUS",
        indicator="ethnicity", part=f"{area}:all_staff", measure="difference_pp", group_code="BME",
        comparator_code="POPULATION",
    )  # fmt: skip
    assert (percent(row, 1), percent(row, 1, "comparator_")) == (24.1, residents)
    if area == "boundary":
        assert shown(row, "value", "direction") == (-3.9, "cannot_tell")


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


def test_half_of_bme_staff_answered_and_not_half_of_those_who_answered(reports):
    """Response rates were printed as 71.9% and 50%, the latter again as a share of respondents.

    48 of 96 BME staff answered; of the 255 respondents they are 18.8%. The action plan gives White
    staff 65.3%, which is the average of all CCGs: theirs is 60.9% (W9).
    """
    row = wres(reports, "7", measure="difference_pp")
    _, bme, _, white = four(row)
    workforce = {
        group: wres(reports, "1", measure="share", group_code=group)["numerator"]
        for group in ("BME", "WHITE")
    }
    answered = {"numerator": bme, "denominator": workforce["BME"]}
    answered |= {"comparator_numerator": white, "comparator_denominator": workforce["WHITE"]}
    assert (percent(answered, 1), percent(answered, 1, "comparator_")) == (50.0, 71.9)
    assert percent({"numerator": bme, "denominator": bme + white}, 1) == 18.8


# --- indicator 9 ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("period", "percent"), [(JUNE_2021, (62.5, 31.3, 6.3)), (MARCH_2022, (63.2, 31.6, 5.3))]
)
def test_shares_of_the_board(reports, period, percent):
    """Printed with whole numbers, or two decimals: 62.5, 31.25 and 6.25; 63, 32 and 5."""
    assert values(reports, "9", period, "share") == percent


@pytest.mark.parametrize(
    ("period", "board", "staff", "points"),
    [
        # Printed: staff 81, 23.6 and 4.9% (251, 83 and 17 of 351), +7.65 and +1.35 and -18.5. The
        # 351 are those of known ethnicity (268 and 83), so that 251 White staff were forced.
        (JUNE_2021, (10, 5, 1), (268, 83, 18), (-10.1, 8.8, 1.4)),
        # Printed: staff 83, 24 and 3%, which are 110%, and -20, +8 and +2.
        (MARCH_2022, (12, 6, 1), (288, 96, 14), (-9.2, 7.5, 1.7)),
    ],
)
def test_differences_between_board_and_all_staff(reports, period, board, staff, points):
    """The standard's figure is the difference of the BME shares; the others are those of shares."""
    members, people = (
        [wres(reports, indicator, period, measure="share", group_code=group) for group in GROUPS]
        for indicator in ("9", "1")
    )
    assert tuple(row["numerator"] for row in members) == board
    assert tuple(row["numerator"] for row in people) == staff
    assert tuple(
        round(percent(member, 4) - percent(person, 4), 1)
        for member, person in zip(members, people, strict=True)
    ) == points  # fmt: skip
    assert wres(reports, "9", period, measure="difference_pp")["value"] == points[1]
