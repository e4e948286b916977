"""Rebuild a home: beside the old things, then put in their place.

What is put in place first is what is right beside the old database too: releases that were lost,
feedback, pages. Last, in one step, comes the database. A process that is killed before that leaves
the home as it was, and the next rebuild goes on with what is done; one that is killed after it has
rebuilt.
"""

import contextlib
import json
import shutil
from pathlib import Path

from pipeline import trail
from pipeline.companion import Companion
from pipeline.disclosure import load_policy
from pipeline.errors import LockedError, ProductError, UsageError
from pipeline.files import make_folder, words_for_disk_errors, write_whole
from pipeline.forget.in_place import APPLIED, put_in_place
from pipeline.identity import Keys, load_keys
from pipeline.lock import single_writer
from pipeline.noted import RELEASE, noted_release
from pipeline.publish.release import SUMS, is_current, make_current, sha256_of
from pipeline.rebuild.beside import Beside, beside
from pipeline.rebuild.plan import Landing, Plan, plan
from pipeline.rebuild.replay import LOST, PUT_BACK, Replay, Result, as_json, basis_of, from_json
from pipeline.receive.ledger import EMPTY, LANDED, Ledger
from pipeline.receive.receipts import Receipts
from pipeline.receive.snapshots import Snapshots
from pipeline.settings import Home, Settings
from pipeline.store import open_private
from pipeline.workspace import InProcess, Workspace

_MARK, _DONE, _RESULTS = "rebuild_mark", "rebuild_done", "rebuild_results"


def rebuild(settings: Settings) -> tuple[list[Result], tuple[str, ...]]:
    """Make the private database anew from snapshots and receipts, and what releases were lost.

    Returns:
        What became of each release, the oldest first; and what could not be read, a sentence each.

    Raises:
        UsageError: there is nothing to rebuild from, a key is not the right one, or the database is
            whole and holds rows that a rebuild would lose.
        LockedError: another run holds the lock.
    """
    home = settings.home
    with words_for_disk_errors(home.root), single_writer(home, settings.lock_wait_seconds):
        keys = load_keys(home)
        found = _plan(home, keys)
        _refuse_loss(home, keys)
        work = beside(home)
        _begin(work, home, keys, found)
        results = _replay(work, settings, keys, found)
        _put_in_place(work, home, results)
        _destroy_replaced(home, keys, found)
        shutil.rmtree(work.root, ignore_errors=True)
    return results, found.faults


def _plan(home: Home, keys: Keys) -> Plan:
    receipts = Receipts(home, keys)
    found = plan(home, receipts)
    if not found.steps and not found.faults:
        raise UsageError(f"{home.root} has no snapshots and no releases to rebuild from.")
    if not _can_be_read(found, Snapshots(home.snapshots, keys)):
        raise UsageError(
            f"Nothing in {home.snapshots} can be read: the store key is another one, or the folder "
            "is damaged or lost. Put the right key back, or restore the folder from a backup."
        )
    return found


def _can_be_read(found: Plan, snapshots: Snapshots) -> bool:
    """Return whether a received file can be read, or all of them are kept no longer."""
    landings = [step for step in found.steps if isinstance(step, Landing)]
    hashes = {file[4] for step in landings for file in step.files}
    kept = sorted(digest for digest in hashes if snapshots.holds(digest))
    for digest in kept:
        with contextlib.suppress(ProductError):
            snapshots.content(digest)
            return True
    return not kept and not found.faults


def _refuse_loss(home: Home, keys: Keys) -> None:
    """Stop where the old database is whole and knows more than can be rebuilt.

    Opening it also folds its log into it, so that the one file is all that there is of it.
    """
    log = home.private_database.with_name(f"{home.private_database.name}.wal")
    if not home.private_database.exists():
        log.unlink(missing_ok=True)
        return
    snapshots = Snapshots(home.snapshots, keys)
    try:
        with open_private(home, keys) as connection:
            loads = Ledger(connection).loads()
    except LockedError:
        raise
    except Exception:  # noqa: BLE001 - damaged in whatever way: nothing of it is kept
        log.unlink(missing_ok=True)
        return
    rows = [
        load for load in loads
        if load.status in (LANDED, EMPTY) and not snapshots.holds(load.sha256)
    ]  # fmt: skip
    if rows:
        raise UsageError(
            f"{home.private_database} is whole and holds the rows of {len(rows)} files that are "
            "kept no longer: a rebuild would lose them. Restore a backup instead; or move the "
            "database away, if it is to be given up."
        )


def _begin(work: Beside, home: Home, keys: Keys, found: Plan) -> None:
    """Make the home beside ready: a new one, or the one that an earlier rebuild began."""
    if work.private_database.exists():
        with contextlib.suppress(Exception), open_private(work, keys) as connection:
            if Ledger(connection).about(_MARK) == found.mark:
                return
    shutil.rmtree(work.root, ignore_errors=True)
    with open_private(work, keys) as connection:
        from pipeline.land import prepare

        ledger = Ledger(connection)
        ledger.prepare(keys)
        Receipts(home, keys).put_notes_back(connection, ledger)
        prepare(connection)
        put_in_place(connection, found.replaced, keys)
        if found.replaced:
            ledger.note(APPLIED, str(found.replaced[-1].number))
        ledger.note(_MARK, found.mark)


def _replay(work: Beside, settings: Settings, keys: Keys, found: Plan) -> list[Result]:
    policy = load_policy(settings.disclosure)
    with open_private(work, keys) as connection, Companion() as companion:
        ledger = Ledger(connection)
        ledger.prepare(keys)
        workspace = Workspace(work, policy, keys, connection, ledger, InProcess(), companion)
        replay = Replay(workspace, settings.home, found)
        results = from_json(ledger.about(_RESULTS) or "[]")
        for number, step in enumerate(found.steps, start=1):
            if number <= int(ledger.about(_DONE) or 0):
                continue
            if isinstance(step, Landing):
                replay.land(step)
            else:
                results.append(replay.release(step))
                ledger.note(_RESULTS, as_json(results))
            ledger.note(_DONE, str(number))
        names = ", ".join(f"'{name}'" for name in (_MARK, _DONE, _RESULTS))
        _write_waiting(workspace)
        connection.execute(f"delete from ledger.about where name in ({names})")
    return results


def _write_waiting(workspace: Workspace) -> None:
    from pipeline.decisions.unknown_codes import write_table

    write_table(workspace.home, workspace.connection)


def _put_in_place(work: Beside, home: Home, results: list[Result]) -> None:
    """Put what was made in the place of the old things, the database last."""
    for one in results:
        if one.outcome == PUT_BACK:
            old = home.releases / one.release_id
            shutil.rmtree(old, ignore_errors=True)
            make_folder(old.parent)
            shutil.copytree(work.releases / one.release_id, old)
            # A database holds the same tables in other bytes, so that its hashes are new ones.
            manifest = json.loads((old / "manifest.json").read_bytes())
            told = noted_release(basis_of(manifest), one.release_id, sha256_of(old / SUMS))
            trail.note(home, RELEASE, told)
    for folder in ("feedback", "quality", "decisions"):
        _copy_missing(work.root / folder, home.root / folder)
    trail.note(
        home,
        "rebuild",
        {"releases": [{"release_id": one.release_id, "outcome": one.outcome} for one in results]},
    )
    work.private_database.chmod(0o600)
    work.private_database.replace(home.private_database)
    there = [one.release_id for one in results if one.outcome != LOST]
    if there and results[-1].release_id == there[-1] and not is_current(home, there[-1]):
        make_current(home, there[-1])


def _copy_missing(source: Path, target: Path) -> None:
    """Copy the files below a folder that another one lacks, each whole."""
    for path in sorted(source.rglob("*")):
        there = target / path.relative_to(source)
        if path.is_file() and not there.exists():
            write_whole(there, path.read_bytes())


def _destroy_replaced(home: Home, keys: Keys, found: Plan) -> None:
    """Remove received files whose place others took, where a process was killed before it did."""
    with open_private(home, keys, read_only=True) as connection:
        in_use = {load.sha256 for load in Ledger(connection).loads()}
    for one in found.replaced:
        for fields in one.detail["files"]:
            if fields[3] not in in_use:
                Snapshots(home.snapshots, keys).remove(fields[3])
