"""The rows that the sources of single people land, and that none of them names a person."""

from datetime import date

import pandas as pd
from extracts import SNAPSHOT, read_rows

from pipeline.check import check
from pipeline.identity import Keys
from pipeline.landing import employee_relations, movers, training
from pipeline.receive.inbox import Place

KEYS = Keys(b"1" * 32, b"2" * 32)


def landed(module, *changes):
    source = module.__name__.rsplit(".", 1)[-1]
    accepted = check(read_rows(*changes, source=source), source, SNAPSHOT).accepted
    frame = module.frame(accepted, Place(date(2023, 3, 31), "06F", source), KEYS)
    return frame.astype(object).where(frame.notna(), None).to_dict("records")


def test_a_case():
    (row,) = landed(employee_relations, {"Case Id": "C1", "Employee Number": "7"})
    assert row == {
        "row_number": 2,
        "employee": KEYS.person("06F employee", "7"),
        "case_id": KEYS.person("06F case", "C1"),
        "case_type": "GRIEVANCE",
        "formal_start_date": pd.Timestamp(2022, 2, 1),
        "ethnic_origin": None,
        "ethnicity_key": "",
        "disability": None,
        "disability_key": "",
    }


def test_a_course():
    (row,) = landed(training, {"Employee Number": "7"})
    assert row == {
        "row_number": 2,
        "employee": KEYS.person("06F employee", "7"),
        "course_type": "NON_MANDATORY",
        "completion_date": pd.Timestamp(2022, 10, 1),
    }


def test_a_leaver():
    (row,) = landed(movers, {"Employee Number": "7"})
    assert row == {
        "row_number": 2,
        "employee": KEYS.person("06F employee", "7"),
        "movement": "LEAVER",
        "movement_date": pd.Timestamp(2022, 10, 1),
        "leaving_reason": "RETIREMENT",
        "had_exit_interview": True,
        "ethnic_origin": "A White - British",
        "ethnicity_key": "A",
        "disability": "No",
        "disability_key": "no",
        "gender": "Female",
        "sex_key": "female",
        "pay_scale": "NHS|XR05|Review Body Band 5",
        "band_code": "5",
    }


def test_what_a_mover_may_leave_blank():
    blank = {"Leaving Reason": "", "Exit Interview": "", "Pay Scale": ""}
    for row in landed(movers, blank, blank | {"Movement": "Starter"}):
        assert row["leaving_reason"] == "UNKNOWN"
        assert row["had_exit_interview"] is None
        assert row["band_code"] is None
