"""Rows on a terminal: an aligned table for people, or JSON for machines."""

import json
from collections.abc import Sequence


def print_rows(names: Sequence[str], rows: Sequence[Sequence[object]], *, as_json: bool) -> None:
    """Print rows as an aligned table, or as one JSON array of objects keyed by column name."""
    if as_json:
        print(json.dumps([dict(zip(names, row, strict=True)) for row in rows], default=str))
        return
    texts = [["" if value is None else str(value) for value in row] for row in rows]
    widths = [
        max([len(name), *(len(row[index]) for row in texts)]) for index, name in enumerate(names)
    ]
    for line in [list(names), *texts]:
        print(
            "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip()
        )
