"""What an added quarter and a late resubmission cost, the longer the history is.

    python bench/history.py [--snapshots 1 5 10 20]

For each length a home is made of the staff extracts of three CCGs at so many quarters. Then one
quarter is added, then one extract of the first quarter is sent again with a row less, then nothing.
Prints, as JSON, the processor's seconds of each stage in this process, those of the second one,
which computes intervals and checks (``beside``), and the seconds of the clock.
"""

import argparse
import csv
import json
import os
import platform
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from pipeline.periods import quarter_end_before
from pipeline.run import run
from pipeline.sample import esr_staff
from pipeline.sample.employers import EMPLOYERS
from pipeline.sample.workforce import workforces
from pipeline.settings import load_settings

T = TypeVar("T")
Item = TypeVar("Item")

LENGTHS = (1, 5, 10, 20)
NEWEST = date(2022, 3, 31)
CCGS = ("01F", "01X", "02E")
LEFT_OUT = "Latest Start Date"
"""It would be after the earlier snapshots."""


class Counted:
    """Runs each stage here and now, and counts the processor's seconds that it takes."""

    def __init__(self) -> None:
        """Begin without a stage."""
        self.seconds: Counter[str] = Counter()

    def call(self, stage: Callable[[], T], name: str) -> T:
        """Run one stage."""
        begun = time.process_time()
        result = stage()
        self.seconds[name] += time.process_time() - begun
        return result

    def each(
        self, stage: Callable[[Item], T], items: Sequence[Item], name: str, labels: Sequence[str]
    ) -> list[T]:
        """Run one stage for each item."""
        return self.call(lambda: [stage(item) for item in items], name)


def _extracts() -> dict[str, list[list[Any]]]:
    """Return the rows of the newest staff extract of each CCG, without the column left out."""
    stocks, place = workforces(2022), esr_staff.COLUMNS.index(LEFT_OUT)
    found = {}
    for employer in EMPLOYERS:
        if employer.code in CCGS:
            rows = [esr_staff.COLUMNS, *esr_staff.rows(employer, stocks[employer.code][-1])]
            found[employer.code] = [[*row[:place], *row[place + 1 :]] for row in rows]
    return found


def _send(inbox: Path, day: date, code: str, rows: list[list[Any]]) -> None:
    path = inbox / day.isoformat() / code / "esr_staff.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)


def _run(home: Path) -> dict[str, Any]:
    """Run the main job and return what it took."""
    counted, before = Counted(), os.times()
    begun = time.perf_counter()
    run(load_settings(home), counted)
    clock, after = time.perf_counter() - begun, os.times()
    own = after.user + after.system - before.user - before.system
    beside = after.children_user + after.children_system
    beside -= before.children_user + before.children_system
    stages = {name: round(seconds, 2) for name, seconds in counted.seconds.items()}
    return {"clock": round(clock, 2), "processor": round(own, 2), "beside": round(beside, 2)} | {
        "stages": stages
    }


def measure(lengths: Sequence[int] = LENGTHS) -> dict[str, Any]:
    """Return what an added quarter and a late resubmission cost at each length of the history."""
    found = []
    for length in lengths:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            extracts = _extracts()
            home, inbox, days = root / "home", root / "home" / "inbox", [NEWEST]
            while len(days) < length + 1:
                days.insert(0, quarter_end_before(days[0]))
            for day in days[:-1]:
                for code, rows in extracts.items():
                    _send(inbox, day, code, rows)
            whole = _run(home)
            for code, rows in extracts.items():
                _send(inbox, days[-1], code, rows)
            added = _run(home)
            _send(inbox, days[0], CCGS[0], extracts[CCGS[0]][:-1])
            late = _run(home)
            found.append(
                {"snapshots": length, "all_at_once": whole, "a_quarter_added": added,
                 "one_sent_again": late, "nothing_new": _run(home)}
            )  # fmt: skip
    machine = f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores"
    return {"machine": f"{machine}, Python {platform.python_version()}", "lengths": found}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--snapshots", type=int, nargs="+", default=LENGTHS)
    print(json.dumps(measure(parser.parse_args().snapshots), indent=1))


if __name__ == "__main__":
    main()
