"""What the WRES report 2022 of NHS Bedfordshire, Luton and Milton Keynes printed, from its counts.

Appointments and the board; numbers W1 to W12 are those of the worked examples.
"""

import pytest
from public_reports import BLMK, JUNE_2021, MARCH_2022
from published import Row, four, only, percent, shown

BLMK_ICB = "QHG"
ALIKE = ("WRES", "WDES", "DECLARATION", "RDR")


def wres_2(reports: list[Row], organisation: str, period: str = MARCH_2022) -> Row:
    return only(
        reports,
        organisation_code=organisation,
        period_end=period,
        standard="WRES",
        indicator="2",
        measure="relative_likelihood",
    )


def wres_9(reports: list[Row], period: str, part: str = "all", organisation: str = BLMK) -> Row:
    return only(
        reports,
        organisation_code=organisation,
        period_end=period,
        standard="WRES",
        indicator="9",
        part=part,
        measure="difference_pp",
    )


RESULT = ("value", "ci_low", "ci_high", "p_value", "direction", "status")


def test_w1_white_applicants_were_more_likely_to_be_appointed(reports):
    """The action plan has 23.2% of 288 and 10.1% of 96: these are staff, not those shortlisted."""
    row = wres_2(reports, BLMK)
    assert shown(row, *RESULT) == (2.31, 1.37, 3.89, 0.001, "adverse", "ok")
    assert four(row) == (43, 185, 17, 169)


def test_w2_the_year_before_establishes_nothing(reports):
    """With four events the log interval (0.84 to 8.42) does not apply; neither excludes parity."""
    row = wres_2(reports, BLMK, JUNE_2021)
    assert shown(row, "value", "p_value", "direction") == (2.66, 0.147, "cannot_tell")
    assert shown(row, "ci_low", "ci_high") == (0.88, 7.99)
    assert four(row) == (6, 22, 4, 39)


def test_w3_ratios_come_from_unrounded_likelihoods(reports):
    """23.2 / 10.1 and 27.3 / 10.3 would give 2.30 and 2.65."""
    for period, printed in ((JUNE_2021, (27.3, 10.3)), (MARCH_2022, (23.2, 10.1))):
        rates = [
            only(
                reports,
                organisation_code=BLMK,
                period_end=period,
                standard="WRES",
                indicator="2",
                measure="rate",
                group_code=group,
            )["value"]
            for group in ("WHITE", "BME")
        ]
        assert tuple(rates) == printed
        assert wres_2(reports, BLMK, period)["value"] != round(printed[0] / printed[1], 2)


def test_w7_board_against_all_staff_is_rounded_after_the_subtraction(reports):
    row = wres_9(reports, MARCH_2022)
    assert four(row) == (6, 19, 96, 398)
    assert shown(row, "value", "status", "direction") == (7.5, "ok", "cannot_tell")


def test_w8_the_base_is_all_staff_in_both_years(reports):
    """Printed was 7.65, from 23.6% of staff of known ethnicity; of all 369 staff it is 8.76."""
    row = wres_9(reports, JUNE_2021)
    assert four(row) == (5, 16, 83, 369)
    assert percent(row) - percent(row, of="comparator_") == pytest.approx(8.76)
    assert row["value"] == 8.8
    known = row | {"comparator_denominator": 268 + 83}
    assert percent(row) - percent(known, 1, "comparator_") == pytest.approx(7.65)


@pytest.mark.parametrize(("part", "share"), [("E06000032", 25.0), ("E06000032:all_staff", 24.1)])
def test_census_names_the_base_that_it_uses(reports, part, share):
    """96 of 384 with a known ethnicity, 96 of all 398."""
    row = only(
        reports,
        organisation_code=BLMK,
        period_end=MARCH_2022,
        standard="CENSUS",
        part=part,
        measure="difference_pp",
        group_code="BME",
        comparator_code="POPULATION",
    )
    residents = 100 * row["comparator_numerator"] / row["comparator_denominator"]
    assert row["value"] == pytest.approx(share - residents, abs=0.11)
    known = 384 if part == "E06000032" else 398
    assert shown(row, "numerator", "denominator") == (96, known)


def test_two_years_as_two_ccgs_give_the_pooled_ratio_and_not_the_mean(reports):
    """The mean of 2.66 and 2.31 would be 2.48."""
    assert [wres_2(reports, code)["value"] for code in ("01T", "01V")] == [2.66, 2.31]
    pooled = wres_2(reports, "QYG")
    assert shown(pooled, "value", "ci_low", "ci_high") == (2.34, 1.46, 3.76)
    estimate = only(
        reports, organisation_code="QYG", standard="WRES", indicator="2", measure="ratio"
    )
    assert shown(estimate, "part", "value", "ci_low", "direction") == (
        "all:mantel_haenszel",
        2.36,
        None,
        "neutral",
    )
    assert four(estimate) == four(pooled)


def test_an_icb_of_one_ccg_has_the_figures_of_the_ccg(reports):
    """Without the board's: a governing body does not become its ICB's board."""
    named = ("release_id", "organisation_code", "organisation_name", "level", "disclosure")

    def rows_of(organisation: str) -> list[Row]:
        own = [row for row in reports if row["organisation_code"] == organisation]
        return [
            {name: value for name, value in row.items() if name not in named}
            for row in own
            if row["standard"] in ALIKE and row["indicator"] not in ("9", "10")
        ]

    assert rows_of(BLMK)
    assert rows_of(BLMK_ICB) == rows_of(BLMK)
    board = wres_9(reports, MARCH_2022, organisation=BLMK_ICB)
    assert shown(board, "value", "status", "reason") == (None, "not_applicable", "NOT_ADDITIVE")
