"""Staff against residents: bases that answered, ages from 16, what the census does not count.

Source: Office for National Statistics, Census 2021: residents of Stockport aged 16 and over.
"""

import pytest
from counting import figures
from inbox import staff_rows, write_inbox

CODE, AREA, MARCH = "01W", "E08000007", "2021-03-31"
ANSWERED = {"religion": 226_804, "sexual_orientation": 224_595, "age_band": 238_930}
RESIDENTS = {"religion": 238_926, "sexual_orientation": 238_930, "age_band": 238_930}


@pytest.fixture(scope="module")
def found(module_folders):
    inbox = module_folders.mktemp("census")
    rows = staff_rows(10, date_of_birth="2001-05-01")
    rows += staff_rows(4, first=11, religious_belief="Atheism", sexual_orientation="Bisexual")
    rows += staff_rows(1, first=15, religious_belief="Jainism", sexual_orientation="Undecided")
    rows += staff_rows(5, first=16, religious_belief="", sexual_orientation="Unspecified")
    write_inbox(inbox, MARCH, CODE, "esr_staff", rows)
    return figures(inbox)


def only(found, name, group, part, measure="difference_pp"):
    return found.only(
        standard="CENSUS", indicator=name, group_code=group, part=part, measure=measure,
        level="employer", comparator_code="POPULATION_16_PLUS",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "group", "headcount", "residents"),
    [
        ("religion", "CHRISTIANITY", 10, 120_476),
        ("religion", "ATHEISM", 4, 89_554),
        ("sexual_orientation", "LGB_PLUS", 5, 7_124),
    ],
)
def test_those_who_answered_stand_against_those_who_answered(
    found, name, group, headcount, residents
):
    row = only(found, name, group, AREA)
    assert (row["numerator"], row["denominator"]) == (headcount, 15)
    counts = row["comparator_numerator"], row["comparator_denominator"]
    assert counts == (residents, ANSWERED[name])


def test_all_staff_stand_against_all_residents_of_the_base(found):
    row = only(found, "religion", "CHRISTIANITY", f"{AREA}:all_staff")
    assert (row["numerator"], row["denominator"]) == (10, 20)
    assert row["comparator_denominator"] == RESIDENTS["religion"]
    assert row["value"] == -0.4  # 50.0% against 50.4%


def test_differences_and_indices_are_of_unrounded_shares(found):
    """10 of 15 against 53.1% of residents: 13.5 points, 1.26 times."""
    assert only(found, "religion", "CHRISTIANITY", "boundary")["value"] == 13.5
    assert only(found, "religion", "CHRISTIANITY", "boundary", "ratio")["value"] == 1.26


def test_the_youngest_stand_against_residents_from_16(found):
    row = only(found, "age_band", "<=20", AREA)
    assert (row["numerator"], row["denominator"]) == (10, 20)
    assert (row["comparator_numerator"], row["comparator_denominator"]) == (13_634, 238_930)
    assert row["direction"] == "neutral"


def test_religions_that_the_census_does_not_count_apart_are_not_compared(found):
    rows = found.select(standard="CENSUS", indicator="religion")
    assert {row.key["group_code"] for row in rows}.isdisjoint({"JAINISM", "OTHER", "UNKNOWN"})


@pytest.mark.parametrize("part", ["boundary", "boundary:all_staff"])
def test_marital_status_is_missing_and_says_so(found, part):
    row = only(found, "marital_status", "MARRIED_CP", part)
    assert (row["status"], row["reason"]) == ("missing_source", "MISSING_SOURCE")
    assert (row["value"], row["numerator"], row["comparator_numerator"]) == (None, None, None)


def test_religion_and_orientation_have_the_one_base(found):
    rows = found.select(standard="CENSUS", organisation_code=CODE)
    by_name = {}
    for row in rows:
        by_name.setdefault(row.key["indicator"], set()).add(row.key["comparator_code"])
    older, both = {"POPULATION_16_PLUS"}, {"POPULATION", "POPULATION_16_PLUS"}
    assert by_name == {
        "ethnicity": both, "disability": both, "sex": both, "religion": older,
        "sexual_orientation": older, "age_band": older, "marital_status": older,
    }  # fmt: skip
