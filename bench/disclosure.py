"""How well and how fast the protection is: what it hides, what it keeps, and how long it takes.

    python bench/disclosure.py [--cases 20] [--systems 10] [--skip demo ...]

Four measurements, printed as JSON and then as text with the targets:

- ``small``: systems so small that the fewest counts to hide can be found exactly, by search of
  all whole-number worlds: how many the product hides for each that must be hidden.
- ``usual``: random systems under the product and under the usual practice (hide the next smallest,
  repeated until it passes the same attack): cells hidden, and headlines kept, by each.
- ``large``: ten employers and their ICB, seven characteristics, eight quarters: seconds.
- ``demo``: the sample of ``equality demo``: seconds of its protection and of the attack on it.

Ends with 1 where a target is missed. The systems are those of ``tests/random_systems.py``.
"""

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

import choices
import protect_seconds

MOST_OF_FEWEST = 1.1
MOST_SECONDS_OF_DEMO, MOST_SECONDS_OF_LARGE = 2.0, 60.0
Report = dict[str, Any]


def verdicts(report: Mapping[str, Report]) -> Iterator[tuple[bool, str]]:
    """Yield for each target whether it is met, and that as a line."""
    if own := report.get("small"):
        ratio = own["product_to_fewest"]
        yield (
            ratio <= MOST_OF_FEWEST,
            (
                f"hides {ratio} times the fewest counts in {own['cases']} small systems, of "
                f"{MOST_OF_FEWEST} at most; the usual practice {own['usual_practice_to_fewest']}"
            ),
        )
        yield own["told_by_product"] == 0, f"tells {own['told_by_product']} counts in all worlds"
    if own := report.get("usual"):
        ours, other = own["product"], own["usual_practice"]
        kept, other_kept = own["headlines_of_product"], own["headlines_of_usual_practice"]
        less = 100 * (1 - ours / other)
        yield (
            ours < other,
            (f"hides {ours} counts where the usual practice hides {other} ({less:.0f}% fewer)"),
        )
        yield (
            kept >= other_kept,
            (f"keeps {kept} of {own['headlines']} headlines, the usual practice {other_kept}"),
        )
    for name, most in (("large", MOST_SECONDS_OF_LARGE), ("demo", MOST_SECONDS_OF_DEMO)):
        if own := report.get(name):
            yield (
                own["seconds"] < most and not own["breaches"],
                (
                    f"{name}: {own['seconds']} s of protection and attack, of {most:g} s at most; "
                    f"{own['breaches']} breaches in {own['hidden_counts_attacked']} hidden counts"
                ),
            )


def main() -> int:
    """Measure, print, and return 0 where every target is met and 1 where one is not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=20, help="small systems to search")
    parser.add_argument("--systems", type=int, default=10, help="systems for the usual practice")
    parser.add_argument("--runs", type=int, default=3, help="times that seconds are measured")
    parser.add_argument("--skip", nargs="*", default=[], metavar="MEASUREMENT")
    options = parser.parse_args()
    steps: dict[str, Callable[[], Report]] = {
        "demo": lambda: protect_seconds.demo(options.runs),
        "large": lambda: protect_seconds.large(1),
        "small": lambda: choices.small(options.cases),
        "usual": lambda: choices.usual(options.systems),
    }
    machine = f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores"
    report = {name: step() for name, step in steps.items() if name not in options.skip}
    python = f"Python {platform.python_version()}"
    print(json.dumps({"machine": f"{machine}, {python}"} | report, indent=1))
    lines = list(verdicts(report))
    for is_met, line in lines:
        print(f"{'met' if is_met else 'NOT MET'}: {line}")
    return 0 if all(is_met for is_met, _ in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
