"""What several tests only read: made once in a session, for all its processes, and unchanged."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

_OF_LOOKS = ("trail.jsonl", "trail.lock", "run.holder", "run.lock")
"""What a command changes that only looks."""


@contextmanager
def made_once(
    factory: pytest.TempPathFactory, name: str, make: Callable[[Path], Any]
) -> Iterator[tuple[Path, Any]]:
    """Give a folder and what was told of it, by whichever process asks first.

    Args:
        factory: of the temporary folders.
        name: of the folder.
        make: fills the new folder, and returns what can be told of it in JSON.

    Raises:
        AssertionError: a test has changed what all of them read.
    """
    own = factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    folder, told = shared / name, shared / f"{name}.json"
    with FileLock(shared / f"{name}.lock"):
        if not told.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            found = {"told": make(folder), "files": _files(folder)}
            told.write_text(json.dumps(found), encoding="utf-8")
    made = json.loads(told.read_text(encoding="utf-8"))
    yield folder, made["told"]
    now = _files(folder)
    changed = [
        name for name in made["files"].keys() | now if made["files"].get(name) != now.get(name)
    ]
    assert changed == [], f"{folder} is only to be read"


def _files(folder: Path) -> dict[str, list[int]]:
    """Return the size and the hour of every file that a look leaves alone."""
    return {
        path.relative_to(folder).as_posix(): [path.stat().st_size, path.stat().st_mtime_ns]
        for path in folder.rglob("*")
        if path.is_file() and path.name not in _OF_LOOKS
    }
