"""Forget somebody: decided once, in a receipt; then done, however often it is begun.

The receipt is what decides. It is written whole, after everything that takes the place of a
received file is kept, and before anything goes. A process that is killed before it leaves the home
as it was; one that is killed after it leaves the rest to the next `equality forget` or `equality
run`, which finish it before they do anything else.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline import trail
from pipeline.arrive import land_received
from pipeline.companion import Companion
from pipeline.decisions.decision import meanings, of_home, shipped
from pipeline.decisions.in_force import in_force
from pipeline.decisions.read_again import as_read
from pipeline.disclosure import load_policy
from pipeline.forget.compact import compact
from pipeline.forget.in_place import APPLIED, entry_of, put_in_place, replaced_entry
from pipeline.forget.people import LANDED, asked
from pipeline.forget.search import File, Found, search
from pipeline.forget.withdrawn import withdrawn_in_inbox
from pipeline.identity import Keys, load_keys
from pipeline.lock import single_writer
from pipeline.receive.inbox import Place
from pipeline.receive.ledger import Ledger, Load
from pipeline.receive.receipts import REPLACED, Receipt, Receipts
from pipeline.receive.snapshots import Snapshots
from pipeline.rotation import finish as finish_rotation
from pipeline.settings import Settings
from pipeline.store import has_table, open_private, transaction
from pipeline.workspace import InProcess, Workspace

if TYPE_CHECKING:
    pass

_OF_A_LOAD = ("quarantine", "unknown_code", "received_total", "fault")


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What became of a request.

    Attributes:
        files: how many received files were replaced.
        unreadable: how many of these were destroyed because nobody can say who is in them.
        still_in_inbox: the files of the inbox that still hold somebody who was forgotten.
    """

    files: int
    unreadable: int
    still_in_inbox: tuple[str, ...]


def forget(settings: Settings, text: str) -> Forgotten:
    """Take people out of a home, and keep them out.

    Args:
        settings: the home and the inbox.
        text: who, as ``people.asked`` reads it.

    Raises:
        UsageError: the list is wrong, or names somebody of whom no file tells; nothing is changed.
        LockedError: another run holds the lock.
    """
    home = settings.home
    with single_writer(home, settings.lock_wait_seconds):
        keys = finish_rotation(home, load_keys(home))
        wanted = asked(text, keys)
        finish(settings, keys)
        receipts, snapshots = Receipts(home, keys), Snapshots(home.snapshots, keys)
        with open_private(home, keys) as connection:
            ledger = Ledger(connection)
            ledger.prepare(keys)
            found = search(connection, ledger, home, keys, wanted)
            new = {one.pseudonym for one in wanted} | found.people
            if found.successors or not new <= ledger.forgotten():
                for one in found.successors:
                    if one.content is not None:
                        snapshots.keep(one.content)
                receipts.add(REPLACED, _decided(found, len(keys.links)))
        finish(settings, keys)
        with open_private(home, keys, read_only=True) as connection:
            left = withdrawn_in_inbox(settings.inbox, Ledger(connection))
    return Forgotten(len(found.successors), found.unreadable, left)


def _decided(found: Found, links: int) -> Mapping[str, Any]:
    return {
        "files": [
            replaced_entry(
                one.file.place,
                one.file.sha256,
                one.sha256,
                one.file_name,
                kept=one.content is not None,
            )
            for one in found.successors
            if one.sha256 != one.file.sha256
        ],
        "people": sorted(found.people),
        "links": links,
    }


def finish(settings: Settings, keys: Keys) -> bool:
    """Do what the receipts have decided and is not done yet; return whether there was something.

    The lock of the home is held by the caller.
    """
    home = settings.home
    numbers = Receipts(home, keys).numbers(REPLACED)
    if not numbers or not home.private_database.exists():
        return False
    with open_private(home, keys) as connection:
        ledger = Ledger(connection)
        ledger.prepare(keys)
        done = int(ledger.about(APPLIED) or 0)
        if done >= numbers[-1]:
            return False
        open_ones = [
            one for one in Receipts(home, keys).all() if one.kind == REPLACED and one.number > done
        ]
        policy = load_policy(settings.disclosure)
        workspace = Workspace(home, policy, keys, connection, ledger, InProcess(), Companion())
        # As its files were read last: a newer decision is for the next run to see to.
        noted = as_read(ledger)
        now = meanings([*shipped(), *of_home(home)])
        with in_force(now if noted is None else noted):
            _apply(workspace, open_ones)
    # Deleted rows stay in the free blocks of a database file until it is written anew.
    compact(home, keys, {APPLIED: str(numbers[-1])})
    return True


def _apply(workspace: Workspace, decided: Iterable[Receipt]) -> None:
    """Put the successors in the place of received files, in the database and on the disk."""
    decided = list(decided)
    entries = [entry_of(fields) for one in decided for fields in one.detail["files"]]
    with transaction(workspace.connection):
        put_in_place(workspace.connection, decided, workspace.keys)
        _delete_rows(workspace, {file for file, *_ in entries} | {
            File(file.place, new) for file, new, _ in entries
        })  # fmt: skip
    _land_again(workspace, {file.place for file, _, _ in entries})
    _build(workspace)
    _destroy(workspace, [file.sha256 for file, _, _ in entries])
    for one in decided:
        _note(workspace, one)


def _delete_rows(workspace: Workspace, files: Collection[File]) -> None:
    """Delete every row of the people who are forgotten, and what is told of rows of their files."""
    connection = workspace.connection
    for source, columns in LANDED.items():
        if has_table(connection, "landing", source):
            for column in columns:
                connection.execute(
                    f"delete from landing.{source} "
                    f"where {column} in (select person from ledger.forgotten)"
                )
    loads = [one for one in workspace.ledger.loads() if File(one.place, one.sha256) in files]
    for load in loads:
        for table in _OF_A_LOAD:
            connection.execute(f"delete from ledger.{table} where load_id = {load.load_id:d}")
        if not _snapshots(workspace).holds(load.sha256):
            _remove_feedback(workspace, load)
        elif has_table(connection, "landing", load.place.source):
            # It is landed again from what took its place.
            connection.execute(
                f"delete from landing.{load.place.source} where load_id = {load.load_id:d}"
            )


def _remove_feedback(workspace: Workspace, load: Load) -> None:
    place = load.place
    folder = workspace.home.feedback / str(place.period_end) / place.organisation_code
    for ending in ("xlsx", "jsonl"):
        (folder / f"{place.source}.{ending}").unlink(missing_ok=True)


def _land_again(workspace: Workspace, places: Collection[Place]) -> None:
    """Read the successors and land them: judged as any file is, and with feedback of their own."""
    newest = {
        (load.place, load.sha256): load for load in workspace.ledger.loads() if load.place in places
    }
    if newest:
        land_received(workspace, [], sorted(newest.values(), key=lambda load: load.load_id))


def _build(workspace: Workspace) -> None:
    """Make the tables between landing and figures anew: they hold rows of people too."""
    from pipeline.build import build
    from pipeline.models import load_models

    if has_table(workspace.connection, "core", "membership"):
        build(workspace.connection, load_models())


def _destroy(workspace: Workspace, hashes: Iterable[str]) -> None:
    """Remove received files that nothing in the ledger is any more."""
    in_use = {load.sha256 for load in workspace.ledger.loads()}
    for digest in set(hashes) - in_use:
        _snapshots(workspace).remove(digest)


def _snapshots(workspace: Workspace) -> Snapshots:
    return Snapshots(workspace.home.snapshots, workspace.keys)


def _note(workspace: Workspace, decided: Receipt) -> None:
    """Note which hash took the place of which, once; nothing says whose rows they were."""
    known = {
        entry.detail.get("receipt")
        for entry in trail.newest_first(workspace.home)
        if entry.action == "forget"
    }
    if decided.number not in known:
        replaced = [
            {
                "place": str(file.place),
                "old_sha256": file.sha256,
                "new_sha256": new,
                "is_kept": fields[-1],
            }
            for fields in decided.detail["files"]
            for file, new, _ in [entry_of(fields)]
        ]
        trail.note(workspace.home, "forget", {"receipt": decided.number, "replaced": replaced})
