"""Arrive: receive what is new in the inbox, read it, check it, land it and write the feedback.

Heavy modules are imported where there is something new to work on, so that a run with nothing new
ends at once.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from pipeline.decisions.decision import text_of_home
from pipeline.decisions.in_force import everything
from pipeline.errors import DiskError, ProductError
from pipeline.files import make_folder
from pipeline.forget.withdrawn import without_forgotten
from pipeline.receive.inbox import Inbox, Place, Submission
from pipeline.receive.ledger import EMPTY, EXPIRED, LANDED, Load
from pipeline.receive.receipts import LANDING, REPLACED, Receipt, Receipts
from pipeline.receive.snapshots import Snapshots, sha256_of
from pipeline.workspace import Workspace

if TYPE_CHECKING:
    from pipeline.land import Examined
    from pipeline.read import Reading

FILES_IN_A_TRANSACTION = 120
"""A file is landed whole or not at all, in one transaction with others: each costs as much as a
small file does. A run that is killed lands again what it had not committed. The files of an
employer at a snapshot stay together, because its staff extract decides on rows of the others."""


@dataclass(frozen=True, slots=True)
class Received:
    """A file whose snapshot is kept: a new one, or one to read again.

    It is read again for a new staff extract of its place, or for a decision on a value in it.
    """

    place: Place
    file_name: str
    sha256: str
    label: str
    """By which the runner knows it."""
    is_again: bool = False
    is_decided: bool = False
    """Whether it is read again for a decision."""


@dataclass(frozen=True, slots=True)
class Landed:
    """The ledger entries of a run: of new files, and of those read again, by what for."""

    received: tuple[Load, ...] = ()
    read_again: tuple[Load, ...] = ()
    decided: tuple[Load, ...] = ()
    unknown_codes: int = 0
    """How many values of code-list columns wait for a decision."""


def receive(workspace: Workspace, inbox: Inbox, kept_from: date = date.min) -> list[Received]:
    """Keep a snapshot of every file that is new in its place, and return these files.

    A file whose place another one took, because somebody in it was forgotten, is not new; nor does
    anybody come in who was.

    Args:
        workspace: the run.
        inbox: what lies in the inbox.
        kept_from: the oldest snapshot of which received files are kept.
    """
    snapshots, ledger = _snapshots(workspace), workspace.ledger
    newest, replaced, forgotten = ledger.newest(), ledger.replaced(), ledger.forgotten()
    received = []
    for submission in inbox.submissions:
        place, path = submission.place, submission.path
        arrived, known = submission.digest(), newest.get(place)
        if arrived is None:
            continue
        digest = replaced.get((place, arrived), arrived)
        if known is not None and known.sha256 == digest and known.status != EXPIRED:
            if digest == arrived and place.period_end >= kept_from:
                # Where it was lost, it is put back.
                snapshots.keep_pieces(digest, submission.pieces)
            continue
        name = path.name
        if digest == arrived:
            content = submission.content() if forgotten else None
            if forgotten and (content is None or sha256_of(content) != arrived):
                continue
            rest = content and without_forgotten(content, name, place, forgotten, workspace)
            if not rest:
                if not snapshots.keep_pieces(arrived, submission.pieces):
                    continue  # it changes while it is read: the next run takes it
            else:
                digest, name = snapshots.keep(rest), f"{place.source}.csv"
                _take_place(workspace, place, arrived, digest, name)
        elif not snapshots.holds(digest):
            continue
        received.append(Received(place, name, digest, str(place)))
    return received


def _take_place(workspace: Workspace, place: Place, arrived: str, digest: str, name: str) -> None:
    """Note that a file came without those who are forgotten: what came is kept nowhere."""
    from pipeline.forget.in_place import APPLIED, put_in_place, replaced_entry

    entry = replaced_entry(place, arrived, digest, name, kept=True)
    detail = {"files": [entry], "people": [], "links": len(workspace.keys.links)}
    number = Receipts(workspace.home, workspace.keys).add(REPLACED, detail)
    put_in_place(workspace.connection, [Receipt(number, REPLACED, detail)], workspace.keys)
    workspace.ledger.note(APPLIED, str(number))


def note_landing(workspace: Workspace, received: Sequence[Received]) -> None:
    """Keep a receipt of files that are about to land, with the team's decisions now."""
    files = [
        [str(one.place.period_end), one.place.organisation_code, one.place.source,
         one.file_name, one.sha256]
        for one in received
    ]  # fmt: skip
    detail = {"files": files, "decisions": text_of_home(workspace.home)}
    Receipts(workspace.home, workspace.keys).add(LANDING, detail)


def land_received(
    workspace: Workspace,
    received: list[Received],
    decided: Sequence[Load] = (),
    inbox: Inbox | None = None,
) -> Landed:
    """Read, check and land files, and those that their staff extracts make to be read again.

    Args:
        workspace: the run.
        received: the files that are new.
        decided: files of earlier runs on whose values something was decided.
        inbox: what lies in the inbox: what a snapshot that is damaged is made of again.

    Raises:
        DiskError: a snapshot is damaged, and its file is not in the inbox any more.
    """
    from pipeline import known_employees, land
    from pipeline.decisions.read_again import note_decisions
    from pipeline.decisions.unknown_codes import write_table
    from pipeline.read import read
    from pipeline.read.batches import Spool

    snapshots = _snapshots(workspace)
    files = _with_read_again(workspace, received, decided)
    at_hand = {each.place: each for each in inbox.submissions} if inbox else {}
    labels = [item.label for item in files]
    if workspace.runner.is_spread:
        contents = (_content(item, snapshots, at_hand) for item in files)
        examined = _examine_elsewhere(workspace, files, contents, labels)
    else:
        make_folder(workspace.home.temporary)
        spool = Spool(workspace.home.temporary, workspace.home.limits)

        def read_file(item: Received) -> "Reading":
            content = _content(item, snapshots, at_hand)
            place = item.place
            return read(content, item.file_name, place.source, place, spool)

        readings = workspace.runner.each(read_file, files, "read", labels)
        examined = _check(workspace, list(zip(files, readings, strict=True)))

    def land_all() -> Landed:
        land.prepare(workspace.connection)
        judged = known_employees.judge(examined, workspace.connection, workspace.keys)
        entries: list[tuple[Examined, Load]] = []
        for batch in _batches(judged):
            _write_feedback(workspace, batch)
            entries += zip(batch, land.land(workspace, batch), strict=True)
        note_decisions(workspace.ledger)
        return Landed(
            tuple(load for item, load in entries if not item.is_again),
            tuple(load for item, load in entries if item.is_again and not item.is_decided),
            tuple(load for item, load in entries if item.is_decided),
            write_table(workspace.home, workspace.connection),
        )

    return workspace.runner.call(land_all, "land")


def _snapshots(workspace: Workspace) -> Snapshots:
    return Snapshots(workspace.home.snapshots, workspace.keys)


def _with_read_again(
    workspace: Workspace, received: list[Received], decided: Sequence[Load]
) -> list[Received]:
    """Return the new files with those to be read again; sorted by place, what was there first."""
    from pipeline.known_employees import to_read_again

    arriving = [item.place for item in received] + [load.place for load in decided]
    known = {load.load_id for load in decided}
    loads = {load.load_id: load for load in decided}
    loads |= {load.load_id: load for load in to_read_again(arriving, workspace.ledger.loads())}
    loads = _that_can_be_read(loads, _snapshots(workspace))
    again = [
        Received(
            load.place,
            load.file_name,
            load.sha256,
            f"{load.place}, file {load.load_id}",
            is_again=True,
            is_decided=load.load_id in known,
        )
        for _, load in sorted(loads.items())
    ]
    return sorted([*again, *received], key=lambda item: item.place)


def _that_can_be_read(loads: dict[int, Load], snapshots: Snapshots) -> dict[int, Load]:
    """Return the loads whose files are kept, of places whose accepted file is among them.

    Without the accepted file the others would take its place.
    """
    lost = [load for load in loads.values() if not snapshots.holds(load.sha256)]
    gone = {load.load_id for load in lost}
    stay = {load.place for load in lost if load.status in (LANDED, EMPTY)}
    return {
        number: load
        for number, load in loads.items()
        if number not in gone and load.place not in stay
    }


def _content(
    received: Received, snapshots: Snapshots, at_hand: Mapping[Place, Submission]
) -> Callable[[], BinaryIO]:
    """Return what opens a file as it was received; a damaged snapshot is made again of the inbox's.

    Raises:
        DiskError: it is damaged, and the file is not in the inbox any more.
    """
    digest, place = received.sha256, received.place
    try:
        return snapshots.opened(digest)
    except (ProductError, FileNotFoundError):
        lying = at_hand.get(place)
        content = lying.content() if lying else None
        if content is not None and snapshots.keep_anew(digest, content):
            return snapshots.opened(digest)
    raise DiskError(
        f"The snapshot {snapshots.place(digest)} is damaged or lost. It is the file "
        f"{received.file_name} of {place} as it was received, and it has to be read again. Put "
        f"that file back into the inbox as {place}{Path(received.file_name).suffix}, or the "
        "snapshot from a backup, and run again. Nothing was landed; the last release is untouched."
    )


def _check(workspace: Workspace, readings: "list[tuple[Received, Reading]]") -> "list[Examined]":
    """Check the files of each source together and return them in the order of ``readings``."""
    from pipeline.check import check_files
    from pipeline.land import Examined

    sources = sorted({received.place.source for received, _ in readings})

    def check_source(source: str) -> list[Examined]:
        own = [
            (received, reading) for received, reading in readings if received.place.source == source
        ]
        places = [(reading, item.place) for item, reading in own]
        checked = check_files(
            [(reading, place.period_end, place.organisation_code) for reading, place in places],
            source,
        )
        return [
            Examined(item.place, item.file_name, item.sha256, found, item.is_again, item.is_decided)
            for (item, _), found in zip(own, checked, strict=True)
        ]

    by_source = workspace.runner.each(check_source, sources, "check", sources)
    found = dict(zip(sources, map(iter, by_source), strict=True))
    return [next(found[received.place.source]) for received, _ in readings]


def _examine_elsewhere(
    workspace: Workspace,
    files: Sequence[Received],
    contents: Iterable[Callable[[], BinaryIO]],
    labels: Sequence[str],
) -> "list[Examined]":
    """Read and check each file by itself, on whichever machine the runner chooses."""
    from pipeline.elsewhere import Sent, examine
    from pipeline.land import Examined

    decided, sent = everything(), []
    for item, opened in zip(files, contents, strict=True):
        with opened() as file:
            content = file.read()
        sent.append(Sent(content, item.file_name, item.place, decided, workspace.home.limits))
    checked = workspace.runner.spread(examine, sent, "read", labels)
    return [
        Examined(item.place, item.file_name, item.sha256, found, item.is_again, item.is_decided)
        for item, found in zip(files, checked, strict=True)
    ]


def _batches(examined: "list[Examined]") -> "Iterator[list[Examined]]":
    """Yield the files in batches of one transaction each, those of an employer together."""
    batch: list[Examined] = []
    for _, files in groupby(examined, lambda item: (item.period_end, item.organisation_code)):
        own = list(files)
        if batch and len(batch) + len(own) > FILES_IN_A_TRANSACTION:
            yield batch
            batch = []
        batch += own
    if batch:
        yield batch


def _write_feedback(workspace: Workspace, files: "list[Examined]") -> None:
    """Write what the submitters have to mend, before landing: once landed, a file is not new."""
    from pipeline import feedback

    for item in files:
        folder = workspace.home.feedback / str(item.period_end) / item.organisation_code
        feedback.write(folder, item.place.source, item, item.checked)
