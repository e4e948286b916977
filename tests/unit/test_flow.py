"""Starters, leavers and promotions, with their rates; appointments by sex.

Source of the groups: NHS England, WRES and WDES technical guidance. The rates are counted by hand.
"""

from collections.abc import Iterable

import pytest
from counting import Figures, figures
from inbox import (
    BME,
    UNKNOWN,
    WHITE,
    application_rows,
    mover_rows,
    staff_row,
    staff_rows,
    write_inbox,
)

BEFORE, MARCH = "2021-03-31", "2022-03-31"
CODE, OTHER_CODE, SILENT, ICB = "01T", "01V", "01J", "QYG"
BAND_6 = "NHS|XR06|Review Body Band 6"
CONSULTANT = {"pay_scale": "NHS|YC72|Consultant", "staff_group": "Medical and Dental"}
TRAINEE = {"pay_scale": "NHS|MN37|Specialty Registrar", "staff_group": "Medical and Dental"}


def movers():
    """Five starters; of 20 leavers 12 White and 6 BME, two of them twice or without a word."""
    rows = mover_rows({("Starter", WHITE): 3, ("Starter", BME): 2}, first=101, date="2021-06-01")
    rows += mover_rows({("Leaver", WHITE): 12}, first=201, leaving_reason="Retirement Age")
    resigned = {"leaving_reason": "Voluntary Resignation - Relocation", "disability": "Yes"}
    rows += mover_rows({("Leaver", BME): 4}, first=301, exit_interview="No", **resigned)
    rows += mover_rows({("Leaver", BME): 2}, first=305, leaving_reason="", exit_interview="")
    rows += mover_rows({("Leaver", UNKNOWN): 2}, first=401, exit_interview="No")
    # Back for a while, and gone for another reason: once, by the last movement.
    rows += mover_rows(
        {("Leaver", WHITE): 1}, first=201, date="2021-05-01", leaving_reason="Dismissal - Conduct"
    )
    return rows


@pytest.fixture(scope="module")
def found(module_folders):
    inbox = module_folders.mktemp("flow")
    write_inbox(inbox, BEFORE, CODE, "esr_staff", staff_rows({WHITE: 60, BME: 30}))
    now = staff_rows({WHITE: 50}) + staff_rows({WHITE: 10}, first=51, pay_scale=BAND_6)
    now += staff_rows({BME: 28}, first=61) + staff_rows({BME: 2}, first=89, pay_scale=BAND_6)
    # A newcomer in band 6 and one of unknown ethnicity are no promotions.
    now += [staff_row(91, pay_scale=BAND_6), staff_row(92, ethnic_origin=UNKNOWN)]
    write_inbox(inbox, MARCH, CODE, "esr_staff", now)
    write_inbox(inbox, MARCH, CODE, "movers", movers())
    write_inbox(inbox, MARCH, OTHER_CODE, "esr_staff", staff_rows({WHITE: 8}, first=500))
    gone = mover_rows({("Leaver", WHITE): 2}, first=601, exit_interview="")
    write_inbox(inbox, MARCH, OTHER_CODE, "movers", gone)
    write_inbox(inbox, MARCH, SILENT, "esr_staff", staff_rows({WHITE: 5}, first=700))
    return figures(inbox)


def only(found: Figures, indicator: str, part: str, group: str, measure="rate", **key: str):
    key = {"organisation_code": CODE, "period_end": MARCH} | key
    return found.only(
        standard="FLOW", indicator=indicator, part=part, group_code=group, measure=measure, **key
    )


def counts(found: Figures, indicator: str, part: str, groups: Iterable[str], **key: str):
    return [only(found, indicator, part, group, "count", **key)["numerator"] for group in groups]


ETHNIC = ("WHITE", "BME", "UNKNOWN")


def test_starters_and_leavers_are_counted_by_group(found):
    assert counts(found, "starters", "ethnicity", ETHNIC) == [3, 2, 0]
    assert counts(found, "leavers", "ethnicity", ETHNIC) == [12, 6, 2]
    assert counts(found, "leavers", "disability", ("DISABLED", "NON_DISABLED", "UNKNOWN")) == [
        4,
        16,
        0,
    ]
    assert counts(found, "starters", "sex", ("FEMALE", "MALE", "UNKNOWN")) == [3, 2, 0]
    assert counts(found, "leavers", "all", ["ALL"]) == [20]


def test_attrition_is_leavers_of_the_group_over_its_headcount(found):
    """12 of 61 White, 6 of 30 BME: 19.7% and 20.0%, 1.02 times as likely."""
    white, bme = (only(found, "attrition", "ethnicity", group) for group in ("WHITE", "BME"))
    assert (white["numerator"], white["denominator"], white["value"]) == (12, 61, 19.7)
    assert (bme["numerator"], bme["denominator"], bme["value"]) == (6, 30, 20.0)
    against = only(found, "attrition", "ethnicity", "BME", "relative_likelihood")
    assert (against["value"], against["comparator_numerator"]) == (1.02, 12)


def test_leavers_of_a_group_that_nobody_is_left_of_are_no_rate(found):
    row = only(found, "attrition", "disability", "DISABLED")
    assert (row["numerator"], row["denominator"]) == (4, 0)
    assert (row["value"], row["reason"]) == (None, "NO_NUMERATOR_BASE")


def test_no_direction_is_claimed_by_sex(found):
    row = only(found, "attrition", "sex", "FEMALE", "relative_likelihood")
    assert (row["status"], row["direction"]) == ("ok", "neutral")


def test_promoted_are_those_in_a_higher_band_than_a_year_before(found):
    """10 of 61 White and 2 of 30 BME staff, newcomers in the base: 2.46 times as likely."""
    assert counts(found, "promotions", "ethnicity", ETHNIC) == [10, 2, 0]
    assert counts(found, "promotions", "all", ["ALL"]) == [12]
    assert only(found, "promotions", "ethnicity", "BME")["value"] == 6.7
    against = only(found, "promotions", "ethnicity", "WHITE", "relative_likelihood")
    assert against["value"] == 2.46


def test_without_a_snapshot_a_year_before_nobody_can_be_said_to_be_promoted(found):
    for organisation, period in ((CODE, BEFORE), (OTHER_CODE, MARCH)):
        row = only(
            found,
            "promotions",
            "ethnicity",
            "BME",
            organisation_code=organisation,
            period_end=period,
        )
        assert (row["status"], row["reason"]) == ("not_applicable", "NO_BASELINE")


def test_medical_grades_are_no_ladder_and_a_lower_band_is_no_promotion(tmp_path):
    write_inbox(
        tmp_path, BEFORE, CODE, "esr_staff",
        [staff_row(1, **TRAINEE), staff_row(2), staff_row(3, pay_scale=BAND_6), staff_row(4)],
    )  # fmt: skip
    write_inbox(
        tmp_path, MARCH, CODE, "esr_staff",
        [staff_row(1, **CONSULTANT), staff_row(2, **TRAINEE), staff_row(3), staff_row(4)],
    )  # fmt: skip
    assert counts(figures(tmp_path), "promotions", "all", ["ALL"], level="employer") == [0]


def test_reasons_for_leaving_divide_the_leavers_of_a_group(found):
    def shares(part):
        key = {"organisation_code": CODE, "period_end": MARCH, "indicator": "leaving_reason"}
        told = found.counts(standard="FLOW", part=part, **key)
        return {reason: leavers for reason, leavers in told.items() if leavers}

    assert shares("WHITE") == {"RETIREMENT": 12}
    assert shares("BME") == {"RESIGNATION": 4, "UNKNOWN": 2}
    assert shares("all") == {"RETIREMENT": 14, "RESIGNATION": 4, "UNKNOWN": 2}
    assert only(found, "leaving_reason", "BME", "RESIGNATION", "share")["value"] == 66.7


def test_exit_interviews_are_of_all_leavers_of_the_group(found):
    values = [only(found, "exit_interview", "ethnicity", group)["value"] for group in ETHNIC]
    assert values == [100.0, 0.0, 0.0]


def test_exit_interviews_that_nobody_records_are_no_rate_of_none(found):
    row = only(found, "exit_interview", "ethnicity", "WHITE", organisation_code=OTHER_CODE)
    assert (row["denominator"], row["value"], row["reason"]) == (2, None, "NOT_RECORDED")


def test_an_employer_that_sent_no_movers_has_none_counted(found):
    row = only(found, "leavers", "ethnicity", "WHITE", "count", organisation_code=SILENT)
    assert (row["numerator"], row["status"]) == (None, "missing_source")


def test_an_icb_is_the_sum_of_employers_over_the_staff_of_those_that_sent_movers(found):
    """12 and 2 White leavers; of 61 and 8, without the five of the employer that sent none."""
    row = only(found, "attrition", "ethnicity", "WHITE", organisation_code=ICB)
    assert (row["numerator"], row["denominator"]) == (14, 69)


def test_a_heading_without_rows_says_that_nobody_moved(tmp_path):
    path = write_inbox(tmp_path, MARCH, CODE, "movers", movers()[:1])
    path.write_text(path.read_text().splitlines()[0] + "\n")
    write_inbox(tmp_path, MARCH, CODE, "esr_staff", staff_rows({WHITE: 10, BME: 5}))
    found = figures(tmp_path)
    assert counts(found, "leavers", "all", ["ALL"], level="employer") == [0]
    row = only(found, "attrition", "ethnicity", "BME", "relative_likelihood", level="employer")
    assert (row["value"], row["reason"]) == (None, "NO_EVENTS")


def test_appointment_by_sex_and_disability(tmp_path):
    """Every other applicant is a woman: of 20 appointed and 40 not, 10 of 30 on both sides."""
    rows = application_rows({(WHITE, True): 20, (BME, False): 40})
    write_inbox(tmp_path, MARCH, CODE, "recruitment", rows)
    found = figures(tmp_path)
    women = only(found, "appointment", "sex", "FEMALE", "relative_likelihood", level="employer")
    assert (women["numerator"], women["denominator"]) == (10, 30)
    assert (women["comparator_numerator"], women["comparator_denominator"]) == (10, 30)
    assert (women["value"], women["direction"]) == (1.0, "neutral")
    disabled = only(found, "appointment", "disability", "DISABLED", level="employer")
    assert (disabled["denominator"], disabled["reason"]) == (0, "NO_NUMERATOR_BASE")
