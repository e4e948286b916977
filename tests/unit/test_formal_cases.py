"""WRES 3 and 4, WDES 3: whose case it is, of which window, over which workforce.

Sources: NHS England, technical guidance of WRES (indicators 3 and 4) and WDES (metric 3).
"""

import pytest
from counting import Figures, figures
from inbox import (
    BME,
    UNKNOWN,
    WHITE,
    case_rows,
    csv_text,
    staff_rows,
    training_rows,
    write_inbox,
)
from published import true_figures

from pipeline.registry import load_registry
from pipeline.resources import reference

MARCH_2022 = "2022-03-31"
DISCIPLINARY, CPD = "Disciplinary", "CPD"
STAFF = {WHITE: 400, BME: 100}
FIRST_BME = 401


def cases(year, first, number=1, **overrides):
    return case_rows({DISCIPLINARY: number}, first=first, year=year, **overrides)


def counts(told):
    names = ("numerator", "denominator", "comparator_numerator", "comparator_denominator")
    return tuple(told[name] for name in names)


def ratio(found: Figures, part="all", code="01T", **key):
    own = {"standard": "WRES", "indicator": "3", "measure": "relative_likelihood"}
    return found.only(organisation_code=code, **(own | {"part": part} | key))


def inbox_of(folder, rows, code="01T", period=MARCH_2022, staff=None):
    write_inbox(folder, period, code, "esr_staff", staff or staff_rows(STAFF))
    write_inbox(folder, period, code, "employee_relations", rows)
    return folder


def test_until_the_return_of_2022_the_window_is_two_years(tmp_path):
    rows = cases("2021", 1, 3) + cases("2022", 11, 5) + cases("2022", FIRST_BME)
    found = figures(inbox_of(tmp_path, rows))
    assert counts(ratio(found)) == (1, 200, 8, 800)
    assert ratio(found) == ratio(found, "two_year")


def test_from_the_return_of_2023_the_window_is_one_year(tmp_path):
    rows = cases("2022", 1) + cases("2023", 11) + cases("2023", FIRST_BME)
    found = figures(inbox_of(tmp_path, rows, period="2023-03-31"))
    assert counts(ratio(found)) == (1, 100, 1, 400)
    assert ratio(found) == ratio(found, "one_year")
    assert counts(ratio(found, "two_year")) == (1, 200, 2, 800)


@pytest.mark.parametrize("standard", ["WRES", "WDES"])
def test_the_break_in_the_series_is_where_the_window_changes(standard):
    (entry,) = [one for one in load_registry() if (one.standard, one.indicator) == (standard, "3")]
    rules = [row for row in reference("window_rule") if row["standard"] == standard]
    assert [row["years"] for row in rules] == ["2", "1"]
    assert [str(one.since) for one in entry.breaks] == [rules[1]["valid_from"]]


def test_a_case_without_ethnicity_has_that_of_the_staff_file(tmp_path):
    """Of who has left the file of the cases says it; what the staff file knows goes first."""
    rows = [
        *cases("2022", 1),
        *cases("2022", FIRST_BME, ethnic_origin=WHITE, disability="No"),
        *cases("2022", 901, ethnic_origin=BME, disability="No"),
        *cases("2022", 902, ethnic_origin=UNKNOWN, disability="No"),
    ]
    found = figures(inbox_of(tmp_path, rows))
    assert counts(ratio(found, "one_year")) == (2, 100, 1, 400)
    rate = ratio(found, "one_year", measure="rate", group_code="UNKNOWN")
    assert (rate["numerator"], rate["denominator"], rate["status"]) == (1, 0, "not_applicable")


@pytest.mark.slow
def test_bank_only_staff_are_in_neither_count(tmp_path):
    staff = staff_rows(STAFF) + staff_rows(1, first=901, assignment_category="Bank")
    found = figures(inbox_of(tmp_path, cases("2022", 1) + cases("2022", 901), staff=staff))
    assert counts(ratio(found, "one_year")) == (0, 100, 1, 400)


@pytest.mark.slow
def test_other_kinds_of_case_are_left_out_and_ill_health_is_apart(tmp_path):
    kinds = {"Grievance": 4, "Bullying And Harassment": 3, DISCIPLINARY: 2}
    kinds |= {"Capability - Performance": 2, "Capability - Ill Health": 5}
    staff = staff_rows(100, disability="No") + staff_rows(50, first=101, disability="Yes")
    rows = case_rows(kinds) + [
        row | {"Case Id": f"D{row['Case Id']}"}
        for row in case_rows({"Capability - Performance": 1, "Capability - Ill Health": 3}, 101)
    ]
    found = figures(inbox_of(tmp_path, rows, staff=staff))
    assert counts(ratio(found, group_code="BME"))[2] == 2
    assert counts(ratio(found, standard="WDES")) == (1, 100, 2, 200)
    assert counts(ratio(found, "ill_health", standard="WDES")) == (3, 100, 5, 200)
    assert ratio(found, "ill_health", standard="WDES")["direction"] == "neutral"


def test_a_heading_without_rows_says_that_there_was_no_case(tmp_path):
    inbox_of(tmp_path, cases("2022", 1))
    path = tmp_path / MARCH_2022 / "01T" / "employee_relations.csv"
    path.write_text(csv_text([], headings=cases("2022", 1)[0]), encoding="utf-8")
    told = ratio(figures(tmp_path))
    assert counts(told) == (0, 200, 0, 800)
    assert (told["status"], told["reason"]) == ("not_applicable", "NO_EVENTS")


def test_a_case_is_a_case_of_its_employer_and_its_person_one_person(tmp_path):
    """In one CCG the ethnicity is unknown: the other knows it, and so does the ICB."""
    known = staff_rows({BME: 1}, first=1, nhs_unique_id="74000001")
    unknown = staff_rows({UNKNOWN: 1}, first=1, nhs_unique_id="74000001")
    inbox_of(tmp_path, cases("2022", 1), "01T", staff=known + staff_rows(20, first=2))
    inbox_of(tmp_path, cases("2022", 1), "01V", staff=unknown + staff_rows(20, first=502))
    found = figures(tmp_path)
    assert counts(ratio(found, "one_year", "01V")) == (0, 0, 0, 20)
    assert counts(ratio(found, "one_year", "QYG", level="icb")) == (2, 1, 0, 40)


def test_the_staff_of_who_did_not_send_their_cases_are_not_its_base(tmp_path):
    inbox_of(tmp_path, cases("2022", 1, 2) + cases("2022", FIRST_BME))
    write_inbox(tmp_path, MARCH_2022, "01V", "esr_staff", staff_rows({BME: 50}, first=1001))
    found = figures(tmp_path)
    assert ratio(found, code="01V")["status"] == "missing_source"
    assert counts(ratio(found, "one_year", "QYG", level="icb")) == (1, 100, 2, 400)


@pytest.mark.slow
def test_more_cases_than_staff_are_no_contradiction(tmp_path):
    """Three cases of two people: a rate of 150%, without an interval, and the release goes on."""
    rows = [
        row | {"Case Id": f"D{number}"} for number in range(3) for row in cases("2022", FIRST_BME)
    ]
    inbox_of(tmp_path / "inbox", rows, staff=staff_rows({WHITE: 400, BME: 2}))
    found = [
        row
        for row in true_figures(tmp_path)
        if row["measure"] == "rate" and row["part"] == "one_year" and row["group_code"] == "BME"
    ]
    told = [(row["organisation_code"], row["value"], row["ci_high"]) for row in found]
    assert sorted(told) == [("01T", 150.0, None), ("QYG", 150.0, None)]


# --- training -------------------------------------------------------------------------------


def access(found, code="01T", **key):
    return ratio(found, code=code, indicator="4", **key)


def test_a_person_with_several_courses_has_access_once(tmp_path):
    write_inbox(tmp_path, MARCH_2022, "01T", "esr_staff", staff_rows(STAFF))
    rows = [
        *training_rows({CPD: 10}),
        *training_rows({"Non-Mandatory": 4}),
        *training_rows({CPD: 2}, date="2021-06-01"),
        *training_rows({"Mandatory": 300}, first=20),
        *training_rows({CPD: 5}, first=FIRST_BME),
    ]
    write_inbox(tmp_path, MARCH_2022, "01T", "training", rows)
    told = access(figures(tmp_path))
    assert counts(told) == (10, 400, 5, 100)
    assert told["value"] == 0.5


@pytest.mark.slow
def test_who_has_courses_in_two_ccgs_has_access_once_at_the_icb(tmp_path):
    for code, first in (("01T", 1), ("01V", 601)):
        shared = [
            row | {"NHS Unique Id": f"7400000{number}"}
            for number, row in enumerate(staff_rows({WHITE: 3}, first=first))
        ]
        staff = shared + staff_rows({BME: 10}, first=first + 3)
        write_inbox(tmp_path, MARCH_2022, code, "esr_staff", staff)
        courses = training_rows({CPD: 3}, first=first) + training_rows({CPD: 2}, first=first + 3)
        write_inbox(tmp_path, MARCH_2022, code, "training", courses)
    found = figures(tmp_path)
    assert counts(access(found, "01V")) == (3, 3, 2, 10)
    assert counts(access(found, "QYG", level="icb")) == (3, 3, 4, 20)
    estimate = access(found, "QYG", level="icb", part="all:mantel_haenszel", measure="ratio")
    assert estimate["value"] == 5.0


def test_without_a_course_log_the_figure_is_missing_and_not_zero(tmp_path):
    write_inbox(tmp_path, MARCH_2022, "01T", "esr_staff", staff_rows(STAFF))
    assert access(figures(tmp_path))["status"] == "missing_source"
