"""What the sender counted in its own extracts against what was received, from a real inbox."""

import json
from datetime import date

import pytest
from command import equality, private_rows
from inbox import WHITE, csv_text, pay_rows, staff_row, staff_rows, write_inbox

from pipeline.check import check
from pipeline.read import read
from pipeline.resources import WAREHOUSE
from pipeline.settings import Home
from pipeline.store import open_published

PERIOD = "2022-03-31"
FRAME = (WAREHOUSE / "alerts" / "control_total.sql").read_text(encoding="utf-8")
STAFF = [
    *staff_rows({WHITE: 38}),
    staff_row(39, fte="0.5"),
    staff_row(40, date_of_birth="unknown"),  # in quarantine, and received all the same
    staff_row(40, assignment_number="A40", primary_assignment="No", fte="0.25"),
]


def total(source, measure, number):
    return {"Source": source, "Measure": measure, "Total": str(number)}


def frame(home):
    """Return what the frame of the alert says of each control total."""
    names = "subject, expected, found, value"
    return private_rows(home, f"select {names} from ({FRAME}) order by all")


def differences(home):
    """Return the details of the alerts on control totals by their messages."""
    told = json.loads(equality("alerts", "--home", home, "--json").out)
    differ = [alert for alert in told if alert["code"] == "CONTROL_TOTAL_DIFFERS"]
    assert {alert["organisation_code"] for alert in differ} == {"01T"}
    assert not any(alert["is_public"] for alert in differ)
    return {alert["message"]: alert["detail"] for alert in differ}


@pytest.mark.slow
def test_what_was_counted_is_compared_with_what_was_received(tmp_path):
    home = tmp_path / "home"
    totals = [
        total("esr_staff", "Rows", 41),
        total("ESR Staff", "Employees", 41),
        total("esr_staff.csv", "WTE", 39.7),  # 38 + 0.5 + 1 + 0.25 is 39.75
        total("pay", "rows", 10),
        total("training", "Rows", 7),
    ]
    write_inbox(home / "inbox", PERIOD, "01T", "esr_staff", STAFF)
    write_inbox(home / "inbox", PERIOD, "01T", "pay", pay_rows(["15.00"] * 10))
    write_inbox(home / "inbox", PERIOD, "01T", "control_totals", totals)
    assert equality("run", "--home", home).exit_code == 0
    assert frame(home) == [
        ("employees of esr_staff", 41, 40, 1),
        ("fte of esr_staff", 39.7, 39.75, 0),
        ("rows of esr_staff", 41, 41, 0),
        ("rows of pay", 10, 10, 0),
        ("rows of training", 7, 0, 7),
    ]
    assert differences(home) == {
        "the control total of employees of esr_staff is not what was received": (
            "employees of esr_staff: 41 sent as the control total, 40 received"
        ),
        "the control total of rows of training is not what was received": (
            "rows of training: 7 sent as the control total, and no file was received"
        ),
    }
    # A file that is sent again is counted again; of a sum with a cell that cannot be read nothing
    # is said.
    write_inbox(home / "inbox", PERIOD, "01T", "esr_staff", [*STAFF, staff_row(41, fte="full")])
    equality("run", "--home", home)
    assert frame(home)[:3] == [
        ("employees of esr_staff", 41, 41, 0),
        ("fte of esr_staff", 39.7, None, None),
        ("rows of esr_staff", 41, 42, 1),
    ]
    assert set(differences(home)) == {
        "the control total of rows of esr_staff is not what was received",
        "the control total of rows of training is not what was received",
    }


@pytest.mark.slow
def test_a_file_that_is_rejected_is_counted_too(tmp_path):
    home = tmp_path / "home"
    write_inbox(home / "inbox", PERIOD, "01T", "pay", pay_rows(["lots"] * 10))
    write_inbox(home / "inbox", PERIOD, "01V", "esr_staff", STAFF)
    write_inbox(home / "inbox", PERIOD, "01T", "control_totals", [total("pay", "Employees", 12)])
    assert equality("run", "--home", home).exit_code == 3
    assert frame(home) == [("employees of pay", 12, 10, 2)]


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        (total("rota", "Rows", 1), "CONTROL_SOURCE_UNLISTED", "Source"),
        (total("control_totals", "Rows", 1), "CONTROL_SOURCE_UNLISTED", "Source"),
        (total("pay", "People", 1), "CONTROL_MEASURE_UNLISTED", "Measure"),
        (total("pay", "FTE", 1), "CONTROL_MEASURE_OTHER", "Measure"),
        (total("board", "Employees", 1), "CONTROL_MEASURE_OTHER", "Measure"),
        (total("pay", "Rows", "1,000"), "CONTROL_TOTAL_INVALID", "Total"),
        (total("pay", "Rows", -1), "CONTROL_TOTAL_INVALID", "Total"),
        (total("pay", "Rows", 1.5), "CONTROL_TOTAL_INVALID", "Total"),
        (total("pay", "Rows", ""), "VALUE_MISSING", "Total"),
        (total("ESR staff", "records", 3), "CONTROL_TOTAL_CONFLICT", "Measure"),
    ],
)
def test_a_control_total_that_cannot_be_used_is_told(row, code, column):
    rows = [row, total("esr_staff", "Rows", 2), total("esr_staff", "FTE", 1.5)]
    reading = read(csv_text(rows).encode(), "control_totals.csv", "control_totals")
    result = check(reading, "control_totals", date(2022, 3, 31))
    assert (code, 2, column) in {(f.code, f.row_number, f.column) for f in result.faults}
    assert 4 in result.accepted["row_number"].tolist()
    assert 2 in result.quarantined["row_number"].tolist()


def test_nobody_misses_totals_that_were_not_sent(tmp_path):
    home = tmp_path / "home"
    write_inbox(home / "inbox", PERIOD, "01T", "esr_staff", STAFF)
    write_inbox(home / "inbox", PERIOD, "01V", "esr_staff", STAFF)
    write_inbox(home / "inbox", PERIOD, "01V", "control_totals", [total("pay", "Rows", 0)])
    equality("run", "--home", home)
    told = equality("alerts", "--home", home).out
    assert "control_totals" not in told
    assert "training was not received" in told
    with open_published(Home(home).published_database) as connection:
        loads = connection.execute(
            "select organisation_code, status from load where source = 'control_totals'"
        ).fetchall()
    assert loads == [("01V", "landed")]
