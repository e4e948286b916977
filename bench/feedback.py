"""How long the feedback of a bad file takes, as a ratio to finding its faults.

    python bench/feedback.py [--rows 20000] [--runs 3]

Makes a staff extract with faults in every row, once with one fault a row and once with four, and
measures in turn, in this process: reading it, checking it, and writing its feedback. Prints the
ratio of the feedback to the check alone and to both, run by run, as JSON, and then whether the
target is met: the feedback takes less than three times the check alone, in the median of the runs.
Ends with 1 where it is not.
"""

import argparse
import csv
import io
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from pipeline import feedback
from pipeline.check import check
from pipeline.land import Examined
from pipeline.read import read
from pipeline.receive.inbox import Place

TARGET = 3.0
"""How many times the check alone the feedback may take, that number left out."""
PLACE = Place(date(2022, 3, 31), "01T", "esr_staff")
SOUND = {
    "Primary Assignment": "Yes",
    "Assignment Status": "Active Assignment",
    "Assignment Category": "Permanent",
    "Staff Group": "Administrative and Clerical",
    "Pay Scale": "NHS|XR05|Review Body Band 5",
    "FTE": "1.0",
    "Ethnic Origin": "A White - British",
    "Disability": "No",
    "Gender": "Female",
    "Date Of Birth": "1970-06-15",
    "Marital Status": "Married",
}
FAULTS = (
    {"FTE": "full"},
    {"Gender": ""},
    {"Date Of Birth": "unknown"},
    {"Marital Status": "none of these"},
    {"Ethnic Origin": "none of these"},
)


def extract(rows: int, faults: int) -> bytes:
    """Return a staff extract of ``rows`` rows with ``faults`` faults in each."""
    text = io.StringIO()
    writer = csv.DictWriter(text, ["Employee Number", "Assignment Number", *SOUND])
    writer.writeheader()
    for number in range(rows):
        row = {"Employee Number": str(number), "Assignment Number": str(number)} | SOUND
        for each in range(faults):
            row |= FAULTS[(number + each) % len(FAULTS)]
        writer.writerow(row)
    return text.getvalue().encode()


def measure(content: bytes) -> dict[str, float]:
    """Return the seconds of each step on one file, and how many faults it has."""
    started = time.perf_counter()
    reading = read(content, "esr_staff.csv", PLACE.source)
    is_read = time.perf_counter()
    checked = check(reading, PLACE.source, PLACE.period_end, PLACE.organisation_code)
    is_checked = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        feedback.write(
            Path(folder), PLACE.source, Examined(PLACE, "esr_staff.csv", "", checked), checked
        )
        is_told = time.perf_counter()
    return {
        "faults": len(checked.faults),
        "read": is_read - started,
        "check": is_checked - is_read,
        "feedback": is_told - is_checked,
    }


def verdict(ratios: Sequence[float]) -> tuple[bool, str]:
    """Return whether the target is met by every kind of file, and that as a line."""
    worst = max(ratios)
    is_met = worst < TARGET
    words = "met" if is_met else "NOT met"
    return is_met, (
        f"Target {words}: feedback takes {worst:.2f} times the check alone, of less than {TARGET:g}"
    )


def main() -> int:
    """Measure, print, and return 0 where the target is met and 1 where it is not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    machine = f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores"
    report: dict[str, object] = {
        "machine": f"{machine}, Python {platform.python_version()}",
        "rows": options.rows,
    }
    ratios = []
    for faults in (1, 4):
        content = extract(options.rows, faults)
        # The first turn fills the caches.
        turns = [measure(content) for _ in range(options.runs + 1)][1:]
        ratios.append(statistics.median(turn["feedback"] / turn["check"] for turn in turns))
        report[f"faults_a_row_{faults}"] = {
            name: round(statistics.median(turn[name] for turn in turns), 2) for name in turns[0]
        } | {
            "feedback_to_check": sorted(round(t["feedback"] / t["check"], 2) for t in turns),
            "feedback_to_read_and_check": sorted(
                round(t["feedback"] / (t["read"] + t["check"]), 2) for t in turns
            ),
        }
    is_met, line = verdict(ratios)
    print(json.dumps(report, indent=1))
    print(line)
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
