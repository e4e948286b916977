"""What `docs/recovery.md` says to type is typed, on a home that was damaged in that way."""

import os
import re
import shutil
import subprocess
import sys

import pytest
from command import equality
from kept_homes import current, damage

from pipeline.resources import ROOT

pytestmark = pytest.mark.slow

DOCUMENT = ROOT / "docs" / "recovery.md"


def commands(heading):
    """Return the first block of commands below a heading."""
    text = DOCUMENT.read_text(encoding="utf-8")
    (below,) = re.findall(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#|\Z)", text, re.M | re.S)
    block = re.search(r"^ *```sh\n(.*?)^ *```", below, re.M | re.S)
    return [line.strip() for line in block[1].splitlines()]


@pytest.fixture
def place(two_releases, kept_copy, tmp_path):
    """Names for the commands, and a home of which there is a backup."""
    shutil.copytree(kept_copy / "keys", tmp_path / "safe")
    named = {
        "HOME_DIR": kept_copy,
        "NEW_HOME": tmp_path / "new",
        "BACKUP": tmp_path / "backup.tar",
        "KEYS": tmp_path / "safe",
        "RELEASE": two_releases[1],
        "SNAPSHOT": next(kept_copy.glob("snapshots/??/*.sealed")).relative_to(kept_copy),
    }
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "equality"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m pipeline "$@"\n', encoding="ascii")
    program.chmod(0o700)
    path = f"{program.parent}:{os.environ['PATH']}"
    return {name: str(value) for name, value in named.items()} | {"PATH": path}


def type_in(place, heading):
    for line in commands(heading):
        done = subprocess.run(
            ["sh", "-c", line], env=os.environ | place, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, (line, done.stdout, done.stderr)


def cut(path):
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-100])


def harm_release(home, place):
    cut(home / "releases" / place["RELEASE"] / "equality.duckdb")


def harm_published(home, _):
    cut(home / "published" / "equality.duckdb")
    cut(home / "published" / f"report-{current(home)}" / "index.html")


def harm_snapshot(home, place):
    cut(home / place["SNAPSHOT"])


def harm_database(home, _):
    path = home / "private.duckdb"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])


def harm_trail(home, _):
    (home / "trail.jsonl").unlink()


@pytest.mark.parametrize(
    ("heading", "harm"),
    [
        ("A release", harm_release),
        ("The published file, or its report", harm_published),
        ("A snapshot", harm_snapshot),
        ("The private database", harm_database),
        ("The trail", harm_trail),
    ],
)
def test_what_is_typed_mends_it(place, kept_copy, heading, harm):
    type_in(place, "Before anything goes wrong")
    harm(kept_copy, place)
    assert damage(kept_copy)[0].exit_code == 1
    type_in(place, heading)
    result, found = damage(kept_copy)
    assert (result.exit_code, found) == (0, [])


def test_lost_keys_come_back(place, kept_copy):
    shutil.rmtree(kept_copy / "keys")
    assert equality("run", "--home", kept_copy).exit_code == 2
    type_in(place, "The keys")
    assert equality("run", "--home", kept_copy).exit_code == 0


def test_a_lost_disk(place, kept_copy, tmp_path):
    before = current(kept_copy)
    type_in(place, "Before anything goes wrong")
    shutil.rmtree(kept_copy)
    type_in(place, "The disk is lost")
    assert current(tmp_path / "new") == before


def test_a_wrong_release(place, kept_copy):
    assert current(kept_copy) != place["RELEASE"]
    type_in(place, "A wrong release is out")
    assert current(kept_copy) == place["RELEASE"]
    assert damage(kept_copy)[0].exit_code == 0
