"""A fault of each kind is planted in an inbox; its alert is found, and none beside it."""

import json
import re
import stat

import duckdb
import pytest
from command import equality, files
from inbox import (
    BME,
    UNKNOWN,
    WHITE,
    application_rows,
    staff_row,
    staff_rows,
    write_inbox,
)

from pipeline.identity import load_keys
from pipeline.quality.rules import load_rules
from pipeline.resources import REFERENCE
from pipeline.settings import Home
from pipeline.store import open_private

pytestmark = pytest.mark.slow

BEFORE, NOW = "2021-12-31", "2022-03-31"
ELSEWHERE = {
    "HEADCOUNT_UNEXPLAINED", "EXTRACT_SIZE_MOVED", "STAFF_NOT_IN_EXTRACT", "STAFF_WITHOUT_PAY",
    "CONTROL_TOTAL_DIFFERS",
}  # fmt: skip
"""Planted by the tests of reconciliation and of control totals."""
RULES = {rule.code for rule in load_rules()} - ELSEWHERE
BAND_8A = "NHS|XR08|Review Body Band 8 - Range A"


def put(home, period, code, rows):
    write_inbox(home / "inbox", period, code, "esr_staff", rows)


def changed(rows, places, **values):
    """Return rows of ``inbox`` with other values in the given places."""
    heading = {"ethnic_origin": "Ethnic Origin", "marital_status": "Marital Status",
               "religious_belief": "Religious Belief", "disability": "Disability",
               "sexual_orientation": "Sexual Orientation", "gender": "Gender",
               "pay_scale": "Pay Scale", "directorate": "Directorate"}  # fmt: skip
    own = {heading[name]: value for name, value in values.items()}
    return [row | own if place in places else row for place, row in enumerate(rows)]


@pytest.fixture(scope="module")
def home(module_folders):
    home = module_folders.mktemp("planted") / "home"
    # 01T: thirty of 180 known ethnicities are overwritten by blanks.
    staff = staff_rows({WHITE: 120, BME: 60, UNKNOWN: 20})
    put(home, BEFORE, "01T", staff)
    put(home, NOW, "01T", changed(staff, range(30), ethnic_origin=""))
    # That nobody's ethnicity is known of who applied explains nothing about the staff.
    applied = application_rows({(WHITE, True): 20}, ethnic_origin="")
    write_inbox(home / "inbox", NOW, "01T", "recruitment", applied)
    # 01V: of twelve joiners six have no religion on record.
    staff = staff_rows(100, first=1000)
    put(home, BEFORE, "01V", staff)
    joiners = changed(staff_rows(12, first=1200), range(6), religious_belief="")
    put(home, NOW, "01V", [*staff, *joiners])
    # 01X: nobody was asked about disability in half of Nursing, then as now.
    staff = changed(staff_rows(120, first=2000), range(60), directorate="Nursing")
    for period in (BEFORE, NOW):
        put(home, period, "01X", changed(staff, range(30), disability=""))
    # 02E: nor about sexual orientation in half of Band 8a.
    staff = changed(staff_rows(120, first=3000), range(60), pay_scale=BAND_8A)
    for period in (BEFORE, NOW):
        put(home, period, "02E", changed(staff, range(0, 60, 2), sexual_orientation=""))
    # 12F: a column comes empty; 27D: two values that nobody knows.
    staff = staff_rows(60, first=4000)
    put(home, BEFORE, "12F", staff)
    put(home, NOW, "12F", changed(staff, range(60), marital_status=""))
    staff = staff_rows(60, first=5000)
    put(home, BEFORE, "27D", staff)
    put(home, NOW, "27D", changed(staff, range(2), gender="Of A New List"))
    # 01F: so many unknown pay scales that the file is rejected.
    staff = staff_rows(60, first=6000)
    put(home, BEFORE, "01F", staff)
    put(home, NOW, "01F", changed(staff, range(5), pay_scale="ZZ99"))
    # 01J: clean, with a joiner and a leaver.
    staff = staff_rows({WHITE: 80, BME: 20}, first=7000)
    put(home, BEFORE, "01J", staff)
    put(home, NOW, "01J", [*staff[1:], staff_row(7500)])
    assert equality("run", "--home", home).exit_code == 3
    return home


@pytest.fixture(scope="module")
def found(home):
    rows = json.loads(equality("alerts", "--home", home, "--json").out)
    return [row for row in rows if row["code"] in RULES]


def one(found, code, **columns):
    (row,) = [
        row
        for row in found
        if row["code"] == code
        and row["period_end"] == NOW
        and all(row[name] == value for name, value in columns.items())
    ]
    return row


def test_each_fault_is_found_and_nothing_else(found):
    now = {
        (row["organisation_code"], row["code"], row["characteristic"])
        for row in found
        if row["period_end"] == NOW
    }
    assert now == {
        ("01T", "DECLARATION_BELOW_TARGET", "ethnicity"),
        ("01T", "DECLARATION_FELL", "ethnicity"),
        ("01T", "KNOWN_TO_UNKNOWN", "ethnicity"),
        ("01T", "NEVER_ASKED_RISING", "ethnicity"),
        ("01V", "JOINERS_DECLARE_LESS", "religion"),
        ("01X", "DECLARATION_DIFFERS_BY_DIRECTORATE", "disability"),
        ("02E", "DECLARATION_DIFFERS_BY_BAND_GROUP", "sexual_orientation"),
        ("01T", "COLUMN_CAME_EMPTY", None),
        ("12F", "COLUMN_CAME_EMPTY", "marital_status"),
        ("27D", "VALUE_LIST_NEW", "sex"),
        ("01F", "VALUE_LIST_NEW", None),
    }
    assert {row["code"] for row in found} == RULES
    before = {(row["organisation_code"], row["code"]) for row in found} - {
        (code, kind) for code, kind, _ in now
    }
    assert before == set()


def test_the_gap_in_people_is_told_to_the_employer(found):
    low = one(found, "DECLARATION_BELOW_TARGET")
    assert (low["value"], low["target"], low["records_to_target"]) == (75.0, 95.0, 40)
    assert low["detail"] == (
        "150 of 200 staff have a known ethnicity; 40 more records would reach 95%"
    )
    assert low["quarters_running"] == 2
    fell = one(found, "DECLARATION_FELL")
    assert (fell["value"], fell["records_to_target"]) == (15.0, 30)
    asked = one(found, "NEVER_ASKED_RISING")
    assert (asked["value"], asked["records_to_target"]) == (15.0, 30)
    lost = one(found, "KNOWN_TO_UNKNOWN", organisation_code="01T")
    assert lost["detail"] == (
        "The ethnicity of 30 people was known at 31 December 2021 and is not now"
    )
    joined = one(found, "JOINERS_DECLARE_LESS")
    assert joined["detail"].startswith(
        "6 of 12 joiners have a known religion, where at 31 December 2021 100 of 100 staff "
        "had one; 6 more records would match the staff of that day; p "
    )
    directorate = one(found, "DECLARATION_DIFFERS_BY_DIRECTORATE")
    assert (directorate["part"], directorate["records_to_target"]) == ("directorate:Nursing", 30)
    assert directorate["message"] == (
        "the share of staff with a known disability in Nursing is lower than elsewhere"
    )
    bands = one(found, "DECLARATION_DIFFERS_BY_BAND_GROUP")
    assert bands["part"] == "band_group:cluster_3"
    assert "30 of 60 staff have a known sexual orientation in Band 8a, Band 8b" in bands["detail"]
    # That nobody's status is known any more follows from it, and is no alert of its own.
    empty = one(found, "COLUMN_CAME_EMPTY", organisation_code="12F")
    assert empty["message"] == "the column 'Marital Status' of esr_staff came empty"
    sex = one(found, "VALUE_LIST_NEW", organisation_code="27D")
    assert (sex["value"], sex["detail"]) == (2, "2 of 60 rows hold a value that is on no list")
    scale = one(found, "VALUE_LIST_NEW", organisation_code="01F")
    assert (scale["value"], "'Pay Scale'" in scale["message"]) == (5, True)


def test_every_alert_of_chance_says_how_many_were_tested(found):
    chance = {rule.code for rule in load_rules() if rule.is_chance}
    tested = {row["tested"] for row in found if row["code"] in chance and row["period_end"] == NOW}
    # Joiners of 01V and 01J by seven characteristics each; of the two rules on parts the one
    # characteristic of 01X and of 02E that is not known of all. A part without a rest is none.
    assert tested == {2 * 7 + 2}
    assert {row["tested"] for row in found if row["code"] not in chance} == {None}
    for row in found:
        said = re.search(r"; (\d+) series were tested$", row["detail"])
        assert (said and int(said[1])) == row["tested"], row


def test_messages_hold_no_number_of_people_and_everybody_has_something_to_do(found):
    for row in found:
        assert set(re.findall(r"(?<!Band )\d+", row["message"])) <= {"95", "2"}, row
        assert re.match(r"[A-Z].*team.*: ", row["to_do"]), row
        assert "{" not in row["message"] + row["to_do"] + row["detail"]


def published_alerts(home):
    with duckdb.connect(str(home / "published" / "equality.duckdb"), read_only=True) as published:
        return published.execute(
            "select code, value, target, records_to_target from alert "
            "where characteristic is not null and period_end = (select max(period_end) from alert) "
            "order by all"
        ).fetchall()


def test_only_what_the_published_rates_tell_is_published(home, found):
    assert published_alerts(home) == [("DECLARATION_BELOW_TARGET", 75.0, 95.0, 40)]
    public = {(row["organisation_code"], row["code"]) for row in found if row["is_public"]}
    assert public == {("01T", "DECLARATION_BELOW_TARGET")}


def test_a_fall_is_published_where_both_rates_are(tmp_path):
    """By the policy that ships the rates of employers stand once a year, and between that bands."""
    staff = staff_rows({WHITE: 120, BME: 60, UNKNOWN: 20})
    put(tmp_path, "2021-09-30", "01T", staff)
    put(tmp_path, "2021-12-31", "01T", changed(staff, range(30), ethnic_origin=""))
    assert equality("run", "--home", tmp_path).exit_code == 0
    assert published_alerts(tmp_path) == [("DECLARATION_BELOW_TARGET", None, 95.0, None)]
    shipped = (REFERENCE / "disclosure.yml").read_text(encoding="utf-8")
    quarterly = shipped.replace("    detail: [3]\n", "    detail: [3, 6, 9, 12]\n")
    assert quarterly != shipped
    (tmp_path / "disclosure.yml").write_text(quarterly, encoding="utf-8")
    (tmp_path / "settings.toml").write_text('disclosure = "disclosure.yml"\n')
    assert equality("run", "--home", tmp_path).exit_code == 0
    assert published_alerts(tmp_path) == [
        ("DECLARATION_BELOW_TARGET", 75.0, 95.0, 40),
        ("DECLARATION_FELL", 75.0, None, None),
    ]


def test_the_employer_has_its_own_alerts_as_files(home, found):
    folder = home / "feedback" / NOW / "01T"
    text = (folder / "alerts.jsonl").read_text(encoding="utf-8")
    lines = [json.loads(line) for line in text.splitlines()]
    own = {
        row["code"]
        for row in found
        if (row["organisation_code"], row["period_end"]) == ("01T", NOW)
    }
    assert own <= {line["code"] for line in lines}
    assert "150 of 200 staff" in text
    assert stat.S_IMODE((folder / "alerts.xlsx").stat().st_mode) == 0o600


def test_a_mended_file_takes_the_alert_away(home):
    before = files(home / "feedback")
    put(home, NOW, "12F", staff_rows(60, first=4000))
    assert equality("run", "--home", home).exit_code == 3
    rows = json.loads(equality("alerts", "--home", home, "--json").out)
    assert not [row for row in rows if row["organisation_code"] == "12F" and row["code"] in RULES]
    after = files(home / "feedback")
    same = f"{NOW}/01T/alerts"
    assert [before[f"{same}.{kind}"] for kind in ("xlsx", "jsonl")] == [
        after[f"{same}.{kind}"] for kind in ("xlsx", "jsonl")
    ]
    assert after[f"{NOW}/12F/alerts.jsonl"] != before[f"{NOW}/12F/alerts.jsonl"]


def test_charts_are_drawn_for_each_employer_or_for_one(home):
    result = equality("alerts", "charts", "--home", home, "--organisation", "01T")
    pages = home / "quality" / "xmr"
    assert (result.exit_code, result.out) == (0, f"{pages / '01T.html'}\n")
    assert [path.name for path in pages.iterdir()] == ["01T.html"]
    assert "150 of 200" in (pages / "01T.html").read_text(encoding="utf-8")
    assert len(equality("alerts", "charts", "--home", home).out.splitlines()) == 8
    nobody = equality("alerts", "charts", "--home", home, "--organisation", "ZZZ")
    assert nobody.exit_code == 2
    assert "no declaration rate of ZZZ" in nobody.err


def test_figures_of_an_earlier_version_have_no_charts_and_say_what_to_do(home):
    kept = Home(home)
    with open_private(kept, load_keys(kept)) as connection:
        connection.execute("drop table marts.declaration_xmr")
    result = equality("alerts", "charts", "--home", home)
    assert (result.exit_code, result.out) == (2, "")
    assert "made by an earlier version" in result.err
    assert "Run: equality run" in result.err
