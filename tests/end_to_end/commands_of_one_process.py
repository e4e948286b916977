"""Runs several commands in one process, which spares the time to start; not a test itself.

Standard input: a JSON list of ``{"arguments": [...], "fault": ...}``; standard output: a JSON list
of ``{"exit_code": ..., "out": ..., "err": ...}``. A fault is planted for one command: ``lock``
(another run holds it), ``gate`` (the gate stops), ``product`` (an exception that quotes a value),
``database`` (DuckDB quotes a value that has landed).
Where a fault is planted every check passes unseen, which spares the gate's seconds of import.
"""

import json
import sys
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from unittest import mock

from pipeline.cli import main
from pipeline.lock import single_writer
from pipeline.quality.gate import CheckResult
from pipeline.settings import Home


class PassingGate:
    """Says of every check that it passed."""

    def __enter__(self):
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def start(self) -> None:
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
        return [CheckResult(check, passed=True, rows=0) for check in checks]


def quoting(*_: object) -> None:
    raise ValueError("the value PLANTED-IN-AN-EXCEPTION")


def quoting_what_landed(connection, *_: object) -> None:
    connection.execute("select sum(cast(job_role as integer)) from landing.esr_staff")


@contextmanager
def planted(fault: str | None, home: Path):
    with ExitStack() as stack:
        if fault:
            stack.enter_context(mock.patch("pipeline.run.Companion", PassingGate))
        if fault == "lock":
            stack.enter_context(single_writer(Home(home)))
        elif fault == "gate":
            reasons = mock.Mock(return_value=["a planted contradiction"])
            stack.enter_context(mock.patch("pipeline.quality.judge.stop_reasons", reasons))
        elif fault == "product":
            stack.enter_context(mock.patch("pipeline.release_stages.build", quoting))
        elif fault == "database":
            stack.enter_context(mock.patch("pipeline.release_stages.build", quoting_what_landed))
        yield


def run(arguments: list[str], fault: str | None, err: StringIO) -> dict[str, object]:
    """Run a command; ``err`` is the stream of all, since Prefect logs to the one it found first."""
    out, begin = StringIO(), err.tell()
    home = Path(arguments[arguments.index("--home") + 1])
    with planted(fault, home), redirect_stdout(out), redirect_stderr(err):
        exit_code = main(arguments)
    return {"exit_code": exit_code, "out": out.getvalue(), "err": err.getvalue()[begin:]}


if __name__ == "__main__":
    errors = StringIO()
    results = [run(each["arguments"], each["fault"], errors) for each in json.load(sys.stdin)]
    json.dump(results, sys.stdout)
