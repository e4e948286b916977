"""Earlier releases as far as they tell something else than a new one.

A release tells every snapshot anew, mostly as the one before it did. Whoever attacks all releases
together learns nothing from a snapshot that reads the same in two of them.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from pipeline.assess.columns import FIGURE
from pipeline.store import one_thread, open_published

if TYPE_CHECKING:
    import duckdb

_SAID = tuple(name for name in FIGURE if name not in {"release_id", "organisation_name"})
_PERIOD = "period_end"

Tables = Mapping[str, pd.DataFrame]


def snapshots_read_otherwise(releases: Iterable[Path], figure: pd.DataFrame) -> list[set[date]]:
    """Return for each release the snapshots of which its figures are not those of ``figure``.

    Args:
        releases: the databases of earlier releases.
        figure: the figures of the new one as they would be published.

    Raises:
        UsageError: a database cannot be read.
    """
    own: dict[date, tuple[int, int]] | None = None
    found = []
    for path in releases:
        with open_published(path) as connection, one_thread(connection):
            if own is None:
                own = _marks_of_frame(connection, figure)
            marks = _marks(connection, "figure")
            found.append({day for day, mark in marks.items() if own.get(day) != mark})
    return found


def at_snapshots(tables: Tables, days: Iterable[date]) -> dict[str, pd.DataFrame]:
    """Return the rows of tables at some snapshots, and all of tables that know no snapshots."""
    chosen = {str(day) for day in days}
    return {
        name: table[table[_PERIOD].astype(str).str[:10].isin(chosen)] if _PERIOD in table else table
        for name, table in tables.items()
    }


def _marks_of_frame(
    connection: "duckdb.DuckDBPyConnection", figure: pd.DataFrame
) -> dict[date, tuple[int, int]]:
    """Return the marks of a frame, as if it stood in the same file."""
    connection.register("arriving", figure[list(FIGURE)])
    connection.execute("create temp table arrived as select * from figure limit 0")
    connection.execute("insert into arrived by name select * from arriving")
    connection.unregister("arriving")
    return _marks(connection, "arrived")


def _marks(connection: "duckdb.DuckDBPyConnection", table: str) -> dict[date, tuple[int, int]]:
    """Return for each snapshot how many figures it has, and a mark of what they say."""
    rows = connection.execute(
        f"select {_PERIOD}, count(*), bit_xor(hash({', '.join(_SAID)})) from {table} group by all"
    ).fetchall()
    return {day: (number, mark) for day, number, mark in rows}
