"""The two databases: how they are opened, and nothing about what stands in them."""

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import DiskError, EqualityError, LockedError, UsageError
from pipeline.files import make_folder
from pipeline.identity import Keys
from pipeline.settings import Home

if TYPE_CHECKING:
    import duckdb

# Extensions come with the product; none is looked for or fetched at run time.
_CLOSED = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
}


@contextmanager
def open_private(
    home: Home, keys: Keys, *, read_only: bool = False
) -> Iterator["duckdb.DuckDBPyConnection"]:
    """Open the private database of ``home``, encrypted under the store key.

    The connection itself is in memory, with the file attached as ``private``, because DuckDB
    takes a key only where it attaches.

    Raises:
        UsageError: the key does not fit the file.
        LockedError: another process has it open.
        DiskError: the disk is full.
    """
    import duckdb

    make_folder(home.root)
    connection = duckdb.connect(":memory:", config=dict(_CLOSED))
    try:
        connection.execute(f"load {_quoted(_encryption_extension())}")
        if not read_only:
            connection.execute(f"set temp_directory = {_quoted(str(make_folder(home.temporary)))}")
        connection.execute("set temp_file_encryption = true")
        options = f"encryption_key {_quoted(keys.database_key())}"
        options += ", read_only" if read_only else ""
        _attach(connection, home.private_database, options)
        connection.execute("use private")
        if not read_only:
            home.private_database.chmod(0o600)
        with _words_for_duckdb(home.private_database):
            yield connection
    finally:
        # A connection whose disk is full cannot checkpoint; the error that matters is known.
        with contextlib.suppress(duckdb.Error):
            connection.close()


def _attach(connection: "duckdb.DuckDBPyConnection", path: Path, options: str) -> None:
    import duckdb

    try:
        connection.execute(f"attach {_quoted(str(path))} as private ({options})")
    except duckdb.Error as error:
        # The statement holds the key, so DuckDB's own text is never passed on.
        raise _attach_error(path, str(error)) from None


def _attach_error(path: Path, text: str) -> EqualityError:
    lowered = text.lower()
    if "lock" in lowered:
        return LockedError(f"Another program has {path} open. Wait for it to end, or close it.")
    if "permission" in lowered or "read-only" in lowered:
        return UsageError(
            f"{path} cannot be written to. Give this account the right to write there, "
            "or name another home with --home."
        )
    if "no space" in lowered or "disk" in lowered:
        return DiskError(f"The disk that holds {path} is full or failing.")
    return UsageError(
        f"{path} cannot be opened with the store key of this home: the key is another one, or "
        "the file is damaged. Put the right key back in keys/store.key, or restore the file."
    )


@contextmanager
def _words_for_duckdb(path: Path) -> Iterator[None]:
    import duckdb

    try:
        yield
    except duckdb.IOException as error:
        lowered = str(error).lower()
        if "no space" in lowered or "disk" in lowered or "could not write" in lowered:
            raise DiskError(
                f"The disk that holds {path} is full. Free some space and run again: "
                "the last release is untouched."
            ) from None
        raise


def create_published(path: Path, storage_version: str) -> "duckdb.DuckDBPyConnection":
    """Create the database of a release at ``path``, in a storage version that old clients open."""
    import duckdb

    connection = duckdb.connect(":memory:", config=dict(_CLOSED))
    options = f"storage_version {_quoted(storage_version)}"
    connection.execute(f"attach {_quoted(str(path))} as published ({options})")
    connection.execute("use published")
    return connection


def open_published(path: Path) -> "duckdb.DuckDBPyConnection":
    """Open a release read-only.

    Raises:
        UsageError: nothing has been released yet.
    """
    import duckdb

    if not path.exists():
        raise UsageError(f"Nothing has been released yet: {path} is not there. Run: equality run")
    return duckdb.connect(str(path), read_only=True, config=dict(_CLOSED))


def _encryption_extension() -> str:
    import duckdb_extension_httpfs

    folder = Path(duckdb_extension_httpfs.__file__).parent / "extensions"
    return str(next(folder.glob("v*/httpfs.duckdb_extension")))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
