"""Make ``docs/performance.md`` and its plots from what was measured, ``bench/results/*.json``.

    python bench/all.py                    # measures anew
    python tools/make_performance.py       # writes the document

Nobody writes a number of the document by hand. ``bench/results/steps.json`` holds the profiles of
steps that were made faster, before and after, and ``notes.json`` what was missed and why.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import altair
import vl_convert

Facts = Mapping[str, Any]

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "results"
DOCUMENT = ROOT / "docs" / "performance.md"
PLOTS = ROOT / "docs" / "performance"

PROTECTION = ("protect", "attack")
STAGES = (
    "receive", "read", "check", "land", "build", "assess", "protect", "attack", "gate", "alert",
    "publish",
)  # fmt: skip
_COMPARED = {
    "ics": "One large system",
    "england": "England at one snapshot",
}
_TARGETS = (
    ("England without protection, times the floor", "england", "cpu_to_floor", 20.0),
    ("England without protection, times the pandas script", "england", "cpu_to_analyst", 0.5),
    ("Demo, times the import of Great Expectations", "demo", "cpu_to_import", 1.5),
    ("Build with one quarter more, times all", "quarters", "added_build_to_whole_build", 0.1),
)
"""What is asked, of which benchmark, which of its ratios, and how much it may be at most."""
_MOST_MB = 2_500
_LEAST_ROWS = 150_000

_HEAD = """\
# Performance

How much time and memory the product takes, beside other ways of reading the same files. This page
is made by `tools/make_performance.py` from `bench/results/`, which `python bench/all.py` writes;
nobody writes a number here by hand.

    .venv/bin/python bench/all.py
    .venv/bin/python tools/make_performance.py

Each figure is a ratio of two processes measured one after the other on the same files. The main
figure is seconds of the processors (user and system, all processes together), which other work on
the machine changes least; the time by the clock stands beside it. Memory is the most that all
processes of a run had at one time (resident).

- **The floor** (`bench/floor.py`): DuckDB alone reads every extract and counts WRES 1 of each
  employer. No check, no key, no release.
- **The pandas script** (`bench/analyst.py`): an analyst's pipeline after the NHS RAP template.
  It reads, cleans, validates every extract with pandera, and groups: WRES 1 and 2, declaration
  rates and pay gaps. A test holds its counts to be ours.
- **Ours**: extracts to published database, with all indicators, feedback, encryption and trail.
  Protection of small numbers and the attack on it are reported apart: neither baseline has them.

The samples are those of `equality sample --scale`: real organisations, invented people.
"""


def results(folder: Path = RESULTS) -> dict[str, Facts]:
    """Return what each benchmark measured, by its name."""
    return {
        path.stem: json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("*.json"))
    }


def document(found: Mapping[str, Facts]) -> str:
    """Return the whole document."""
    parts = [_HEAD, *_machines(found), *_targets(found)]
    for name, title in _COMPARED.items():
        if name in found:
            parts += _compared(name, title, found[name])
    parts += [*_demo(found), *_growth(found), *_systems(found), *_quarters(found)]
    parts += [*_steps(found), *_notes(found)]
    return "\n".join(parts)


def _machines(found: Mapping[str, Facts]) -> Iterator[str]:
    rows = [
        (
            name,
            f"{facts['machine']['processor']}, {facts['machine']['cores']} cores, "
            f"{facts['machine']['memory_gib']} GiB",
            f"Python {facts['machine']['python']}, "
            + ", ".join(f"{lib} {v}" for lib, v in facts["machine"]["libraries"].items()),
            facts["machine"]["day"],
            _number(facts["machine"]["load_before"]),
        )
        for name, facts in found.items()
        if "machine" in facts
    ]
    yield "## Measured on\n"
    yield _table(("Benchmark", "Machine", "Versions", "Day", "Load before"), rows)


def _targets(found: Mapping[str, Facts]) -> Iterator[str]:
    rows = []
    for words, name, ratio, most in _TARGETS:
        if name in found and ratio in found[name]["ratios"]:
            value, is_whole = found[name]["ratios"][ratio], _is_whole(found[name])
            reached = "" if is_whole else ", as far as it got"
            is_met = is_whole and value <= most
            rows.append((words, f"at most {most:g}", f"{_number(value)}{reached}", _met(is_met)))
    if england := found.get("england"):
        peak = england["ours"]["peak_mb"]
        is_met = peak <= _MOST_MB and _is_whole(england)
        rows.append(
            ("England, most memory", f"at most {_MOST_MB:,} MB", f"{peak:,.0f} MB", _met(is_met))
        )
        speed = england["ratios"]["rows_a_cpu_second_of_ingest"]
        rows.append(
            (
                "Rows read, checked and landed in a second of one processor",
                f"at least {_LEAST_ROWS:,}",
                f"{speed:,}",
                _met(speed >= _LEAST_ROWS),
            )
        )
    yield "## Targets\n"
    yield _table(("Target", "Asked", "Measured", ""), rows)


def _compared(name: str, title: str, facts: Facts) -> Iterator[str]:
    """Yield the section of a sample that all three have read."""
    ours, ratios = facts["ours"], facts["ratios"]
    yield f"## {title}\n"
    yield f"`equality sample DIR --scale {facts['sample']}`: {facts['rows']:,} rows.\n"
    if not ours["is_whole"]:
        yield (
            f"**The run did not come to its end**: it was ended after {ours['wall']:,.0f} s by the "
            f"clock, in the stage that follows `{list(ours['stages'])[-1]}`. Stages that are not "
            "in the table were not reached.\n"
        )
    runs = [("The floor", facts["floor"]), ("The pandas script", facts["analyst"]), ("Ours", ours)]
    rows = [
        (words, *(_number(run[key]) for key in ("cpu", "wall", "peak_mb"))) for words, run in runs
    ]
    yield _table(("", "Processor seconds", "Seconds by the clock", "Most memory, MB"), rows)
    yield _table(("Ratio", ""), [(_words(key), _number(value)) for key, value in ratios.items()])
    yield f"![Processor seconds by stage](performance/{name}.svg)\n"
    staged = [
        (stage, *(_number(ours["stages"][stage][key]) for key in ("cpu", "wall", "peak_mb")))
        for stage in STAGES
        if stage in ours["stages"]
    ]
    yield _table(("Stage", "Processor seconds", "Seconds by the clock", "Most memory, MB"), staged)


def _demo(found: Mapping[str, Facts]) -> Iterator[str]:
    if "demo" not in found:
        return
    facts = found["demo"]
    yield "## The demo\n"
    rows = [
        (words, *(_number(facts[name][key]) for key in ("cpu", "wall", "peak_mb")))
        for words, name in (
            ("Bare import of Great Expectations", "import"),
            ("The demo in a new home", "demo"),
            ("Again, with nothing new", "nothing_new"),
        )
    ]
    yield _table(("", "Processor seconds", "Seconds by the clock", "Most memory, MB"), rows)


def _growth(found: Mapping[str, Facts]) -> Iterator[str]:
    if "growth" not in found:
        return
    yield "## From 10,000 rows on: ingest and build\n"
    yield "![Processor seconds by rows, both on scales of powers of ten](performance/growth.svg)\n"
    rows = [
        (
            f"`{point['sample']}`",
            f"{point['rows']:,}",
            _number(point["ours"]["cpu"]),
            _number(point["cpu_seconds_per_million_rows"]),
            _number(round(point["ours"]["cpu"] / point["floor"]["cpu"], 1)),
            _number(point["ours"]["peak_mb"]),
        )
        for point in found["growth"]["points"]
    ]
    heads = ("Sample", "Rows", "Processor seconds", "for a million rows", "Times the floor", "MB")
    yield _table(heads, rows)


def _systems(found: Mapping[str, Facts]) -> Iterator[str]:
    if "systems" not in found:
        return
    yield "## The protection, by systems\n"
    rows = []
    for point in found["systems"]["points"]:
        stages = point["ours"]["stages"]
        rest = sum(own["cpu"] for name, own in stages.items() if name not in PROTECTION)
        told = [stages[name]["cpu"] if name in stages else "not ended" for name in PROTECTION]
        hidden = point["ours"].get("hidden_counts_attacked", "")
        rows.append(
            (
                f"`{point['sample']}`",
                f"{point['rows']:,}",
                _number(hidden),
                _number(round(rest, 1)),
                *map(_number, told),
            )
        )
    heads = ("Sample", "Rows", "Hidden counts", "Other stages, processor seconds", "Protect")
    yield _table((*heads, "Attack"), rows)


def _quarters(found: Mapping[str, Facts]) -> Iterator[str]:
    if "quarters" not in found:
        return
    facts = found["quarters"]
    yield "## Ten years of quarters of one system\n"
    yield f"`equality sample DIR --scale {facts['sample']}`: {facts['rows']:,} rows.\n"
    rows = [
        (words, *(_number(run[key]) for key in ("cpu", "wall", "peak_mb")))
        for words, run in (
            ("The floor, all but the newest quarter", facts["floor"]),
            ("Ours, the same, up to the build", facts["ours"]),
            ("Ours, the newest quarter added", facts["added_quarter"]),
        )
    ]
    yield _table(("", "Processor seconds", "Seconds by the clock", "Most memory, MB"), rows)
    yield _table(
        ("Ratio", ""), [(_words(key), _number(value)) for key, value in facts["ratios"].items()]
    )


def _steps(found: Mapping[str, Facts]) -> Iterator[str]:
    for step in found.get("steps", {}).get("steps", ()):
        yield f"## Changed: {step['step']}\n"
        yield f"{step['what']} (`{step['command']}`)\n"
        rows = [
            (row["function"], _number(row["before"]), _number(row["after"])) for row in step["rows"]
        ]
        yield _table((step["of"], "Before", "After"), rows)


def _notes(found: Mapping[str, Facts]) -> Iterator[str]:
    notes = found.get("notes", {}).get("notes", ())
    if notes:
        yield "## What is missed, and why\n"
        yield "".join(f"- {note}\n" for note in notes)


def _is_whole(facts: Facts) -> bool:
    """Return whether the product came to its end."""
    return bool(facts.get("ours", {}).get("is_whole", True))


def _met(is_met: bool) -> str:
    return "met" if is_met else "**missed**"


def _words(name: str) -> str:
    text = name.replace("cpu_second", "processor_second")
    text = text.replace("cpu", "processor seconds").replace("_", " ")
    return text[:1].upper() + text[1:]


def _number(value: float | str) -> str:
    return value.replace("|", "\\|") if isinstance(value, str) else f"{value:,}"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ("---", *(["---:"] * (len(heads) - 1))), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def plots(found: Mapping[str, Facts]) -> Iterator[tuple[str, str]]:
    """Yield the name and the SVG of each plot."""

    def drawn(chart: altair.Chart) -> str:
        return str(vl_convert.vegalite_to_svg(chart.properties(width=520).to_dict()))

    for name in _COMPARED:
        if name in found:
            stages = found[name]["ours"]["stages"]
            rows = [
                {"what": stage, "seconds": stages[stage]["cpu"], "kind": _kind(stage)}
                for stage in STAGES
                if stage in stages
            ]
            for what, key in (("the floor", "floor"), ("the pandas script", "analyst")):
                rows.append({"what": what, "seconds": found[name][key]["cpu"], "kind": "baseline"})
            bars = altair.Chart(altair.Data(values=rows)).mark_bar()
            yield (
                name,
                drawn(
                    bars.encode(
                        x=altair.X("seconds:Q", title="Processor seconds"),
                        y=altair.Y("what:N", sort=None, title=None),
                        color=altair.Color("kind:N", title=None),
                    )
                ),
            )
    if "growth" in found:
        rows = [
            {"rows": point["rows"], "seconds": point[key]["cpu"], "who": who}
            for point in found["growth"]["points"]
            for who, key in (("ours", "ours"), ("the floor", "floor"))
        ]
        lines = altair.Chart(altair.Data(values=rows)).mark_line(point=True)
        yield (
            "growth",
            drawn(
                lines.encode(
                    x=altair.X("rows:Q", scale=altair.Scale(type="log"), title="Rows"),
                    y=altair.Y(
                        "seconds:Q", scale=altair.Scale(type="log"), title="Processor seconds"
                    ),
                    color=altair.Color("who:N", title=None),
                    strokeDash=altair.StrokeDash("who:N", title=None),
                )
            ),
        )


def _kind(stage: str) -> str:
    return "protection" if stage in PROTECTION else "ours"


def main() -> int:
    """Write the document and its plots, and say so."""
    found = results()
    DOCUMENT.write_text(document(found), encoding="utf-8")
    PLOTS.mkdir(exist_ok=True)
    names = []
    for name, svg in plots(found):
        (PLOTS / f"{name}.svg").write_text(svg, encoding="utf-8")
        names.append(name)
    print(f"{DOCUMENT.relative_to(ROOT)}, with {len(names)} plots")
    return 0


if __name__ == "__main__":
    sys.exit(main())
