"""Figures that public reports printed, out of a run over an inbox built from their counts.

Sources: the WRES report 2022 of NHS Bedfordshire, Luton and Milton Keynes (M1J4Y; its ICB is QHG)
and the equality report 2021/22 of NHS Stockport CCG (01W).
"""

import json
from pathlib import Path

import pytest
from inbox import BME, UNKNOWN, WHITE, application_rows, board_rows, staff_rows, write_inbox

from pipeline.cli import main

BLMK, BLMK_ICB = "M1J4Y", "QHG"
STOCKPORT = "01W"
MARCH_2021, MARCH_2022 = "2021-03-31", "2022-03-31"

# Shortlisted and appointed, White and BME.
RECRUITMENT = {MARCH_2021: ((22, 6), (39, 4)), MARCH_2022: ((185, 43), (169, 17))}
WORKFORCE = {
    MARCH_2021: {WHITE: 268, BME: 83, UNKNOWN: 18},
    MARCH_2022: {WHITE: 288, BME: 96, UNKNOWN: 14},
}
BOARD = {MARCH_2021: {WHITE: 11, BME: 5}, MARCH_2022: {WHITE: 13, BME: 6}}

Row = dict[str, object]


def applications(year: str) -> list[dict[str, str]]:
    (white, white_appointed), (bme, bme_appointed) = RECRUITMENT[year]
    return application_rows(
        {
            (WHITE, True): white_appointed,
            (WHITE, False): white - white_appointed,
            (BME, True): bme_appointed,
            (BME, False): bme - bme_appointed,
            (UNKNOWN, False): 7,
        }
    )


@pytest.fixture(scope="module")
def figures(tmp_path_factory) -> list[Row]:
    """The true figures of one run over all the cases."""
    home = tmp_path_factory.mktemp("published_cases") / "home"
    inbox = home / "inbox"
    for period in (MARCH_2021, MARCH_2022):
        # The merger of 1 April 2021 made M1J4Y, so the figures of a year before are sent as those
        # of the last quarter in which it is the same body.
        own = period if period == MARCH_2022 else "2021-06-30"
        write_inbox(inbox, own, BLMK, "esr_staff", staff_rows(WORKFORCE[period]))
        write_inbox(inbox, own, BLMK, "recruitment", applications(period))
        write_inbox(inbox, own, BLMK, "board", board_rows(BOARD[period]))
    # The two years as two CCGs of one ICB: an ICB's ratio comes from pooled counts.
    write_inbox(inbox, MARCH_2022, "01T", "recruitment", applications(MARCH_2021))
    write_inbox(inbox, MARCH_2022, "01V", "recruitment", applications(MARCH_2022))
    stockport = [*staff_rows(36, gender="Male"), *staff_rows(93, first=37, gender="Female")]
    write_inbox(inbox, MARCH_2022, STOCKPORT, "esr_staff", stockport)
    assert main(["run", "--home", str(home)]) == 0
    return true_figures(home)


def true_figures(home: Path) -> list[Row]:
    with pytest.MonkeyPatch.context() as patch:
        printed: list[str] = []
        patch.setattr("builtins.print", lambda *texts, **_: printed.extend(texts))
        assert main(["figures", "--unprotected", "--json", "--home", str(home)]) == 0
    found: list[Row] = json.loads("".join(printed))
    return found


def only(figures: list[Row], **key: str) -> Row:
    (found,) = [row for row in figures if all(row[name] == key[name] for name in key)]
    return found


def wres_2(figures: list[Row], organisation: str, period: str = MARCH_2022) -> Row:
    return only(
        figures,
        organisation_code=organisation,
        period_end=period,
        standard="WRES",
        indicator="2",
        measure="relative_likelihood",
    )


def wres_9(figures: list[Row], period: str, part: str = "all", organisation: str = BLMK) -> Row:
    return only(
        figures,
        organisation_code=organisation,
        period_end=period,
        standard="WRES",
        indicator="9",
        part=part,
        measure="difference_pp",
    )


def shown(row: Row, *names: str) -> tuple[object, ...]:
    return tuple(row[name] for name in names)


RESULT = ("value", "ci_low", "ci_high", "p_value", "direction", "status")


def test_w1_white_applicants_were_more_likely_to_be_appointed(figures):
    row = wres_2(figures, BLMK)
    assert shown(row, *RESULT) == (2.31, 1.37, 3.89, 0.001, "adverse", "ok")
    assert shown(row, "numerator", "denominator") == (43, 185)
    assert shown(row, "comparator_numerator", "comparator_denominator") == (17, 169)


def test_w2_the_year_before_establishes_nothing(figures):
    """With four events the log interval (0.84 to 8.42) does not apply; neither excludes parity."""
    row = wres_2(figures, BLMK, "2021-06-30")
    assert shown(row, "value", "p_value", "direction") == (2.66, 0.147, "cannot_tell")
    assert row["ci_low"] < 1 < row["ci_high"]
    assert (row["ci_low"], row["ci_high"]) != (0.84, 8.42)


def test_w3_ratios_come_from_unrounded_likelihoods(figures):
    """23.2 / 10.1 and 27.3 / 10.3 would give 2.30 and 2.65."""
    for period, printed in (("2021-06-30", (27.3, 10.3)), (MARCH_2022, (23.2, 10.1))):
        rates = [
            only(
                figures,
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
        assert wres_2(figures, BLMK, period)["value"] != round(printed[0] / printed[1], 2)


def test_w7_board_against_all_staff_is_rounded_after_the_subtraction(figures):
    row = wres_9(figures, MARCH_2022)
    assert shown(row, "numerator", "denominator") == (6, 19)
    assert shown(row, "comparator_numerator", "comparator_denominator") == (96, 398)
    assert shown(row, "value", "status", "direction") == (7.5, "ok", "cannot_tell")


def test_w8_the_base_is_all_staff_in_both_years(figures):
    """Printed was 7.65, from 23.6% of staff of known ethnicity; of all 369 staff it is 8.76."""
    row = wres_9(figures, "2021-06-30")
    assert shown(row, "comparator_numerator", "comparator_denominator") == (83, 369)
    assert row["value"] == 8.8


def test_w12_shares_of_women_and_men(figures):
    shares = {
        row["group_code"]: row["value"]
        for row in figures
        if shown(row, "organisation_code", "standard", "indicator", "measure")
        == (STOCKPORT, "PSED", "sex", "share")
    }
    assert shares == {"MALE": 27.9, "FEMALE": 72.1, "UNKNOWN": 0.0}


@pytest.mark.parametrize(("part", "share"), [("E06000032", 25.0), ("E06000032:all_staff", 24.1)])
def test_census_names_the_base_that_it_uses(figures, part, share):
    """96 of 384 with a known ethnicity, 96 of all 398."""
    row = only(
        figures,
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


def test_two_years_as_two_ccgs_give_the_pooled_ratio_and_not_the_mean(figures):
    """The mean of 2.66 and 2.31 would be 2.48."""
    assert [wres_2(figures, code)["value"] for code in ("01T", "01V")] == [2.66, 2.31]
    pooled = wres_2(figures, "QYG")
    assert shown(pooled, "value", "ci_low", "ci_high") == (2.34, 1.46, 3.76)


def test_an_icb_of_one_ccg_has_the_figures_of_the_ccg(figures):
    """All but the board's: a governing body does not become its ICB's board."""
    named = ("release_id", "organisation_code", "organisation_name", "level", "disclosure")

    def rows_of(organisation: str) -> list[Row]:
        own = [row for row in figures if row["organisation_code"] == organisation]
        return [
            {name: value for name, value in row.items() if name not in named}
            for row in own
            if row["standard"] != "CENSUS" and row["indicator"] not in ("9", "10")
        ]

    assert rows_of(BLMK)
    assert rows_of(BLMK_ICB) == rows_of(BLMK)
    board = wres_9(figures, MARCH_2022, organisation=BLMK_ICB)
    assert shown(board, "value", "status", "reason") == (None, "not_applicable", "NOT_ADDITIVE")
