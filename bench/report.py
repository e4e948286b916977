"""How long the report takes, how large its pages are, and how both grow with the systems in it.

    python bench/report.py [--home DIR] [--runs 3] [--systems 1 4 16 42]

Without a home the demo is made first. Measured are `equality report` as a process of its own
(seconds of wall and processor, peak memory), the largest page, and the time for the pages of as
many systems as are named: the sample's organisations, each system under codes and names of its
own. It prints JSON, then each target and whether it is met, and ends with 1 where one is missed.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.report.site import write_site
from pipeline.report.source import Published, read_release
from pipeline.report.telling import bodies
from pipeline.settings import Home

MOST_SECONDS, MOST_OF_A_PAGE, MOST_OF_LINEAR = 20.0, 300_000, 1.25
_NAMES = ("organisation_code", "icb_code", "organisation_name")


def command(home: Path) -> tuple[float, float, float]:
    """Return wall seconds, processor seconds and peak MB of `equality report`."""
    arguments = [sys.executable, "-m", "pipeline", "report", "--home", str(home)]
    environment = dict(os.environ)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    start = time.perf_counter()
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit("equality report failed.")
    seconds = time.perf_counter() - start
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def many(published: Published, systems: int) -> Published:
    """Return a release of as many systems, each like the one that there is."""
    tables = {}
    for name, table in published.tables.items():
        coded = [column for column in _NAMES if column in table]
        copies = [
            table.assign(**{column: table[column] + f"X{number}" for column in coded})
            for number in range(systems if coded else 1)
        ]
        tables[name] = pd.concat(copies, ignore_index=True)
    return replace(published, tables=tables)


def of_systems(published: Published, systems: int) -> float:
    """Return the seconds for the pages of as many systems."""
    several = many(published, systems)
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        write_site(several, bodies(several), Path(folder))
        return time.perf_counter() - start


def verdicts(report: Mapping[str, Any]) -> Iterator[tuple[bool, str]]:
    """Yield for each target whether it is met, and that as a line."""
    seconds = report["seconds"]
    yield seconds <= MOST_SECONDS, f"{seconds} s for the sample, of {MOST_SECONDS:g} s at most"
    largest = report["largest_page"]
    yield (
        largest <= MOST_OF_A_PAGE,
        f"{largest:,} bytes is the largest page, of {MOST_OF_A_PAGE:,} at most",
    )
    each = [own["seconds_for_each"] for own in report["systems"]]
    growth = round(max(each) / each[0], 2)
    yield (
        growth <= MOST_OF_LINEAR,
        f"a system takes {growth} times what it takes alone, of {MOST_OF_LINEAR} at most",
    )


def main() -> int:
    """Measure, print, and return 0 where every target is met and 1 where one is not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, help="a home of the demo")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--systems", type=int, nargs="*", default=[1, 4, 16, 42])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = options.home or Path(folder) / "demo"
        if not options.home:
            made = [sys.executable, "-m", "pipeline", "demo", "--home", str(home)]
            subprocess.run(made, check=True, stdout=subprocess.DEVNULL)
        runs = [command(home) for _ in range(options.runs)]
        published = read_release(Home(home))
        pages = sorted((published.folder / "report").rglob("*.html"))
        seconds, processor, peak = (statistics.median(each) for each in zip(*runs, strict=True))
        report = {
            "machine": f"{platform.machine()}, {os.cpu_count()} cores, "
            f"Python {platform.python_version()}",
            "seconds": round(seconds, 1),
            "processor_seconds": round(processor, 1),
            "peak_mb": round(peak),
            "pages": len(pages),
            "largest_page": max(page.stat().st_size for page in pages),
            "systems": [
                {"systems": number, "seconds_for_each": round(taken / number, 2)}
                for number, taken in (
                    (number, of_systems(published, number)) for number in options.systems
                )
            ],
        }
    print(json.dumps(report, indent=1))
    met = True
    for is_met, line in verdicts(report):
        met &= is_met
        print(f"{'met' if is_met else 'MISSED'}: {line}")
    return 0 if met else 1


if __name__ == "__main__":
    raise SystemExit(main())
