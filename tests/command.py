"""The command line as a test calls it, and what a home holds afterwards."""

import contextlib
import io
import os
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from pipeline.cli import main
from pipeline.identity import load_keys
from pipeline.settings import Home
from pipeline.store import open_private


@dataclass(frozen=True)
class Result:
    """What a command left behind: its exit code and both of its streams."""

    exit_code: int
    out: str
    err: str


class GateHere:
    """The gate in the test's own process, which imports Great Expectations once for all runs."""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def start(self):
        pass

    def answer(self, questions):
        from pipeline.assess.methods import answer

        return answer(questions)

    def each(self, function, items):
        return [function(item) for item in items]

    def p_values(self, counts):
        from pipeline.quality.chance import p_values

        return p_values(counts)

    def run_checks(self, checks, frames):
        from pipeline.quality.gate import run_checks

        return run_checks(checks, frames)


def equality(*arguments: object) -> Result:
    """Run a command in this process; wrong usage, which argparse ends, has its exit code too."""
    out, err = io.StringIO(), io.StringIO()
    umask = os.umask(0o077)
    try:
        with (
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
            patch("pipeline.run.Companion", GateHere),
        ):
            exit_code = main([str(argument) for argument in arguments])
    except SystemExit as ended:
        exit_code = int(ended.code or 0)
    finally:
        os.umask(umask)
    return Result(exit_code, out.getvalue(), err.getvalue())


def private_rows(home: Path, query: str) -> list[tuple]:
    """Return the rows of a query on the private database of ``home``."""
    kept = Home(home)
    with open_private(kept, load_keys(kept), read_only=True) as connection:
        return connection.execute(query).fetchall()


def files(folder: Path) -> dict[str, bytes]:
    """Return every file below ``folder`` with its content."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
