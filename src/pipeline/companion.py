"""A second process, which gets ready while the files are still being read.

SciPy and Great Expectations take longer to import than everything else takes to run. What needs
them is asked of this process: it is given questions and frames over its standard input and gives
back answers and results. It shares in what takes long besides. When the run ends, however it ends,
its input closes and it ends too.
"""

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import IO, TYPE_CHECKING, Any

from pipeline.errors import EqualityError, ProductError
from pipeline.key_sources import child_environment
from pipeline.sharing import both, here

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.assess.assessed import Assessed, Question
    from pipeline.quality.checks import Check
    from pipeline.quality.gate import CheckResult
    from pipeline.sharing import Given, Item


class Companion:
    """Assesses and checks in a process that it starts once, when first told to."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Companion":
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()

    def start(self) -> None:
        """Start the process, if it does not run yet; returns at once."""
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "pipeline.companion"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=child_environment(),
            )

    def answer(self, questions: Sequence["Question"]) -> list["Assessed"]:
        """Return what ``assess.methods.answer`` answers.

        Raises:
            ProductError: the process ended without an answer.
        """
        answers: list[Assessed] = self._ask("answer", questions)
        return answers

    def run_checks(
        self, checks: Iterable["Check"], frames: Mapping[str, "pd.DataFrame"]
    ) -> list["CheckResult"]:
        """Run checks as ``quality.gate.run_checks`` does, and return their results.

        Raises:
            ProductError: the process ended without an answer, so no check can be said to have run.
        """
        checks = list(checks)
        asked = {
            check.check_id: frames[check.check_id] for check in checks if check.check_id in frames
        }
        results: list[CheckResult] = self._ask("run_checks", checks, asked)
        return results

    def p_values(self, counts: "pd.DataFrame") -> list[float]:
        """Return the p-values of the rows as ``quality.chance.p_values`` does.

        Raises:
            ProductError: the process ended without an answer.
        """
        values: list[float] = self._ask("p_values", counts)
        return values

    def each(self, function: "Callable[[Item], Given]", items: "Sequence[Item]") -> "list[Given]":
        """Work on each item, on some in that process; ``sharing.Each``.

        Raises:
            ProductError: the process ended without an answer.
            EqualityError: what the function raises, here or there.
        """
        if len(items) < 2 or os.cpu_count() == 1:
            return here(function, items)
        return both(function, items, lambda item: self._ask("call", function, item))

    def _ask(self, task: str, *arguments: object) -> Any:
        self.start()
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise ProductError("The second process could not be started; nothing is released.")
        try:
            pickle.dump((task, arguments), process.stdin)
            process.stdin.flush()
            answered = pickle.load(process.stdout)  # noqa: S301 - our own child
        except (EOFError, BrokenPipeError, pickle.UnpicklingError):
            raise ProductError(
                "The process that assesses and checks the figures ended without an answer, so "
                "nothing is released. It may have run out of memory; run again."
            ) from None
        if isinstance(answered, EqualityError):
            raise answered
        return answered


def _serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Answer requests until there are none; everything printed meanwhile goes nowhere."""
    from pipeline.quality.gate import get_ready

    get_ready()
    from pipeline.assess.methods import answer
    from pipeline.quality.chance import p_values
    from pipeline.quality.gate import run_checks

    tasks: dict[str, Callable[..., object]] = {
        "answer": answer,
        "call": _call,
        "p_values": p_values,
        "run_checks": run_checks,
    }
    while True:
        try:
            task, arguments = pickle.load(requests)  # noqa: S301 - our own parent
        except EOFError:
            return
        pickle.dump(_answered(tasks[task], arguments), answers)
        answers.flush()


def _answered(task: Callable[..., object], arguments: Iterable[object]) -> object:
    try:
        return task(*arguments)
    except EqualityError as error:
        return error


def _call(function: Callable[[object], object], item: object) -> object:
    return function(item)


if __name__ == "__main__":
    with os.fdopen(os.dup(1), "wb") as answers_out:
        os.dup2(2, 1)
        _serve(sys.stdin.buffer, answers_out)
