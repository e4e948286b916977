"""Files that are whole or not there at all, and the errors of a disk in words."""

import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pipeline.errors import DiskError, EqualityError, UsageError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FAILING = {errno.EIO}
_READ_ONLY = frozenset({errno.EROFS})
_REFUSED = frozenset({errno.EACCES, errno.EPERM})
_USAGE = {
    _READ_ONLY: "cannot be written to: its disk is read-only. Name another home with --home.",
    _REFUSED: "cannot be read or written: this account has no right to. Give it the right, or name "
    "another home with --home.",
    frozenset({errno.EISDIR}): "is a folder, and a file is needed there. Move the folder away, or "
    "put the file in its place.",
    frozenset({errno.ENOTDIR, errno.EEXIST, errno.ENAMETOOLONG, errno.ELOOP}): "is not a folder, "
    "or cannot be one. Name another one.",
}

DISK_CODES = frozenset(_FULL | _FAILING | _READ_ONLY | _REFUSED)
"""What an operating system answers where a file cannot be read or written."""


def disk_error(code: int | None, place: str | Path) -> EqualityError | None:
    """Return the error for people behind an error number of a disk, or None for another one."""
    if code in _FULL:
        return DiskError(
            f"The disk that holds {place} is full. Free some space and run again: "
            "the last release is untouched, and the run goes on where it stopped."
        )
    if code in _FAILING:
        return DiskError(f"The disk that holds {place} fails to read or write.")
    for codes, words in _USAGE.items():
        if code in codes:
            return UsageError(f"{place} {words}")
    return None


def disk_code(text: str) -> int | None:
    """Return the error number of a disk that a text of another program tells of, or None."""
    return next((code for code in sorted(DISK_CODES) if os.strerror(code) in text), None)


@contextmanager
def words_for_disk_errors(home: Path) -> Iterator[None]:
    """Turn a full, failing or read-only disk into an error for people.

    Raises:
        DiskError: the disk is full or failing.
        UsageError: the home cannot be written to, or is no folder.
    """
    try:
        yield
    except OSError as error:
        known = disk_error(error.errno, error.filename or home)
        if known is None:
            raise
        raise known from None


HOME_MODE = 0o711
"""Other accounts may pass through a home to what is published, and list nothing."""


def make_folder(folder: Path, mode: int = 0o700) -> Path:
    """Make ``folder`` with its parents, readable by its owner alone unless ``mode`` says more."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(mode=mode, exist_ok=True)
        folder.chmod(mode)
    return folder


def finish_moves(source: Path, target: Path) -> None:
    """Move everything from one folder into another on the same disk, and remove the first.

    Where it was interrupted, it goes on when it is called again.
    """
    for path in sorted(source.iterdir()):
        path.replace(target / path.name)
    source.rmdir()


def write_whole(path: Path, content: bytes | Iterable[bytes], mode: int = 0o600) -> None:
    """Write ``content`` so that a reader sees the whole file or the one before, never a part.

    Args:
        path: where to.
        content: all of it, or its pieces one after the other.
        mode: who may read and write it.
    """
    make_folder(path.parent)
    unfinished = path.with_name(f".{path.name}.unfinished")
    # What a run left that was killed may be read-only, so that it cannot be opened again.
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.writelines([content] if isinstance(content, bytes) else content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.chmod(mode)
        unfinished.replace(path)
    except Exception:
        unfinished.unlink(missing_ok=True)
        raise


def sync_folder(folder: Path) -> None:
    """Wait until the disk has the names in ``folder``; a renamed file may else have its old one."""
    if os.name != "posix":  # elsewhere a folder cannot be opened
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def keep_private() -> None:
    """Let what this process makes be its owner's alone, and leave no image of its memory.

    What is published is opened to others one by one. A memory image would hold the keys.
    """
    os.umask(0o077)
    with suppress(ImportError, ValueError, OSError):
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (0, most))
