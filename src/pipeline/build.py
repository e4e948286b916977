"""Build: the files of ``warehouse/`` in the order that their own references give."""

import graphlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import ProductError
from pipeline.resources import REFERENCE, WAREHOUSE
from pipeline.store import transaction

if TYPE_CHECKING:
    import duckdb

STAGES = ("staging", "core", "measures")
_GIVEN = ("landing", "ledger", "reference")
_GRAIN = re.compile(r"-- Grain: \S")


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
    for stage in stages:
        for path in sorted((folder / stage).glob("*.sql")):
            sql = path.read_text(encoding="utf-8")
            if not _GRAIN.match(sql):
                faults.append(f"{stage}/{path.name} line 1: does not begin with '-- Grain: '")
            try:
                reads = _tables_read(sql)
            except ValueError as error:
                faults.append(f"{stage}/{path.name}: {error}")
                continue
            models[f"{stage}.{path.stem}"] = Model(f"{stage}.{path.stem}", path, sql, reads)
    faults += [
        f"{model.name} reads {name}, which no file makes"
        for model in models.values()
        for name in sorted(model.reads)
        if name not in models and name not in given and name.split(".")[0] not in _GIVEN
    ]
    if faults:
        raise ProductError("The warehouse cannot be built: " + "; ".join(faults) + ".")
    return _ordered(models)


def _tables_read(sql: str) -> frozenset[str]:
    """Return the tables that a query reads, its own common table expressions left out."""
    import sqlglot
    from sqlglot import expressions
    from sqlglot.errors import SqlglotError

    try:
        statements = sqlglot.parse(sql, read="duckdb")
    except SqlglotError as error:
        raise ValueError(str(error).splitlines()[0]) from None
    if len(statements) != 1 or not isinstance(statements[0], expressions.Query):
        raise ValueError("holds something else than one select")
    query = statements[0]
    own = {expression.alias for expression in query.find_all(expressions.CTE)}
    names = (
        f"{table.db}.{table.name}" if table.db else table.name
        for table in query.find_all(expressions.Table)
    )
    return frozenset(name for name in names if name and name not in own)


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


def build(connection: "duckdb.DuckDBPyConnection", models: Iterable[Model]) -> None:
    """Build each model as a table, all of them or none.

    Raises:
        ProductError: a query fails; names the file and the line.
    """
    import duckdb

    with transaction(connection):
        load_reference(connection)
        for stage in STAGES:
            connection.execute(f"create schema if not exists {stage}")
        for model in models:
            try:
                connection.execute(f"create or replace table {model.name} as {model.sql}")
            except duckdb.Error as error:
                raise ProductError(_failure(model, str(error))) from None


def _failure(model: Model, text: str) -> str:
    """Return which file and line failed; DuckDB's first line names columns, never values."""
    kind = text.splitlines()[0].split(":")[0]
    line = re.search(r"LINE (\d+):", text)
    place = f"{model.path.name} line {line.group(1)}" if line else model.path.name
    detail = (
        text.splitlines()[0] if kind in {"Binder Error", "Catalog Error", "Parser Error"} else kind
    )
    return f"The warehouse file {model.name} ({place}) failed: {detail}"
