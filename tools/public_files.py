"""Public files as they are published, read as text."""

import csv
import gzip
import io
from pathlib import Path

Row = tuple[str, ...]


def read_table(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file with a header, packed or not."""
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
