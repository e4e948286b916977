"""Files that are whole or not there at all, and the errors of a disk in words."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import DiskError, UsageError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FAILING = {errno.EIO}
_REFUSED = {errno.EROFS, errno.EACCES, errno.EPERM}


@contextmanager
def words_for_disk_errors(home: Path) -> Iterator[None]:
    """Turn a full, failing or read-only disk into an error for people.

    Raises:
        DiskError: the disk is full or failing.
        UsageError: the home cannot be written to.
    """
    try:
        yield
    except OSError as error:
        place = error.filename or home
        if error.errno in _FULL:
            raise DiskError(
                f"The disk that holds {place} is full. Free some space and run again: "
                "the last release is untouched, and the run goes on where it stopped."
            ) from None
        if error.errno in _FAILING:
            raise DiskError(f"The disk that holds {place} fails to read or write.") from None
        if error.errno in _REFUSED:
            raise UsageError(
                f"{place} cannot be written to. Give this account the right to write there, "
                "or name another home with --home."
            ) from None
        raise


def make_folder(folder: Path, mode: int = 0o700) -> Path:
    """Make ``folder`` with its parents, readable by its owner alone unless ``mode`` says more."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(mode=mode, exist_ok=True)
        folder.chmod(mode)
    return folder


def write_whole(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Write ``content`` so that a reader sees the whole file or the one before, never a part."""
    make_folder(path.parent)
    unfinished = path.with_name(f".{path.name}.unfinished")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.chmod(mode)
        unfinished.replace(path)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise
