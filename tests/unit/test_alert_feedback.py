"""The employer's own alerts: with numbers, readable by the owner alone, and gone when mended."""

import io
import json
import stat
from datetime import date

import openpyxl
import pandas as pd
import pytest

from pipeline.quality.alert_feedback import write_alerts
from pipeline.quality.alerts import PRIVATE_ALERT, private_frame

MARCH, JUNE = date(2022, 3, 31), date(2022, 6, 30)


def alert(code="DECLARATION_BELOW_TARGET", organisation="01T", period=MARCH, **more):
    return dict.fromkeys(PRIVATE_ALERT) | {
        "organisation_code": organisation, "organisation_name": f"NHS {organisation}",
        "period_end": period, "code": code, "severity": "warning", "characteristic": "ethnicity",
        "part": "all", "message": "fewer than 95% of staff have a known ethnicity",
        "detail": "150 of 163 staff have a known ethnicity; 5 more records would reach 95%",
        "to_do": "People team: ask them", "value": 92.0, "target": 95.0, "records_to_target": 5,
        "quarters_running": 3, "acknowledged": False, "is_public": False,
    } | more  # fmt: skip


def frame(*rows):
    return private_frame(list(rows)).assign(quarters_running=3)


def sheets(path):
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


@pytest.fixture
def folder(tmp_path):
    write_alerts(tmp_path, frame(
        alert(), alert("SOURCE_MISSING", characteristic=None, part=None, value=None, target=None,
                       records_to_target=None), alert(organisation="01V"), alert(period=JUNE),
        alert("ZZZ", severity="critical"),
    ))  # fmt: skip
    return tmp_path


def test_each_organisation_has_its_own_at_each_snapshot(folder):
    found = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*"))
    assert found == [
        f"{place}/alerts.{kind}"
        for place in ("2022-03-31/01T", "2022-03-31/01V", "2022-06-30/01T")
        for kind in ("jsonl", "xlsx")
    ]
    for path in folder.rglob("alerts.*"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_the_list_gives_the_gap_in_people(folder):
    text = (folder / "2022-03-31/01T/alerts.jsonl").read_text(encoding="utf-8")
    lines = [json.loads(line) for line in text.splitlines()]
    # What is critical stands first.
    assert [line["code"] for line in lines] == [
        "ZZZ", "DECLARATION_BELOW_TARGET", "SOURCE_MISSING",
    ]  # fmt: skip
    assert lines[1] == {
        "code": "DECLARATION_BELOW_TARGET",
        "severity": "warning",
        "characteristic": "ethnicity",
        "part": "all",
        "message": "fewer than 95% of staff have a known ethnicity",
        "detail": "150 of 163 staff have a known ethnicity; 5 more records would reach 95%",
        "to_do": "People team: ask them",
        "value": 92.0,
        "target": 95.0,
        "records_to_target": 5,
        "tested": None,
        "quarters_running": 3,
    }
    assert lines[2]["records_to_target"] is lines[2]["characteristic"] is None


def test_the_workbook_says_the_same_to_people(folder):
    book = sheets(folder / "2022-03-31/01T/alerts.xlsx")
    assert book["Summary"][3:6] == [
        ("Organisation", "NHS 01T (01T)"), ("Snapshot", "2022-03-31"), ("Alerts", 3),
    ]  # fmt: skip
    _, _, headings, _, low, _ = book["Alerts"]
    assert headings[:4] == ("How urgent", "What is wrong", "The numbers", "What to do, and who")
    assert low == (
        "warning", "fewer than 95% of staff have a known ethnicity",
        "150 of 163 staff have a known ethnicity; 5 more records would reach 95%",
        "People team: ask them", 3, "DECLARATION_BELOW_TARGET",
    )  # fmt: skip


def test_equal_alerts_have_equal_bytes_in_any_order(tmp_path):
    rows = alert(), alert("ZZZ"), alert(organisation="01V")
    write_alerts(tmp_path / "a", frame(*rows))
    write_alerts(tmp_path / "b", frame(*rows[::-1]))
    for path in (tmp_path / "a").rglob("alerts.*"):
        assert path.read_bytes() == (tmp_path / "b" / path.relative_to(tmp_path / "a")).read_bytes()


def test_an_organisation_without_alerts_has_none_and_an_old_one_goes(folder):
    (folder / "2022-03-31/01V/esr_staff.xlsx").write_bytes(b"of a file")
    write_alerts(folder, frame(alert()))
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*.*")} == {
        "2022-03-31/01T/alerts.jsonl", "2022-03-31/01T/alerts.xlsx",
        "2022-03-31/01V/esr_staff.xlsx",
    }  # fmt: skip
    assert write_alerts(folder, pd.DataFrame(columns=list(PRIVATE_ALERT))) == []
    assert [path.name for path in folder.rglob("*.*")] == ["esr_staff.xlsx"]


@pytest.mark.parametrize("code", ["SIMPSON", "POOLED_DIFFERS"])
def test_ratios_of_several_employers_are_in_no_file_unless_they_are_published(tmp_path, code):
    ratios = {"message": "WRES 3: they differ; 3.29 together", "detail": "3.29 together"}
    hidden = alert(code, organisation="QYG", **ratios)
    assert write_alerts(tmp_path, frame(hidden, alert(organisation="QYG"))) != []
    text = (tmp_path / "2022-03-31" / "QYG" / "alerts.jsonl").read_text(encoding="utf-8")
    assert [json.loads(line)["code"] for line in text.splitlines()] == ["DECLARATION_BELOW_TARGET"]
    write_alerts(tmp_path, frame(hidden | {"is_public": True}))
    text = (tmp_path / "2022-03-31" / "QYG" / "alerts.jsonl").read_text(encoding="utf-8")
    assert [json.loads(line)["code"] for line in text.splitlines()] == [code]
