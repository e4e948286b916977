"""What several tests share: the demo, run once in each process that asks for it."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest

# A developer's own homes, inboxes, keys and Prefect server stay out of the tests.
for _name in [name for name in os.environ if name.startswith(("EQUALITY_", "PREFECT_API_"))]:
    del os.environ[_name]


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
    from pipeline.cli import main

    home = tmp_path_factory.mktemp("demo") / "home"
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    output, errors = StringIO(), StringIO()
    umask = os.umask(0o077)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("EQUALITY_HOME", "EQUALITY_INBOX", "PREFECT_API_URL"):
            patch.delenv(name, raising=False)
        # Whatever is written beside the home lands in one of these, and is seen.
        for name, folder in (("TMPDIR", "tmp"), ("HOME", "user")):
            (elsewhere / folder).mkdir()
            patch.setenv(name, str(elsewhere / folder))
        patch.setattr(tempfile, "tempdir", None)
        (elsewhere / "cwd").mkdir()
        patch.chdir(elsewhere / "cwd")
        with redirect_stdout(output), redirect_stderr(errors):
            exit_code = main(["demo", "--home", str(home)])
    os.umask(umask)
    left = sorted(path.relative_to(elsewhere).as_posix() for path in elsewhere.rglob("*"))
    folders = {"tmp", "user", "cwd"}
    yield Demo(
        home,
        exit_code,
        output.getvalue(),
        errors.getvalue(),
        tuple(name for name in left if name not in folders),
    )


@pytest.fixture(scope="session")
def demo_home(demo: Demo) -> Path:
    """The home of the demo, to be read and not changed."""
    return demo.home
