"""Runs the product on an inbox and tells what each stage took.

    python bench/staged.py HOME INBOX [--until build]

Prints JSON: for each stage its seconds by the clock and of the processors, this process and its
companion together, and the memory at its end. With ``--until`` the run ends after that stage, with
the files landed and nothing released. ``bench/all.py`` runs it as a process of its own.
"""

import argparse
import gc
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from memory import resident_mb

from pipeline.run import run
from pipeline.settings import load_settings
from pipeline.workspace import InProcess

T = TypeVar("T")
Item = TypeVar("Item")
_TICKS = os.sysconf("SC_CLK_TCK")


class Ended(BaseException):
    """The stage after which a run is to end has run."""


class Timed(InProcess):
    """Runs the stages here and keeps what each took."""

    def __init__(self, until: str | None) -> None:
        self._until = until
        self.stages: dict[str, dict[str, float]] = {}

    def call(self, stage: Callable[[], T], name: str) -> T:
        """Run one stage."""
        return self._timed(stage, name)

    def each(
        self, stage: Callable[[Item], T], items: Sequence[Item], name: str, labels: Sequence[str]
    ) -> list[T]:
        """Run one stage for each item."""
        return self._timed(lambda: [stage(item) for item in items], name)

    def _timed(self, stage: Callable[[], T], name: str) -> T:
        wall, used = time.perf_counter(), cpu_seconds()
        try:
            return stage()
        finally:
            own = self.stages.setdefault(name, {"calls": 0, "wall": 0.0, "cpu": 0.0})
            own["calls"] += 1
            own["wall"] = round(own["wall"] + time.perf_counter() - wall, 2)
            own["cpu"] = round(own["cpu"] + cpu_seconds() - used, 2)
            own["resident_mb"] = round(resident_mb(os.getpid()))
            print(json.dumps({name: own}), file=sys.stderr, flush=True)
            if name == self._until and sys.exc_info()[0] is None:
                raise Ended


def cpu_seconds() -> float:
    """Return the processor seconds of this process and of its children, alive or not."""
    own = os.times()
    return own.user + own.system + own.children_user + own.children_system + _of_living()


def _of_living() -> float:
    listed = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split()
    found = 0
    for pid in listed:
        try:
            text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
        except OSError:
            continue
        found += sum(map(int, text.rpartition(")")[2].split()[11:15]))
    return found / _TICKS


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("inbox", type=Path)
    parser.add_argument("--until", metavar="STAGE")
    options = parser.parse_args()
    gc.set_threshold(200_000, 50, 50)  # as the command line does
    runner = Timed(options.until)
    start, report = time.perf_counter(), {}
    try:
        outcome = run(load_settings(options.home, options.inbox), runner)
    except Ended:
        pass
    else:
        report = told(outcome)
    report |= {
        "stages": runner.stages,
        "wall": round(time.perf_counter() - start, 2),
        "cpu": round(cpu_seconds(), 2),
    }
    print(json.dumps(report, indent=1))


def told(outcome: Any) -> dict[str, Any]:
    """Return what came of a run."""
    released = outcome.released
    return {
        "files": len(outcome.loads),
        "rows_landed": sum(load.rows_landed for load in outcome.loads),
        "rows_quarantined": sum(load.rows_quarantined for load in outcome.loads),
        "rejected": len(outcome.rejections),
        "figures": released.figures,
        "suppressed": released.suppressed,
        "hidden_counts_attacked": released.attacked,
        "stopped": list(released.stop_reasons)[:20],
    }


if __name__ == "__main__":
    main()
