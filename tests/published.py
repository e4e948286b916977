"""True figures of a whole run, for the cases whose counts and figures public reports printed."""

import json
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

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


def percent(row: Mapping[str, Any], decimals: int = 2, of: str = "") -> float:
    """Return the percentage of a row to the decimals that a report printed, halves rounded up.

    Args:
        row: a figure with its counts.
        decimals: decimals printed; a figure of its own shows one.
        of: ``comparator_`` for the comparator's percentage.
    """
    share = Decimal(100 * row[f"{of}numerator"]) / row[f"{of}denominator"]
    return float(share.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))
