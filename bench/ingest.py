"""How many rows a second come in, and in how much memory, against DuckDB's bare ``read_csv``.

    python bench/ingest.py [--rows 100000 1000000 3000000]

For each size a staff extract is made of the sample's people, who come again under other numbers.
Then, each in a process of its own: DuckDB alone reads every cell of the file, and the product takes
it from the inbox to the landed tables: receive, read, check, land, with its feedback. Prints, as
JSON, rows a second, the peak memory of both, and the ratio of their times.
"""

import argparse
import csv
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from itertools import count, islice
from pathlib import Path
from typing import Any, TypeVar

from pipeline.arrive import land_received, receive
from pipeline.companion import Companion
from pipeline.disclosure import load_policy
from pipeline.identity import load_keys
from pipeline.receive.inbox import scan
from pipeline.receive.ledger import Ledger
from pipeline.receive.limits import Limits
from pipeline.resources import REFERENCE
from pipeline.sample import esr_staff
from pipeline.sample.employers import EMPLOYERS
from pipeline.sample.workforce import workforces
from pipeline.settings import Home
from pipeline.store import open_private
from pipeline.workspace import Workspace

T = TypeVar("T")
Item = TypeVar("Item")

SIZES = (100_000, 1_000_000, 3_000_000)
TARGET = 150_000
"""Rows a second from the inbox to the landed tables."""
FLOOR = """
import json, sys, time
import duckdb
begun = time.perf_counter()
with duckdb.connect() as connection:
    connection.execute("set enable_progress_bar = false")
    query = "select max(columns(*)) from read_csv(?, all_varchar = true)"
    connection.execute(query, [sys.argv[1]]).fetchall()
print(json.dumps({"read_csv": time.perf_counter() - begun}))
"""
_PERIOD, _SENDER = date(2022, 3, 31), "01T"


def write_extract(path: Path, rows: int) -> None:
    """Write a staff extract of so many rows."""

    stocks = workforces(2022)
    people = [
        [f"{number}{row[0]}", f"{number}{row[1]}" if row[1] else "", f"{number}{row[2]}", *row[3:]]
        for number, employer in enumerate(EMPLOYERS, start=1)
        for row in esr_staff.rows(employer, stocks[employer.code][-1])
    ]
    again = (
        [f"{turn}{cell}" if cell and column < 3 else cell for column, cell in enumerate(row)]
        for turn in count(1)
        for row in people
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(esr_staff.COLUMNS)
        writer.writerows(islice(again, rows))


class Timed:
    """Runs each stage here and now, and notes how long it took."""

    def __init__(self) -> None:
        """Begin without a stage."""
        self.seconds: dict[str, float] = {}

    def call(self, stage: Callable[[], T], name: str) -> T:
        """Run one stage."""
        begun = time.perf_counter()
        result = stage()
        self.seconds[name] = self.seconds.get(name, 0) + time.perf_counter() - begun
        return result

    def each(
        self, stage: Callable[[Item], T], items: Sequence[Item], name: str, labels: Sequence[str]
    ) -> list[T]:
        """Run one stage for each item."""
        return self.call(lambda: [stage(item) for item in items], name)


def ingest(root: Path) -> dict[str, float]:
    """Take what lies in ``root/inbox`` in, and return the seconds of each stage."""

    home = Home(root / "home", limits=Limits(cells=10**9, rows=10**9))
    keys, policy, timed = load_keys(home), load_policy(REFERENCE / "disclosure.yml"), Timed()
    with open_private(home, keys) as connection:
        ledger = Ledger(connection)
        ledger.prepare(keys)
        workspace = Workspace(home, policy, keys, connection, ledger, timed, Companion())
        inbox = scan(root / "inbox", most_bytes=10**11)
        received = timed.call(lambda: receive(workspace, inbox), "receive")
        landed = land_received(workspace, received, inbox=inbox)
    if any(load.status != "landed" for load in landed.received):
        raise SystemExit(f"not landed: {landed.received}")
    return timed.seconds


def _in_a_process(command: Sequence[str]) -> dict[str, Any]:
    """Run a command that prints seconds by stage, and return them with its peak memory."""
    process = subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE)
    printed = process.stdout.read() if process.stdout else b""
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit(f"{command} failed")
    stages = json.loads(printed)
    return {
        "seconds": sum(stages.values()),
        "seconds_of_the_processor": usage.ru_utime + usage.ru_stime,
        "peak_mb": usage.ru_maxrss / 1024,
        "stages": stages,
    }


def measure(sizes: Sequence[int] = SIZES) -> dict[str, Any]:
    """Return what was measured at each size: rows a second, peak memory, ratio to the floor."""
    found = []
    for rows in sizes:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            path = root / "inbox" / _PERIOD.isoformat() / _SENDER / "esr_staff.csv"
            write_extract(path, rows)
            size = path.stat().st_size
            bare = _in_a_process(["-c", FLOOR, str(path)])
            ours = _in_a_process([__file__, "--root", str(root)])
        found.append(
            {
                "rows": rows,
                "file_mb": round(size / 10**6),
                "rows_a_second": round(rows / ours["seconds"]),
                "peak_mb": round(ours["peak_mb"]),
                "seconds": {name: round(value, 2) for name, value in ours["stages"].items()},
                "seconds_of_the_processor": round(ours["seconds_of_the_processor"], 2),
                "read_csv_rows_a_second": round(rows / bare["seconds"]),
                "read_csv_seconds_of_the_processor": round(bare["seconds_of_the_processor"], 2),
                "read_csv_peak_mb": round(bare["peak_mb"]),
                "ratio_to_read_csv": round(ours["seconds"] / bare["seconds"], 2),
                "ratio_of_processors": round(
                    ours["seconds_of_the_processor"] / bare["seconds_of_the_processor"], 2
                ),
            }
        )
    return {
        "machine": f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}",
        "target_rows_a_second": TARGET,
        "sizes": found,
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=SIZES)
    parser.add_argument("--root", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.root:
        print(json.dumps(ingest(options.root)))
    else:
        print(json.dumps(measure(options.rows), indent=1))


if __name__ == "__main__":
    main()
