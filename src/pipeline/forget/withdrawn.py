"""What arrives after somebody was forgotten: the old file again, or a new one with them in it."""

from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.receive.inbox import Place, scan
from pipeline.receive.ledger import Ledger
from pipeline.receive.snapshots import sha256_of

if TYPE_CHECKING:
    from pipeline.workspace import Workspace


def withdrawn_in_inbox(inbox: Path, ledger: Ledger) -> tuple[str, ...]:
    """Return the files of the inbox whose place in the home another one took, by their names."""
    replaced = ledger.replaced()
    if not replaced or not inbox.is_dir():
        return ()
    return tuple(
        f"{one.place.period_end}/{one.place.organisation_code}/{one.path.name}"
        for one in scan(inbox).submissions
        if (content := one.content()) is not None and (one.place, sha256_of(content)) in replaced
    )


def without_forgotten(
    content: bytes,
    file_name: str,
    place: Place,
    people: frozenset[str],
    workspace: "Workspace",
) -> bytes | None:
    """Return an arriving file without those who are forgotten; None where it names none of them.

    A file that cannot be read lands nowhere, so that it brings nobody back; it is kept as it came.
    """
    from pipeline.forget.successor import look, tells_of_people, without

    if not people or not tells_of_people(place.source):
        return None
    keys = workspace.keys
    looked = look(content, file_name, place, keys, workspace.home.limits)
    if not looked.is_readable or not looked.names(people):
        return None
    return without(looked, people, keys)
