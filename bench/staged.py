"""Runs the product on an inbox and tells what each stage took.

    python bench/staged.py HOME INBOX REPORT [--until build]

REPORT is JSON, written anew after each stage: its seconds by the clock and of the processors, this
process and its companion together, and their most memory meanwhile. With ``--until`` the run ends
after that stage, with the files landed and nothing released. ``bench/all.py`` runs it as a process
of its own.
"""

import argparse
import gc
import json
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from memory import Watch

from pipeline.outcome import Outcome
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

    def __init__(self, report: Path, watch: Watch, until: str | None = None) -> None:
        self._report, self._watch, self._until = report, watch, until
        self._told: dict[str, Any] = {"stages": {}}

    def call(self, stage: Callable[[], T], name: str) -> T:
        """Run one stage."""
        own = self._told["stages"].setdefault(name, {"calls": 0, "wall": 0, "cpu": 0, "peak_mb": 0})
        wall, used, self._watch.peak_mb = time.perf_counter(), cpu_seconds(), 0.0
        given = stage()
        own["calls"] += 1
        own["wall"] = round(own["wall"] + time.perf_counter() - wall, 2)
        own["cpu"] = round(own["cpu"] + cpu_seconds() - used, 2)
        own["peak_mb"] = max(own["peak_mb"], round(self._watch.peak_mb))
        self.tell()
        if name == self._until:
            raise Ended
        return given

    def each(
        self, stage: Callable[[Item], T], items: Sequence[Item], name: str, labels: Sequence[str]
    ) -> list[T]:
        """Run one stage for each item."""
        return self.call(lambda: [stage(item) for item in items], name)

    def tell(self, **facts: object) -> None:
        """Write what is known by now."""
        self._told |= facts
        self._report.write_text(json.dumps(self._told, indent=1), encoding="utf-8")


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


def facts(outcome: Outcome) -> dict[str, object]:
    """Return what came of a run."""
    released = outcome.released
    return {
        "files": len(outcome.loads),
        "rows_landed": sum(load.rows_landed for load in outcome.loads),
        "rows_quarantined": sum(load.rows_quarantined for load in outcome.loads),
        "files_rejected": len(outcome.rejections),
        "figures": released.figures if released else 0,
        "figures_suppressed": released.suppressed if released else 0,
        "hidden_counts_attacked": released.attacked if released else 0,
        "reasons_to_stop": len(outcome.stop_reasons),
    }


def main() -> None:
    """Run, and write the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("inbox", type=Path)
    parser.add_argument("report", type=Path)
    parser.add_argument("--until", metavar="STAGE")
    options = parser.parse_args()
    gc.set_threshold(200_000, 50, 50)  # as the command line does
    with Watch(os.getpid()) as watch:
        runner = Timed(options.report, watch, options.until)
        try:
            outcome = run(load_settings(options.home, options.inbox), runner)
        except Ended:
            return
        runner.tell(**facts(outcome))


if __name__ == "__main__":
    main()
