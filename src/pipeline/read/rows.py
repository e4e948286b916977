"""What every reader hands over: numbered rows of cells, all text."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

ERROR_MARK = re.compile(
    r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA)", re.IGNORECASE
)
"""A formula error as a spreadsheet writes it."""

UNCALCULATED = "\x00uncalculated"
"""Stands for a formula whose result was never saved; no received text can hold it."""

_INVISIBLE = "\u200b\ufeff"


class Row(NamedTuple):
    """A row as received: its number in a spreadsheet (1 is the first), its cells.

    ``cells`` is None where quotation marks stand so that the cells cannot be told apart.
    """

    number: int
    cells: list[str] | None


@lru_cache(maxsize=1 << 14)
def clean(cell: str) -> str | None:
    """Return the text of a cell without white space around it; None for a blank cell.

    A pivot table writes ``(blank)`` for a cell without a value.
    """
    text = cell.replace("\xa0", " ").strip().strip(_INVISIBLE).strip()
    return None if not text or text.lower() == "(blank)" else text


def cleaned_all(cells: Iterable[str]) -> list[str | None]:
    """Return the text of each cell as ``clean`` does; letters and digits alone are clean."""
    return [cell if cell.isalnum() else clean(cell) for cell in cells]


def is_blank(row: Row) -> bool:
    """Return whether no cell of the row holds anything."""
    return row.cells is not None and not any(clean(cell) for cell in row.cells)


def listed(items: Iterable[object], at_most: int = 10) -> str:
    """Return ``items`` as a list in words that names at most ``at_most`` of them."""
    texts = [str(item) for item in items]
    shown = ", ".join(texts[:at_most])
    rest = len(texts) - at_most
    return f"{shown} and {rest} more" if rest > 0 else shown
