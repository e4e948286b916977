"""A look through a whole home: everything that is damaged, at once."""

import os
from contextlib import ExitStack

from pipeline import trail
from pipeline.errors import LockedError, UsageError
from pipeline.lock import single_writer
from pipeline.publish.release import SUMS
from pipeline.settings import Home
from pipeline.verify.found import Found
from pipeline.verify.releases import check_published, check_releases
from pipeline.verify.sealed import Known, check_private, check_receipts, check_snapshots, keys_of

_MEND_TRAIL = (
    "What it said stands in the trail of a backup made since: tar -xOf BACKUP trail.jsonl. Find "
    "out who could write to the home, and keep both."
)
_MEND_TORN = "Run: equality run"
_PUT_TRAIL_BACK = "Put the newest one that you have back: tar -xf BACKUP -C HOME trail.jsonl"


def verify(home: Home, known_head: str | None = None, wait_seconds: float = 0) -> Found:
    """Look through a home and return everything that is damaged.

    What never changes once it is written is looked at while a run may be under way; the private
    database and the published file are looked at under the lock.

    Args:
        home: which.
        known_head: the hash of an entry of the trail, as somebody kept it elsewhere.
        wait_seconds: how long a run under way is waited for.

    Raises:
        UsageError: the home holds nothing.
    """
    if not (home.holds_data() or home.trail.exists() or home.releases.exists()):
        raise UsageError(f"{home.root} holds nothing yet. Run: equality run --home {home.root}")
    found = Found()
    keys = keys_of(home, found)
    with ExitStack() as held:
        known, is_still = None, _is_held(held, home, wait_seconds, found)
        if keys is not None and is_still:
            known = check_private(home, keys, found)
        entries = trail.entries(home)
        newest = check_releases(home, entries, known.releases if known else None, found)
        if newest is not None and is_still:
            check_published(home, newest, found)
    _check_trail(home, known_head, known, found)
    if check_snapshots(home, keys, known, entries, found) and keys is not None:
        check_receipts(home, keys, found)
    return found


def _is_held(held: ExitStack, home: Home, wait_seconds: float, found: Found) -> bool:
    """Take the lock where it can be had; return whether nobody writes meanwhile."""
    if not os.access(home.root, os.W_OK):
        return True  # a copy on a read-only disk, in which nobody runs
    try:
        held.enter_context(single_writer(home, wait_seconds))
    except LockedError as error:
        found.is_locked = True
        found.remarks.append(f"private.duckdb and the published file were not looked at. {error}")
        return False
    return True


def _check_trail(home: Home, known_head: str | None, known: Known | None, found: Found) -> None:
    if not home.trail.exists():
        if any(home.releases.glob(f"*/{SUMS}")):
            found.add(home.trail.name, "The trail is missing.", _PUT_TRAIL_BACK)
        else:
            found.remarks.append("There is no trail yet: no run of this version has been here.")
        if known_head is None:
            return
    heads = [known_head, known.head if known else None]
    said = dict.fromkeys(sentence for head in heads for sentence in trail.faults_of(home, head))
    for sentence in said:
        mend = _MEND_TORN if " is torn: " in sentence else _MEND_TRAIL
        found.add(home.trail.name, sentence, mend)
    for path in sorted(home.root.glob("trail.torn-*")):
        found.remarks.append(f"{path.name} holds a line of the trail that was cut short once.")
    found.looked_at["entries of the trail"] += len(trail.entries(home))
