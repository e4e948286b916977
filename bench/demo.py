"""How long the demo takes, as a ratio to importing Great Expectations on the same machine.

    python bench/demo.py [--runs 5]

Runs in turn, each as a process of its own: the bare import, the demo in a new home, and the demo
again in that home with nothing new. Prints medians, the ratio pair by pair and the peak memory
of each process, as JSON.
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
from pathlib import Path

IMPORT = [sys.executable, "-c", "import great_expectations"]
DEMO = [sys.executable, "-m", "pipeline", "demo", "--home"]


def measure(command: list[str]) -> tuple[float, float]:
    """Return wall time in seconds and peak memory in MB (of the largest process) of a command."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PREFECT")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    start = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    if status != 0:
        raise SystemExit(f"{command} failed: {process.stderr.read().decode()}")  # type: ignore[union-attr]
    return wall, usage.ru_maxrss / 1024


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    rows = []
    for turn in range(runs + 1):
        with tempfile.TemporaryDirectory() as folder:
            home = str(Path(folder) / "demo")
            row = {
                "import": measure(IMPORT),
                "demo": measure([*DEMO, home]),
                "nothing_new": measure([*DEMO, home]),
            }
        if turn:  # the first turn fills the caches
            rows.append(row)
    report = {
        "machine": f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}",
        "runs": runs,
        "ratio_demo_to_import": sorted(round(row["demo"][0] / row["import"][0], 2) for row in rows),
    }
    for name in ("import", "demo", "nothing_new"):
        report[f"{name}_seconds"] = round(statistics.median(row[name][0] for row in rows), 2)
        report[f"{name}_peak_mb"] = round(max(row[name][1] for row in rows))
    report["ratio_median"] = statistics.median(report["ratio_demo_to_import"])
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
