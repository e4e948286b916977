"""Retention: what a home keeps no longer, by the age of its snapshot.

Two limits stand in ``settings.toml``, in years: ``keep_snapshots_years`` for the received files
(and the rows in quarantine, which repeat them) and ``keep_rows_years`` for the rows landed from
them. Without a limit everything is kept. Where rows go, the files behind them go as well: else a
rebuild would bring the rows back. Hashes, counts of rows, faults and the manifests of releases
stay, and no release is touched.

An age is the time between two snapshots: that of the file and the newest that holds accepted
files. So neither a clock that jumps nor a folder named for a year to come removes anything.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.faults import Fault
from pipeline.receive.inbox import SOURCES, Inbox, Stray
from pipeline.receive.ledger import EMPTY, EXPIRED, LANDED, SUPERSEDED, Ledger, Load
from pipeline.settings import Settings
from pipeline.store import has_table, transaction

if TYPE_CHECKING:
    import duckdb

    from pipeline.receive.snapshots import Snapshots


class Retention:
    """For how many years received files, and rows landed from them, are kept; None: always."""

    def __init__(self, settings: Settings) -> None:
        self.snapshot_years = settings.keep_snapshots_years
        self.row_years = settings.keep_rows_years

    def limits(self, loads: Iterable[Load]) -> "Limits":
        """Return the oldest snapshots that are kept, by the newest with accepted files."""
        accepted = [
            load.place.period_end
            for load in loads
            if load.status in (LANDED, EMPTY) and load.place.period_end <= date.today()
        ]
        if not accepted:
            return Limits()
        newest = max(accepted)
        rows = _years_before(newest, self.row_years)
        return Limits(max(_years_before(newest, self.snapshot_years), rows), rows)


@dataclass(frozen=True, slots=True)
class Limits:
    """The oldest snapshots of which received files and landed rows are kept."""

    snapshots_from: date = date.min
    rows_from: date = date.min


@dataclass(frozen=True, slots=True)
class Removed:
    """What a run removed because of its age.

    Attributes:
        snapshots: the hashes of the received files.
        periods: the snapshots whose rows are gone.
    """

    snapshots: tuple[str, ...] = ()
    periods: tuple[date, ...] = field(default=())


def _years_before(newest: date, years: int | None) -> date:
    """Return the same quarter end ``years`` before; every year has each of them."""
    return date.min if years is None else newest.replace(year=max(newest.year - years, 1))


def without_expired(inbox: Inbox, loads: Iterable[Load], limits: Limits) -> Inbox:
    """Return an inbox without the files of snapshots of which no rows are kept.

    What was received in its time is passed over in silence; what comes only now is a stray.
    """
    old = [one for one in inbox.submissions if one.place.period_end < limits.rows_from]
    if not old:
        return inbox
    known = {load.place for load in loads}
    detail = f"rows are kept from {limits.rows_from} on (keep_rows_years in settings.toml)"
    late = [
        Stray(f"{one.place.period_end}/{one.place.organisation_code}/{one.path.name}",
              Fault("PERIOD_NOT_KEPT", detail=detail))
        for one in old
        if one.place not in known
    ]  # fmt: skip
    strays = sorted([*inbox.strays, *late], key=lambda stray: stray.name)
    kept = tuple(one for one in inbox.submissions if one not in old)
    return replace(inbox, submissions=kept, strays=tuple(strays))


def expire(
    connection: "duckdb.DuckDBPyConnection",
    ledger: Ledger,
    snapshots: "Snapshots",
    retention: Retention,
    note: Callable[[Removed], None],
) -> Removed:
    """Remove what is older than the settings say, and return what that was.

    What is about to go is noted before it goes. A run that is killed leaves the rest to the next,
    which notes what it then removes.

    Args:
        connection: the private database.
        ledger: its ledger.
        snapshots: the received files.
        retention: for how long they are kept.
        note: keeps the note.
    """
    loads = ledger.loads()
    limits = retention.limits(loads)
    if limits == Limits():
        return Removed()
    rows = [one for one in loads if one.place.period_end < limits.rows_from]
    in_force = [one for one in rows if one.status not in (EXPIRED, SUPERSEDED)]
    kept = {one.sha256 for one in loads if one.place.period_end >= limits.snapshots_from}
    old = [one for one in loads if one.place.period_end < limits.snapshots_from]
    hashes = sorted({one.sha256 for one in old if snapshots.holds(one.sha256)} - kept)
    removed = Removed(tuple(hashes), tuple(sorted({one.place.period_end for one in in_force})))
    if removed == Removed() and not _holds_quarantine(connection, old):
        return removed
    note(removed)
    with transaction(connection):
        _delete(connection, "ledger.quarantine", old)
        for name in _tables_of_rows(connection):
            _delete(connection, name, rows)
        if in_force:
            connection.execute(
                f"update ledger.load set status = '{EXPIRED}' where load_id in ({_ids(rows)})"
            )
    for digest in hashes:
        snapshots.remove(digest)
    return removed


def remove_feedback(folder: Path, removed: Removed) -> None:
    """Remove the feedback on snapshots whose rows are gone; its alerts hold true counts."""
    import shutil

    for period in removed.periods:
        shutil.rmtree(folder / str(period), ignore_errors=True)


def _tables_of_rows(connection: "duckdb.DuckDBPyConnection") -> list[str]:
    landing = [
        f"landing.{source}" for source in SOURCES if has_table(connection, "landing", source)
    ]
    return [*landing, "ledger.unknown_code", "ledger.received_total"]


def _holds_quarantine(connection: "duckdb.DuckDBPyConnection", loads: list[Load]) -> bool:
    if not loads:
        return False
    query = f"select count(*) from ledger.quarantine where load_id in ({_ids(loads)})"
    return connection.execute(query).fetchone() != (0,)


def _delete(connection: "duckdb.DuckDBPyConnection", table: str, loads: list[Load]) -> None:
    if loads:
        connection.execute(f"delete from {table} where load_id in ({_ids(loads)})")


def _ids(loads: Iterable[Load]) -> str:
    return ", ".join(str(int(load.load_id)) for load in loads)
