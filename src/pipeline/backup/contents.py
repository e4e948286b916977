"""What of a home is in its backup, and how a backup is read."""

import hashlib
import json
import os
import re
import tarfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path, PurePosixPath

from pipeline.errors import UsageError
from pipeline.settings import Settings

ABOUT = "backup.json"
"""The last member of a backup: what it is, and the hash of every other member."""

TRAIL = "trail.jsonl"
PRIVATE = frozenset({"private.duckdb", "private.duckdb.wal"})

_LEFT_OUT = frozenset({"keys", "tmp", "prefect", "published", "inbox", "run.lock", "run.holder",
                       "trail.lock", "backup.lock", TRAIL}) | PRIVATE  # fmt: skip
_KEY = re.compile(rb"\s*([0-9a-fA-F]{64}\s*)+")
_LARGEST_KEY_FILE = 4096
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class About:
    """What a backup says of itself.

    Attributes:
        made_at: when, UTC.
        code_version: by which version of the product.
        head: the hash of the newest entry of the trail in it.
        shown: the release that readers saw; None where there was none.
        has_report: whether they saw a report too.
        files: the SHA-256 of every file, by its path.
    """

    made_at: str
    code_version: str
    head: str
    shown: str | None
    has_report: bool
    files: dict[str, str]

    def to_json(self) -> bytes:
        """Return it as it stands in the backup."""
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode()


def files_of(settings: Settings) -> Iterator[tuple[str, Path]]:
    """Yield path below the home and place of every file that is copied as it stands.

    Left out are keys, wherever they lie; the inbox, whose received files are among the snapshots;
    what is published, which is in the releases; the records of Prefect; and what is unfinished.
    """
    root = settings.home.root
    for top in sorted(root.iterdir()):
        if top.name in _LEFT_OUT or top.name.startswith(".") or top == settings.inbox:
            continue
        for path in _below(top):
            if not path.name.startswith(".") and not holds_keys(path):
                yield path.relative_to(root).as_posix(), path


def holds_keys(path: Path) -> bool:
    """Return whether a file holds nothing but keys."""
    try:
        if path.stat().st_size > _LARGEST_KEY_FILE:
            return False
        return bool(_KEY.fullmatch(path.read_bytes()))
    except FileNotFoundError:
        return False


def _below(top: Path) -> Iterator[Path]:
    if top.is_file():
        yield top
    for folder, folders, names in os.walk(top):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(folder) / name for name in sorted(names))


def members(file: Path) -> Iterator[tuple[str, Iterator[bytes], int]]:
    """Yield path, content in pieces, and mode of every member of a backup, as it is read.

    Raises:
        UsageError: it holds what no backup does.
        tarfile.TarError: it is no tar file, or is cut short.
    """
    with tarfile.open(file, "r:") as archive:
        for member in archive:
            content = archive.extractfile(member) if member.isreg() else None
            if content is None or not _is_safe(member.name):
                raise UsageError(f"{file} is no backup: it holds {member.name}.")
            yield member.name, iter(partial(content.read, _PIECE), b""), member.mode


def check_backup(file: Path) -> About:
    """Read a backup to its end and return what it says of itself, where every hash is right.

    Raises:
        UsageError: it is damaged.
    """
    found: dict[str, str] = {}
    about = None
    try:
        for name, pieces, _ in members(file):
            if name == ABOUT:
                about = About(**json.loads(b"".join(pieces)))
                continue
            digest = hashlib.sha256()
            for piece in pieces:
                digest.update(piece)
            found[name] = digest.hexdigest()
    except (tarfile.TarError, EOFError, ValueError, TypeError):
        about = None
    if about is None:
        raise UsageError(
            f"{file} is no backup, or its end is missing. Nothing was restored; take another "
            "backup."
        )
    listed = about.files
    wrong = sorted(name for name in {*found, *listed} if found.get(name) != listed.get(name))
    if wrong:
        raise UsageError(
            f"{file} is damaged ({', '.join(wrong[:5])}). Nothing was restored; take another "
            "backup."
        )
    return about


def _is_safe(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and path.parts[0] != "keys"
