"""A home without its keys, one that may not be written to, a disk that is full."""

import json
import os
import shutil
import subprocess
import sys

import mounted
import pytest
from command import equality, files
from inbox import BME, UNKNOWN, WHITE, board_rows, staff_rows, write_inbox

PERIOD = "2022-03-31"
NO_MOUNTS = "this account may not mount disks of its own, not even in a namespace"


@pytest.fixture(scope="module")
def standing(module_folders):
    """A home with a release, whose inbox meanwhile holds a file that is new."""
    home = module_folders.mktemp("standing") / "home"
    write_inbox(
        home / "inbox", PERIOD, "01T", "esr_staff", staff_rows({WHITE: 60, BME: 20, UNKNOWN: 20})
    )
    assert equality("run", "--home", home).exit_code == 0
    write_inbox(home / "inbox", PERIOD, "01T", "board", board_rows({WHITE: 8, BME: 5}))
    return home


@pytest.fixture
def copy(standing, tmp_path):
    return shutil.copytree(standing, tmp_path / "home")


def _stands(home):
    return files(home / "published") | files(home / "releases")


@pytest.mark.parametrize("name", ["pseudonym", "store"])
def test_a_missing_key_is_asked_for_and_never_replaced(copy, name):
    before = files(copy)
    kept = (copy / "keys" / f"{name}.key").rename(copy.parent / "kept")
    result = equality("run", "--home", copy)
    assert (result.exit_code, result.out) == (2, "")
    assert result.err.startswith(
        f"equality: The {name} key is missing: {copy} holds data, but neither "
        f"{copy / 'keys' / name}.key nor the environment variable EQUALITY_{name.upper()}_KEY is "
        "there. Put the key back from your own safe place"
    )
    assert result.err.count("\n") == 1
    kept.rename(copy / "keys" / f"{name}.key")
    after = files(copy)
    assert b'"error":"UsageError","outcome":"failed"' in after["trail.jsonl"]
    for own in ("run.holder", "trail.jsonl"):
        after.pop(own), before.pop(own)
    assert after == before
    assert equality("status", "--home", copy).exit_code == 0


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("pseudonym", "The pseudonym key is not the one of this home: its people would not be"),
        ("store", "private.duckdb cannot be opened with the store key of this home"),
    ],
)
def test_another_key_than_that_of_the_home_is_refused(copy, monkeypatch, name, message):
    before = _stands(copy)
    monkeypatch.setenv(f"EQUALITY_{name.upper()}_KEY", "0123456789abcdef" * 4)
    result = equality("run", "--home", copy)
    assert (result.exit_code, result.out) == (2, "")
    assert message in result.err
    assert "0123456789abcdef" not in result.err
    assert _stands(copy) == before


def _as_no_superuser():
    """Return the command that makes the superuser, whom no mode stops, an ordinary user."""
    if os.geteuid() != 0:
        return []
    command = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"]
    if not shutil.which("setpriv"):
        pytest.skip("runs as the superuser, whom no mode stops, and setpriv is not there")
    return command


@pytest.mark.skipif(os.name != "posix", reason="modes are of POSIX systems")
@pytest.mark.parametrize("folder", [".", "keys"])
def test_a_home_that_this_account_has_no_right_to(copy, folder):
    before = _stands(copy)
    command = [*_as_no_superuser(), sys.executable, "-m", "pipeline", "run", "--home", str(copy)]
    (copy / folder).chmod(0o500 if folder == "." else 0o000)
    (copy / "run.lock").unlink()
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    (copy / folder).chmod(0o700)
    assert (result.returncode, result.stdout) == (2, "")
    assert "cannot be read or written: this account has no right to. Give it the" in result.stderr
    assert result.stderr.startswith(f"equality: {copy}")
    assert result.stderr.count("\n") == 1
    assert _stands(copy) == before
    assert equality("status", "--home", copy).exit_code == 0


@pytest.mark.skipif(mounted.unshare() is None, reason=NO_MOUNTS)
def test_a_home_on_a_read_only_disk(standing, tmp_path):
    run, *looks, unprotected = mounted.results("read-only", tmp_path, standing)
    assert run == {
        "exit_code": 2,
        "out": "",
        "err": f"equality: {tmp_path}/home/run.lock cannot be written to: its disk is read-only. "
        "Name another home with --home.\n",
    }
    for look in looks:
        assert (look["exit_code"], look["err"]) == (0, ""), "looking needs no right to write"
        assert isinstance(json.loads(look["out"]), list)
    assert unprotected["exit_code"] == 2
    assert "its disk is read-only" in unprotected["err"]


@pytest.mark.skipif(mounted.unshare() is None, reason=NO_MOUNTS)
@pytest.mark.slow
def test_a_disk_that_is_full_at_any_stage_and_has_space_again(standing, tmp_path):
    """Full at the keys, the new database, the snapshots, the build and the publication."""
    sizes = (8, 20, 48, 800, 6000)
    for size, result in zip(
        sizes, mounted.results("full", tmp_path, standing / "inbox", *sizes), strict=True
    ):
        first = result["first"]
        assert (size, first["exit_code"]) == (size, 74)
        assert first["err"].startswith(f"equality: The disk that holds {tmp_path / 'home'}")
        assert first["err"].endswith(
            " is full. Free some space and run again: the last release is untouched, and the run "
            "goes on where it stopped.\n"
        )
        assert (result["again"]["exit_code"], result["again"]["err"]) == (0, "")
        received = {row["source"]: row["status"] for row in json.loads(result["status"])}
        assert received == {"board": "landed", "esr_staff": "landed"}
        assert {row["standard"] for row in json.loads(result["figures"])} >= {"WRES", "PSED"}
        for name in ("board.jsonl", "board.xlsx", "esr_staff.jsonl", "esr_staff.xlsx"):
            assert f"feedback/{PERIOD}/01T/{name}" in result["files"], size
        assert not [name for name in result["files"] if "unfinished" in name]


@pytest.mark.skipif(mounted.unshare() is None, reason=NO_MOUNTS)
def test_a_disk_that_fills_up_leaves_the_last_release_as_it_is(standing, tmp_path):
    before = equality("figures", "--home", standing, "--json")
    (result,) = mounted.results("filling", tmp_path, standing, standing / "inbox")
    assert (result["exit_code"], result["out"]) == (74, "")
    assert "is full. Free some space and run again" in result["err"]
    assert result["unchanged"]
    assert result["figures"] == before.out


@pytest.mark.skipif(os.name != "posix", reason="limits are of POSIX systems")
@pytest.mark.parametrize("most", [8_000, 40_000])
def test_a_file_that_may_not_grow_is_a_full_disk_too(standing, tmp_path, most):
    """What a disk quota does, and a limit that any user can set."""
    script = (
        "import resource, sys; from pipeline.cli import main; "
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({most}, {most})); sys.exit(main())"
    )
    command = [sys.executable, "-c", script, "run", "--home", str(tmp_path / "home")]
    command += ["--inbox", str(standing / "inbox")]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 74
    assert result.stdout.startswith("New keys were made in "), "the next run would not tell"
    assert result.stdout.count("\n") == 1
    assert result.stderr.startswith(f"equality: The disk that holds {tmp_path / 'home'}")
    assert "is full. Free some space and run again" in result.stderr
    assert result.stderr.count("\n") == 1


def test_feedback_that_could_not_be_written_is_written_by_the_next_run(tmp_path):
    write_inbox(tmp_path / "inbox", PERIOD, "01T", "board", board_rows({WHITE: 8, BME: 5}))
    path = tmp_path / "inbox" / PERIOD / "01T" / "board.csv"
    path.write_bytes(path.read_bytes()[:-20])
    (tmp_path / "feedback").touch()
    result = equality("run", "--home", tmp_path)
    assert result.exit_code == 2
    assert "is not a folder, or cannot be one. Name another one." in result.err
    (tmp_path / "feedback").unlink()
    assert equality("run", "--home", tmp_path).exit_code == 3
    assert set(files(tmp_path / "feedback" / PERIOD / "01T")) == {"board.jsonl", "board.xlsx"}


@pytest.mark.parametrize("name", ["channels.toml", "decisions/code_decision.csv"])
def test_a_folder_where_a_file_is_needed_is_told_as_one(tmp_path, name):
    (tmp_path / "home" / name).mkdir(parents=True, mode=0o700)
    write_inbox(tmp_path / "home" / "inbox", "2022-03-31", "01T", "esr_staff", staff_rows(30))
    result = equality("run", "--home", tmp_path / "home")
    assert result.exit_code == 2
    assert f"{name} is a folder, and a file is needed there." in result.err
