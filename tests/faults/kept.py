"""What a home holds, as two homes are compared by it: every byte, and every row of the databases.

DuckDB leaves a few bytes of its files to chance, so that databases are compared by their rows.
"""

import tempfile
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import duckdb
from command import files

from pipeline.identity import load_keys
from pipeline.settings import Home
from pipeline.store import open_private

UNLIKE = ("run.holder", "run.lock", "trail.jsonl", "trail.lock", "snapshots/receipts/")
"""What names the process or the hour of a run, or tells twice of what was begun twice."""
_CHANCE = ("noted_at", "sums_sha256")
"""Columns of what a run did when, and of hashes of databases."""
_OF_THE_HOUR = ("trail_head", "notes_kept")
"""What the ledger knows by a hash of lines that say when: of the trail, and of messages sent."""
_PRIVATE = "landing", "ledger", "core", "marts"

Table = Counter[int]
"""How often each row is there, by its hash."""


@dataclass(frozen=True)
class Kept:
    """What a home holds.

    Attributes:
        files: the bytes of every file by its place, but databases and what names a process.
        published: the rows of every table of every published file, by its place and name.
        private: the rows of every table of the private database; its views are left out.
    """

    files: dict[str, bytes]
    published: dict[str, Table]
    private: dict[str, Table]

    def differences(self, other: "Kept") -> list[str]:
        """Return what is not the same in another home, a line each, without any content."""
        found = [
            f"{name}: {_how(self.files.get(name), other.files.get(name))}"
            for name in sorted(set(self.files) | set(other.files))
            if self.files.get(name) != other.files.get(name)
        ]
        for mine, its in ((self.published, other.published), (self.private, other.private)):
            for name in sorted(set(mine) | set(its)):
                lost, doubled = lost_and_doubled(mine.get(name), its.get(name))
                if lost or doubled or (name in mine) != (name in its):
                    found.append(f"{name}: {lost} rows lost, {doubled} too many")
        return found


def _how(before: bytes | None, after: bytes | None) -> str:
    if after is None:
        return "is missing"
    return "should not be there" if before is None else "has other bytes"


def lost_and_doubled(expected: Table | None, found: Table | None) -> tuple[int, int]:
    """Return how many of the expected rows are not there, and how many there are beside them."""
    expected, found = expected or Counter(), found or Counter()
    return (expected - found).total(), (found - expected).total()


def kept(home: Path) -> Kept:
    """Return what ``home`` holds."""
    found = files(home)
    return Kept(
        files={
            name: _without_hash_of_database(content) if name.endswith("SHA256SUMS") else content
            for name, content in found.items()
            if not name.startswith(UNLIKE) and not name.endswith((".duckdb", ".wal"))
        },
        published={
            f"{name} {table}": rows
            for name, content in sorted(found.items())
            if name.endswith(".duckdb") and name.startswith(("published/", "releases/"))
            for table, rows in _published(content).items()
        },
        private=_private(home),
    )


def _without_hash_of_database(content: bytes) -> bytes:
    return b"".join(line for line in content.splitlines(True) if b".duckdb" not in line)


@lru_cache(maxsize=16)
def _published(content: bytes) -> dict[str, Table]:
    """Return the rows of a published file; many of them are the same in many homes."""
    with tempfile.NamedTemporaryFile(suffix=".duckdb") as file:
        file.write(content)
        file.flush()
        return published_rows(Path(file.name))


def published_rows(path: Path) -> dict[str, Table]:
    """Return the rows of every table of a published file, each by its hash."""
    with duckdb.connect(str(path), read_only=True) as connection:
        names = connection.execute("select table_name from duckdb_tables()").fetchall()
        return {name: _rows(connection, f'"{name}"', "t") for (name,) in names}


def _private(home: Path) -> dict[str, Table]:
    place = Home(home)
    with open_private(place, load_keys(place), read_only=True) as connection:
        tables = connection.execute(
            "select c.schema_name, c.table_name, string_agg('\"' || column_name || '\"', ', ' "
            "order by column_index) from duckdb_columns() as c inner join duckdb_tables() as t "
            "on t.table_oid = c.table_oid and t.database_name = c.database_name "
            f"where c.database_name = 'private' and column_name not in {_CHANCE} group by all"
        ).fetchall()
        return {
            f"{schema}.{table}": _rows(connection, f"{schema}.{table}", columns)
            for schema, table, columns in tables
            if schema in _PRIVATE
        }


def _rows(connection: duckdb.DuckDBPyConnection, table: str, columns: str) -> Table:
    where = f" where name not in {_OF_THE_HOUR}" if table == "ledger.about" else ""
    found = connection.execute(f"select hash({columns}) from {table} as t{where}").fetchall()
    return Counter(row for (row,) in found)
