"""The published database: made new, commented, verified by opening it again."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from pipeline.errors import ProductError
from pipeline.models import load_models
from pipeline.publish.plain_csv import copy_csv
from pipeline.store import create_published, one_thread, open_published, quoted
from schemas.published import TABLES
from schemas.published_views import VIEW_COLUMNS

if TYPE_CHECKING:
    import duckdb
    import pandera.pandas as pa

# The oldest layout that DuckDB still writes: every client since 1.1 opens it.
STORAGE_VERSION = "v1.0.0"


def write_database(path: Path, frames: Mapping[str, pd.DataFrame]) -> None:
    """Write every published table and view to a new file at ``path`` and verify it.

    Raises:
        ProductError: a frame does not have the columns and values of its schema, or the file does
            not hold what was written.
    """
    connection = create_published(path, STORAGE_VERSION)
    try:
        with one_thread(connection):
            for name, schema in TABLES.items():
                _write_table(connection, name, schema, frames[name])
        for model in load_models(("marts",), given=frozenset(TABLES)):
            view = model.name.removeprefix("marts.")
            connection.execute(f"create view {view} as {model.sql}")
            _comment_view(connection, view, model.comment)
        connection.execute("checkpoint published")
    finally:
        connection.close()
    _verify(path, frames)


def write_csv(database: Path, path: Path) -> None:
    """Write the figures of a published database to a new file at ``path``, in their order."""
    connection = open_published(database)
    try:
        copy_csv(connection, "figure", path)
    finally:
        connection.close()
    path.chmod(0o600)
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _write_table(
    connection: "duckdb.DuckDBPyConnection",
    name: str,
    schema: "pa.DataFrameSchema",
    frame: pd.DataFrame,
) -> None:
    frame = frame[list(schema.columns)]
    _validate(name, schema, frame)
    columns = ", ".join(
        f"{column} {spec.metadata['sql_type']}{'' if spec.nullable else ' not null'}"
        for column, spec in schema.columns.items()
    )
    connection.execute(f"create table {name} ({columns})")
    connection.register("arriving", frame)
    connection.execute(f"insert into {name} by name select * from arriving")
    connection.unregister("arriving")
    connection.execute(f"comment on table {name} is {quoted(str(schema.description))}")
    for column, spec in schema.columns.items():
        connection.execute(f"comment on column {name}.{column} is {quoted(spec.description)}")


def _validate(name: str, schema: "pa.DataFrameSchema", frame: pd.DataFrame) -> None:
    from pandera.errors import SchemaErrors

    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as error:
        cases = error.failure_cases[["column", "check"]].astype(str).drop_duplicates()
        places = "; ".join(" ".join(case) for case in cases.itertuples(index=False))
        raise ProductError(f"Table {name} would not be published as promised: {places}.") from None


def _comment_view(connection: "duckdb.DuckDBPyConnection", view: str, comment: str) -> None:
    connection.execute(f"comment on view {view} is {quoted(comment)}")
    comments = VIEW_COLUMNS.get(view, {})
    columns = [row[0] for row in connection.execute(f"describe {view}").fetchall()]
    if set(columns) != set(comments):
        differ = ", ".join(sorted(set(columns) ^ set(comments)))
        raise ProductError(
            f"The columns of the view {view} and their comments in schemas/published_views.py "
            f"differ: {differ}."
        )
    for column in columns:
        connection.execute(f"comment on column {view}.{column} is {quoted(comments[column])}")


def _verify(path: Path, frames: Mapping[str, pd.DataFrame]) -> None:
    connection = open_published(path)
    try:
        for name in TABLES:
            row = connection.execute(f"select count(*) from {name}").fetchone()
            if row is None or row[0] != len(frames[name]):
                raise ProductError(f"The new database does not hold the {name} that was written.")
        silent = connection.execute(
            "select table_name from duckdb_tables() where comment is null "
            "union all select view_name from duckdb_views() where not internal and comment is null "
            "union all select table_name || '.' || column_name from duckdb_columns() "
            "where not internal and comment is null"
        ).fetchall()
    finally:
        connection.close()
    if silent:
        names = ", ".join(row[0] for row in silent)
        raise ProductError(f"The new database has tables or columns without a comment: {names}.")
