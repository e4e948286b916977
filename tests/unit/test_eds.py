"""Outcomes of the Equality Delivery System: what is accepted, and how it is staged."""

from collections import Counter
from datetime import date

import pytest
from extracts import codes
from inbox import csv_text, eds_row, write_inbox
from staged import staged

from pipeline import eds
from pipeline.check import Checked, check
from pipeline.read import read
from pipeline.resources import reference

SNAPSHOT = date(2023, 3, 31)
GOOD = eds_row("2A", 2)


def checked(*rows) -> Checked:
    filled = [heading for heading in GOOD if any(row[heading] for row in rows)]
    reading = read(csv_text(rows, filled).encode(), "eds.csv", "eds")
    return check(reading, "eds", SNAPSHOT, "01T")


def test_eighteen_outcomes_of_eds2_and_eleven_of_eds_2022():
    # NHS England: EDS2 has four goals of 5, 4, 6 and 3 outcomes, EDS 2022 domains of 4, 4 and 3.
    found = Counter((row["framework"], row["domain"]) for row in reference("eds_outcome"))
    assert [found["EDS2", goal] for goal in "1234"] == [5, 4, 6, 3]
    assert [found["EDS2022", domain] for domain in "123"] == [4, 4, 3]
    assert sum(found.values()) == 29


@pytest.mark.parametrize(
    ("framework", "received", "outcome"),
    [
        ("EDS2", "1.1", "1.1"),
        ("EDS 2", "Outcome 3.6", "3.6"),
        ("EDS2", "1.6", None),
        ("EDS2", "1A", None),
        ("EDS2022", "1a", "1A"),
        ("EDS 2022", "1A: required levels of access", "1A"),
        ("EDS22", "3D", None),
        ("EDS2022", "1.1", None),
        ("EDS2022", "11", None),
        ("EDS3", "1A", None),
    ],
)
def test_an_outcome_belongs_to_its_framework(framework, received, outcome):
    assert eds.outcome_code(framework, received) == outcome


BAD = [
    ("EDS_SCORE_OUT_OF_RANGE", "Score", eds_row("2B", 4)),
    ("EDS_SCORE_OUT_OF_RANGE", "Score", eds_row("2B", "1.5")),
    ("EDS_SCORE_OUT_OF_RANGE", "Score", eds_row("2B", -1)),
    ("EDS_SCORE_INVALID", "Score", eds_row("2B", "Achieving")),
    ("EDS_OUTCOME_UNLISTED", "Outcome", eds_row("3D", 2)),
    ("EDS_OUTCOME_UNLISTED", "Outcome", eds_row("2B", 2, outcome="2.1")),
    ("EDS_FRAMEWORK_UNLISTED", "Framework", eds_row("2B", 2, framework="EDS3")),
    ("VALUE_MISSING", "Outcome", eds_row("", 2)),
    ("EDS_EVIDENCE_OUT_OF_RANGE", "Characteristics Evidenced", eds_row("1.1", 10)),
    ("EDS_EVIDENCE_OUT_OF_RANGE", "Characteristics Evidenced", eds_row("1.1", "2.5")),
    ("EDS_EVIDENCE_INVALID", "Characteristics Evidenced", eds_row("1.1", "all")),
]


@pytest.mark.parametrize(("code", "column", "row"), BAD)
def test_a_bad_row_is_quarantined_by_name_and_the_rest_is_kept(code, column, row):
    result = checked(GOOD, row)
    found = [(f.code, f.row_number, f.column) for f in result.faults]
    assert (code, 3, column) in found
    assert {row for _, row, _ in found} == {3}
    assert result.accepted["row_number"].tolist() == [2]


def test_what_a_framework_is_judged_by_must_be_there():
    rows = eds_row("2B", ""), eds_row("1.1", ""), eds_row("1.2", 3)
    assert [(f.code, f.row_number) for f in checked(GOOD, *rows).faults] == [
        ("EDS_SCORE_MISSING", 3),
        ("EDS_EVIDENCE_MISSING", 4),
    ]


def test_a_typed_grade_of_eds2_is_not_used_and_said_so():
    result = checked(GOOD, eds_row("1.1", 5, score="3"))
    assert [(f.code, f.row_number, f.column) for f in result.faults] == [
        ("EDS_SCORE_IGNORED", 3, "Score")
    ]
    assert len(result.accepted) == 2


def test_one_outcome_and_service_stand_in_one_row():
    services = eds_row("1A", 2, service="Maternity"), eds_row("1A", 1, service="Diabetes")
    assert codes(checked(*services)) == []
    again = eds_row("1a", 3, service=" maternity ")
    assert codes(checked(*services, again)) == ["EDS_OUTCOME_CONFLICT"] * 2
    # Outcomes of other domains are not scored by service.
    twice = eds_row("2A", 2, service="Maternity"), eds_row("2A", 1, service="Diabetes")
    assert codes(checked(*twice, eds_row("2B", 1))) == ["EDS_OUTCOME_CONFLICT"] * 2
    assert codes(checked(GOOD, eds_row("2a", 2))) == ["DUPLICATE_ROW"]


def test_staged_outcomes(tmp_path):
    rows = [
        eds_row("1A", 2, service="Maternity"),
        eds_row("1B", 1, service="MATERNITY "),
        eds_row("2A", 0, service="Maternity"),
        eds_row("3.1", 9, score="3"),
    ]
    write_inbox(tmp_path, "2023-03-31", "01T", "eds", rows)
    shared = {"period_end": "2023-03-31", "organisation_code": "QYG"}
    write_inbox(tmp_path, "2023-03-31", "QYG", "eds", rows)
    found = [row for row in staged(tmp_path, "eds") if row["organisation_code"] == "QYG"]
    names = ("framework", "outcome", "service", "score", "characteristics_evidenced")
    assert found == [
        shared | dict(zip(names, values, strict=True))
        for values in (
            ("EDS2", "3.1", None, None, 9),
            ("EDS2022", "1A", "MATERNITY", 2, None),
            ("EDS2022", "1B", "MATERNITY", 1, None),
            ("EDS2022", "2A", None, 0, None),
        )
    ]
