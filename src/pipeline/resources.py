"""Where ``warehouse/`` and ``schemas/`` lie, in a checkout or installed."""

import csv
from functools import cache
from pathlib import Path

import schemas

ROOT = Path(schemas.__file__).resolve().parent.parent
WAREHOUSE = ROOT / "warehouse"
REFERENCE = WAREHOUSE / "reference"
INDICATORS = WAREHOUSE / "indicators"
HEADERS = ROOT / "schemas" / "headers"


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file that the product ships, all values as text."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def reference(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of ``warehouse/reference/<name>.csv``, all values as text."""
    return tuple(read_rows(REFERENCE / f"{name}.csv"))
