"""The trail: who did what when, as lines that are added and never changed.

``trail.jsonl`` in the home has one JSON object a line. Each holds the hash of the one before it, so
that a line that was changed, removed or moved is found out (``equality verify``); whoever keeps the
hash of the newest line elsewhere finds out too where lines at the end are missing. The file stands
beside the private database, not in it, so that it outlives it. No entry holds a value of a person
or a pseudonym.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.errors import LockedError
from pipeline.files import HOME_MODE, make_folder, sync_folder, write_whole
from pipeline.settings import Home

NO_ENTRY = "0" * 64
"""What the first entry has for the hash of the one before it."""

TORN = "trail torn"
"""The action of an entry that tells of a part of a line, which was kept aside."""

_LOCK_SECONDS = 60
_BLOCK = 65_536


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the trail.

    Attributes:
        sequence: 1 for the first, then one more for each.
        noted_at: when, by the clock of the machine: UTC, ISO 8601. The order is that of
            ``sequence``, whatever the clock did.
        who: the account of the operating system.
        action: what was done, mostly the name of the command.
        code_version: the version of the product, with the hash of its code.
        detail: on what, and with what result.
        previous: the hash of the entry before; ``NO_ENTRY`` in the first.
        hash: the SHA-256 of all the rest, 64 hexadecimal digits.
    """

    sequence: int
    noted_at: str
    who: str
    action: str
    code_version: str
    detail: Mapping[str, Any]
    previous: str
    hash: str


def note(home: Home, action: str, detail: Mapping[str, object]) -> None:
    """Add an entry to the trail of ``home``; it is on disk when this returns.

    What a killed process or a full disk left of a line is kept aside first, in
    ``trail.torn-<sequence>``, and an entry says so; the entries before it stay as they are.

    Args:
        home: whose trail.
        action: what is being done.
        detail: on what, and with what result; no value of a person, no pseudonym.

    Raises:
        LockedError: another process holds the lock of the trail for a minute.
        OSError: the disk is full, failing or read-only; then nothing was added.
    """
    make_folder(home.root, mode=HOME_MODE)
    with _locked(home):
        torn = next(_backwards(home.trail), b"")
        if torn:
            _append(home, TORN, _kept_aside(home, torn))
        _append(home, action, detail)


def entries(home: Home) -> list[Entry]:
    """Return every line that is as it was written, the oldest first.

    ``faults_of`` tells of the others.
    """
    if not home.trail.exists():
        return []
    lines = home.trail.read_bytes().split(b"\n")[:-1]
    read = filter(None, map(_parsed, lines))
    return [entry for entry in read if _hash(entry) == entry.hash]


def newest_first(home: Home, *actions: str) -> Iterator[Entry]:
    """Yield the entries from the newest back, reading no more of the file than is asked for.

    Args:
        home: whose trail.
        actions: the only actions whose entries are wanted; all where none is given.
    """
    lines = _backwards(home.trail)
    next(lines, None)  # what stands after the last line end is no line
    marks = [f'"action":{json.dumps(action)}'.encode("ascii") for action in actions]
    for line in lines:
        if marks and not any(mark in line for mark in marks):
            continue
        entry = _parsed(line)
        if entry is not None and (not actions or entry.action in actions):
            yield entry


def whole_lines(home: Home) -> bytes:
    """Return the trail up to the end of its last line, as nobody writes to it."""
    if not home.trail.exists():
        return b""
    with _locked(home):
        content = home.trail.read_bytes()
    return content[: content.rfind(b"\n") + 1]


def head(home: Home) -> str:
    """Return the hash of the newest entry, to be kept elsewhere; ``NO_ENTRY`` where none is."""
    newest = next(newest_first(home), None)
    return newest.hash if newest else NO_ENTRY


def faults_of(home: Home, known_head: str | None = None) -> list[str]:
    """Return what is wrong with the trail, a sentence each; nothing where it is whole.

    Args:
        home: whose trail.
        known_head: the hash of an entry, as somebody kept it elsewhere; the trail must hold it.
    """
    content = b""
    if home.trail.exists():
        with _locked(home) if os.access(home.root, os.W_OK) else nullcontext():
            content = home.trail.read_bytes()
    *lines, torn = content.split(b"\n")
    read = [_parsed(line) for line in lines]
    found = list(_faults_of_lines(lines, read))
    if torn:
        found.append(
            f"Line {len(lines) + 1} of {home.trail.name} is torn: its writer was killed, or its "
            "disk was full. The next run keeps it aside and goes on; no line before it is lost."
        )
    if known_head is not None:
        known = known_head.strip().lower()
        if known not in {NO_ENTRY} | {entry.hash for entry in read if entry}:
            found.append(
                f"{home.trail.name} does not hold the entry {known}, which was its newest once: "
                "lines at its end were removed, or another trail stands there."
            )
    return found


def _faults_of_lines(lines: list[bytes], read: list[Entry | None]) -> Iterator[str]:
    previous, sequence = NO_ENTRY, 0
    for number, (line, entry) in enumerate(zip(lines, read, strict=True), start=1):
        if entry is None:
            yield f"Line {number} of the trail is no entry: it was changed, or is damaged."
            # Nobody can say any more what its hash was, so the next line is taken at its word.
            previous, sequence = "", sequence + 1
            continue
        if _line(entry) != line or _hash(entry) != entry.hash:
            yield (
                f"Line {number} of the trail was changed after it was written ({entry.noted_at}, "
                f"{entry.action}): its hash is not that of what it says."
            )
        if previous and (entry.previous != previous or entry.sequence != sequence + 1):
            yield (
                f"Line {number} of the trail does not follow the line before it (entry "
                f"{entry.sequence} after entry {sequence}): lines were removed, added, changed or "
                "moved there."
            )
        previous, sequence = entry.hash, entry.sequence


def _locked(home: Home) -> AbstractContextManager[object]:
    """Hold the lock of the trail, which is another one than that of the run.

    Raises:
        LockedError: another process holds it for a minute.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(home.trail.with_suffix(".lock"), timeout=_LOCK_SECONDS, mode=0o600)
    try:
        return lock.acquire()
    except Timeout:
        raise LockedError(
            f"Another process has held the trail of {home.root} for {_LOCK_SECONDS} seconds. "
            "Wait until it has ended, then run again."
        ) from None


def _backwards(path: Path) -> Iterator[bytes]:
    """Yield what stands after the last line end, then the lines, the last one first."""
    if not path.exists():
        return
    with path.open("rb") as file:
        end, rest = file.seek(0, os.SEEK_END), b""
        while end:
            start = max(0, end - _BLOCK)
            file.seek(start)
            rest, *lines = (file.read(end - start) + rest).split(b"\n")
            end = start
            yield from reversed(lines)
        yield rest


def _kept_aside(home: Home, torn: bytes) -> dict[str, object]:
    """Take a part of a line out of the trail into a file of its own; return what to note of it."""
    newest = next(newest_first(home), None)
    aside = home.trail.with_name(f"trail.torn-{newest.sequence + 1 if newest else 1}")
    write_whole(aside, torn)
    with home.trail.open("r+b") as file:
        file.truncate(file.seek(0, os.SEEK_END) - len(torn))
        os.fsync(file.fileno())
    digest = hashlib.sha256(torn).hexdigest()
    return {"bytes": len(torn), "sha256": digest, "kept_in": aside.name}


def _append(home: Home, action: str, detail: Mapping[str, object]) -> None:
    """Write one line after the last one, all of it or nothing, and see that it is on disk."""
    from pipeline.publish.basis import code_version

    last = next(newest_first(home), None)
    unsigned = Entry(
        sequence=last.sequence + 1 if last else 1,
        noted_at=datetime.now(UTC).isoformat(timespec="milliseconds"),
        who=_account(),
        action=action,
        code_version=code_version(),
        detail=json.loads(json.dumps(dict(detail), default=str)),
        previous=last.hash if last else NO_ENTRY,
        hash="",
    )
    line = _line(replace(unsigned, hash=_hash(unsigned))) + b"\n"
    is_new = not home.trail.exists()
    file = os.open(home.trail, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    start = os.fstat(file).st_size
    try:
        while line:
            line = line[os.write(file, line) :]
        os.fsync(file)
    except OSError:
        os.ftruncate(file, start)
        raise
    finally:
        os.close(file)
    if is_new:
        sync_folder(home.root)


def _account() -> str:
    """Return the account of this process; what the environment says it is does not count."""
    if os.name != "posix":
        import getpass

        return getpass.getuser()
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid {os.getuid()}"


def _parsed(line: bytes) -> Entry | None:
    try:
        entry = Entry(**json.loads(line))
    except (ValueError, TypeError, RecursionError):
        return None
    has_kinds = all(isinstance(getattr(entry, name), kind) for name, kind in _KINDS.items())
    return entry if has_kinds else None


def _line(entry: Entry) -> bytes:
    return json.dumps(asdict(entry), sort_keys=True, separators=(",", ":")).encode("ascii")


def _hash(entry: Entry) -> str:
    content = asdict(entry)
    del content["hash"]
    return hashlib.sha256(
        json.dumps(content, sort_keys=True, separators=(",", ":")).encode("ascii")
    ).hexdigest()


_KINDS = {
    field.name: {"sequence": int, "detail": dict}.get(field.name, str) for field in fields(Entry)
}
