"""One writer for each home: a second run waits, or says who holds the lock."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.errors import LockedError
from pipeline.files import HOME_MODE, finish_moves, make_folder, write_whole
from pipeline.settings import Home


@contextmanager
def single_writer(home: Home, wait_seconds: float = 0) -> Iterator[None]:
    """Hold the lock of ``home`` while the block runs.

    A restore that was interrupted while it moved files to their places is ended first.

    The operating system releases the lock when the process ends, however it ends; the file
    beside it only says which process held it last.

    Raises:
        LockedError: another process still holds it after ``wait_seconds``.
    """
    from filelock import FileLock, Timeout

    make_folder(home.root, mode=HOME_MODE)
    holder = home.lock.with_suffix(".holder")
    lock = FileLock(home.lock, timeout=wait_seconds, mode=0o600)
    try:
        lock.acquire()
    except Timeout:
        who = holder.read_text(encoding="ascii").strip() if holder.exists() else "unknown"
        raise LockedError(
            f"Another run holds the lock of {home.root} (process {who}). "
            "Wait until it has ended, then run again."
        ) from None
    try:
        write_whole(holder, f"{os.getpid()}\n".encode("ascii"))
        if home.unpacked.exists():
            finish_moves(home.unpacked, home.root)
        yield
    finally:
        lock.release()
