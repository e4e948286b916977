"""What several tests share: a home with two releases, made once, and copies of it."""

import shutil
from pathlib import Path

import pytest
from kept_homes import released


@pytest.fixture(scope="session")
def two_releases(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """A home with two releases and their reports, to be read and not changed; and their ids."""
    home = tmp_path_factory.mktemp("kept") / "home"
    return home, *released(home)


@pytest.fixture
def kept_copy(two_releases: tuple[Path, str, str], tmp_path: Path) -> Path:
    """A copy of that home, to be changed."""
    return Path(shutil.copytree(two_releases[0], tmp_path / "home"))
