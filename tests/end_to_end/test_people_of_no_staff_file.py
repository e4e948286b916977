"""Rows about people who are not in the staff extract, in whatever order the files come."""

import json
import shutil

import pytest
from command import GateHere, equality, private_rows
from inbox import (
    BME,
    WHITE,
    case_rows,
    csv_text,
    mover_rows,
    pay_row,
    pay_rows,
    staff_rows,
    training_rows,
    write_inbox,
)

import pipeline.arrive
import pipeline.land
from pipeline.arrive import land_received, receive
from pipeline.disclosure import load_policy
from pipeline.identity import load_keys
from pipeline.receive.inbox import scan
from pipeline.receive.ledger import Ledger
from pipeline.resources import REFERENCE
from pipeline.settings import Home
from pipeline.store import open_private
from pipeline.workspace import InProcess, Workspace

pytestmark = pytest.mark.slow

PERIOD = "2022-03-31"
STRANGER = 777
STAFF = staff_rows({WHITE: 20, BME: 10})
STAFF[29]["FTE"] = "full"  # person 30 is in quarantine, and still a person of the staff extract
PAY = [
    *pay_rows(["15.00"] * 28),
    pay_row(29, hourly_rate="", ordinary_pay="2,800.00"),
    pay_row(30, hourly_rate="9999"),
    pay_row(STRANGER, bonus_in_year="500"),
]
LEFT = {"ethnic_origin": WHITE, "disability": "No"}
CASES = [
    *case_rows({"Grievance": 2, "Disciplinary": 1}, first=28),
    *case_rows({"Disciplinary": 1}, first=STRANGER),
    *case_rows({"Disciplinary": 1}, first=STRANGER + 1, **LEFT),
]
COURSES = [
    *training_rows({"CPD": 3}, first=28),
    *training_rows({"Mandatory": 1}, first=STRANGER),
]
MOVERS = mover_rows({("Starter", WHITE): 1, ("Leaver", BME): 2}, first=STRANGER)
FILES = {
    "esr_staff": STAFF,
    "pay": PAY,
    "employee_relations": CASES,
    "training": COURSES,
    "movers": MOVERS,
}
FAULTS = [
    ("employee_relations", "EMPLOYEE_UNKNOWN", 5, "Employee Number"),
    ("esr_staff", "FTE_INVALID", 31, "FTE"),
    ("pay", "EMPLOYEE_UNKNOWN", 32, "Employee Number"),
    ("pay", "HOURLY_RATE_OUT_OF_RANGE", 31, "Hourly Rate"),
    ("training", "EMPLOYEE_UNKNOWN", 5, "Employee Number"),
]
LANDED = {"esr_staff": 29, "pay": 29, "employee_relations": 4, "training": 3, "movers": 3}


def send(home, *sources, files=FILES):
    """Run with what ``sources`` name in the inbox, beside what lay there before."""
    for source in sources:
        write_inbox(home / "inbox", PERIOD, "01T", source, files[source])
    return equality("run", "--home", home)


def land(home, *sources, files=FILES):
    """Receive and land as ``send`` does, without the release: what is judged does not need it."""
    for source in sources:
        write_inbox(home / "inbox", PERIOD, "01T", source, files[source])
    kept = Home(home)
    keys, policy = load_keys(kept), load_policy(REFERENCE / "disclosure.yml")
    with open_private(kept, keys) as connection:
        ledger = Ledger(connection)
        ledger.prepare(keys)
        workspace = Workspace(kept, policy, keys, connection, ledger, InProcess(), GateHere())
        return land_received(workspace, receive(workspace, scan(home / "inbox")))


def state(home):
    """Return everything that the files in force say, without the numbers of their loads."""
    tables = {
        source: sorted(
            private_rows(
                home,
                f"select * exclude (load_id) from landing.{source} where load_id in "
                "(select load_id from ledger.load where status = 'landed') order by row_number",
            ),
            key=str,
        )
        for source in FILES
    }
    tables["load"] = private_rows(
        home,
        "select source, status, sha256, rows_received, rows_landed, rows_quarantined, "
        "rows_warned from ledger.load where status <> 'superseded' order by all",
    )
    tables["faults"] = private_rows(
        home,
        "select source, code, row_number, column_name from ledger.fault inner join ledger.load "
        "using (load_id) where status <> 'superseded' and severity = 'row' order by all",
    )
    tables["quarantine"] = private_rows(
        home,
        "select source, row_number, codes from ledger.quarantine inner join ledger.load "
        "using (load_id) where status <> 'superseded' order by all",
    )
    feedback = home / "feedback" / PERIOD / "01T"
    # Alerts are told by a release, which is not made at every step here.
    of_files = [path for path in sorted(feedback.iterdir()) if path.stem != "alerts"]
    tables["feedback"] = {path.name: path.read_bytes() for path in of_files}
    return tables


@pytest.fixture(scope="module")
def keys(module_folders):
    """One pair of keys, so that people have the same pseudonyms in every home."""
    home = module_folders.mktemp("keys")
    load_keys(Home(home))
    return home / "keys"


def new_home(path, keys):
    path.mkdir()
    shutil.copytree(keys, path / "keys")
    return path


@pytest.fixture(scope="module")
def at_once(module_folders, keys):
    home = new_home(module_folders.mktemp("at_once") / "home", keys)
    return home, send(home, *FILES), state(home)


def test_bad_rows_are_in_quarantine_by_name_and_the_rest_is_kept(at_once):
    home, result, found = at_once
    assert (result.exit_code, result.err) == (0, "")
    assert found["faults"] == FAULTS
    assert {row[0]: row[4] for row in found["load"]} == LANDED
    for source, rows in (("pay", 2), ("employee_relations", 1), ("training", 1)):
        assert f"  {PERIOD}/01T/{source}: {rows} in quarantine" in result.out
    warned = private_rows(
        home, "select code, row_number, column_name from ledger.fault where code like '%HOURS%'"
    )
    assert warned == [("WEEKLY_HOURS_MISSING", 30, "Weekly Hours")]
    assert private_rows(
        home, "select hourly_pay, is_full_pay, bonus_pay from landing.pay where row_number = 30"
    ) == [(None, True, 0)]


def test_the_feedback_says_so(at_once):
    _, _, found = at_once
    lines = [json.loads(line) for line in found["feedback"]["pay.jsonl"].splitlines()]
    (told,) = [line for line in lines if line["code"] == "EMPLOYEE_UNKNOWN"]
    assert (told["severity"], told["row"], told["column"]) == ("row", 32, "Employee Number")
    assert "not in the staff extract" in told["meaning"]


@pytest.mark.parametrize(
    "runs",
    [
        [["esr_staff"], ["pay", "employee_relations", "training", "movers"]],
        [["pay", "employee_relations", "training", "movers"], ["esr_staff"]],
        [["pay"], ["esr_staff", "training"], ["movers", "employee_relations"]],
    ],
    ids=["staff first", "staff last", "in three runs"],
)
def test_the_order_in_which_files_come_changes_nothing(runs, at_once, tmp_path, keys):
    home = new_home(tmp_path / "home", keys)
    for sources in runs:
        land(home, *sources)
    assert state(home) == at_once[2]


def test_a_new_staff_extract_is_what_the_others_are_judged_by(at_once, tmp_path, keys):
    """The first extract knows few; the files are read again for the second, though taken away."""
    home = new_home(tmp_path / "home", keys)
    few = FILES | {"esr_staff": STAFF[:20]}
    first = land(home, *FILES, files=few)
    assert {load.place.source for load in first.received if load.status == "rejected"} == {
        "training"
    }
    assert {row[0]: row[4] for row in state(home)["load"]} == {
        "esr_staff": 20,
        "pay": 20,
        "employee_relations": 1,
        "training": 0,
        "movers": 3,
    }
    shutil.rmtree(home / "inbox")
    second = send(home, "esr_staff")
    assert second.exit_code == 0
    assert "Received 1 file " in second.out
    assert "Read again for a new staff extract: 3 files." in second.out
    assert state(home) == at_once[2]
    superseded = private_rows(
        home,
        "select source, count(*), count(distinct sha256) from ledger.load group by all order by 1",
    )
    assert superseded == [
        ("employee_relations", 2, 1),
        ("esr_staff", 2, 2),
        ("movers", 1, 1),
        ("pay", 2, 1),
        ("training", 2, 1),
    ]
    assert land(home).received == ()


def test_a_rejected_staff_extract_changes_nothing(at_once, tmp_path, keys):
    home = new_home(tmp_path / "home", keys)
    land(home, *FILES)
    path = home / "inbox" / PERIOD / "01T" / "esr_staff.csv"
    path.write_bytes(csv_text(STAFF[:5]).encode()[:-40])
    landed = land(home)
    assert [load.status for load in landed.received] == ["rejected"]
    assert landed.read_again == ()
    found, stood = state(home), at_once[2]
    assert {name: found[name] for name in LANDED} == {name: stood[name] for name in LANDED}


def test_a_version_that_was_rejected_counts_once_its_people_are_known(tmp_path, keys):
    """Pay of strangers alone replaces nothing, until a staff extract knows them."""
    strangers = pay_rows(["20.00"] * 5, first=21)
    versions = {"esr_staff": STAFF[:20], "pay": PAY[:20]}
    home = new_home(tmp_path / "home", keys)
    land(home, *versions, files=versions)
    rejected = land(home, "pay", files={"pay": strangers})
    assert [load.status for load in rejected.received] == ["rejected"]
    assert len(state(home)["pay"]) == 20
    mended = land(home, "esr_staff")
    assert [(load.status, load.rows_landed) for load in mended.read_again] == [("landed", 5)]
    other = new_home(tmp_path / "other", keys)
    land(other, "esr_staff", "pay", files={"esr_staff": STAFF, "pay": strangers})
    assert state(home)["pay"] == state(other)["pay"]
    assert state(home)["load"] == state(other)["load"]


def test_nobody_moved_and_no_case_arose_is_an_answer(tmp_path, keys):
    home = new_home(tmp_path / "home", keys)
    for source in ("movers", "employee_relations", "training", "pay"):
        path = write_inbox(home / "inbox", PERIOD, "01T", source, FILES[source])
        path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])
    land(home, "esr_staff")
    rows = private_rows(
        home,
        "select source, status, rows_landed, any_value(code) from ledger.load "
        "inner join ledger.fault using (load_id) where source <> 'esr_staff' group by all "
        "order by 1",
    )
    assert rows == [
        ("employee_relations", "landed", 0, "NONE_HAPPENED"),
        ("movers", "landed", 0, "NONE_HAPPENED"),
        ("pay", "empty", 0, "SOURCE_EMPTY"),
        ("training", "empty", 0, "SOURCE_EMPTY"),
    ]


def test_a_run_that_ends_half_way_leaves_no_file_judged_by_an_old_staff_extract(
    at_once, tmp_path, keys, monkeypatch
):
    """The staff extract and what it decides on land together, or not at all."""
    home = new_home(tmp_path / "home", keys)
    land(home, "pay", "employee_relations", "training", "movers")
    whole, calls = pipeline.land.land, []

    def ended(*arguments):
        calls.append(arguments)
        if len(calls) > 1:
            raise KeyboardInterrupt
        return whole(*arguments)

    monkeypatch.setattr(pipeline.arrive, "FILES_IN_A_TRANSACTION", 1)
    monkeypatch.setattr(pipeline.land, "land", ended)
    write_inbox(home / "inbox", PERIOD, "01V", "esr_staff", STAFF)
    with pytest.raises(KeyboardInterrupt):
        land(home, "esr_staff")
    assert state(home) == at_once[2]
