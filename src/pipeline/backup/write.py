"""Write a backup: one file that holds a home at the end of a transaction, or no file at all."""

import hashlib
import io
import os
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from pipeline.backup.contents import ABOUT, TRAIL, About, check_backup, files_of
from pipeline.backup.private_copy import private_copy
from pipeline.errors import LockedError, ProductError, UsageError
from pipeline.identity import load_keys
from pipeline.noted import RELEASE
from pipeline.publish.basis import code_version
from pipeline.publish.put_back import RESTORE
from pipeline.publish.release import current_release, sha256_of
from pipeline.settings import Home, Settings
from pipeline.store import open_private
from pipeline.trail import head, newest_first, note, whole_lines

_TRIES = 3


@dataclass(frozen=True, slots=True)
class Written:
    """A backup that was written and read again.

    Attributes:
        file: where.
        size: how many bytes.
        sha256: its hash.
        about: what it says of itself.
        was_opened: whether its private database was opened with the keys and read to its end.
    """

    file: Path
    size: int
    sha256: str
    about: About
    was_opened: bool


def write_backup(settings: Settings, file: Path, wait_seconds: float) -> Written:
    """Write everything that a home holds but its keys into one file, and read it again.

    A run may be under way. Should it make a release meanwhile, the backup begins anew, so that it
    never knows less than what readers have seen.

    Raises:
        UsageError: the file is there already, or would lie in the home; the home holds nothing.
        LockedError: who writes did not let the private database be copied in time.
        DiskError: a disk is full.
        ProductError: what was written does not read as it should.
    """
    home, file = settings.home, file.expanduser().absolute()
    _refuse(home, file)
    unfinished = file.with_name(f".{file.name}.unfinished")
    with _one_at_a_time(home):
        try:
            for _ in range(_TRIES):
                before = _last_told(home)
                was_opened = _write(settings, unfinished, wait_seconds)
                if _last_told(home) == before:
                    break
            else:
                raise LockedError(
                    f"{home.root} made release after release meanwhile. Write the backup again."
                )
            about = check_backup(unfinished)
            digest = sha256_of(unfinished)
            unfinished.rename(file)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        told = {"file": file.name, "sha256": digest, "head": about.head}
        note(home, "backup", told)
    return Written(file, file.stat().st_size, digest, about, was_opened)


def _refuse(home: Home, file: Path) -> None:
    if not home.holds_data():
        raise UsageError(f"{home.root} holds nothing yet. Run: equality run --home {home.root}")
    if file.exists():
        raise UsageError(f"{file} is there already, and no backup is overwritten. Name another.")
    if file.is_relative_to(home.root):
        raise UsageError(
            f"{file} lies in the home that it would be a backup of, and would be lost with it. "
            "Name a file elsewhere, best on another disk."
        )
    if not file.parent.is_dir():
        raise UsageError(f"There is no folder {file.parent} to write {file.name} into.")


@contextmanager
def _one_at_a_time(home: Home) -> Iterator[None]:
    from filelock import FileLock, Timeout

    lock = FileLock(home.root / "backup.lock", timeout=0, mode=0o600)
    try:
        lock.acquire()
    except Timeout:
        raise LockedError(f"Another backup of {home.root} is being written.") from None
    try:
        yield
    finally:
        lock.release()


def _last_told(home: Home) -> int:
    """Return the number of the newest entry that tells of something readers have seen."""
    return next((entry.sequence for entry in newest_first(home, RELEASE, RESTORE)), 0)


def _write(settings: Settings, unfinished: Path, wait_seconds: float) -> bool:
    """Write the file; return whether the private database in it was opened with the keys."""
    home = settings.home
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out, tarfile.open(fileobj=out, mode="w:") as archive:
        files: dict[str, str] = {}
        # First the private database: what it names was there before it did.
        with private_copy(home, wait_seconds) as folder:
            was_opened = _is_whole(home, folder)
            for path in sorted(folder.iterdir()):
                files[path.name] = _add_file(archive, path.name, path)
        for name, path in files_of(settings):
            try:
                files[name] = _add_file(archive, name, path)
            except FileNotFoundError:
                continue  # what a run replaces or clears away meanwhile
        # The trail comes last, so that it tells of everything in the backup.
        trail = whole_lines(home)
        files[TRAIL] = _add(archive, TRAIL, io.BytesIO(trail), len(trail))
        about = About(
            made_at=datetime.now(UTC).isoformat(timespec="seconds"),
            code_version=code_version(),
            head=head(home),
            shown=current_release(home),
            has_report=home.published_database.with_name("index.html").exists(),
            files=files,
        ).to_json()
        _add(archive, ABOUT, io.BytesIO(about), len(about))
        archive.close()
        out.flush()
        os.fsync(out.fileno())
    return was_opened


def _is_whole(home: Home, folder: Path) -> bool:
    """Return whether a copy could be opened with the keys, where they are at hand.

    Raises:
        ProductError: the keys open it, and not every row can be read.
    """
    from pipeline.verify.readable import read_all

    try:
        keys = load_keys(home)
    except UsageError:
        return False
    with open_private(Home(folder), keys, read_only=True) as connection:
        if read_all(connection) is None:
            raise ProductError(
                f"{home.private_database} is damaged, so no backup was written. Run: equality "
                "verify"
            )
    return True


class _Hashed:
    """A file that is hashed as it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        content = self._file.read(size)
        self.digest.update(content)
        return content


def _add_file(archive: tarfile.TarFile, name: str, path: Path) -> str:
    with path.open("rb") as file:
        status = os.fstat(file.fileno())
        return _add(archive, name, file, status.st_size, status.st_mode)


def _add(archive: tarfile.TarFile, name: str, file: IO[bytes], size: int, mode: int = 0o600) -> str:
    """Add a file as its owner's alone, and return its hash."""
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = size, mode & 0o700, int(time.time())
    hashed = _Hashed(file)
    archive.addfile(member, hashed)
    return hashed.digest.hexdigest()
