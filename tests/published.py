"""True figures of a whole run, for the cases whose counts and figures public reports printed."""

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from pipeline.cli import main

Row = dict[str, object]


def true_figures(home: Path) -> list[Row]:
    """Run over ``home/inbox`` and return the rows of ``figure``, unprotected."""
    assert main(["run", "--home", str(home)]) == 0
    with pytest.MonkeyPatch.context() as patch:
        printed: list[str] = []
        patch.setattr("builtins.print", lambda *texts, **_: printed.extend(texts))
        assert main(["figures", "--unprotected", "--json", "--home", str(home)]) == 0
    found: list[Row] = json.loads("".join(printed))
    return found


def only(figures: Iterable[Row], **key: str) -> Row:
    """Return the only row of a part of the key."""
    (found,) = [row for row in figures if all(row[name] == key[name] for name in key)]
    return found


def shown(row: Row, *names: str) -> tuple[object, ...]:
    """Return some columns of a row."""
    return tuple(row[name] for name in names)


def four(row: Row) -> tuple[object, ...]:
    """Return the four counts of a comparison."""
    return shown(row, "numerator", "denominator", "comparator_numerator", "comparator_denominator")
