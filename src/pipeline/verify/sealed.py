"""Whether what is sealed opens with the keys of the home and is what it was."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import EqualityError, LockedError, ProductError, UsageError
from pipeline.identity import Keys, load_keys
from pipeline.noted import HEAD
from pipeline.receive.ledger import Ledger
from pipeline.receive.receipts import Receipts
from pipeline.receive.snapshots import Snapshots
from pipeline.settings import Home
from pipeline.store import has_table, open_private
from pipeline.trail import Entry
from pipeline.verify.found import Found
from pipeline.verify.readable import read_all
from pipeline.verify.releases import Recorded

_NAME = re.compile(r"[0-9a-f]{64}\.sealed")
_MEND_RECEIPT = "Put snapshots/receipts/ back from the newest backup."
_SMALLEST = 12 + 16
"""Bytes of a sealed file without content: the nonce and the tag."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the private database knows of the rest of the home.

    Attributes:
        snapshots: the places of each received file, by its hash.
        releases: the oldest first.
        head: the newest entry of the trail that a run had noted; None where none kept it.
    """

    snapshots: dict[str, list[str]]
    releases: list[Recorded]
    head: str | None


def keys_of(home: Home, found: Found) -> Keys | None:
    """Return the keys of a home, or None where they are not at hand; none is made."""
    try:
        return load_keys(home) if home.holds_data() else None
    except UsageError as error:
        found.remarks.append(
            "Without its keys, what is sealed (snapshots, private.duckdb) was looked at from "
            f"outside alone. {error}"
        )
        return None


def check_private(home: Home, keys: Keys, found: Found) -> Known | None:
    """Read every row of the private database, and return what it knows of the rest."""
    mend = (
        "Make it anew from the snapshots with `equality rebuild`, or restore the newest backup: "
        "docs/recovery.md."
    )
    name = home.private_database.name
    if not home.private_database.exists():
        if home.snapshots.is_dir():
            found.add(name, "The private database is missing.", mend)
        return None
    try:
        with open_private(home, keys, read_only=True) as connection:
            if read_all(connection) is None:
                found.add(name, "The private database is damaged: a table cannot be read.", mend)
                return None
            found.looked_at["private database"] += 1
            ledger = Ledger(connection)
            has_hashes = has_table(connection, "ledger", "release_hash")
            sums = connection.execute("from ledger.release_hash").fetchall() if has_hashes else []
            known_sums = dict(sums)
            places = defaultdict(list)
            for load in ledger.loads():
                places[load.sha256].append(str(load.place))
            releases = [
                Recorded(each["release_id"], known_sums.get(each["release_id"]), each["manifest"])
                for each in ledger.releases()
            ]
            return Known(dict(places), releases, ledger.about(HEAD))
    except LockedError as error:
        found.is_locked = True
        found.remarks.append(f"private.duckdb was not looked into: {error}")
    except EqualityError as error:
        found.add(name, str(error), mend)
    except Exception as error:  # noqa: BLE001 - a damaged file may break anything in DuckDB
        said = f"The private database is damaged: reading it ends with {type(error).__name__}."
        found.add(name, said, mend)
    return None


def check_snapshots(
    home: Home, keys: Keys | None, known: Known | None, entries: list[Entry], found: Found
) -> bool:
    """Look whether every received file is kept, and whether what is kept is what was received.

    Returns whether the store key opens what is sealed; it does not where nothing opens.
    """
    kept = {path.stem: path for path in _sealed(home)}
    places = known.snapshots if known else _noted_places(entries)
    gone = _removed(entries)
    snapshots = Snapshots(home.snapshots, keys) if keys else None
    damaged = [digest for digest, path in kept.items() if not _is_whole(digest, path, snapshots)]
    found.looked_at["snapshots"] += len(kept)
    if keys and kept and len(damaged) == len(kept) > 1:
        found.add(
            "snapshots",
            "No snapshot opens: the store key is not the one of this home, or all are damaged.",
            "Put the right key back, or the folder snapshots/ from a backup.",
        )
        return False
    for digest in damaged:
        path = kept[digest].relative_to(home.root).as_posix()
        found.add(
            path,
            f"The snapshot is damaged{_of(places.get(digest))}: its content is not what was "
            "received.",
            f"Take {path} away. Where the received file still lies in the inbox, the next run "
            "keeps it again; else put the snapshot back from a backup.",
        )
    for digest in sorted(set(places) - set(kept) - gone):
        found.add(
            f"snapshots/{digest[:2]}/{digest}.sealed",
            f"The snapshot is missing{_of(places[digest])}.",
            "Put it back from a backup, or put the received file into the inbox again and run.",
        )
    return keys is not None


def check_receipts(home: Home, keys: Keys, found: Found) -> None:
    """Look whether every receipt opens and is what it was, and none is missing between them."""
    for number, (path, read) in enumerate(Receipts(home, keys).each(), start=1):
        where = path.relative_to(home.root).as_posix()
        found.looked_at["receipts"] += 1
        if not path.name.startswith(f"{number:06d}-"):
            found.add(where, "A receipt before this one is missing.", _MEND_RECEIPT)
            return
        try:
            read()
        except (EqualityError, OSError, ValueError):
            said = "The receipt is damaged: `equality rebuild` could not go by it."
            found.add(where, said, _MEND_RECEIPT)


def _is_whole(digest: str, path: Path, snapshots: Snapshots | None) -> bool:
    if snapshots is None:
        return path.stat().st_size >= _SMALLEST
    try:
        snapshots.content(digest)
    except (ProductError, OSError):
        return False
    return True


def _sealed(home: Home) -> Iterator[Path]:
    """Yield the sealed snapshots; what is still being written has another name."""
    if home.snapshots.is_dir():
        yield from sorted(
            path for path in home.snapshots.glob("??/*.sealed") if _NAME.fullmatch(path.name)
        )


def _noted_places(entries: list[Entry]) -> dict[str, list[str]]:
    """Return the places of the files that runs noted as received, by hash."""
    places: dict[str, list[str]] = defaultdict(list)
    for entry in entries:
        for place, digest, _ in entry.detail.get("received", ()):
            places[digest].append(place)
    return dict(places)


def _removed(entries: list[Entry]) -> set[str]:
    """Return the hashes of what was removed on purpose: by age, or to forget somebody."""
    removed = set()
    for entry in entries:
        if entry.action == "retention":
            removed |= set(entry.detail.get("snapshots", ()))
        elif entry.action == "forget":
            for each in entry.detail.get("replaced", ()):
                removed.add(each.get("old_sha256"))
                if not each.get("is_kept"):
                    # Nothing took the place of this file: what stands for it is no file's hash.
                    removed.add(each.get("new_sha256"))
    return removed


def _of(places: list[str] | None) -> str:
    return f" ({', '.join(sorted(set(places)))})" if places else ""
