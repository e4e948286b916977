"""Build: the files of ``warehouse/`` in the order that their own references give."""

import graphlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.engines import Engine
from pipeline.engines.duckdb import DuckDB
from pipeline.errors import ProductError
from pipeline.resources import REFERENCE, WAREHOUSE
from pipeline.sql import tables_read
from pipeline.store import bounded_memory, transaction

if TYPE_CHECKING:
    import duckdb

STAGES = ("staging", "core", "measures")
_GIVEN = ("landing", "ledger", "reference")
MOST_MEMORY = 1_500
"""Megabytes for the queries of a build. A build of England takes 7,000 where it may; in these it
spills, and takes a quarter longer."""
_GRAIN = re.compile(r"-- Grain: \S")
_VIEW = re.compile(r"^-- A view: \S", re.MULTILINE)
_ROWS_OF_A_THREAD = 122_880
"""DuckDB deals rows out to its threads in groups of this size."""


@dataclass(frozen=True, slots=True)
class Model:
    """One file of ``warehouse/``: its table name, its query and the tables it reads."""

    name: str
    path: Path
    sql: str
    reads: frozenset[str]

    @property
    def comment(self) -> str:
        """The comment lines that open the file: its grain and what it says."""
        lines = []
        for line in self.sql.splitlines():
            if not line.startswith("--"):
                break
            lines.append(line.removeprefix("--").strip())
        return " ".join(lines)

    @property
    def kind(self) -> str:
        """Whether it is kept as a table, or as a view because its comment says ``A view:``."""
        return "view" if _VIEW.search(self.sql) else "table"


def load_models(
    stages: Iterable[str] = STAGES,
    folder: Path = WAREHOUSE,
    given: frozenset[str] = frozenset(),
) -> list[Model]:
    """Return the models of ``stages`` in build order.

    Args:
        stages: folders of the warehouse.
        folder: the warehouse.
        given: tables that are there already, beside those of ``landing`` and ``reference``.

    Raises:
        ProductError: a file does not state its grain or does not parse, a name is unknown, or
            the references go in a circle; all faults at once.
    """
    models: dict[str, Model] = {}
    faults: list[str] = []
    paths = [path for stage in stages for path in sorted((folder / stage).glob("*.sql"))]
    queries = [path.read_text(encoding="utf-8") for path in paths]
    for path, sql, reads in zip(paths, queries, tables_read(queries), strict=True):
        stage, name = path.parent.name, f"{path.parent.name}.{path.stem}"
        if not _GRAIN.match(sql):
            faults.append(f"{stage}/{path.name} line 1: does not begin with '-- Grain: '")
        if isinstance(reads, str):
            faults.append(f"{stage}/{path.name}: {reads}")
        else:
            models[name] = Model(name, path, sql, reads)
    faults += [
        f"{model.name} reads {name}, which no file makes"
        for model in models.values()
        for name in sorted(model.reads)
        if name not in models and name not in given and name.split(".")[0] not in _GIVEN
    ]
    if faults:
        raise ProductError("The warehouse cannot be built: " + "; ".join(faults) + ".")
    return _ordered(models)


def _ordered(models: dict[str, Model]) -> list[Model]:
    graph = {
        model.name: sorted(name for name in model.reads if name in models)
        for model in sorted(models.values(), key=lambda model: model.name)
    }
    try:
        return [models[name] for name in graphlib.TopologicalSorter(graph).static_order()]
    except graphlib.CycleError as error:
        circle = " -> ".join(error.args[1])
        raise ProductError(f"The warehouse cannot be built: {circle} goes in a circle.") from None


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
    connection: "duckdb.DuckDBPyConnection", models: Iterable[Model], engine: Engine | None = None
) -> None:
    """Build each model as a table or a view, all of them or none.

    In ``MOST_MEMORY`` at first, and where a query cannot do with that, in what the machine has.

    Args:
        connection: the private database; the landed rows are there.
        models: in an order in which each comes after what it reads.
        engine: who runs the queries; DuckDB where None.

    Raises:
        ProductError: a query fails; names the file and the line.
    """
    import duckdb

    models = list(models)
    _take_one_thread_for_few_rows(connection)
    try:
        with bounded_memory(connection, MOST_MEMORY):
            _build(connection, models, engine or DuckDB())
    except duckdb.OutOfMemoryException:
        _build(connection, models, engine or DuckDB())


def _build(
    connection: "duckdb.DuckDBPyConnection", models: Sequence[Model], engine: Engine
) -> None:
    with transaction(connection):
        load_reference(connection)
        for stage in STAGES:
            # What an earlier version of the product made goes, and no file makes any more.
            connection.execute(f"drop schema if exists {stage} cascade")
            connection.execute(f"create schema {stage}")
        engine.make(connection, models)


def _take_one_thread_for_few_rows(connection: "duckdb.DuckDBPyConnection") -> None:
    """Leave out the threads that would only wait, which costs more than the work itself."""
    (rows,) = connection.execute(
        "select coalesce(max(estimated_size), 0) from duckdb_tables() where schema_name = 'landing'"
    ).fetchall()[0]
    if rows <= _ROWS_OF_A_THREAD:
        connection.execute("set threads = 1")
