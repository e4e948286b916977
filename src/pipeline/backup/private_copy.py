"""A copy of the private database as it was at the end of a transaction, also while a run writes.

A file that DuckDB has open is not whole without its log and its memory, and nobody else may open
it. So the run under way makes the copy itself when it is asked to: a thread of its own reads what
is committed and writes it into a new file, while the run goes on. Where no run is under way, and
nobody else writes either, the file and its log are copied as they stand.
"""

import contextlib
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING

from pipeline.errors import DiskError, LockedError, ProductError
from pipeline.files import make_folder, write_whole
from pipeline.lock import single_writer
from pipeline.settings import Home

if TYPE_CHECKING:
    import duckdb

    from pipeline.identity import Keys

_WANTED = "backup.wanted"
_FAILED = "failed"
_LOOK_SECONDS = 0.2


@contextmanager
def copies_on_request(
    home: Home, keys: "Keys", connection: "duckdb.DuckDBPyConnection"
) -> Iterator[None]:
    """Let other processes have copies of the private database while the block runs.

    Args:
        home: whose run.
        keys: its keys; a copy is under the same one.
        connection: the run's own, with the database attached as ``private``.
    """
    ended = Event()
    cursor = connection.cursor()
    thread = Thread(target=_answer, args=(home, keys, cursor, ended), daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        cursor.close()


@contextmanager
def private_copy(home: Home, wait_seconds: float) -> Iterator[Path]:
    """Yield a folder with a copy of ``private.duckdb``, and its log where it has one.

    The folder is gone after the block.

    Args:
        home: whose private database; where it has none, the folder is empty.
        wait_seconds: how long whoever writes is waited for.

    Raises:
        LockedError: another process kept the database to itself for so long.
        DiskError: the disk has no room for the copy.
    """
    for left in home.temporary.glob("backup-*"):
        shutil.rmtree(left, ignore_errors=True)
    token = secrets.token_hex(8)
    folder = make_folder(_folder(home, token))
    try:
        _copy(home, folder, token, time.monotonic() + wait_seconds)
        yield folder
    finally:
        with contextlib.suppress(OSError):
            (home.temporary / _WANTED).unlink()
        shutil.rmtree(folder, ignore_errors=True)


def _copy(home: Home, folder: Path, token: str, until: float) -> None:
    """Copy the files where nobody writes, else ask the run under way for a copy."""
    while True:
        try:
            with single_writer(home), _no_writer(home.private_database):
                for path in (home.private_database, _log_of(home.private_database)):
                    if path.exists():
                        shutil.copyfile(path, folder / path.name)
                return
        except LockedError as error:
            if (folder / home.private_database.name).exists():
                return
            if (folder / _FAILED).exists():
                raise DiskError((folder / _FAILED).read_text(encoding="utf-8")) from None
            if time.monotonic() > until:
                raise LockedError(
                    f"{error} It did not hand out a copy in time; --wait gives it longer."
                ) from None
            write_whole(home.temporary / _WANTED, token.encode("ascii"))
            time.sleep(_LOOK_SECONDS)


@contextmanager
def _no_writer(path: Path) -> Iterator[None]:
    """Keep DuckDB from opening a database for writing while the block runs.

    Raises:
        LockedError: it is open for writing.
    """
    if os.name != "posix" or not path.exists():
        yield
        return
    import fcntl

    with path.open("rb") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            raise LockedError(f"{path} is open in another program.") from None
        yield


def _answer(home: Home, keys: "Keys", cursor: "duckdb.DuckDBPyConnection", ended: Event) -> None:
    """Make a copy for each request, until the run ends."""
    done = ""
    while not ended.wait(_LOOK_SECONDS):
        try:
            token = (home.temporary / _WANTED).read_text(encoding="ascii")
        except OSError:
            continue
        folder = _folder(home, token)
        if token == done or not token.isalnum() or not folder.is_dir():
            continue
        done = token
        try:
            _make_copy(folder / home.private_database.name, keys, cursor)
        except Exception as error:  # noqa: BLE001 - whatever becomes of a copy, the run goes on
            said = "The run under way could not write a copy of the private database"
            with contextlib.suppress(OSError):
                text = f"{said} ({type(error).__name__}): is the disk full?"
                write_whole(folder / _FAILED, text.encode())


def _make_copy(path: Path, keys: "Keys", cursor: "duckdb.DuckDBPyConnection") -> None:
    import duckdb

    unfinished = path.with_name("unfinished.duckdb")
    key = keys.database_key()
    try:
        cursor.execute(f"attach '{_escaped(unfinished)}' as backup_copy (encryption_key '{key}')")
    except duckdb.Error:
        # The statement holds the key, so DuckDB's own text is never passed on.
        raise ProductError("The copy could not be begun.") from None
    try:
        cursor.execute("copy from database private to backup_copy")
        cursor.execute("checkpoint backup_copy")
    finally:
        cursor.execute("detach backup_copy")
    unfinished.chmod(0o600)
    unfinished.rename(path)


def _folder(home: Home, token: str) -> Path:
    return home.temporary / f"backup-{token}"


def _log_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.wal")


def _escaped(path: Path) -> str:
    return str(path).replace("'", "''")
