"""What a decision may say, and what is kept of values that no code list knows."""

from datetime import date

import pytest
from inbox import csv_text, staff_row, staff_rows

from pipeline.check import check
from pipeline.codes import band_code, characteristic_key, staff_group_side
from pipeline.decisions import in_force as decided
from pipeline.decisions.decision import LISTS, Decision, faults, known_codes, meanings
from pipeline.decisions.unknown_codes import found_in, nearest
from pipeline.faults import catalogue
from pipeline.read import read
from pipeline.read.headings import fields
from pipeline.receive.inbox import SOURCES

KEY = "nhs|xr77|review body band 5 and up"


def found(*rows):
    """Return list, value and rows of what a staff extract holds that no list knows."""
    reading = read(csv_text(rows).encode(), "esr_staff.csv", "esr_staff")
    unknown = found_in(check(reading, "esr_staff", date(2022, 3, 31)))
    return [
        (name, key if isinstance(key, str) else None, rows)
        for name, key, rows in unknown.itertuples(index=False)
    ]


@pytest.mark.parametrize(
    "value",
    [
        "12345", "QQ 123456 C", "someone@example.org", "=1+1", "12/06/1975", "born 1975-06-12",
        "36.5", "x" * 81,
    ],
)  # fmt: skip
def test_what_is_no_code_is_counted_and_not_kept(value):
    rows = [staff_row(number, ethnic_origin=value) for number in range(3)]
    assert found(*staff_rows(300, first=10), *rows) == [("ethnicity", None, 3)]


def test_a_column_full_of_something_else_is_not_kept():
    words = [f"{first}{second}" for first in "bcdfg" for second in "aeiouy"]
    rows = [staff_row(n, marital_status=word) for n, word in enumerate(words)]
    assert found(*rows) == [("marital_status", None, 30)]


def test_values_are_tidied_and_counted_in_rows_where_they_are_a_fault():
    rows = [
        staff_row(1, pay_scale="New  Scale"),
        staff_row(2, pay_scale="new scale "),
        # Somebody whose contract stands in no row of pay needs no pay scale.
        staff_row(3, pay_scale="New Scale", assignment_category="Honorary"),
        staff_row(4),
    ]
    assert found(*rows) == [("pay_scale", "new scale", 2)]
    with decided.in_force({"pay_scale": {"new scale": "5"}}):
        assert found(*rows) == [("pay_scale", "new scale", 3)]


def test_no_column_of_names_numbers_or_dates_is_decided_on():
    known = {field for source in SOURCES for field in fields(source)}
    decided_on = {each.field for each in LISTS}
    assert decided_on <= known
    assert not decided_on & {
        *("employee_number", "nhs_unique_id", "assignment_number", "date_of_birth", "fte"),
        *("latest_start_date", "job_role", "directorate", "service", "title", "member_id"),
    }
    assert {code for each in LISTS for code in each.faults} <= set(catalogue())


@pytest.mark.parametrize("each", LISTS, ids=lambda each: each.name)
def test_every_list_has_codes_to_choose_from(each):
    assert known_codes(each.name)


def test_a_decision_counts_where_the_list_knows_nothing():
    made = [
        Decision("pay_scale", KEY, "8a"),
        Decision("pay_scale", "nhs|xr05|review body band 5", "9"),
        Decision("ethnicity", "cornish", "A"),
        Decision("staff_group", "healers", "CLINICAL"),
    ]
    with decided.in_force(meanings(made)):
        assert band_code("NHS|XR77|Review Body  Band 5 & Up") == "8a"
        assert band_code("NHS|XR05|Review Body Band 5") == "5"
        assert characteristic_key("ethnicity", " Cornish") == "A"
        assert staff_group_side("Healers") == "CLINICAL"
    assert band_code(KEY) is None
    assert characteristic_key("ethnicity", "Cornish") == "(unlisted)"


def test_of_two_decisions_on_a_value_the_later_one_holds():
    shipped, own = Decision("pay_scale", KEY, "5"), Decision("pay_scale", KEY, "6")
    assert meanings([shipped, own]) == {"pay_scale": {KEY: "6"}}


@pytest.mark.parametrize(
    ("name", "key", "expected"),
    [
        ("pay_scale", KEY, ("review body band 5", "5")),
        ("ethnicity", "white britsh", ("white british", "A")),
        ("course_type", "mandatry", ("mandatory", "MANDATORY")),
        ("movement", "zzz", ("", "")),
    ],
)
def test_the_nearest_known_value_is_suggested(name, key, expected):
    assert nearest(name, key) == expected


LINE = {
    "list": "pay_scale", "received_key": KEY, "code": "5", "decided_on": "2026-04-30",
    "decided_by_role": "workforce information lead", "note": "",
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({}, None),
        ({"list": "directorate"}, "line 2 names a list that is not known"),
        ({"received_key": " "}, "line 2 has no received_key"),
        ({"received_key": "NHS|XR05|Review Body Band 5"}, "line 2 decides on a value"),
        ({"code": "12"}, "line 2 has a code that the list pay_scale does not have"),
        ({"decided_on": "30/04/2026"}, "line 2 has no date such as 2026-04-30"),
        ({"decided_by_role": ""}, "line 2 says under decided_by_role nobody"),
    ],
)  # fmt: skip
def test_a_wrong_line_of_a_decision_is_told(changes, fault):
    found = faults([LINE | changes])
    assert [text[: len(fault or "")] for text in found] == ([fault] if fault else [])


def test_a_value_is_decided_once():
    (fault,) = faults([LINE, LINE | {"received_key": KEY.upper(), "code": "6"}])
    assert fault.startswith("line 3 decides a second time on the same value")
