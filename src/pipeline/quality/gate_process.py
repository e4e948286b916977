"""The gate in a process of its own, which gets ready while the files are still being read.

Great Expectations takes longer to import than everything else takes to run. The process is given
frames over its standard input and gives back results; when the run ends, however it ends, its
input closes and it ends too.
"""

import os
import pickle
import subprocess
import sys
from collections.abc import Iterable, Mapping
from typing import IO, TYPE_CHECKING, Any

from pipeline.errors import ProductError

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.quality.checks import Check
    from pipeline.quality.gate import CheckResult


class Gate:
    """Runs suites in a process that it starts once, when first told to."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Gate":
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()

    def start(self) -> None:
        """Start the process, if it does not run yet; returns at once."""
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "pipeline.quality.gate_process"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )

    def run_suite(
        self, name: str, checks: Iterable["Check"], frames: Mapping[str, "pd.DataFrame"]
    ) -> list["CheckResult"]:
        """Run one suite as ``quality.gate.run_suite`` does, and return its results.

        Raises:
            ProductError: the process ended without an answer, so no check can be said to have run.
        """
        self.start()
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise ProductError("The gate could not be started, so nothing is released.")
        checks = list(checks)
        asked = {
            check.check_id: frames[check.check_id] for check in checks if check.check_id in frames
        }
        try:
            pickle.dump((name, checks, asked), process.stdin)
            process.stdin.flush()
            results: list[CheckResult] = pickle.load(process.stdout)  # noqa: S301 - our own child
        except (EOFError, BrokenPipeError, pickle.UnpicklingError):
            raise ProductError(
                "The gate ended without an answer, so nothing is released. It may have run out "
                "of memory; run again."
            ) from None
        return results


def _serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Answer requests until there are none; everything printed meanwhile goes nowhere."""
    from pipeline.quality.gate import get_ready, run_suite

    get_ready()
    while True:
        try:
            request: tuple[str, Any, Any] = pickle.load(requests)  # noqa: S301 - our own parent
        except EOFError:
            return
        pickle.dump(run_suite(*request), answers)
        answers.flush()


if __name__ == "__main__":
    with os.fdopen(os.dup(1), "wb") as answers_out:
        os.dup2(2, 1)
        _serve(sys.stdin.buffer, answers_out)
