"""Keeps what every figure of the sample reads, so that none moves unseen between two versions.

``tests/backtest/figures.csv`` holds a line for each standard, indicator, measure, level and
snapshot: how many figures, a mark of the true ones and a mark of what is shown of them. A test
holds the sample against it. What moves has to be named in ``CHANGELOG.md``, under "Figures that
move" of the version to come; then, or when a version is made, the file is made again:
``.venv/bin/python tools/record_figures.py var/demo``.
"""

import csv
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from pipeline.identity import load_keys
from pipeline.publish.release import current_database
from pipeline.resources import ROOT, read_rows
from pipeline.settings import load_settings
from pipeline.store import open_private, open_published

RECORD = ROOT / "tests" / "backtest" / "figures.csv"
CHANGELOG = ROOT / "CHANGELOG.md"
PROTECTION = "Protection"

KEY = ("standard", "indicator", "measure", "level", "period_end")
_TRUE, _SHOWN = "true_mark", "shown_mark"
_COLUMNS = (*KEY, "figures", _TRUE, _SHOWN)
_COUNTS = ("numerator", "denominator", "comparator_numerator", "comparator_denominator")
_NUMBERS = ("value", "ci_low", "ci_high", "p_value")
_WORDS = ("organisation_code", "part", "group_code", "comparator_code", "status", "reason",
          "direction")  # fmt: skip
_OF_PROTECTION = ("disclosure",)
_HEADING = re.compile(r"^(#+) (.+)$")
_LINE = re.compile(r"^- \*\*(.+?)\*\*: \S")

Marks = dict[tuple[str, ...], Mapping[str, str]]


def marks(home: Path) -> Marks:
    """Return the lines of the record for the newest release of a home, by their key."""
    settings = load_settings(home)
    with open_private(settings.home, load_keys(settings.home), read_only=True) as connection:
        true = dict(_marks(connection.execute(_query("marts.figure", ())).fetchall()))
    with open_published(current_database(settings.home)) as connection:
        shown = dict(_marks(connection.execute(_query("figure", _OF_PROTECTION)).fetchall()))
    return {
        key: dict(zip(_COLUMNS, (*key, number, mark, shown[key][1]), strict=True))
        for key, (number, mark) in sorted(true.items())
    }


def recorded(path: Path = RECORD) -> Marks:
    """Return the lines that were kept."""
    return {tuple(row[name] for name in KEY): row for row in read_rows(path)}


def moved(before: Marks, now: Marks) -> list[str]:
    """Return what reads otherwise: indicators such as ``WRES 2``, and the protection.

    The protection has moved where figures are the same and other ones of them are shown.
    """
    found = set()
    for key in {*before, *now}:
        was, reads = before.get(key), now.get(key)
        if was is None or reads is None or was[_TRUE] != reads[_TRUE]:
            found.add(" ".join(key[:2]))
        elif was[_SHOWN] != reads[_SHOWN]:
            found.add(PROTECTION)
    return sorted(found)


def named(changelog: str) -> set[str]:
    """Return what the changelog says of figures that move in the version to come."""
    found, version, part = set(), "", ""
    for line in changelog.splitlines():
        if heading := _HEADING.match(line):
            level, title = len(heading[1]), heading[2]
            version, part = (title, "") if level == 2 else (version, title)
        elif version == "Unreleased" and part == "Figures that move" and (of := _LINE.match(line)):
            found.update(name.strip() for name in of[1].split(","))
    return found


def unnamed(before: Marks, now: Marks, changelog: str) -> list[str]:
    """Return what has moved and is not named in the changelog."""
    return [name for name in moved(before, now) if name not in named(changelog)]


def write(lines: Marks, path: Path = RECORD) -> None:
    """Keep lines instead of what was kept before."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, _COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines.values())


def _query(table: str, besides: Iterable[str]) -> str:
    # Nine digits: the last ones of a test of chance differ from one processor to the next.
    numbers = [f"coalesce(format('{{:.9g}}', {name}), '')" for name in _NUMBERS]
    names = (*_COUNTS, *_WORDS, *besides)
    others = [f"coalesce(cast({name} as varchar), '')" for name in names]
    figure = f"md5_number(concat_ws('|', {', '.join([*others, *numbers])}))"
    return (
        f"select {', '.join(f'cast({name} as varchar)' for name in KEY)}, count(*), "
        f"printf('%016x', cast(bit_xor({figure}) % 18446744073709551615 as ubigint)) "
        f"from {table} group by all"
    )


def _marks(rows: Iterable[tuple[str, ...]]) -> Iterable[tuple[tuple[str, ...], tuple[str, str]]]:
    for *key, number, mark in rows:
        yield tuple(key), (str(number), mark)


def main(home: Path) -> int:
    """Make the record again, unless something moved that the changelog does not name."""
    now = marks(home)
    silent = unnamed(recorded(), now, CHANGELOG.read_text("utf-8")) if RECORD.exists() else []
    if silent:
        print(
            f"These have moved, and CHANGELOG.md does not say why: {', '.join(silent)}. Add a line "
            "for each under 'Figures that move' of 'Unreleased', as '- **WRES 2**: why'.",
            file=sys.stderr,
        )
        return 1
    write(now)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1])))
