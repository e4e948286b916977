"""Make ``docs/reliability.md`` from what the tests measured, ``docs/reliability/*.json``.

    RELIABILITY_FOLDER=docs/reliability python -m pytest -m slow     # measures anew, in hours
    python tools/make_reliability.py                                 # writes the document

Each file of the folder is a section: an object of facts by name, as ``tests/measured.py`` keeps
them. Sections whose names begin with ``kill_`` are put together into one table.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FACTS = ROOT / "docs" / "reliability"
DOCUMENT = ROOT / "docs" / "reliability.md"

Facts = Mapping[str, int | float | str]

KILLS = "kill_"
STAGES = {
    "run": "before the inbox is read",
    "after_alert": "between alert and publish",
    "swap": "swap (every step of it)",
    "report": "report",
    "tell": "tell",
    "commits": "commits of the private database",
    "log_taken_in": "DuckDB taking its log into the file",
}
"""What a stage is called where its name alone does not tell."""
_ORDER = (
    "run", "receive", "read", "check", "land", "commits", "build", "assess", "protect", "attack",
    "gate", "alert", "after_alert", "publish", "swap", "tell", "log_taken_in", "report",
)  # fmt: skip

_HEAD = """\
# Reliability

What becomes of the figures where something goes wrong, in numbers that the tests measured. This
page is made by `tools/make_reliability.py` from the files in `docs/reliability/`, which the slow
and the long tests write where `RELIABILITY_FOLDER` is set; nobody writes a number here by hand.

    RELIABILITY_FOLDER=docs/reliability make test-slow test-long
    .venv/bin/python tools/make_reliability.py
"""
_OF_KILLS = """\
A run is ended by `SIGKILL`, as by a power cut or by the operating system for want of memory, right
before a change that it makes to its home, in the middle of its own code, or at a system call of
DuckDB's. At once afterwards the release before must be whole for every reader; from the swap on it
may be the new one. The runs after it are killed at the next points, and the last one runs to its
end. Then the home must hold what an undisturbed run leaves: every row of every table of the
published and the private databases, once, and every other file byte for byte.
(`tests/faults/test_killed.py`)
"""


def sections(folder: Path = FACTS) -> dict[str, Facts]:
    """Return the facts of every section by its name, sorted."""
    return {
        path.stem: json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("*.json"))
    }


def document(found: Mapping[str, Facts]) -> str:
    """Return the whole document."""
    parts = [_HEAD, *_kills(found)]
    for name, facts in found.items():
        if not name.startswith(KILLS):
            parts += [f"## {_words(name)}\n", _table(("Measured", "Result"), _rows(facts))]
    return "\n".join(parts)


def _kills(found: Mapping[str, Facts]) -> Iterator[str]:
    """Yield the section of the runs that were killed."""
    kills = {name.removeprefix(KILLS): facts for name, facts in found.items() if KILLS in name}
    if not kills:
        return
    yield "## Runs killed at any point\n"
    yield _OF_KILLS
    names = ("points", "rows_lost", "rows_doubled", "faults")
    rows = [
        (STAGES.get(stage, stage.replace("_", " ")), *(_number(facts[name]) for name in names))
        for stage, facts in sorted(kills.items(), key=lambda item: _place(item[0]))
    ]
    totals = [_number(sum(int(facts[name]) for facts in kills.values())) for name in names]
    yield _table(
        ("Stage", "Points", "Rows lost", "Rows doubled", "Anything else amiss"),
        [*rows, ("All", *totals)],
    )


def _place(stage: str) -> tuple[int, str]:
    return (_ORDER.index(stage) if stage in _ORDER else len(_ORDER), stage)


def _rows(facts: Facts) -> list[tuple[str, ...]]:
    return [(_words(name), _number(value)) for name, value in facts.items()]


def _words(name: str) -> str:
    text = name.replace("_", " ").strip()
    return text[:1].upper() + text[1:]


def _number(value: float | str) -> str:
    if isinstance(value, str):
        return value.replace("|", "\\|")
    return f"{value:,}"


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [heads, ("---", *(["---:"] * (len(heads) - 1))), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def main() -> int:
    """Write the document and say so."""
    DOCUMENT.write_text(document(sections()), encoding="utf-8")
    print(f"{DOCUMENT.relative_to(ROOT)}: {len(sections())} sections")
    return 0


if __name__ == "__main__":
    sys.exit(main())
