"""Duties and action plans: what is accepted, and how it is staged."""

from datetime import date

import pytest
from extracts import codes
from inbox import action_row, csv_text, duty_row, write_inbox
from staged import staged

from pipeline.check import Checked, check
from pipeline.equality_plans import (
    characteristics_considered,
    indicator_code,
    indicators_of,
    standard_code,
)
from pipeline.read import read
from pipeline.registry import load_registry
from pipeline.resources import reference
from schemas.published import STANDARDS

SNAPSHOT = date(2022, 3, 31)
DUTY = duty_row("D1", "WRES Report", "01T")
ACTION = action_row("A1", "WRES")


def checked(source, *rows) -> Checked:
    filled = [heading for heading in rows[0] if any(row[heading] for row in rows)]
    reading = read(csv_text(rows, filled).encode(), f"{source}.csv", source)
    return check(reading, source, SNAPSHOT, "01T")


BAD = [
    ("duties", "DUTY_KIND_UNLISTED", "Kind", duty_row("D2", "Poem", "01T")),
    ("duties", "DUTY_ORGANISATION_UNKNOWN", "Organisation Code", duty_row("D2", "WRES", "ZZZ")),
    ("duties", "VALUE_MISSING", "Organisation Code", duty_row("D2", "WRES", "")),
    ("duties", "VALUE_MISSING", "Reference", duty_row("", "WRES", "01T")),
    ("duties", "DATE_INVALID", "Due Date", duty_row("D2", "WRES", "01T", due_date="soon")),
    (
        "duties",
        "DUTY_COMPLETED_AFTER_SNAPSHOT",
        "Completed Date",
        duty_row("D2", "WRES", "01T", completed_date="2022-04-01"),
    ),
    (
        "duties",
        "DUTY_CHARACTERISTICS_INVALID",
        "Characteristics Considered",
        duty_row("D2", "Impact Assessment", "01T", characteristics_considered="10"),
    ),
    (
        "duties",
        "DUTY_CHARACTERISTICS_INVALID",
        "Characteristics Considered",
        duty_row("D2", "Impact Assessment", "01T", characteristics_considered="Age, Height"),
    ),
    ("actions", "ACTION_STANDARD_UNLISTED", "Standard", action_row("A2", "ISO 9001")),
    ("actions", "ACTION_STATUS_UNLISTED", "Status", action_row("A2", "WRES", status="green")),
    (
        "actions",
        "ACTION_PERCENT_INVALID",
        "Percent Complete",
        action_row("A2", "WRES", percent_complete="101"),
    ),
    (
        "actions",
        "ACTION_PERCENT_INVALID",
        "Percent Complete",
        action_row("A2", "WRES", percent_complete="half"),
    ),
    ("actions", "VALUE_MISSING", "Due Date", action_row("A2", "WRES", due_date="")),
    ("actions", "VALUE_MISSING", "Title", action_row("A2", "WRES", title="")),
    ("actions", "DATE_INVALID", "Updated", action_row("A2", "WRES", updated="May")),
]


@pytest.mark.parametrize(("source", "code", "column", "row"), BAD)
def test_a_bad_row_is_quarantined_by_name_and_the_rest_is_kept(source, code, column, row):
    result = checked(source, {"duties": DUTY, "actions": ACTION}[source], row)
    assert [(f.code, f.row_number, f.column) for f in result.faults] == [(code, 3, column)]
    assert result.accepted["row_number"].tolist() == [2]


@pytest.mark.parametrize(
    ("standard", "indicator", "known"),
    [
        ("WRES", "Indicator 12", "WRES has 1, 2, 3, 4, 5, 6, 7, 8, 9"),
        ("wres", "2a", "WRES has 1, 2, 3, 4, 5, 6, 7, 8, 9"),
        (
            *("RDR", "upper"),
            "RDR has lower_to_middle, lower_to_upper, middle_to_upper",
        ),
        (
            *("Model Employer", "8a"),
            "MODEL_EMPLOYER has line_2025, line_2028, on_track_2025, on_track_2028, parity, "
            "shortfall",
        ),
    ],
)
def test_an_indicator_that_the_registry_has_not_is_a_warning_with_the_names_it_has(
    standard, indicator, known
):
    result = checked("actions", ACTION, action_row("A2", standard, indicator=indicator))
    assert [(f.code, f.row_number, f.column, f.detail) for f in result.faults] == [
        ("ACTION_INDICATOR_UNLISTED", 3, "Indicator", known)
    ]
    assert result.accepted["row_number"].tolist() == [2, 3]


@pytest.mark.parametrize(
    ("standard", "indicator"),
    [("WRES", "WRES 2"), ("WDES", "Metric 4a i"), ("EDS 2022", "EDS2 outcome"), ("GPG", "-")],
)
def test_an_indicator_that_the_registry_has_is_no_fault(standard, indicator):
    result = checked("actions", ACTION, action_row("A2", standard, indicator=indicator))
    assert codes(result) == []


def test_of_an_unknown_standard_the_indicator_is_no_further_fault():
    result = checked("actions", ACTION, action_row("A2", "ISO 9001", indicator="2"))
    assert codes(result) == ["ACTION_STANDARD_UNLISTED"]


def test_every_indicator_of_the_registry_may_be_named():
    names = {(entry.standard, entry.indicator) for entry in load_registry()}
    standards = {standard for standard, _ in names}
    found = {(standard, name) for standard in standards for name in indicators_of(standard)}
    assert found == names


@pytest.mark.parametrize(
    ("source", "one", "other", "conflict"),
    [
        ("duties", DUTY, duty_row("d1", "WDES Report", "01T"), "DUTY_CONFLICT"),
        ("actions", ACTION, action_row("a1", "WDES"), "ACTION_CONFLICT"),
    ],
)
def test_a_reference_stands_in_one_row(source, one, other, conflict):
    good = one | {"Reference": "X"}
    assert codes(checked(source, good, one, other)) == [conflict] * 2
    result = checked(source, good, one, one)
    assert [(f.code, f.row_number) for f in result.faults] == [("DUPLICATE_ROW", 4)]


def test_the_last_day_of_the_snapshot_is_not_after_it():
    done = duty_row("D2", "WRES", "01T", completed_date="2022-03-31", due_date="2022-05-31")
    assert codes(checked("duties", DUTY, done)) == []


def test_every_kind_of_duty_and_status_has_a_word():
    assert {row["code"] for row in reference("duty_kind")} == {
        *("IMPACT_ASSESSMENT", "PSED_INFORMATION", "EQUALITY_OBJECTIVES", "WRES_REPORT"),
        *("WDES_REPORT", "PAY_GAP_REPORT", "EDS_REPORT", "ACCESSIBLE_INFORMATION"),
        *("MODERN_SLAVERY", "PROVIDER_AUDIT"),
    }
    statuses = {row["code"] for row in reference("action_status")}
    assert statuses == {"OPEN", "IN_PROGRESS", "COMPLETE", "CANCELLED"}
    # Equality Act 2010, section 4.
    assert len({row["code"] for row in reference("protected_characteristic")}) == 9


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("9", 9),
        ("0", 0),
        ("All", 9),
        ("None", 0),
        ("Age, Disability; Race", 3),
        ("Race, ethnicity", 1),
        ("Pregnancy and maternity / Marriage & civil partnership", 2),
        ("2.5", None),
        ("-1", None),
        (",", None),
        ("Sex, shoe size", None),
    ],
)
def test_characteristics_are_counted_from_a_number_or_from_names(cell, number):
    assert characteristics_considered(cell) == number


@pytest.mark.parametrize(
    ("received", "standard"),
    [
        ("WRES", "WRES"),
        ("wdes", "WDES"),
        ("EDS2", "EDS"),
        ("EDS 2022", "EDS"),
        ("Model Employer", "MODEL_EMPLOYER"),
        ("Poetry", None),
        ("", None),
    ],
)
def test_the_standard_of_an_action(received, standard):
    assert standard_code(received, STANDARDS) == standard


@pytest.mark.parametrize(
    ("received", "standard", "indicator"),
    [
        ("2", "WRES", "2"),
        ("WRES 2", "WRES", "2"),
        ("Indicator 9", "WRES", "9"),
        ("Metric 4a i", "WDES", "4a_i"),
        ("4a_iii", "WDES", "4a_iii"),
        ("Median hourly", "GPG", "median_hourly"),
        ("ethnicity", "PSED", "ethnicity"),
        ("-", "WRES", None),
    ],
)
def test_the_indicator_of_an_action(received, standard, indicator):
    assert indicator_code(received, standard) == indicator


def test_staged_duties(tmp_path):
    rows = [
        duty_row(
            *("E1", "EIA", "01t"),
            due_date="31/12/2021",
            completed_date="2022-01-15",
            decision_date="2022-01-10",
            characteristics_considered="Age, Race",
        ),
        duty_row("P1", "Provider audit", "RMC", published_address="https://example.org/wres"),
    ]
    write_inbox(tmp_path, "2022-03-31", "01T", "duties", rows)
    names = (
        *("period_end", "organisation_code", "reference", "kind", "subject_code", "due_date"),
        *("completed_date", "decision_date", "is_published", "characteristics_considered"),
    )
    assert staged(tmp_path, "duties") == [
        dict(zip(names, ("2022-03-31", "01T", *values), strict=True))
        for values in (
            ("E1", "IMPACT_ASSESSMENT", "01T", "2021-12-31", "2022-01-15", "2022-01-10", False, 2),
            ("P1", "PROVIDER_AUDIT", "RMC", None, None, None, True, None),
        )
    ]


def test_staged_actions(tmp_path):
    rows = [
        action_row("A1", "WRES", indicator="WRES 2", owner_role="Director of People"),
        action_row(
            *("A2", "EDS 2022"), status="Done", percent_complete="100", updated="2022-03-01"
        ),
    ]
    write_inbox(tmp_path, "2022-03-31", "01T", "actions", rows)
    names = (
        *("period_end", "organisation_code", "reference", "title", "standard", "indicator"),
        *("owner_role", "due_date", "status", "percent_complete", "updated"),
    )
    title, due = "Name a board lead", "2022-12-31"
    assert staged(tmp_path, "actions") == [
        dict(zip(names, ("2022-03-31", "01T", *values), strict=True))
        for values in (
            ("A1", title, "WRES", "2", "Director of People", due, "OPEN", None, None),
            ("A2", title, "EDS", None, None, due, "COMPLETE", 100, "2022-03-01"),
        )
    ]
