"""Files that a new, changed or withdrawn decision on a value makes to be read again.

Nothing heavy is imported here, so that a run with nothing new ends at once.
"""

import json
from typing import TYPE_CHECKING

from pipeline.decisions import in_force as decided
from pipeline.decisions.decision import LISTS, as_text
from pipeline.receive.ledger import Ledger, Load

if TYPE_CHECKING:
    import duckdb

_NOTE = "code_decisions"


def to_read_again(ledger: Ledger, connection: "duckdb.DuckDBPyConnection") -> list[Load]:
    """Return the files that a new, changed or withdrawn decision makes to be read again.

    Returns:
        Each content that a place ever had, once, in the order in which it came last, of each place
        that holds a file with a value on which the decision has changed.
    """
    before, now = ledger.about(_NOTE), _now()
    if before == now:
        return []
    loads = ledger.loads()
    held = _loads_with(connection, None if before is None else _changed(before, now))
    places = {load.place for load in loads if load.load_id in held}
    newest = {(load.place, load.sha256): load for load in loads if load.place in places}
    return sorted(newest.values(), key=lambda load: (load.place, load.load_id))


def as_read(ledger: Ledger) -> decided.Decided | None:
    """Return the decisions that the files of this home have been read with; None: never noted."""
    text = ledger.about(_NOTE)
    return None if text is None else json.loads(text)


def note_decisions(ledger: Ledger) -> None:
    """Keep what the files of this home have been read with."""
    if ledger.about(_NOTE) != _now():
        ledger.note(_NOTE, _now())


def _now() -> str:
    return as_text(decided.everything())


def _changed(before: str, now: str) -> set[tuple[str, str]]:
    old, new = (
        {
            (name, key, code)
            for name, codes in json.loads(text).items()
            for key, code in codes.items()
        }
        for text in (before, now)
    )
    return {(name, key) for name, key, _ in old ^ new}


def _loads_with(
    connection: "duckdb.DuckDBPyConnection", keys: set[tuple[str, str]] | None
) -> set[int]:
    """Return the files in force that hold one of ``keys``, or of which no values were kept yet."""
    rows = connection.execute(
        "select received.load_id, unknown.list_name, unknown.received_key "
        "from ledger.load as received inner join ledger.unknown_code as unknown "
        "on received.load_id = unknown.load_id where received.status <> 'superseded'"
    ).fetchall()
    found = {load_id for load_id, *key in rows if keys is not None and tuple(key) in keys}
    codes = ", ".join(f"'{code}'" for one in LISTS for code in sorted(one.faults))
    unkept = connection.execute(
        "select distinct received.load_id from ledger.load as received "
        "inner join ledger.fault as fault on received.load_id = fault.load_id "
        "where received.status <> 'superseded' and received.load_id not in "
        f"(select load_id from ledger.unknown_code) and fault.code in ({codes})"
    ).fetchall()
    return found | {load_id for (load_id,) in unkept}
