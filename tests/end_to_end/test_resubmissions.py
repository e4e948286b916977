"""What `equality run` does with files that come again, come in part, or come at the same time."""

import json
import os
import subprocess
import sys

import pytest
from command import equality, files, private_rows
from inbox import BME, UNKNOWN, WHITE, board_rows, staff_rows, write_inbox
from kept_homes import somebody_writing

PERIOD, EARLIER = "2022-03-31", "2021-12-31"
STAFF = staff_rows({WHITE: 60, BME: 20, UNKNOWN: 20})


def _status(home):
    rows = json.loads(equality("status", "--home", home, "--json").out)
    return {(row["period_end"], row["source"]): row["status"] for row in rows}


def _headcount(home):
    condition = "standard = 'DECLARATION' and indicator = 'sex' and part = 'all'"
    rows = json.loads(
        equality("figures", "--home", home, "--unprotected", "--json", "--where", condition).out
    )
    (headcount,) = {row["denominator"] for row in rows}
    return headcount


@pytest.mark.slow
def test_the_life_of_one_place(tmp_path):
    """Landed, sent again, sent again broken, mended: the newest accepted file is in force."""
    inbox = tmp_path / "inbox"
    path = write_inbox(inbox, PERIOD, "01T", "esr_staff", STAFF)
    first = equality("run", "--home", tmp_path)
    assert first.exit_code == 0
    assert "New keys were made in" in first.out
    assert _headcount(tmp_path) == 100

    again = equality("run", "--home", tmp_path)
    assert again.exit_code == 0
    assert again.out.startswith("Nothing new: release ")
    assert len(list((tmp_path / "releases").iterdir())) == 1

    write_inbox(inbox, PERIOD, "01T", "esr_staff", STAFF[:90])
    resubmitted = equality("run", "--home", tmp_path)
    assert (resubmitted.exit_code, "New keys" in resubmitted.out) == (0, False)
    assert _headcount(tmp_path) == 90
    assert private_rows(
        tmp_path, "select status, rows_landed from ledger.load order by load_id"
    ) == [
        ("superseded", 100),
        ("landed", 90),
    ]

    standing = files(tmp_path / "releases")
    accepted = path.read_bytes()
    path.write_bytes(accepted[:-40])
    for run in ("new", "nothing new"):
        rejected = equality("run", "--home", tmp_path)
        assert rejected.exit_code == 3, run
        assert f"  {PERIOD}/01T/esr_staff.csv: row 91: The file breaks off" in rejected.out
    assert "Nothing new: release " in rejected.out
    assert _headcount(tmp_path) == 90, "the accepted file stays in force"
    assert files(tmp_path / "releases").items() >= standing.items()

    write_inbox(inbox, PERIOD, "01T", "esr_staff", STAFF[:95])
    mended = equality("run", "--home", tmp_path)
    assert (mended.exit_code, mended.err) == (0, "")
    assert "Rejected" not in mended.out
    assert _headcount(tmp_path) == 95
    assert _status(tmp_path) == {(PERIOD, "esr_staff"): "landed"}
    assert len(list((tmp_path / "snapshots").rglob("*.sealed"))) == 4, "all that came is kept"


@pytest.mark.slow
def test_one_snapshot_alone_from_an_inbox_and_a_home_of_the_environment(tmp_path, monkeypatch):
    home, inbox = tmp_path / "home", tmp_path / "inbox"
    write_inbox(inbox, PERIOD, "01T", "esr_staff", STAFF)
    write_inbox(inbox, EARLIER, "01T", "esr_staff", STAFF)
    (inbox / "stray.txt").touch()
    monkeypatch.setenv("EQUALITY_HOME", str(home))
    monkeypatch.setenv("EQUALITY_INBOX", str(inbox))
    result = equality("run", "--period", EARLIER)
    assert (result.exit_code, result.err) == (0, "")
    assert _status(home) == {(EARLIER, "esr_staff"): "landed"}
    assert f"snapshots      1: {EARLIER}" in result.out
    result = equality("run")
    assert result.exit_code == 3
    assert "  stray.txt: " in result.out
    assert set(_status(home)) == {(EARLIER, "esr_staff"), (PERIOD, "esr_staff")}
    assert json.loads(equality("status", "--json").out) == json.loads(
        equality("status", "--json", "--home", home).out
    )
    assert not (home / "inbox").exists()


def test_a_period_that_is_none(tmp_path):
    result = equality("run", "--home", tmp_path, "--period", "2022-03-30")
    assert (result.exit_code, result.out) == (2, "")
    assert "2022-03-30 is no quarter end; give 31 March, 30 June," in result.err


def test_a_second_writer_is_told_who_holds_the_lock(tmp_path):
    path = write_inbox(tmp_path / "inbox", PERIOD, "01T", "board", board_rows({WHITE: 9}))
    path.write_bytes(b"")
    with somebody_writing(tmp_path) as holder:
        result = equality("run", "--home", tmp_path)
    assert (result.exit_code, result.out) == (4, "")
    assert result.err == (
        f"equality: Another run holds the lock of {tmp_path} (process {holder}). "
        "Wait until it has ended, then run again.\n"
    )
    assert not (tmp_path / "private.duckdb").exists()
    assert equality("run", "--home", tmp_path).exit_code == 3


def test_a_run_that_was_killed_is_taken_up_by_the_next_one(tmp_path):
    write_inbox(tmp_path / "inbox", PERIOD, "01T", "esr_staff", STAFF)
    script = (
        "import os, sys, pipeline.release_stages as stages\nfrom pipeline.cli import main\n"
        "stages.prove = lambda *_: os._exit(9)\nmain(sys.argv[1:])\n"
    )
    command = [sys.executable, "-c", script, "run", "--home", str(tmp_path)]
    assert subprocess.run(command, check=False, env=dict(os.environ)).returncode == 9
    assert not (tmp_path / "published").exists()
    result = equality("run", "--home", tmp_path)
    assert (result.exit_code, result.err) == (0, "")
    assert "Published: " in result.out
    assert _status(tmp_path) == {(PERIOD, "esr_staff"): "landed"}


@pytest.mark.slow
def test_a_release_that_readers_do_not_have_is_put_there_again(tmp_path):
    write_inbox(tmp_path / "inbox", PERIOD, "01T", "esr_staff", STAFF)
    assert equality("run", "--home", tmp_path).exit_code == 0
    published = tmp_path / "published" / "equality.duckdb"
    content = published.read_bytes()
    published.unlink()
    assert equality("run", "--home", tmp_path).exit_code == 0
    assert published.read_bytes() == content


@pytest.mark.parametrize("unknown", [0, 1])
def test_an_inbox_that_gives_no_reason_for_an_alert_is_released(tmp_path, unknown):
    staff = staff_rows({WHITE: 60, BME: 20, UNKNOWN: unknown})
    write_inbox(tmp_path / "inbox", PERIOD, "01T", "esr_staff", staff)
    assert equality("run", "--home", tmp_path).exit_code == 0
