"""Releases: the folder of one, and the swap that makes it the newest."""

import contextlib
import errno
import filecmp
import hashlib
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import UsageError
from pipeline.files import make_folder, write_whole
from pipeline.settings import Home

if TYPE_CHECKING:
    import pandas as pd

SUMS = "SHA256SUMS"
"""The hashes of the files of a release, as ``sha256sum --check`` reads them."""

_SUMMED = ("equality.duckdb", "figure.csv", "manifest.json")

_HELD_OPEN = frozenset({errno.EACCES, errno.EPERM, errno.EBUSY, errno.ETXTBSY})
"""What a file share answers where a file that somebody has open would be replaced."""


def write_release(
    home: Home, release_id: str, frames: Mapping[str, "pd.DataFrame"], manifest: str
) -> Path:
    """Write the folder of a release and return it; it is there whole or not at all.

    ``SHA256SUMS`` in it holds the hashes of its files.
    """
    from pipeline.publish.database import write_csv, write_database

    folder = home.releases / release_id
    unfinished = make_folder(home.releases) / f".{release_id}.unfinished"
    # What an interrupted run left, of this release or of one that was never finished.
    for left in home.releases.glob(".*.unfinished"):
        shutil.rmtree(left, ignore_errors=True)
    make_folder(unfinished)
    write_database(unfinished / "equality.duckdb", frames)
    write_csv(unfinished / "equality.duckdb", unfinished / "figure.csv")
    write_manifest(unfinished, manifest)
    shutil.rmtree(folder, ignore_errors=True)
    unfinished.rename(folder)
    return folder


def write_manifest(folder: Path, manifest: str) -> None:
    """Write the manifest of a release whose other files are there, and the hashes of all."""
    write_whole(folder / "manifest.json", manifest.encode())
    write_whole(folder / SUMS, "".join(_sums(folder)).encode("ascii"))


def _sums(folder: Path) -> Iterator[str]:
    for name in _SUMMED:
        yield f"{sha256_of(folder / name)}  {name}\n"


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def database_hash(folder: Path) -> str | None:
    """Return the hash that the database of a release had when it was made; None if none was kept.

    Args:
        folder: the folder of the release.
    """
    sums = folder / SUMS
    if not sums.exists():
        return None
    lines = sums.read_text("ascii", "replace").splitlines()
    return next((line.split()[0] for line in lines if line.endswith("  equality.duckdb")), None)


def is_current(home: Home, release_id: str) -> bool:
    """Return whether ``release_id`` is what readers see, under the name that the home asks for."""
    wanted = _dated(home, release_id) if home.has_dated_names else home.published_database
    if current_release(home) != release_id or not wanted.exists():
        return False
    made = home.releases / release_id / "equality.duckdb"
    # Where a reader kept the plain name from being replaced, it still holds an earlier release.
    known = database_hash(made.parent)
    if known is not None:
        return sha256_of(wanted) == known
    return not made.exists() or filecmp.cmp(wanted, made, shallow=False)


def make_current(home: Home, release_id: str) -> Path:
    """Put the database of a release where everybody reads it, and return that place.

    It takes the place of the one before in one step; a reader that has that one open keeps it until
    it closes. On a file share that does not replace an open file, and in a home with dated names,
    it stands beside the one before as ``equality-<release_id>.duckdb``. ``current.txt`` names the
    release in each case. What is not current any more is taken away, unless somebody has it open:
    the next run sees to it then.

    Raises:
        UsageError: the release is not there, or is damaged.
    """
    folder = make_folder(home.published_database.parent, mode=0o755)
    folder.chmod(0o755)
    made = home.releases / release_id / "equality.duckdb"
    if not made.is_file():
        raise UsageError(
            f"{made} is not there, so that nobody can publish it. Put the folder {release_id} back "
            "into releases/ from a backup, and run again."
        )
    content = made.read_bytes()
    if database_hash(made.parent) not in (None, hashlib.sha256(content).hexdigest()):
        raise UsageError(
            f"{made} is damaged: its hash is not the one in {SUMS} beside it. Readers see what "
            f"they saw. Put the folder {release_id} back into releases/ from a backup, and run "
            "again."
        )
    path = _dated(home, release_id) if home.has_dated_names else home.published_database
    try:
        write_whole(path, content, mode=0o644)
    except OSError as error:
        if home.has_dated_names or error.errno not in _HELD_OPEN:
            raise
        path = _dated(home, release_id)
        write_whole(path, content, mode=0o644)
    write_whole(folder / "current.txt", f"{release_id}\n".encode("ascii"), mode=0o644)
    kept = {path} if home.has_dated_names else {path, home.published_database}
    for other in sorted(set(folder.glob("equality*.duckdb")) - kept):
        if not is_open(other):
            # A share may refuse it after all; then it stays until the next run.
            with contextlib.suppress(OSError):
                other.unlink()
    return path


def current_database(home: Home) -> Path:
    """Return the file that holds the newest release: under its date where that is there.

    The plain name where nothing has been released.
    """
    release_id = current_release(home)
    dated = _dated(home, release_id) if release_id else home.published_database
    if not dated.exists() or (not home.has_dated_names and is_current(home, release_id or "")):
        return home.published_database
    return dated


def is_open(path: Path) -> bool:
    """Return whether a DuckDB has a file open: it locks what it reads.

    Where the operating system has no such locks (Windows), it refuses to remove an open file by
    itself, and the answer is False.
    """
    try:
        import fcntl
    except ImportError:
        return False
    try:
        with path.open("r+b") as file:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    return False


def shown_report(home: Home, release_id: str) -> Path:
    """Return the folder in which readers find the report of a release, once it is made."""
    return home.published_database.with_name(f"report-{release_id}")


def current_release(home: Home) -> str | None:
    """Return the release that ``current.txt`` names; None where nothing has been released."""
    pointer = home.published_database.with_name("current.txt")
    return pointer.read_text(encoding="ascii").strip() if pointer.exists() else None


def _dated(home: Home, release_id: str) -> Path:
    return home.published_database.with_name(f"equality-{release_id}.duckdb")
