"""Build: the models of ``warehouse/`` are made, all of them or none."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import built
from pipeline.changed import build_changed
from pipeline.engines import Engine
from pipeline.engines.duckdb import DuckDB
from pipeline.models import STAGES, Model
from pipeline.resources import REFERENCE
from pipeline.store import bounded_memory, transaction

if TYPE_CHECKING:
    import duckdb

MOST_MEMORY = 1_500
"""Megabytes for the queries of a build. A build of England takes 7,000 where it may; in these it
spills, and takes a quarter longer."""
_ROWS_OF_A_THREAD = 122_880
"""DuckDB deals rows out to its threads in groups of this size."""


def load_reference(connection: "duckdb.DuckDBPyConnection", folder: Path = REFERENCE) -> None:
    """Load each CSV of ``warehouse/reference/`` as a table of text columns; empty is null."""
    connection.execute("create schema if not exists reference")
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8") as file:
            names = file.readline().strip().split(",")
        connection.execute(
            f"create or replace table reference.{path.stem} as select * from read_csv(?, "
            "auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"', "
            "columns = ?)",
            [str(path), dict.fromkeys(names, "varchar")],
        )


def build(
    connection: "duckdb.DuckDBPyConnection",
    models: Iterable[Model],
    engine: Engine | None = None,
    *,
    anew: bool = False,
) -> None:
    """Build each model as a table or a view, all of them or none.

    Where the last build was by the same rules, of the tables the rows of those snapshots alone that
    may read otherwise now. In ``MOST_MEMORY`` at first, and where a query cannot do with that, in
    what the machine has.

    Args:
        connection: the private database; the landed rows are there.
        models: in an order in which each comes after what it reads.
        engine: who runs the queries; DuckDB where None.
        anew: whether all of it is built, whatever stands there.

    Raises:
        ProductError: a query fails; names the file and the line.
    """
    import duckdb

    models, engine = list(models), engine or DuckDB()
    _take_one_thread_for_few_rows(connection)
    try:
        with bounded_memory(connection, MOST_MEMORY):
            _build(connection, models, engine, anew=anew)
    except duckdb.OutOfMemoryException:
        _build(connection, models, engine, anew=anew)


def _build(
    connection: "duckdb.DuckDBPyConnection",
    models: Sequence[Model],
    engine: Engine,
    *,
    anew: bool,
) -> None:
    now = built.source(connection, models, REFERENCE, engine.name)
    before = built.last(connection)
    if (
        not anew
        and now is not None
        and before is not None
        and now.rules == before.rules
        and engine.name == DuckDB.name
        and build_changed(connection, models, before, now)
    ):
        return
    with transaction(connection):
        load_reference(connection, REFERENCE)
        for stage in STAGES:
            # What an earlier version of the product made goes, and no file makes any more.
            connection.execute(f"drop schema if exists {stage} cascade")
            connection.execute(f"create schema {stage}")
        engine.make(connection, models)
        if now is not None:
            built.note(connection, now)


def _take_one_thread_for_few_rows(connection: "duckdb.DuckDBPyConnection") -> None:
    """Leave out the threads that would only wait, which costs more than the work itself."""
    (rows,) = connection.execute(
        "select coalesce(max(estimated_size), 0) from duckdb_tables() where schema_name = 'landing'"
    ).fetchall()[0]
    if rows <= _ROWS_OF_A_THREAD:
        connection.execute("set threads = 1")
