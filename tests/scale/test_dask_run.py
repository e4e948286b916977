"""Files read and checked by two Dask workers give the figures of a run in one process."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from inbox import BME, WHITE, application_rows, board_rows, staff_rows, write_inbox

from pipeline.cli import main

pytestmark = pytest.mark.slow
PERIOD = "2022-03-31"
DASK = '[tasks]\nrunner = "dask"\nworkers = 2\n'
DRIVER = Path(__file__).with_name("run_on_dask.py")


def fill(inbox):
    """Two CCGs: a row goes to quarantine, a board is rejected."""
    counts = {WHITE: 60, BME: 20}
    for code, first in (("01T", 1), ("01V", 201)):
        staff = staff_rows(counts, first)
        staff[3] = staff[3] | {"FTE": "full"}
        write_inbox(inbox, PERIOD, code, "esr_staff", staff)
    applications = application_rows({(WHITE, True): 20, (BME, False): 40})
    write_inbox(inbox, PERIOD, "01T", "recruitment", applications)
    board = board_rows({WHITE: 12, BME: 3})
    write_inbox(inbox, PERIOD, "01T", "board", board)
    lacking = [{name: row[name] for name in row if name != "Ethnic Origin"} for row in board]
    write_inbox(inbox, PERIOD, "01V", "board", lacking)


def figures(home):
    (folder,) = [path for path in (home / "releases").iterdir() if path.is_dir()]
    return folder.name, (folder / "figure.csv").read_bytes()


def feedback(home):
    return {
        path.relative_to(home).as_posix(): path.read_bytes()
        for path in sorted((home / "feedback").rglob("*.jsonl"))
    }


def test_two_workers_give_the_same_figures_byte_for_byte(tmp_path):
    pytest.importorskip("prefect_dask", reason="prefect-dask is not installed")
    plain, spread = tmp_path / "plain", tmp_path / "spread"
    for home in (plain, spread):
        home.mkdir()
        fill(home / "inbox")
    (spread / "settings.toml").write_text(DASK, encoding="utf-8")
    assert main(["run", "--home", str(plain)]) == 3
    done = subprocess.run(
        [sys.executable, str(DRIVER), str(spread)],
        env=os.environ | {"PREFECT_LOGGING_LEVEL": "WARNING"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3, done.stderr
    assert (spread / "workers").read_text().split() == ["other", "other"]
    assert figures(spread) == figures(plain)
    assert feedback(spread) == feedback(plain) != {}
    assert "full" not in done.stdout + done.stderr
