"""What several tests share: the demo, run once in a session, and folders of a module."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest
from made_once import made_once

# A developer's own homes, inboxes, keys and Prefect server stay out of the tests.
for _name in [name for name in os.environ if name.startswith(("EQUALITY_", "PREFECT_API_"))]:
    del os.environ[_name]


def pytest_itemcollected(item: pytest.Item) -> None:
    """What is long is slow too."""
    if item.get_closest_marker("long"):
        item.add_marker(pytest.mark.slow)


class Folders:
    """Temporary folders that are removed together."""

    def __init__(self, factory: pytest.TempPathFactory) -> None:
        self._factory = factory
        self._made: list[Path] = []

    def mktemp(self, name: str) -> Path:
        """Return a new folder."""
        self._made.append(self._factory.mktemp(name))
        return self._made[-1]

    def remove(self) -> None:
        for folder in self._made:
            shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def module_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Folders]:
    """Folders for what a module makes, gone with its last test: homes would fill a small disk."""
    folders = Folders(tmp_path_factory)
    yield folders
    folders.remove()


@dataclass(frozen=True, slots=True)
class Demo:
    """What ``equality demo`` left: its home, exit code and words, and files that it left elsewhere.

    Nobody changes the home: who wants to copies it first.
    """

    home: Path
    exit_code: int
    output: str
    errors: str
    left_elsewhere: tuple[str, ...]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with made_once(tmp_path_factory, "demo", _make_demo) as (folder, told):
        yield Demo(folder / "home", **told | {"left_elsewhere": tuple(told["left_elsewhere"])})


def _make_demo(folder: Path) -> dict[str, object]:
    """Make the home of the demo in ``folder``, and return the rest of what it left."""
    from pipeline.cli import main

    home, elsewhere = folder / "home", folder / "elsewhere"
    output, errors = StringIO(), StringIO()
    umask = os.umask(0o077)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("EQUALITY_HOME", "EQUALITY_INBOX", "PREFECT_API_URL"):
            patch.delenv(name, raising=False)
        # Whatever is written beside the home lands in one of these, and is seen.
        for name, place in (("TMPDIR", "tmp"), ("HOME", "user")):
            (elsewhere / place).mkdir(parents=True)
            patch.setenv(name, str(elsewhere / place))
        patch.setattr(tempfile, "tempdir", None)
        (elsewhere / "cwd").mkdir()
        patch.chdir(elsewhere / "cwd")
        with redirect_stdout(output), redirect_stderr(errors):
            exit_code = main(["demo", "--home", str(home)])
    os.umask(umask)
    left = sorted(path.relative_to(elsewhere).as_posix() for path in elsewhere.rglob("*"))
    return {
        "exit_code": exit_code,
        "output": output.getvalue(),
        "errors": errors.getvalue(),
        "left_elsewhere": [name for name in left if name not in {"tmp", "user", "cwd"}],
    }


@pytest.fixture(scope="session")
def demo_home(demo: Demo) -> Path:
    """The home of the demo, to be read and not changed."""
    return demo.home
