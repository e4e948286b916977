"""The two databases: how they are opened, and nothing about what stands in them."""

import contextlib
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import EqualityError, LockedError, ProductError, UsageError
from pipeline.files import disk_code, disk_error, make_folder, sync_folder
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

_BLOCK = 65_536
"""Bytes of a block of a new private database. Most of its tables are small, and each column takes
a block at least, in the file and in memory while a build is stored: with DuckDB's own 262,144 bytes
a home of 500 rows took 55 MB in place of 15, and a run of it 490 MB in place of 330."""

_MEGABYTES = {
    unit: 1024**power / 1e6 for power, unit in enumerate(("bytes", "KiB", "MiB", "GiB", "TiB"))
}
"""The units in which DuckDB tells its limit of memory."""


@contextmanager
def open_private(
    home: Home, keys: Keys, *, read_only: bool = False
) -> Iterator["duckdb.DuckDBPyConnection"]:
    """Open the private database of ``home``, encrypted under the store key.

    The connection itself is in memory, with the file attached as ``private``, because DuckDB
    takes a key only where it attaches. What it spills to the disk is encrypted under a key that
    ends with the process; what a killed run has spilled is removed by the next one that writes.

    Raises:
        UsageError: the key does not fit the file, or the file may not be written.
        LockedError: another process has it open.
        DiskError: the disk is full or failing.
    """
    import duckdb

    path = home.private_database
    with _owners_alone():
        make_folder(home.root)
        connection = duckdb.connect(":memory:", config=dict(_CLOSED))
        try:
            connection.execute(f"load {quoted(_encryption_extension())}")
            connection.execute(f"set default_block_size = {_BLOCK}")
            connection.execute("set temp_file_encryption = true")
            connection.execute(f"set temp_directory = {quoted(str(home.temporary))}")
            if not read_only:
                make_folder(home.temporary)
                if not path.exists():
                    _create(connection, path, keys)
            _attach(connection, path, keys.database_keys(), read_only=read_only)
            if not read_only:
                _remove_spilled(home.temporary)
            connection.execute("use private")
            with _words_for_duckdb(path):
                yield connection
        finally:
            # A connection whose disk is full cannot checkpoint; the error that matters is known.
            with contextlib.suppress(duckdb.Error):
                connection.close()


@contextmanager
def open_anew(home: Home, keys: Keys) -> Iterator["duckdb.DuckDBPyConnection"]:
    """Open the private database with an empty one beside it, attached as ``anew``.

    The new one is under the store key in force. When the block ends well it takes the place of
    the old one, at once; else the old one stays as it is. The block writes to ``anew`` alone.

    Raises:
        UsageError, LockedError, DiskError: as ``open_private``.
    """
    path = home.private_database
    unfinished = path.with_name(f".{path.name}.unfinished")
    _remove_database(unfinished)
    try:
        with open_private(home, keys) as connection:
            # What the log holds is in the file before the file is replaced.
            connection.execute("checkpoint private")
            _attach(connection, unfinished, [keys.database_key()], name="anew")
            yield connection
            connection.execute("checkpoint anew")
            connection.execute("detach anew")
        if _log_of(path).exists() or _log_of(unfinished).exists():
            raise ProductError(f"{path} was not written anew: its log is not empty. Run again.")
        unfinished.chmod(0o600)
        unfinished.replace(path)
        sync_folder(path.parent)
    except BaseException:
        _remove_database(unfinished)
        raise


def is_under_the_key_in_force(home: Home, keys: Keys) -> bool:
    """Return whether the newest of the store keys opens the private database."""
    newest = Keys(keys.pseudonym, keys.store)
    with contextlib.suppress(UsageError), open_private(home, newest, read_only=True):
        return True
    with open_private(home, keys, read_only=True):
        return False


@contextmanager
def _owners_alone() -> Iterator[None]:
    """Let DuckDB make its log and its spilled files readable by their owner alone."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def _remove_spilled(folder: Path) -> None:
    """Remove what a killed run has spilled; while this process writes nobody else has it open."""
    for path in folder.glob("duckdb_temp_*"):
        path.unlink(missing_ok=True)
    for path in folder.glob("spark*"):
        shutil.rmtree(path, ignore_errors=True)


def _create(connection: "duckdb.DuckDBPyConnection", path: Path, keys: Keys) -> None:
    """Make an empty database at ``path``, whole or not at all: a part of one opens no more."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    _remove_database(unfinished)
    try:
        _attach(connection, unfinished, [keys.database_key()])
        with _words_for_duckdb(path):
            connection.execute("detach private")
        unfinished.chmod(0o600)
        unfinished.replace(path)
    except BaseException:
        _remove_database(unfinished)
        raise


def _remove_database(path: Path) -> None:
    path.unlink(missing_ok=True)
    _log_of(path).unlink(missing_ok=True)


def _log_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.wal")


class _DoesNotOpenError(UsageError):
    """A file and a key that do not fit; another key may."""


def _attach(
    connection: "duckdb.DuckDBPyConnection",
    path: Path,
    database_keys: Sequence[str],
    *,
    name: str = "private",
    read_only: bool = False,
) -> None:
    """Attach a file under the first of the keys that opens it."""
    import duckdb

    refused: EqualityError | None = None
    for key in database_keys:
        options = f"encryption_key {quoted(key)}{', read_only' if read_only else ''}"
        try:
            connection.execute(f"attach {quoted(str(path))} as {name} ({options})")
        except duckdb.Error as error:
            # The statement holds the key, so DuckDB's own text is never passed on.
            refused = _attach_error(path, error)
            if not isinstance(refused, _DoesNotOpenError):
                break
        else:
            return
    if refused is not None:
        raise refused from None


def _attach_error(path: Path, error: Exception) -> EqualityError:
    text = str(error)
    if "Could not set lock" in text or "used by another process" in text:
        holder = re.search(r"\(PID (\d+)\)", text)
        who = f"process {holder[1]}" if holder else "another program"
        return LockedError(f"{path} is open in {who}. Wait for it to end, or close it.")
    return disk_error(_disk_code(error), path.parent) or _DoesNotOpenError(
        f"{path} cannot be opened with the store key of this home: the key is another one, or "
        "the file is damaged. Put the right key back in keys/store.key; a damaged file is made "
        "anew by `equality rebuild`, or comes from a backup: docs/recovery.md."
    )


@contextmanager
def _words_for_duckdb(path: Path) -> Iterator[None]:
    """Turn a disk error that DuckDB met into an error for people."""
    try:
        yield
    except Exception as error:
        known = disk_error(_disk_code(error), path.parent)
        if known is None:
            raise
        raise known from None


def _disk_code(error: BaseException | None) -> int | None:
    """Return the disk's error number in DuckDB's text, here or where another error hid it.

    DuckDB passes on what the operating system said, in the words of its ``strerror``. A commit
    that fails for want of space is followed by a rollback that has nothing to roll back, so the
    reason may stand in the error before the last one.
    """
    import duckdb

    while error is not None:
        if isinstance(error, duckdb.Error):
            code = disk_code(str(error))
            if code is not None:
                return code
        error = error.__cause__ or error.__context__
    return None


@contextmanager
def transaction(connection: "duckdb.DuckDBPyConnection") -> Iterator[None]:
    """Run the block as one transaction: all of it is stored, or nothing."""
    import duckdb

    connection.execute("begin transaction")
    try:
        yield
        connection.execute("commit")
    except BaseException:
        # After a commit that failed there is nothing to roll back; its own error is what matters.
        with contextlib.suppress(duckdb.Error):
            connection.execute("rollback")
        raise


@contextmanager
def one_thread(connection: "duckdb.DuckDBPyConnection") -> Iterator[None]:
    """Run the block's queries in one thread, as is best where they read data frames.

    The texts of a frame are read under Python's lock, and a second thread only waits for it.
    """
    (before,) = connection.execute("select current_setting('threads')").fetchone() or (1,)
    connection.execute("set threads = 1")
    try:
        yield
    finally:
        connection.execute(f"set threads = {before}")


@contextmanager
def bounded_memory(connection: "duckdb.DuckDBPyConnection", megabytes: int) -> Iterator[None]:
    """Run the block's queries in so much memory at most; what is more is spilled, encrypted."""
    (before,) = connection.execute("select current_setting('memory_limit')").fetchone() or ("",)
    amount, unit = before.split()
    if float(amount) * _MEGABYTES[unit] <= megabytes:
        yield  # a small machine, or a container, has less to begin with
        return
    connection.execute(f"set memory_limit = '{megabytes}MB'")
    try:
        yield
    finally:
        # `reset` would show the limit of before, and go on with this one.
        connection.execute(f"set memory_limit = {quoted(before)}")


def has_table(connection: "duckdb.DuckDBPyConnection", schema: str, name: str) -> bool:
    """Return whether the database in use has a table."""
    # The names are the product's own: with parameters DuckDB would import pandas.
    found = connection.execute(
        "select count(*) from duckdb_tables() where database_name = current_database() "
        f"and schema_name = {quoted(schema)} and table_name = {quoted(name)}"
    ).fetchone()
    return found != (0,)


def create_published(path: Path, storage_version: str) -> "duckdb.DuckDBPyConnection":
    """Create the database of a release at ``path``, in a storage version that old clients open."""
    import duckdb

    connection = duckdb.connect(":memory:", config=dict(_CLOSED))
    options = f"storage_version {quoted(storage_version)}"
    connection.execute(f"attach {quoted(str(path))} as published ({options})")
    connection.execute("use published")
    return connection


def open_published(path: Path) -> "duckdb.DuckDBPyConnection":
    """Open a release read-only.

    Raises:
        UsageError: nothing has been released yet, or the file is damaged.
    """
    import duckdb

    if not path.exists():
        raise UsageError(f"Nothing has been released yet: {path} is not there. Run: equality run")
    try:
        return duckdb.connect(str(path), read_only=True, config=dict(_CLOSED))
    except duckdb.Error as error:
        raise disk_error(_disk_code(error), path) or UsageError(_damaged(path)) from None


def _damaged(path: Path) -> str:
    """Return what to do about a published file that is damaged: of an earlier one there is one."""
    if path.parent.parent.name == "releases":
        return (
            f"{path} is damaged. Put the folder {path.parent.name} back into releases/ from a "
            "backup."
        )
    return (
        f"{path} cannot be opened: it is damaged. Take it away, and the next run puts the "
        "newest release there again."
    )


def _encryption_extension() -> str:
    import duckdb_extension_httpfs

    folder = Path(duckdb_extension_httpfs.__file__).parent / "extensions"
    return str(next(folder.glob("v*/httpfs.duckdb_extension")))


def quoted(text: str) -> str:
    """Return a text as SQL writes it.

    For texts of the product's own where a parameter would cost: with the first one of a process
    DuckDB imports pandas.
    """
    return "'" + text.replace("'", "''") + "'"
