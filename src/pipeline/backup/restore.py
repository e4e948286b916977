"""Make a home of a backup: all of it, in an empty place, or nothing."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from pipeline.backup.contents import ABOUT, About, check_backup, members
from pipeline.errors import UsageError
from pipeline.files import HOME_MODE, finish_moves, make_folder
from pipeline.lock import single_writer
from pipeline.publish.put_back import show
from pipeline.publish.release import make_current, sha256_of
from pipeline.settings import Home
from pipeline.trail import note

_MAY_BE_THERE = frozenset({"keys", "inbox", "prefect", "tmp", "run.lock", "run.holder",
                           "trail.lock", "backup.lock"})  # fmt: skip
_UNFINISHED = ".restore.unfinished"


@dataclass(frozen=True, slots=True)
class Restored:
    """A home that was made of a backup.

    Attributes:
        about: what the backup says of itself.
        has_keys: whether keys lie in the home already.
    """

    about: About
    has_keys: bool


def restore_backup(home: Home, file: Path) -> Restored:
    """Unpack a backup into a home that holds nothing but keys and an inbox.

    The backup is read to its end and every hash compared before anything is unpacked. It is
    unpacked beside its place and moved there when it is whole; should that be interrupted, the
    next command that writes goes on with it.

    Raises:
        UsageError: the home holds something, or the backup is damaged.
        DiskError: the disk is full.
    """
    file = file.expanduser().absolute()
    if not file.is_file():
        raise UsageError(f"There is no backup {file}.")
    make_folder(home.root, mode=HOME_MODE)
    with single_writer(home):
        shutil.rmtree(home.root / _UNFINISHED, ignore_errors=True)
        _refuse_filled(home)
        about = check_backup(file)
        unfinished = make_folder(home.root / _UNFINISHED)
        _unpack(file, unfinished)
        unfinished.rename(home.unpacked)
        finish_moves(home.unpacked, home.root)
        if about.shown is not None:
            make_current(home, about.shown)
            if about.has_report:
                _show_report(home, about.shown)
        note(home, "restore --backup", {"file": file.name, "sha256": sha256_of(file)})
    return Restored(about, home.keys.exists())


def _refuse_filled(home: Home) -> None:
    there = sorted(path.name for path in home.root.iterdir() if path.name not in _MAY_BE_THERE)
    if there:
        raise UsageError(
            f"{home.root} holds other data ({', '.join(there[:5])}), and a backup is restored into "
            f"an empty home alone. Move the folder aside, or name a new one with --home."
        )


def _unpack(file: Path, folder: Path) -> None:
    for name, pieces, mode in members(file):
        if name == ABOUT:
            continue
        path = folder / name
        make_folder(path.parent)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            for piece in pieces:
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())
        path.chmod(mode & 0o700)


def _show_report(home: Home, release_id: str) -> None:
    from pipeline.report.whole import show_report

    if show_report(home, release_id) is None:
        show(home, release_id)
