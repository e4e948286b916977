"""Around a run: another one, readers, a clock that jumps, little memory, a process killed."""

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import duckdb
import pytest
from command import equality
from kept import kept
from killing import PUBLISHED, release
from measured import record

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix", reason="what these tests use is of POSIX systems"),
]

LINUX = sys.platform.startswith("linux")
_CLOCKS = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))


def _start(plain, home, *, before=(), **environment):
    """Start a run in a process of its own."""
    command = [*before, sys.executable, "-m", "pipeline", "run", "--home", home, *plain.arguments]
    return subprocess.Popen(
        [str(part) for part in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | environment,
    )


def _ended(process):
    out, err = process.communicate(timeout=600)
    return process.returncode, out, err


def _children(pid):
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


# --- the second process alone is killed ------------------------


@pytest.mark.skipif(not LINUX, reason="finds the second process under /proc")
@pytest.mark.parametrize("seconds", [0, 2, 4])
def test_without_its_second_process_a_run_ends_in_words(plain, home, seconds):
    process = _start(plain, home)
    while not _children(process.pid):
        time.sleep(0.02)
    time.sleep(seconds)
    for child in _children(process.pid):
        os.kill(child, 9)
    code, _, err = _ended(process)
    if code != plain.exit_code:  # else it had answered everything by then
        assert (code, err) == (
            70,
            "equality: The process that assesses and checks the figures ended without an answer, "
            "so nothing is released. It may have run out of memory; run again.\n",
        )
        assert release(kept(home)) == release(plain.before)
    again = equality("run", "--home", home, *plain.arguments)
    assert (again.exit_code, again.err) == (plain.exit_code, "")
    assert plain.after.differences(kept(home)) == []


@pytest.mark.skipif(not LINUX, reason="finds the second process under /proc")
def test_a_run_that_is_killed_leaves_no_process_behind(plain, home):
    process = _start(plain, home)
    while not _children(process.pid):
        time.sleep(0.02)
    (child,) = _children(process.pid)
    process.kill()
    process.wait()
    for _ in range(600):
        if not Path(f"/proc/{child}").exists():
            break
        time.sleep(0.1)
    assert not Path(f"/proc/{child}").exists()


# --- others at the same time ------------------------


def test_two_runs_at_once_are_one_run(plain, home):
    (home / "settings.toml").write_text("lock_wait_seconds = 600\n")
    runs = [_start(plain, home) for _ in range(2)]
    results = [_ended(run) for run in runs]
    assert [(code, err) for code, _, err in results] == [(plain.exit_code, "")] * 2
    assert sum("Release " in out for _, out, _ in results) == 1
    (home / "settings.toml").unlink()
    assert plain.after.differences(kept(home)) == []


def test_readers_beside_a_run_are_answered(plain, home):
    """The published figures at any time; what is private as far as nobody writes it."""
    codes: dict[str, list[int]] = {"figures": [], "status": []}
    is_over = threading.Event()
    faults = []

    def look():
        while not is_over.is_set():
            for command, found in codes.items():
                asked = [sys.executable, "-m", "pipeline", command, "--home", home, "--json"]
                looked = subprocess.run(asked, capture_output=True, text=True, check=False)
                found.append(looked.returncode)
                if looked.returncode == 0:
                    json.loads(looked.stdout)
                elif "is open in process" not in looked.stderr or looked.returncode != 4:
                    faults.append(looked.stderr)

    reader = threading.Thread(target=look)
    reader.start()
    code, _, err = _ended(_start(plain, home))
    is_over.set()
    reader.join()
    assert (code, err) == (plain.exit_code, "")
    assert faults == []
    assert set(codes["figures"]) == {0}
    assert plain.after.differences(kept(home)) == []
    record(
        "readers_beside_a_run",
        {"looks_at_figures": len(codes["figures"]), "looks_refused": codes["figures"].count(4)},
    )


def test_a_reader_that_has_the_published_file_open_throughout(plain, home):
    with duckdb.connect(str(home / PUBLISHED), read_only=True) as reader:
        count = "select count(*), max(release_id) from figure"
        before = reader.execute(count).fetchone()
        code, _, err = _ended(_start(plain, home))
        assert (code, err) == (plain.exit_code, "")
        assert reader.execute(count).fetchone() == before, "a reader keeps what it opened"
    with duckdb.connect(str(home / PUBLISHED), read_only=True) as reader:
        assert reader.execute(count).fetchone()[1] == release(plain.after)
    assert plain.after.differences(kept(home)) == []


# --- a clock that is wrong ------------------------


@pytest.mark.skipif(not _CLOCKS, reason="libfaketime is not installed")
@pytest.mark.parametrize("jump", ["-1y", "+1y", "+40y"])
def test_a_clock_that_is_wrong_changes_no_figure(plain, home, jump):
    environment = {"LD_PRELOAD": str(_CLOCKS[0]), "FAKETIME": jump, "DONT_FAKE_MONOTONIC": "1"}
    code, _, err = _ended(_start(plain, home, **environment))
    assert (code, err) == (plain.exit_code, "")
    assert plain.after.differences(kept(home)) == []


@pytest.mark.skipif(not _CLOCKS, reason="libfaketime is not installed")
def test_a_clock_that_jumps_during_a_run_changes_no_figure(plain, home, tmp_path):
    clock = tmp_path / "clock"
    clock.write_text("+0\n")
    environment = {
        "LD_PRELOAD": str(_CLOCKS[0]),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "DONT_FAKE_MONOTONIC": "1",
    }
    process, jumps = _start(plain, home, **environment), 0
    while process.poll() is None:
        time.sleep(0.4)
        clock.with_suffix(".new").write_text("+1y\n" if jumps % 2 else "-1y\n")
        clock.with_suffix(".new").replace(clock)
        jumps += 1
    code, _, err = _ended(process)
    assert (code, err) == (plain.exit_code, "")
    assert plain.after.differences(kept(home)) == []
    verified = equality("verify", "--home", home)
    assert verified.exit_code == 0, verified.out
    record("clock", {"jumps_of_a_year_in_a_run": jumps, "figures_changed": 0})


# --- not enough memory ------------------------


def _limited(megabytes):
    """Return the command that lets another one have so much memory of its own."""
    script = (
        "import os, resource, sys; "
        f"resource.setrlimit(resource.RLIMIT_DATA, ({megabytes << 20}, {megabytes << 20})); "
        "os.execv(sys.argv[1], sys.argv[1:])"
    )
    return (sys.executable, "-c", script)


@pytest.mark.skipif(not LINUX, reason="the limit counts what a process asks for on Linux alone")
@pytest.mark.parametrize("megabytes", [250, 350, 500])
def test_a_run_with_little_memory_ends_in_words_or_well(plain, home, megabytes):
    # A pool of threads for each core asks for more than it uses.
    few = {"OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
    code, _, err = _ended(_start(plain, home, before=_limited(megabytes), **few))
    assert code in (plain.exit_code, 70), err
    assert "Traceback" not in err
    if code == 70:
        assert err.startswith("equality: ")
        assert "memory" in err
        assert release(kept(home)) == release(plain.before)
    record(f"memory_limit_{megabytes}_mb", {"exit_code": code, "limit_mb": megabytes})
    again = equality("run", "--home", home, *plain.arguments)
    assert (again.exit_code, again.err) == (plain.exit_code, "")
    assert plain.after.differences(kept(home)) == []


@pytest.mark.skipif(not LINUX, reason="reads what a process has used from /proc")
def test_what_a_run_of_a_small_inbox_uses(plain, home):
    process, peaks = _start(plain, home), {}
    while process.poll() is None:
        for name, pid in [
            ("main", process.pid),
            *(("second", pid) for pid in _children_of(process)),
        ]:
            used = _peak(pid)
            peaks[name] = max(peaks.get(name, 0), used)
        time.sleep(0.05)
    assert _ended(process)[0] == plain.exit_code
    record("memory", {f"{name}_process_peak_mb": peak for name, peak in peaks.items()})
    assert peaks["main"] < 500
    assert peaks["second"] < 500


def _children_of(process):
    try:
        return _children(process.pid)
    except OSError:
        return []


def _peak(pid):
    """Return the most that a process has had in memory, in MiB; 0 where it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) >> 10 for line in lines if line.startswith("VmHWM:")), 0)
