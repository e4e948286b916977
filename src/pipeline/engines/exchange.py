"""The folder through which tables go between DuckDB and Spark, as Parquet.

It holds rows of people under pseudonyms, is its owner's alone, and is gone when the build ends.
What a killed build left goes with the next one.
"""

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from pipeline.engines.settings import SparkSettings
from pipeline.files import make_folder
from pipeline.settings import Home
from pipeline.store import quoted

if TYPE_CHECKING:
    import duckdb
    from pyspark.sql import SparkSession


class Exchange(Protocol):
    """Where the tables of one build lie, each in a folder of its own."""

    def address(self, table: str) -> str:
        """Return where Spark reads or writes a table."""

    def put(self, connection: "duckdb.DuckDBPyConnection", table: str) -> None:
        """Write a table of DuckDB there."""

    def take(self, table: str) -> Path:
        """Return the local folder with the Parquet files of a table that Spark wrote."""


class _Local:
    """A folder of this machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def address(self, table: str) -> str:
        # An address, since a path alone would be one of the cluster's own file system.
        return self.take(table).absolute().as_uri()

    def put(self, connection: "duckdb.DuckDBPyConnection", table: str) -> None:
        file = make_folder(self.take(table)) / "rows.parquet"
        connection.execute(f"copy {table} to {quoted(str(file))} (format parquet)")

    def take(self, table: str) -> Path:
        return self._folder / table


class _Hadoop:
    """A folder of any file system that Hadoop knows, with one of this machine on the way there."""

    def __init__(self, session: "SparkSession", address: str, way: Path) -> None:
        self._address, self._way = address, _Local(way)
        self._jvm: Any = session.sparkContext._jvm
        hadoop = session.sparkContext._jsc.hadoopConfiguration()
        self._files = self._path(address).getFileSystem(hadoop)

    def address(self, table: str) -> str:
        return f"{self._address}/{table}"

    def put(self, connection: "duckdb.DuckDBPyConnection", table: str) -> None:
        self._way.put(connection, table)
        here = self._path(self._way.address(table))
        self._files.moveFromLocalFile(here, self._path(self.address(table)))

    def take(self, table: str) -> Path:
        self._files.moveToLocalFile(
            self._path(self.address(table)), self._path(self._way.address(table))
        )
        return self._way.take(table)

    def make(self) -> None:
        """Make the folder, with nothing in it that an earlier build left."""
        self.remove()
        self._files.mkdirs(self._path(self._address))

    def remove(self) -> None:
        """Remove the folder."""
        self._files.delete(self._path(self._address), True)

    def _path(self, address: str) -> Any:
        return self._jvm.org.apache.hadoop.fs.Path(address)


@contextmanager
def exchange(session: "SparkSession", settings: SparkSettings, home: Home) -> Iterator[Exchange]:
    """Yield the folder of one build; it is empty before and gone afterwards.

    Args:
        session: a session of Spark, whose settings of Hadoop hold.
        settings: where the folder is.
        home: whose build it is; homes may share a folder.
    """
    own = hashlib.sha256(str(home.root).encode()).hexdigest()[:12]
    path = Path(settings.folder) / own if settings.folder and settings.is_path else home.exchange
    shutil.rmtree(path, ignore_errors=True)
    make_folder(path)
    try:
        if settings.is_path:
            yield _Local(path)
        else:
            hadoop = _Hadoop(session, f"{settings.folder.rstrip('/')}/{own}", path)
            try:
                hadoop.make()
                yield hadoop
            finally:
                hadoop.remove()
    finally:
        shutil.rmtree(path, ignore_errors=True)
