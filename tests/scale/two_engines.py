"""The same landed rows, built by DuckDB and by Spark, and what differs between the two."""

from collections.abc import Sequence

import duckdb

from pipeline.build import build
from pipeline.engines import Engine
from pipeline.engines.settings import SparkSettings
from pipeline.models import Model

LOCAL = SparkSettings(
    master="local[2]",
    options={
        # A few rows are through before Java's second compiler has paid for itself.
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        "spark.sql.shuffle.partitions": "2",
    },
)


def columns(connection: duckdb.DuckDBPyConnection, name: str) -> list[tuple[str, str]]:
    """Return the names and types of the columns of a table or view."""
    return [row[:2] for row in connection.execute(f"describe {name}").fetchall()]


def differences(
    connection: duckdb.DuckDBPyConnection, models: Sequence[Model], engine: Engine
) -> dict[str, str]:
    """Build ``models`` twice, and return what differs, by the name of the table.

    Rows are compared as they are, however often each stands in a table.
    """
    build(connection, models)
    connection.execute("create or replace schema first")
    kept = {}
    for model in models:
        copy = f"first.{model.name.replace('.', '__')}"
        connection.execute(f"create table {copy} as select * from {model.name}")
        kept[model.name] = copy, columns(connection, model.name)
    build(connection, models, engine)
    found = {}
    for name, (copy, of_duckdb) in kept.items():
        if columns(connection, name) != of_duckdb:
            found[name] = "columns"
            continue
        only = [
            connection.execute(f"select count(*) from ({one} except all {other})").fetchone()
            for one, other in (
                (f"select * from {copy}", f"select * from {name}"),
                (f"select * from {name}", f"select * from {copy}"),
            )
        ]
        if only != [(0,), (0,)]:
            found[name] = f"{only[0]} rows of DuckDB alone, {only[1]} of Spark alone"
    connection.execute("drop schema first cascade")
    return found
