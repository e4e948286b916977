"""Arrive: receive what is new in the inbox, read it, check it, land it and write the feedback.

Heavy modules are imported where there is something new to work on, so that a run with nothing new
ends at once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from pipeline.receive.inbox import Inbox, Place
from pipeline.receive.ledger import Load
from pipeline.receive.snapshots import Snapshots
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


def receive(workspace: Workspace, inbox: Inbox) -> list[Received]:
    """Keep a snapshot of every file that is new in its place, and return these files."""
    snapshots = _snapshots(workspace)
    newest = workspace.ledger.newest()
    received = []
    for submission in inbox.submissions:
        place, path = submission.place, submission.path
        digest = snapshots.keep(path.read_bytes())
        known = newest.get(place)
        if known is None or known.sha256 != digest:
            received.append(Received(place, path.name, digest, str(place)))
    return received


def land_received(
    workspace: Workspace, received: list[Received], decided: Sequence[Load] = ()
) -> Landed:
    """Read, check and land files, and those that their staff extracts make to be read again.

    Args:
        workspace: the run.
        received: the files that are new.
        decided: files of earlier runs on whose values something was decided.
    """
    from pipeline import known_employees, land
    from pipeline.decisions.read_again import note_decisions
    from pipeline.decisions.unknown_codes import write_table

    snapshots = _snapshots(workspace)
    files = _with_read_again(workspace, received, decided)
    readings = workspace.runner.each(
        lambda item: _read(item, snapshots), files, "read", [item.label for item in files]
    )
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


def _read(received: Received, snapshots: Snapshots) -> "Reading":
    """Read one file, from its snapshot."""
    from pipeline.read import read

    content, place = snapshots.content(received.sha256), received.place
    return read(content, received.file_name, place.source, place)


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
