import pytest

from pipeline.read import headings
from pipeline.receive.inbox import SOURCES
from pipeline.resources import HEADERS, read_rows

REQUIRED = {
    "esr_staff": {
        *("employee_number", "assignment_number", "primary_assignment", "assignment_status"),
        *("assignment_category", "staff_group", "pay_scale", "fte", "ethnic_origin"),
        *("disability", "gender", "date_of_birth"),
    },
    "recruitment": {"application_id", "shortlisted", "appointed", "ethnic_origin", "disability"},
    "board": {"member_id", "voting", "executive", "ethnic_origin", "disability"},
    "pay": {"employee_number", "full_pay"},
    "employee_relations": {"case_id", "employee_number", "case_type", "formal_start_date"},
    "training": {"employee_number", "course_type", "completion_date"},
    "movers": {
        *("employee_number", "movement", "movement_date", "leaving_reason"),
        *("ethnic_origin", "disability", "gender"),
    },
}
REQUIRED |= {
    "survey": {"survey_year", "item", "breakdown", "group", "base"},
    "eds": {"framework", "outcome"},
    "duties": {"reference", "kind", "organisation_code"},
    "actions": {"reference", "title", "standard", "due_date", "status"},
    "control_totals": {"source", "measure", "total"},
}


@pytest.mark.parametrize("source", SOURCES)
def test_required_columns(source):
    assert set(headings.heading_list(source).required) == REQUIRED[source]


@pytest.mark.parametrize("source", SOURCES)
def test_a_heading_stands_for_one_field(source):
    lines = read_rows(HEADERS / f"{source}.csv")
    plain = [headings.plain_heading(line["received"]) for line in lines]
    assert len(plain) == len(set(plain))


@pytest.mark.parametrize("source", SOURCES)
def test_the_first_line_of_a_heading_is_the_heading_itself(source):
    seen = set()
    for line in read_rows(HEADERS / f"{source}.csv"):
        if line["heading"] not in seen:
            assert line["received"] == line["heading"]
        seen.add(line["heading"])


@pytest.mark.parametrize(
    ("received", "field"),
    [
        ("Employee No", "employee_number"),
        ("Unique Nhs Identifier", "nhs_unique_id"),
        ("UNIQUE_NHS_IDENTIFIER", "nhs_unique_id"),
        ("Contracted Wte", "fte"),
        ("Asg Type Of Contract", "assignment_category"),
        ("Grade", "pay_scale"),
        ("UserAssignmentStatus", "assignment_status"),
        ("DisabilityFlag", "disability"),
        ("Ethnicity", "ethnic_origin"),
        ("Primary", "primary_assignment"),
    ],
)
def test_headings_seen_in_extracts(received, field):
    expected = headings.heading_list("esr_staff")
    assert expected.field_of[headings.plain_heading(received)] == field
