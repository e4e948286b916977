"""What several tests share: a home with two releases, made once, and copies of it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from kept_homes import released
from made_once import made_once


@pytest.fixture(scope="session")
def two_releases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str, str]]:
    """A home with two releases and their reports, to be read and not changed; and their ids."""
    with made_once(tmp_path_factory, "two_releases", lambda at: released(at / "home")) as (at, ids):
        yield at / "home", *ids


@pytest.fixture
def kept_copy(two_releases: tuple[Path, str, str], tmp_path: Path) -> Path:
    """A copy of that home, to be changed."""
    return Path(shutil.copytree(two_releases[0], tmp_path / "home"))
