"""The systemd units and the crontab that ship: whole for systemd, and what they call really called.

The command line runs as a service manager starts it: an environment of the unit alone, no terminal,
a working folder that is nobody's, twice on the day.
"""

import configparser
import os
import shutil
import subprocess
import sys

import pytest
from inbox import BME, UNKNOWN, WHITE, staff_rows, write_inbox
from measured import record

from pipeline.periods import quarter_end_before
from pipeline.resources import ROOT
from pipeline.schedule.run import today

UNITS = ROOT / "flows" / "systemd"
NAMES = ("equality-run.service", "equality-run.timer", "equality-serve.service")
INSTALLED = "/opt/equality/.venv/bin/equality"


def unit(name):
    """A unit's sections; keys are told apart by their case."""
    read = configparser.ConfigParser(interpolation=None, strict=False)
    read.optionxform = str
    read.read(UNITS / name)
    return read


@pytest.fixture
def home(tmp_path):
    """A home of whose newest quarter one of two trusts is missing, and the deadline far."""
    found = tmp_path / "home"
    period = quarter_end_before(today()).isoformat()
    rows = staff_rows({WHITE: 30, BME: 10, UNKNOWN: 5})
    write_inbox(found / "inbox", period, "RBQ", "esr_staff", rows)
    settings = 'deadline_days = 92\norganisations = ["RBL", "RBQ"]\nsources = ["esr_staff"]\n'
    (found / "settings.toml").write_text(f"[schedule]\n{settings}", encoding="utf-8")
    return found


def called(command, home, tmp_path):
    """Call a command as it stands in a unit or crontab, here installed and with this home."""
    program = tmp_path / "equality"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m pipeline "$@"\n')
    program.chmod(0o755)
    here = command.replace(INSTALLED, str(program)).replace("/srv/equality", str(home))
    return subprocess.run(
        ["/bin/sh", "-c", here],
        cwd="/",
        # The checkout stands in for an installation.
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_finds_no_fault_in_the_units(tmp_path):
    for name in NAMES:
        text = (UNITS / name).read_text(encoding="ascii")
        (tmp_path / name).write_text(text.replace(INSTALLED, "/bin/true"))
    paths = [str(tmp_path / name) for name in NAMES]
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *paths],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")


def test_the_timer_looks_every_day_and_makes_up_for_a_day_off_once():
    timer = unit("equality-run.timer")["Timer"]
    assert timer["OnCalendar"] == "*-*-* 06:00:00 Europe/London"
    assert timer["Persistent"] == "true"
    service = unit("equality-run.service")["Service"]
    assert (service["Type"], service["Restart"]) == ("oneshot", "no")
    assert service["SuccessExitStatus"] == "3"


@pytest.mark.slow
def test_what_the_unit_starts_waits_and_says_who_is_missing(home, tmp_path):
    service = unit("equality-run.service")["Service"]
    command = f"{service['Environment']} {service['ExecStart']}"
    first = called(command, home, tmp_path)
    assert (first.returncode, first.stderr) == (0, "")
    assert "Received 1 file from 1 organisation" in first.stdout
    assert "Waiting for extracts of" in first.stdout
    assert "(RBL): esr_staff" in first.stdout
    second = called(command, home, tmp_path)
    assert (second.returncode, second.stderr) == (0, "")
    assert "Received" not in second.stdout
    assert not (home / "published").exists()


@pytest.mark.slow
def test_what_the_crontab_starts_runs_once_everything_is_there_and_makes_the_report(home, tmp_path):
    period = quarter_end_before(today()).isoformat()
    rows = staff_rows({WHITE: 30, BME: 10, UNKNOWN: 5}, first=500)
    write_inbox(home / "inbox", period, "RBL", "esr_staff", rows)
    lines = (UNITS / "equality.cron").read_text(encoding="ascii").splitlines()
    *when, user, command = lines[-1].split(None, 6)
    assert (when, user) == (["0", "6", "*", "*", "*"], "equality")
    for _ in range(2):
        ended = called(command, home, tmp_path)
        assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    said = (home / "run.log").read_text(encoding="utf-8")
    assert said.count("Everything expected of") == 2
    assert said.count("\nRelease ") == 1
    assert said.count("\nReport: ") == 1
    assert "Nothing new: release" in said
    assert (home / "published" / "index.html").exists()
    record("schedule_timer", {"releases": len(list((home / "releases").iterdir())), "looks": 2})
