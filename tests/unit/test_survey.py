"""Staff survey results: items by year, groups, counts out of percentages, joint results."""

from datetime import date
from decimal import Decimal

import pytest
from counting import KEYS
from extracts import codes
from inbox import csv_text, survey_row, write_inbox
from staged import staged

from pipeline import survey
from pipeline.check import Checked, check
from pipeline.landing import survey as landing
from pipeline.read import read
from pipeline.receive.inbox import Place
from pipeline.resources import reference

SNAPSHOT = date(2022, 3, 31)
GOOD = survey_row("Q15", "White", 207, 126)


def checked(*rows, period_end=SNAPSHOT, sender="01T") -> Checked:
    filled = [heading for heading in GOOD if any(row[heading] for row in rows)]
    reading = read(csv_text(rows, filled).encode(), "survey.csv", "survey")
    return check(reading, "survey", period_end, sender)


def landed(*rows, sender="01T"):
    result = checked(*rows, sender=sender)
    assert result.faults == []
    frame = landing.frame(result.accepted, Place(SNAPSHOT, sender, "survey"), KEYS)
    return frame.astype(object).where(frame.notna(), None).to_dict("records")


@pytest.mark.parametrize(
    ("year", "printed", "item"),
    [
        (2021, "Q14a", "harassment_public"),
        (2021, "q14 A", "harassment_public"),
        (2021, "Question 14a", "harassment_public"),
        (2020, "Q13a", "harassment_public"),
        (2017, "KF25", "harassment_public"),
        (2021, "Q14b & Q14c", "harassment_staff"),
        (2021, "Q14b/c", "harassment_staff"),
        (2016, "KF26", "harassment_staff"),
        (2020, "Q14", "equal_opportunities"),
        (2021, "Q15", "equal_opportunities"),
        (2016, "KF21", "equal_opportunities"),
        (2021, "Q16b", "discrimination_staff"),
        (2017, "Q9e", "pressure_unwell"),
        (2020, "Q5f", "valued"),
        (2021, "Q4b", "valued"),
        (2020, "Q26b", "adjustments"),
        (2022, "Q30b", "adjustments"),
        (2023, "Q31b", "adjustments"),
        (2021, "Staff engagement", "engagement"),
        (2021, "Q13a", None),
        (2021, "Q99", None),
        (2031, "Q15", None),
    ],
)
def test_a_number_means_what_the_questionnaire_of_its_year_printed(year, printed, item):
    assert survey.item_code(year, printed) == item


def test_every_year_asks_every_item_once_or_under_names_that_agree():
    asked = {}
    for row in reference("survey_item"):
        asked.setdefault(int(row["survey_year"]), set()).add(row["item"])
    assert sorted(asked) == list(range(2014, 2025))
    assert {frozenset(items) for items in asked.values()} == {
        frozenset(
            {
                *("harassment_public", "harassment_managers", "harassment_colleagues"),
                *("harassment_staff", "harassment_reported", "equal_opportunities"),
                *("discrimination_staff", "pressure_unwell", "valued", "adjustments"),
                "engagement",
            }
        )
    }


@pytest.mark.parametrize(
    ("breakdown", "group", "code"),
    [
        ("Ethnicity", "White", "WHITE"),
        ("ethnicity", "All other ethnic groups", "BME"),
        ("Long-Term Condition", "Yes", "DISABLED"),
        ("Long Term Condition", "Staff without a LTC or illness", "NON_DISABLED"),
        ("All", "All staff", "ALL"),
        ("Ethnicity", "Yes", None),
        ("All", "White", None),
    ],
)
def test_groups_by_breakdown(breakdown, group, code):
    assert survey.group_code(breakdown, group) == code


@pytest.mark.parametrize(
    ("percent", "base", "events"),
    # BLMK ICB, WRES 2022: 10.6% of 47, 19.1% of 47, 10.4% of 48, 60.9% of 207; then the halves.
    [(10.6, 47, 5), (19.1, 47, 9), (10.4, 48, 5), (60.9, 207, 126), (50, 25, 13), (0.5, 100, 1)],
)
def test_a_percentage_and_its_base_give_the_count(percent, base, events):
    assert survey.events(percent, base) == events


def test_rows_as_landed():
    rows = [
        GOOD,
        survey_row("Q15", "BME", 48, percent="33.3"),
        survey_row("Q4b", "Yes", 120, percent="41.25", weighted="Yes"),
        survey_row("Engagement", "All", 255, score="6.94"),
    ]
    shared = {"organisation_codes": "01T", "survey_year": 2021}
    assert landed(*rows) == [
        shared
        | {"row_number": 2, "item": "equal_opportunities", "group_code": "WHITE", "base": 207}
        | {"events": 126, "percent": None, "score": None, "is_weighted": False},
        shared
        | {"row_number": 3, "item": "equal_opportunities", "group_code": "BME", "base": 48}
        | {"events": 16, "percent": 33.3, "score": None, "is_weighted": False},
        shared
        | {"row_number": 4, "item": "valued", "group_code": "DISABLED", "base": 120}
        | {"events": None, "percent": 41.25, "score": None, "is_weighted": True},
        shared
        | {"row_number": 5, "item": "engagement", "group_code": "ALL", "base": 255}
        | {"events": None, "percent": None, "score": 6.94, "is_weighted": False},
    ]


def test_a_weighted_count_counts_nobody():
    (row,) = landed(survey_row("Q15", "White", 200, 100, weighted="Yes"))
    assert row["events"] is None


def test_columns_that_were_not_sent_are_missing():
    headings = ["Survey Year", "Item", "Breakdown", "Group", "Base", "Count"]
    reading = read(csv_text([GOOD], headings).encode(), "survey.csv", "survey")
    result = check(reading, "survey", SNAPSHOT, "01T")
    assert result.faults == []
    (row,) = landing.frame(result.accepted, Place(SNAPSHOT, "01T", "survey"), KEYS).to_dict(
        "records"
    )
    assert (row["events"], row["is_weighted"], row["organisation_codes"]) == (126, False, "01T")


# Every rule with a row in which it fails, beside a good one: (code, column, row).
BAD = [
    ("PERCENT_WITHOUT_BASE", "Base", survey_row("Q14a", "All", "", percent="10.6")),
    ("VALUE_MISSING", "Base", survey_row("Q14a", "All", "", 1)),
    ("VALUE_MISSING", "Item", survey_row("", "All", 10, 1)),
    ("COUNT_ABOVE_BASE", "Count", survey_row("Q14a", "All", 47, 48)),
    ("COUNT_INVALID", "Count", survey_row("Q14a", "All", 47, "4.5")),
    ("COUNT_INVALID", "Base", survey_row("Q14a", "All", "1,047", 5)),
    ("COUNT_INVALID", "Base", survey_row("Q14a", "All", "9" * 30, 5)),
    ("COUNT_PERCENT_DISAGREE", "Count", survey_row("Q14a", "All", 47, 5, percent="12")),
    ("PERCENT_INVALID", "Percent", survey_row("Q14a", "All", 47, percent="10.6%")),
    ("PERCENT_OUT_OF_RANGE", "Percent", survey_row("Q14a", "All", 47, percent="106")),
    ("SCORE_INVALID", "Score", survey_row("Engagement", "All", 47, score="high")),
    ("SCORE_OUT_OF_RANGE", "Score", survey_row("Engagement", "All", 47, score="10.1")),
    ("SURVEY_YEAR_INVALID", "Survey Year", survey_row("Q14a", "All", 47, 5, survey_year="21")),
    ("SURVEY_YEAR_INVALID", "Survey Year", survey_row("Q14a", "All", 47, 5, survey_year="٢٠٢١")),
    ("SURVEY_YEAR_OTHER", "Survey Year", survey_row("Q13a", "All", 47, 5, survey_year="2020")),
    ("SURVEY_ITEM_OTHER_YEAR", "Item", survey_row("Q13a", "All", 47, 5)),
    ("SURVEY_ITEM_OTHER_YEAR", "Item", survey_row("KF25", "All", 47, 5)),
    ("SURVEY_ITEM_UNLISTED", "Item", survey_row("Q99z", "All", 47, 5)),
    ("SURVEY_BREAKDOWN_UNLISTED", "Breakdown", survey_row("Q14a", "All", 47, 5, breakdown="Sex")),
    ("SURVEY_GROUP_UNLISTED", "Group", survey_row("Q14a", "Green", 47, 5)),
    ("SURVEY_RESULT_MISSING", "Item", survey_row("Q14a", "All", 47)),
    ("SURVEY_RESULT_KIND", "Item", survey_row("Q14a", "All", 47, score="6.1")),
    ("SURVEY_RESULT_KIND", "Item", survey_row("Engagement", "All", 47, 5)),
    ("FLAG_INVALID", "Weighted", survey_row("Q14a", "All", 47, 5, weighted="?")),
    (
        "JOINT_CODES_UNKNOWN",
        "Organisation Codes",
        survey_row("Q14a", "All", 47, 5, organisation_codes="01T/ZZZ"),
    ),
    (
        "JOINT_CODES_OTHERS",
        "Organisation Codes",
        survey_row("Q14a", "All", 47, 5, organisation_codes="01V/01R"),
    ),
]


@pytest.mark.parametrize(("code", "column", "row"), BAD)
def test_a_bad_row_is_quarantined_by_name_and_the_rest_is_kept(code, column, row):
    result = checked(GOOD, row)
    assert [(f.code, f.row_number, f.column) for f in result.faults] == [(code, 3, column)]
    assert result.accepted["row_number"].tolist() == [2]
    assert not result.rejected


def test_an_item_of_another_year_is_told_with_the_numbers_of_its_year():
    (fault,) = checked(GOOD, survey_row("Q13a", "All", 47, 5)).faults
    assert fault.detail == (
        "the survey of 2021 has Q28b, Q16b, Engagement, Staff Engagement, Q15, Q14c, Q14b, Q14a, "
        "Q14d, Q14b/c, Q11e, Q4b"
    )
    assert "Q13" not in fault.message()


def test_the_survey_of_a_snapshot_is_that_of_the_year_before():
    row = survey_row("Q14a", "All", 47, 5, survey_year="2022")
    (fault,) = checked(row, GOOD).faults
    assert "the snapshot of 2022-03-31 takes the survey of 2021" in fault.message()
    assert codes(checked(row, period_end=date(2023, 12, 31))) == []


def test_a_year_without_a_list_is_told_so():
    row = survey_row("Q14a", "All", 47, 5, survey_year="2031")
    fault = checked(row, period_end=date(2032, 3, 31)).faults[0]
    assert (fault.code, fault.detail) == (
        "SURVEY_ITEM_OTHER_YEAR",
        "no item of the survey of 2031 is listed",
    )


def test_percentages_that_are_fractions_of_one():
    rows = [
        survey_row("Q14a", group, 200, percent=percent)
        for group, percent in (("White", "0.106"), ("BME", "0.25"), ("All", "1"))
    ]
    assert codes(checked(GOOD, *rows)) == ["PERCENT_AS_FRACTION"] * 3
    assert codes(checked(GOOD, *rows[:2])) == []
    assert codes(checked(GOOD, *rows, survey_row("Q15", "BME", 200, percent="1.5"))) == []


def test_rows_of_one_item_and_group_that_differ_are_both_quarantined():
    same = survey_row("q 14a", "All", 47, 5), survey_row("Q14A", "Overall", 47, 6, breakdown="All")
    result = checked(GOOD, *same)
    assert [(f.code, f.row_number) for f in result.faults] == [
        ("SURVEY_RESULT_CONFLICT", 3),
        ("SURVEY_RESULT_CONFLICT", 4),
    ]


def test_of_rows_that_say_the_same_the_first_is_kept():
    result = checked(GOOD, survey_row("q15", "White", 207, 126))
    assert [(f.code, f.row_number) for f in result.faults] == [("DUPLICATE_ROW", 3)]


def test_rows_that_are_not_understood_are_not_taken_for_one_another():
    rows = survey_row("Q99", "All", 47, 5), survey_row("Q98", "All", 47, 5)
    assert codes(checked(GOOD, *rows)) == ["SURVEY_ITEM_UNLISTED"] * 2


@pytest.mark.parametrize("cell", ["01T/01V", "01V / 01t", "01V,01T", "01T;01V;01T", "01V & 01T"])
def test_a_joint_result_is_one_figure_whoever_sends_it(cell):
    row = survey_row("Q15", "White", 207, 126, organisation_codes=cell)
    for sender in ("01T", "01V"):
        (found,) = landed(row, sender=sender)
        assert found["organisation_codes"] == "01T/01V"


def test_six_codes_in_one_cell():
    cell = "04Y/05D/05G/05Q/05V/05W"
    (row,) = landed(survey_row("Q15", "All", 90, 45, organisation_codes=cell), sender="05Q")
    assert row["organisation_codes"] == cell


def test_the_order_of_rows_changes_no_verdict():
    rows = [GOOD, *(row for *_, row in BAD)]
    forward, backward = checked(*rows), checked(*reversed(rows))
    assert sorted(codes(forward)) == sorted(codes(backward))


def test_staged_results_of_two_bodies(tmp_path):
    joint = {"organisation_codes": "01T/01V"}
    for code in ("01T", "01V"):
        rows = [
            survey_row("Q15", "White", 207, percent="60.9", **joint),
            survey_row("Engagement", "All", 255, score="6.94", weighted="Yes"),
        ]
        write_inbox(tmp_path, "2022-03-31", code, "survey", rows)
    found = staged(tmp_path, "survey")
    assert list(found[0]) == [
        *("period_end", "organisation_code", "organisation_codes", "survey_year", "item"),
        *("group_code", "base", "events", "percent", "score", "is_weighted"),
    ]
    shares = [row for row in found if row["item"] == "equal_opportunities"]
    assert [(r["organisation_code"], r["organisation_codes"], r["events"]) for r in shares] == [
        ("01T", "01T/01V", 126),
        ("01V", "01T/01V", 126),
    ]
    scores = [row for row in found if row["item"] == "engagement"]
    assert [(r["organisation_codes"], r["score"], r["is_weighted"]) for r in scores] == [
        ("01T", Decimal("6.94"), True),
        ("01V", Decimal("6.94"), True),
    ]
    assert {row["period_end"] for row in found} == {"2022-03-31"}
