"""Apache Spark builds the models: the same SQL in its dialect, the same order, the same figures.

Tables that the models read go to Spark as Parquet, and what it makes comes back as Parquet into
tables that DuckDB has made from the same query, so that every later stage finds what it always
does. Views stay views of DuckDB.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pipeline.engines.duckdb import create
from pipeline.engines.exchange import Exchange, exchange
from pipeline.engines.session import require_spark, spark_session
from pipeline.engines.settings import SparkSettings
from pipeline.errors import ProductError
from pipeline.files import disk_code, disk_error
from pipeline.settings import Home
from pipeline.store import quoted

if TYPE_CHECKING:
    import duckdb
    from pyspark.sql import SparkSession

    from pipeline.models import Model

_WHOLE = frozenset({"INTEGER", "BIGINT", "HUGEINT"})
"""DuckDB adds 64-bit numbers up to 128-bit ones; Spark fails where 64 bits do not hold a sum."""


class Spark:
    """Builds the models on Apache Spark."""

    name = "spark"

    def __init__(self, home: Home, settings: SparkSettings | None = None) -> None:
        """See that Spark is there.

        Raises:
            UsageError: PySpark or Java is not installed.
        """
        require_spark()
        self._home, self._settings = home, settings or SparkSettings()

    def make(self, connection: "duckdb.DuckDBPyConnection", models: "Sequence[Model]") -> None:
        """Make each model's table or view in the private database.

        Raises:
            ProductError: a query fails; names the file, and no value.
            DiskError: a disk is full or failing.
            UsageError: Spark does not start.
        """
        for model in models:
            create(connection, model, is_empty=True)
        made = {model.name for model in models}
        given = sorted({name for model in models for name in model.reads} - made)
        with (
            spark_session(self._settings, self._home) as session,
            exchange(session, self._settings, self._home) as folder,
        ):
            for name in given:
                folder.put(connection, name)
                session.read.parquet(folder.address(name)).createOrReplaceTempView(view(name))
            for model in models:
                self._run(session, folder, model)
            for model in models:
                if model.kind == "table":
                    _take(connection, folder, model.name)

    def _run(self, session: "SparkSession", folder: Exchange, model: "Model") -> None:
        """Run one query; a table is written at once, or the next queries would run it again."""
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException

        try:
            rows = session.sql(in_spark(model.sql))
            if model.kind == "table":
                address = folder.address(model.name)
                rows.write.parquet(address)
                rows = session.read.schema(rows.schema).parquet(address)
            rows.createOrReplaceTempView(view(model.name))
        except (PySparkException, Py4JError) as error:
            known = disk_error(disk_code(str(error)), folder.address(model.name))
            raise known or ProductError(_failure(model, error)) from None


def view(name: str) -> str:
    """Return the name of a table within a session of Spark, which shares no name with others."""
    return name.replace(".", "__")


def in_spark(sql: str) -> str:
    """Return a query of the warehouse in the dialect of Spark."""
    import sqlglot
    from sqlglot import exp

    query: Any = sqlglot.parse_one(sql, read="duckdb")
    for table in query.find_all(exp.Table):
        if table.db:
            # What stands before a column is the table's name as the query has it.
            as_named = table.alias or table.name
            name = exp.to_table(view(f"{table.db}.{table.name}"), alias=as_named)
            table.replace(name)
    text: str = query.sql("spark")
    return text


def _take(connection: "duckdb.DuckDBPyConnection", folder: Exchange, name: str) -> None:
    """Fill a table of DuckDB with what Spark made; no value may change its kind on the way."""
    files = quoted(str(folder.take(name) / "*.parquet"))
    rows = f"select * from read_parquet({files})"
    wanted, given = (
        {column: kind for column, kind, *_ in connection.execute(f"describe {what}").fetchall()}
        for what in (name, rows)
    )
    wrong = [
        column
        for column, kind in wanted.items()
        if given.get(column) != kind and not {given.get(column), kind} <= _WHOLE
    ]
    if wrong or wanted.keys() != given.keys():
        columns = ", ".join(wrong or sorted(wanted.keys() ^ given.keys()))
        raise ProductError(f"The warehouse file {name} gives other columns on Spark: {columns}.")
    connection.execute(f"insert into {name} by name {rows}")


def _failure(model: "Model", error: Exception) -> str:
    """Return which file failed and of what kind; Spark's message may quote a value."""
    condition = getattr(error, "getCondition", lambda: None)() or type(error).__name__
    return f"The warehouse file {model.name} ({model.path.name}) failed on Spark: {condition}"
