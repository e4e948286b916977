"""Whether every row of a database can be read: DuckDB checks a block when it reads it."""

from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import EqualityError
from pipeline.store import open_published

if TYPE_CHECKING:
    import duckdb


def read_all(connection: "duckdb.DuckDBPyConnection") -> int | None:
    """Read every value of every table in use; return how many tables, None where one is damaged."""
    import duckdb

    try:
        tables = connection.execute(
            "select schema_name, table_name from duckdb_tables() "
            "where database_name = current_database() order by all"
        ).fetchall()
        for schema, name in tables:
            connection.execute(
                f'select count(*), bit_xor(hash(one)) from "{schema}"."{name}" as one'
            ).fetchall()
    except duckdb.Error:
        return None
    return len(tables)


def published_is_readable(path: Path) -> bool:
    """Return whether a published database is there and every row of it can be read."""
    try:
        with open_published(path) as connection:
            return bool(read_all(connection))
    except EqualityError:
        return False
