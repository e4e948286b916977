"""The Python of ``docs/connect.md``, run as it stands there."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.report.copies import write_copies
from pipeline.report.source import read_release
from pipeline.settings import Home

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "connect.md").read_text(encoding="utf-8")
CODE = re.findall(r"^```python\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def folder(demo_home, module_folders):
    """A folder as its reader stands in: what is published, and the copies of the release."""
    folder = module_folders.mktemp("reader")
    (folder / "published").symlink_to(demo_home / "published")
    write_copies(read_release(Home(demo_home)), folder / "data")
    return folder


def test_every_example_is_marked_as_tested():
    assert len(CODE) == TEXT.count("<!-- test -->") == 4


@pytest.mark.parametrize("code", CODE, ids=range(1, len(CODE) + 1))
def test_it_runs_as_it_stands(folder, code):
    frames = (
        "\nfound = [value for value in dict(globals()).values() if hasattr(value, 'shape')]"
        "\nassert found and all(value.shape[0] for value in found)\n"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", code + frames],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_it_opens_nothing_for_writing():
    for line in TEXT.splitlines():
        if "equality.duckdb" in line and re.search(r"connect\(|create\(|Driver=|^ {4}duckdb", line):
            assert re.search(r"read_?only", line, re.IGNORECASE), line
