"""The inbox: ``<period_end>/<ORGANISATION_CODE>/<source>.<csv|xlsx|txt|dat>``."""

import errno
import hashlib
import os
import stat
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO

from pipeline import organisations
from pipeline.faults import Fault, shown
from pipeline.periods import nearest_quarter_end, parse_period

SOURCES = (
    "actions", "board", "control_totals", "duties", "eds", "employee_relations", "esr_staff",
    "movers", "pay", "recruitment", "survey", "training",
)  # fmt: skip
CONTROL_TOTALS = "control_totals"
"""The source that tells what the sender counted in the others; nobody is asked for it."""
SUFFIXES = (".csv", ".xlsx", ".txt", ".dat")

_PIECE = 1 << 20
MOST_BYTES = 100 * 10**6
"""How large a file may be, where the settings say nothing: several times the largest extract."""

_YEARS = range(1990, 2100)
"""Years of snapshots: a slip in another one would be the newest snapshot for ever."""

_CLOSED = frozenset(
    {errno.EACCES, errno.EPERM, errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENXIO, errno.ESTALE}
)
"""What an operating system answers where this one file cannot be opened, and others can."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a submission belongs: one source of one organisation at one snapshot."""

    period_end: date
    organisation_code: str
    source: str

    def __str__(self) -> str:
        return f"{self.period_end}/{self.organisation_code}/{self.source}"


@dataclass(frozen=True, slots=True, order=True)
class Submission:
    """A file in its place, and how many bytes it had when the inbox was looked through."""

    place: Place
    path: Path
    size: int

    def content(self) -> bytes | None:
        """Return what the file holds, or None where it went away or grew in the meantime.

        Then the next run takes it: what is still being copied is not there yet.
        """
        try:
            with _opened(self.path) as file:
                content = file.read(self.size + 1)
        except OSError as error:
            if error.errno not in _CLOSED:
                raise
            return None
        return None if len(content) > self.size else content

    def digest(self) -> str | None:
        """Return the SHA-256 of what the file holds, or None as ``content``."""
        try:
            with _opened(self.path) as file:
                digest = hashlib.sha256()
                while piece := file.read(_PIECE):
                    digest.update(piece)
                return digest.hexdigest() if file.tell() <= self.size else None
        except OSError as error:
            if error.errno not in _CLOSED:
                raise
            return None

    def pieces(self) -> Iterator[bytes]:
        """Yield what the file holds, a piece at a time; less where it went away."""
        try:
            with _opened(self.path) as file:
                while piece := file.read(_PIECE):
                    yield piece
        except OSError as error:
            if error.errno not in _CLOSED:
                raise


@dataclass(frozen=True, slots=True)
class Stray:
    """A file or folder that is rejected by its name alone."""

    name: str
    """The path below the inbox."""
    fault: Fault


@dataclass(frozen=True, slots=True)
class Inbox:
    """What lies in an inbox, sorted."""

    submissions: tuple[Submission, ...]
    strays: tuple[Stray, ...]


def scan(inbox: Path, period: date | None = None, most_bytes: int = MOST_BYTES) -> Inbox:
    """Return what lies in ``inbox``; with ``period``, in the folder of that snapshot alone.

    Hidden files and the temporary files of spreadsheet programs are passed over. A link is not
    followed, and nothing but a plain file is opened: a pipe would keep the run waiting for ever.

    Args:
        inbox: the folder.
        period: the only snapshot to look for.
        most_bytes: how large a file may be.
    """
    found: dict[Place, list[Submission]] = defaultdict(list)
    strays: list[Stray] = []
    for folder in _children(inbox):
        period_end = parse_period(folder.name)
        if period is not None and period_end != period:
            continue
        fault = _period_fault(folder)
        if fault or period_end is None:
            strays.append(_stray(inbox, folder, fault or Fault("PERIOD_UNKNOWN")))
            continue
        for organisation in _children_or_stray(inbox, folder, strays):
            fault = _organisation_fault(organisation, period_end)
            if fault:
                strays.append(_stray(inbox, organisation, fault))
                continue
            for file in _children_or_stray(inbox, organisation, strays):
                looked_at = _file_fault(file) or _size(file, most_bytes)
                if isinstance(looked_at, Fault):
                    strays.append(_stray(inbox, file, looked_at))
                else:
                    place = Place(period_end, organisation.name, file.stem)
                    found[place].append(Submission(place, file, looked_at))
    for twins in [found.pop(place) for place in sorted(found) if len(found[place]) > 1]:
        strays += [_stray(inbox, twin.path, Fault("PLACE_TAKEN_TWICE")) for twin in twins]
    submissions = sorted(only for (only,) in found.values())
    return Inbox(tuple(submissions), tuple(sorted(strays, key=lambda stray: stray.name)))


def _children(folder: Path) -> list[Path]:
    return sorted(
        child
        for child in folder.iterdir()
        if not child.name.startswith((".", "~$")) and child.name != "Thumbs.db"
    )


def _children_or_stray(inbox: Path, folder: Path, strays: list[Stray]) -> list[Path]:
    try:
        return _children(folder)
    except OSError as error:
        if error.errno not in _CLOSED:
            raise
        strays.append(_stray(inbox, folder, Fault("CANNOT_BE_OPENED")))
        return []


def _opened(path: Path) -> BinaryIO:
    """Open a plain file; a link that took its place is not followed, a pipe not waited for."""
    careful = (getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"))
    file = os.fdopen(os.open(path, sum(careful, os.O_RDONLY)), "rb")
    if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        return file
    file.close()
    raise OSError(errno.ENXIO, "no plain file")


def _size(file: Path, most_bytes: int) -> int | Fault:
    """Return how many bytes a file has, or why it is not read."""
    try:
        with _opened(file) as opened:
            size = os.fstat(opened.fileno()).st_size
    except OSError as error:
        if error.errno not in _CLOSED:
            raise
        return Fault("CANNOT_BE_OPENED")
    if size <= most_bytes:
        return size
    detail = f"{size / 10**6:,.0f} MB; read are up to {most_bytes / 10**6:,.0f} MB"
    return Fault("FILE_TOO_LARGE", detail=detail)


def _link_fault(path: Path) -> Fault | None:
    if path.is_symlink():
        return Fault("LINK_FOUND", detail=f"'{shown(path.name)}' is a link")
    return None


def _stray(inbox: Path, path: Path, fault: Fault) -> Stray:
    return Stray(shown(path.relative_to(inbox).as_posix()), fault)


def _period_fault(folder: Path) -> Fault | None:
    if link := _link_fault(folder):
        return link
    if not folder.is_dir():
        return Fault("STRAY_FILE", detail=f"'{shown(folder.name)}' lies in the inbox itself")
    if period_end := parse_period(folder.name):
        if period_end.year in _YEARS:
            return None
        detail = f"'{folder.name}' is not of the years {_YEARS[0]} to {_YEARS[-1]}"
        return Fault("PERIOD_UNKNOWN", detail=detail)
    try:
        nearest = nearest_quarter_end(date.fromisoformat(folder.name))
    except ValueError:
        return Fault("PERIOD_UNKNOWN", detail=f"the folder is called '{shown(folder.name)}'")
    return Fault("PERIOD_UNKNOWN", detail=f"'{folder.name}'; the nearest quarter end is {nearest}")


def _organisation_fault(folder: Path, period_end: date) -> Fault | None:
    if link := _link_fault(folder):
        return link
    if not folder.is_dir():
        return Fault("STRAY_FILE", detail=f"'{shown(folder.name)}' lies beside the organisations")
    if organisations.find(folder.name, period_end):
        return None
    if organisations.is_known(folder.name):
        history = organisations.history(folder.name)
        first, last = history[0], history[-1]
        until = last.valid_to.isoformat() if last.valid_to else "today"
        detail = f"{first.organisation_name} existed from {first.valid_from} to {until}"
        return Fault("ORGANISATION_NOT_THEN", detail=detail)
    close = organisations.closest(folder.name)
    hint = f"; did you mean {' or '.join(close)}?" if close else ""
    return Fault("ORGANISATION_UNKNOWN", detail=f"'{shown(folder.name)}'{hint}")


def _file_fault(file: Path) -> Fault | None:
    if link := _link_fault(file):
        return link
    if not file.is_file():
        return Fault("STRAY_FILE", detail=f"'{shown(file.name)}' is no file")
    if file.stem not in SOURCES:
        detail = f"'{shown(file.stem)}'; read are {', '.join(SOURCES)}"
        return Fault("SOURCE_UNKNOWN", detail=detail)
    if file.suffix.lower() not in SUFFIXES:
        detail = f"'{shown(file.suffix)}'; read are {', '.join(SUFFIXES)}"
        return Fault("SUFFIX_UNKNOWN", detail=detail)
    return None
