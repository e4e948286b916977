"""All benchmarks, each figure a ratio measured in the same run.

    python bench/all.py [NAME ...] [--most-seconds 7200] [--most-rows N]

Names are demo, ics, england, quarters, growth and systems; without one all of them. Every command
that is measured is a process of its own, ours beside the baselines on the same files: ``floor.py``
(DuckDB alone) and ``analyst.py`` (pandas and pandera). The main figure is seconds of the
processors, which other work on the machine changes least; wall time stands beside it. Results go
to ``bench/results/<name>.json``; ``tools/make_performance.py`` makes ``docs/performance.md`` of
them.
"""

import argparse
import json
import re
import statistics
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from machine import machine
from memory import Measured, measure

Facts = dict[str, Any]

BENCH = Path(__file__).resolve().parent
RESULTS = BENCH / "results"
PRODUCT = (sys.executable, "-m", "pipeline")
PROTECTION = ("protect", "attack")
"""The stages that are reported apart."""
INGEST = ("receive", "read", "check", "land")
_RUNS_OF_DEMO = 3
_GROWTH = (
    ("ics", "--people", "2100"),
    ("ics", "--people", "21000"),
    ("england", "--systems", "1"),
    ("england", "--systems", "4"),
    ("england", "--systems", "12"),
    ("england",),
    ("england", "--snapshots", "7"),
)
"""From 10,000 rows to 15 million."""
_SYSTEMS = (1, 4, 12)
_PEOPLE_OF_QUARTERS = "6000"
"""A tenth of the large system: what is asked is how the last quarter compares with the first."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a run of the product may take, and up to how many rows growth is measured."""

    seconds: float
    rows: int


def demo(folder: Path, limits: Limits) -> Facts:
    """Measure the demo and a run with nothing new beside the import of Great Expectations."""
    commands = {
        "import": (sys.executable, "-c", "import great_expectations"),
        "demo": (*PRODUCT, "demo", "--home"),
        "nothing_new": (*PRODUCT, "demo", "--home"),
    }
    turns = []
    for turn in range(_RUNS_OF_DEMO + 1):
        home = str(folder / str(turn))
        turns.append(
            {
                name: measure([*command, home] if name != "import" else command).told()
                for name, command in commands.items()
            }
        )
    turns = turns[1:]  # the first one fills the caches
    own = {
        name: {key: statistics.median(turn[name][key] for turn in turns) for key in turns[0][name]}
        for name in commands
    }
    return {**own, "ratios": {"cpu_to_import": _ratio(own["demo"], own["import"])}}


def ics(folder: Path, limits: Limits) -> Facts:
    """Measure one large system of 60,000 people."""
    return compared(folder, ("ics",), limits)


def england(folder: Path, limits: Limits) -> Facts:
    """Measure England at one snapshot."""
    return compared(folder, ("england",), limits)


def quarters(folder: Path, limits: Limits) -> Facts:
    """Measure ten years of quarters of one system, up to the build, and one quarter more.

    The last quarter is put into the inbox when the others have been built: what it costs is to be
    compared with what a quarter costs.
    """
    sample = ("ics", "--people", _PEOPLE_OF_QUARTERS, "--snapshots", "41")
    inbox = folder / "inbox"
    rows = write(inbox, sample)
    newest = max(inbox.iterdir())
    newest.rename(folder / "later")
    first = {
        "floor": measure([sys.executable, str(BENCH / "floor.py"), str(inbox)]).told(),
        "ours": ours(folder, inbox, limits, until="build"),
    }
    (folder / "later").rename(newest)
    added = ours(folder, inbox, limits, until="build")
    each = first["ours"]["stages"]
    return {
        "sample": " ".join(sample),
        "rows": rows,
        **first,
        "added_quarter": added,
        "ratios": {
            "cpu_to_floor": _ratio(first["ours"], first["floor"]),
            "added_ingest_to_mean_quarter": _of_stages(added["stages"], INGEST, each, 40),
            "added_build_to_whole_build": _of_stages(added["stages"], ("build",), each, 1),
        },
    }


def growth(folder: Path, limits: Limits) -> Facts:
    """Measure ingest and build from 10,000 to 15 million rows."""
    points = []
    for n, sample in enumerate(_GROWTH):
        with tempfile.TemporaryDirectory(dir=folder) as own:
            inbox = Path(own) / "inbox"
            rows = write(inbox, sample)
            if rows > limits.rows:
                break
            measured = ours(Path(own), inbox, limits, until="build")
            floor = measure([sys.executable, str(BENCH / "floor.py"), str(inbox)]).told()
        per_million = round(1e6 * measured["cpu"] / rows, 1)
        points.append(
            {
                "sample": " ".join(sample),
                "rows": rows,
                "floor": floor,
                "ours": measured,
                "cpu_seconds_per_million_rows": per_million,
            }
        )
        print(f"growth {n + 1} of {len(_GROWTH)}: {rows} rows, {measured['cpu']} s", flush=True)
        if not measured["is_whole"]:
            break
    return {"points": points}


def systems(folder: Path, limits: Limits) -> Facts:
    """Measure whole runs of a few systems of England, to see how the protection grows."""
    points = []
    for number in _SYSTEMS:
        sample = ("england", "--systems", str(number))
        with tempfile.TemporaryDirectory(dir=folder) as own:
            rows = write(Path(own) / "inbox", sample)
            measured = ours(Path(own), Path(own) / "inbox", limits)
        points.append({"sample": " ".join(sample), "rows": rows, "ours": measured})
        print(f"systems: {number}, {measured['cpu']} s", flush=True)
        if not measured["is_whole"]:
            break
    return {"points": points}


def compared(folder: Path, sample: Sequence[str], limits: Limits) -> Facts:
    """Measure ours and the two baselines on one sample."""
    inbox = folder / "inbox"
    rows = write(inbox, sample)
    floor = measure([sys.executable, str(BENCH / "floor.py"), str(inbox)])
    analyst = measure([sys.executable, str(BENCH / "analyst.py"), str(inbox), str(folder / "out")])
    own = ours(folder, inbox, limits)
    return {
        "sample": " ".join(sample),
        "rows": rows,
        "floor": floor.told(),
        "analyst": analyst.told(),
        "ours": own,
        "ratios": ratios(own, floor.told(), analyst.told(), rows),
    }


def ratios(
    own: Facts, floor: Mapping[str, float], analyst: Mapping[str, float], rows: int
) -> Facts:
    """Return what is compared with the targets; the protection is left out of ours."""
    stages = own["stages"]
    protection = sum(stages[name]["cpu"] for name in PROTECTION if name in stages)
    rest = own["cpu"] - protection
    ingest = sum(stages[name]["cpu"] for name in INGEST if name in stages)
    return {
        "cpu_without_protection": round(rest, 1),
        "cpu_of_protection": round(protection, 1),
        "cpu_to_floor": round(rest / floor["cpu"], 1),
        "cpu_to_analyst": round(rest / analyst["cpu"], 1),
        "peak_to_analyst": round(own["peak_mb"] / analyst["peak_mb"], 2),
        "rows_a_cpu_second_of_ingest": round(rows / ingest),
    }


def ours(folder: Path, inbox: Path, limits: Limits, until: str | None = None) -> Facts:
    """Measure the product on an inbox, stage by stage, as far as it gets in the time."""
    report = folder / "stages.json"
    command = [sys.executable, str(BENCH / "staged.py"), str(folder / "home"), str(inbox)]
    ending = ["--until", until] if until else []
    measured: Measured = measure([*command, str(report), *ending], limits.seconds)
    told = json.loads(report.read_text(encoding="utf-8"))
    return {**measured.told(), "is_whole": measured.is_whole, **told}


def write(inbox: Path, sample: Sequence[str]) -> int:
    """Write a sample and return how many rows it has."""
    scale, *options = sample
    command = [*PRODUCT, "sample", str(inbox), "--scale", scale, *options]
    found = re.search(r"(\d+) rows", measure(command).output)
    if found is None:
        raise SystemExit("The sample does not say how many rows it has.")
    return int(found[1])


def _ratio(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    return round(one["cpu"] / other["cpu"], 2)


def _of_stages(
    one: Mapping[str, Any], names: Sequence[str], other: Mapping[str, Any], parts: int
) -> float:
    """Return the processor seconds of stages as a ratio to one of so many parts of another run."""
    own, whole = (sum(run[name]["cpu"] for name in names if name in run) for run in (one, other))
    return round(own * parts / whole, 2)


BENCHMARKS: dict[str, Callable[[Path, Limits], Facts]] = {
    "demo": demo,
    "ics": ics,
    "england": england,
    "quarters": quarters,
    "growth": growth,
    "systems": systems,
}


def main() -> None:
    """Measure, and keep the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--most-seconds", type=float, default=7200, help="for a run of the product")
    parser.add_argument("--most-rows", type=int, default=10**9, help="of growth")
    options = parser.parse_args()
    limits = Limits(options.most_seconds, options.most_rows)
    if unknown := {*options.names} - {*BENCHMARKS}:
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}")
    RESULTS.mkdir(exist_ok=True)
    for name in options.names or BENCHMARKS:
        on = machine()
        with tempfile.TemporaryDirectory() as folder:
            facts = BENCHMARKS[name](Path(folder), limits)
        text = json.dumps({"benchmark": name, "machine": on, **facts}, indent=1)
        (RESULTS / f"{name}.json").write_text(f"{text}\n", encoding="utf-8")
        print(f"{name}: {facts.get('ratios', 'see the points')}", flush=True)


if __name__ == "__main__":
    main()
