"""A rotation that is killed, or whose disk is full: nothing is lost, and the next finishes it."""

import json
import subprocess
import sys
from pathlib import Path

import keyed_home
import mounted
import pytest
from command import equality
from measured import record

from pipeline import trail
from pipeline.errors import ProductError
from pipeline.identity import load_keys
from pipeline.lock import single_writer
from pipeline.rotation import finish
from pipeline.settings import Home

TIMED = 12


def survived(home: Home, is_by_a_run: bool) -> None:
    """Check a home whose rotation was killed: as it is, and after the next run or rotation."""
    keyed_home.check(home)
    begun = load_keys(home)
    if is_by_a_run:
        with single_writer(home):
            finished = finish(home, begun)
    else:
        assert equality("key", "rotate", "--home", home.root).exit_code == 0
        finished = load_keys(home)
    assert finished.links[: len(begun.links)] == begun.links
    keyed_home.check_under_the_newest_alone(home)
    trail.note(home, "run", {})
    assert trail.faults_of(home) == []


@pytest.mark.slow
def test_a_rotation_survives_a_kill_at_any_point(tmp_path):
    template = keyed_home.make(tmp_path / "home")
    (tmp_path / "killed").mkdir()
    script = Path(__file__).with_name("killed_at_each_point.py")
    ended = subprocess.run(
        [sys.executable, script, template.root, tmp_path / "killed", str(TIMED)],
        env=keyed_home.cleared_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    points = json.loads(ended.stdout)
    killed = [name for name, each in points.items() if each["signal"] == 9]
    assert len(killed) >= 60
    for number, name in enumerate(sorted(points)):
        try:
            survived(Home(tmp_path / "killed" / name), is_by_a_run=number % 2 == 0)
        except (AssertionError, ProductError) as error:
            raise AssertionError(f"killed {points[name]['point']}: {error}") from error
    record(
        "key_rotation_killed",
        {"points": len(points), "killed": len(killed), "lost_people": 0, "lost_files": 0},
    )


@pytest.mark.skipif(mounted.unshare() is None, reason="no mounts of a test's own on this machine")
def test_a_rotation_survives_a_full_disk(tmp_path):
    template = keyed_home.make(tmp_path / "home")
    disk = tmp_path / "disk"
    disk.mkdir()
    spare = (0, 8, 64, 300, 700)
    results = mounted.results("rotation", disk, template.root, *spare)
    assert [each["again"] for each in results] == [0] * len(spare)
    for each in results[:-1]:
        assert each["exit_code"] == 74, each
        assert "is full. Free some space and run again" in each["err"]
