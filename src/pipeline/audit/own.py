"""The detectors on our own figures: the frames that they read, and what each finds there."""

from typing import TYPE_CHECKING

from pipeline.audit.detect import detector_query
from pipeline.resources import WAREHOUSE

if TYPE_CHECKING:
    import duckdb

TABLES = ("printed", "relation")
"""The tables of the detectors, the second made from the first."""


def register_own_figures(connection: "duckdb.DuckDBPyConnection") -> None:
    """Register our figures as the lines of printed tables, from ``decided`` and ``registered``."""
    for name in TABLES:
        query = (WAREHOUSE / "audit" / "own" / f"{name}.sql").read_text(encoding="utf-8")
        connection.register(name, connection.execute(query).df())


def own_query(detector: str) -> str:
    """Return the query of one detector with the standard of each figure that it finds."""
    return (
        f"select printed.standard, found.code\nfrom (\n{detector_query(detector)}\n) as found\n"
        "inner join printed on found.row_number = printed.row_number"
    )
