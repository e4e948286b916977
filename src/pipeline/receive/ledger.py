"""The ledger: every file that was received, what became of it, and every release."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from pipeline.errors import UsageError
from pipeline.faults import Fault
from pipeline.identity import Keys
from pipeline.receive.inbox import Place, Stray
from pipeline.store import quoted

if TYPE_CHECKING:
    import duckdb

LANDED, EMPTY, REJECTED, SUPERSEDED = "landed", "empty", "rejected", "superseded"
EXPIRED = "expired"
"""What was received and is kept no longer: its rows are gone, its hash stays."""

_TABLES = """
create schema if not exists ledger;
create table if not exists ledger.about (name varchar primary key, value varchar not null);
create table if not exists ledger.load (
    load_id integer primary key, period_end date not null, organisation_code varchar not null,
    source varchar not null, file_name varchar not null, sha256 varchar not null,
    status varchar not null, rows_received integer not null, rows_landed integer not null,
    rows_quarantined integer not null, rows_warned integer not null);
create table if not exists ledger.fault (
    load_id integer not null, row_number integer, column_name varchar, code varchar not null,
    severity varchar not null, detail varchar not null);
create table if not exists ledger.quarantine (
    load_id integer not null, row_number integer not null, codes varchar not null,
    row_sealed blob not null);
create table if not exists ledger.unknown_code (
    load_id integer not null, list_name varchar not null, received_key varchar,
    row_count integer not null);
create table if not exists ledger.received_total (
    load_id integer not null, measure varchar not null, total double not null,
    rows_unreadable integer not null);
create table if not exists ledger.replaced (
    period_end date not null, organisation_code varchar not null, source varchar not null,
    old_sha256 varchar not null, new_sha256 varchar not null,
    primary key (period_end, organisation_code, source, old_sha256));
create table if not exists ledger.forgotten (person varchar primary key);
create table if not exists ledger.stray (name varchar primary key, message varchar not null);
create table if not exists ledger.release (
    sequence integer primary key, release_id varchar not null unique,
    fingerprint varchar not null, manifest varchar not null);
create table if not exists ledger.release_hash (
    release_id varchar primary key, sums_sha256 varchar not null);
create table if not exists ledger.acknowledgement (
    organisation_code varchar not null, code varchar not null, characteristic varchar,
    part varchar, clause varchar not null, period_end date not null, note varchar not null,
    noted_at timestamp not null);
create table if not exists ledger.delivery (
    sequence integer not null, organisation_code varchar not null, channel varchar not null,
    digest varchar not null, subject varchar not null, content_text varchar not null,
    content_html varchar not null, status varchar not null, attempts integer not null,
    reason varchar not null, noted_at timestamp not null,
    primary key (organisation_code, channel, digest));
"""


@dataclass(frozen=True, slots=True)
class Load:
    """One received file."""

    load_id: int
    place: Place
    file_name: str
    sha256: str
    status: str
    rows_received: int
    rows_landed: int
    rows_quarantined: int
    rows_warned: int


class Ledger:
    """The tables of schema ``ledger`` in the private database."""

    def __init__(self, connection: "duckdb.DuckDBPyConnection") -> None:
        self._connection = connection
        self._places: set[Place] = set()
        self._last_load_id = 0

    def prepare(self, keys: Keys) -> None:
        """Make the tables of a new home, and recognise the pseudonym key of an old one.

        Raises:
            UsageError: the pseudonym key is not the one under which this home's people are known.
        """
        self._connection.execute(_TABLES)
        loads = self.loads()
        self._places = {load.place for load in loads}
        self._last_load_id = max((load.load_id for load in loads), default=0)
        if self.about("pseudonym_key_check") is None:
            self.note("pseudonym_key_check", keys.check_value())
            for name in ("pseudonym", "store"):
                self.note(f"{name}_key_since", date.today().isoformat())
        elif self.links_known(keys) < len(keys.links):
            raise UsageError(
                "The pseudonym key has a newer link than this home knows. To take it over, run: "
                "equality key rotate pseudonym"
            )

    def links_known(self, keys: Keys) -> int:
        """Return how many links of the pseudonym key this home's people are known under.

        Raises:
            UsageError: the pseudonym key is not the one of this home.
        """
        known = self.about("pseudonym_key_check")
        if known is None:
            return len(keys.links)
        if known not in keys.check_values():
            raise UsageError(
                "The pseudonym key is not the one of this home: its people would not be "
                "recognised. Put the right key back in keys/pseudonym.key, or where your settings "
                "say; a copy made before the last rotation lacks the newest link."
            )
        return keys.check_values().index(known) + 1

    def about(self, name: str) -> str | None:
        """Return what was noted under ``name``."""
        # Without a parameter, for which DuckDB would import pandas, so that a run with nothing new
        # is short.
        rows = self._connection.execute("select name, value from ledger.about").fetchall()
        return dict(rows).get(name)

    def note(self, name: str, value: str) -> None:
        """Keep ``value`` under ``name``."""
        self._connection.execute(
            f"insert or replace into ledger.about values ({quoted(name)}, {quoted(value)})"
        )

    def loads(self) -> list[Load]:
        """Return every received file, in the order of receipt."""
        rows = self._connection.execute(
            "select load_id, period_end, organisation_code, source, file_name, sha256, status, "
            "rows_received, rows_landed, rows_quarantined, rows_warned "
            "from ledger.load order by load_id"
        ).fetchall()
        return [Load(row[0], Place(*row[1:4]), *row[4:]) for row in rows]

    def next_load_id(self) -> int:
        """Return the number of the next received file; each call takes one."""
        self._last_load_id += 1
        return self._last_load_id

    def newest(self) -> dict[Place, Load]:
        """Return the newest received file of each place."""
        return {load.place: load for load in self.loads()}

    def record(self, load: Load, faults: Iterable[Fault]) -> None:
        """Record a received file; it supersedes what its place held, unless it is rejected."""
        self.record_all([(load, faults)])

    def record_all(self, received: Iterable[tuple[Load, Iterable[Fault]]]) -> None:
        """Record several received files, each after the ones before it."""
        arriving: list[Load] = []
        found: list[tuple[int, Fault]] = []
        for load, faults in received:
            if load.place in self._places:
                self._insert_loads(arriving)
                arriving = []
                self._take_over(load)
            self._places.add(load.place)
            arriving.append(load)
            found += [(load.load_id, fault) for fault in faults]
        self._insert_loads(arriving)
        self._insert_faults(found)

    def _take_over(self, load: Load) -> None:
        """Take out of force what a file supersedes at its place."""
        replaced = [REJECTED]
        if load.status != REJECTED:
            replaced += [LANDED, EMPTY, EXPIRED]
        self._connection.execute(
            "update ledger.load set status = ? where period_end = ? and organisation_code = ? "
            "and source = ? and status in (select unnest(?))",
            [SUPERSEDED, *_fields(load.place), replaced],
        )

    def supersede(self, place: Place) -> None:
        """Take what a place holds out of force, because it is recorded anew."""
        self._connection.execute(
            "update ledger.load set status = ? where period_end = ? and organisation_code = ? "
            "and source = ?",
            [SUPERSEDED, *_fields(place)],
        )

    # One statement for all of them: a statement for each costs as much as the file itself.

    def _insert_loads(self, loads: list[Load]) -> None:
        if not loads:
            return
        rows = [
            (
                load.load_id, *_fields(load.place), load.file_name, load.sha256, load.status,
                load.rows_received, load.rows_landed, load.rows_quarantined, load.rows_warned,
            )
            for load in loads
        ]  # fmt: skip
        columns = ", ".join(["unnest(?)"] * len(rows[0]))
        self._connection.execute(
            f"insert into ledger.load select {columns}",
            [list(column) for column in zip(*rows, strict=True)],
        )

    def _insert_faults(self, found: list[tuple[int, Fault]]) -> None:
        if not found:
            return
        faults = [fault for _, fault in found]
        self._connection.execute(
            "insert into ledger.fault select unnest(?), unnest(cast(? as integer[])), "
            "unnest(cast(? as varchar[])), unnest(?), unnest(?), unnest(?)",
            [
                [load_id for load_id, _ in found],
                [fault.row_number for fault in faults],
                [fault.column for fault in faults],
                [fault.code for fault in faults],
                [fault.severity.value for fault in faults],
                [fault.detail for fault in faults],
            ],
        )

    def record_strays(self, strays: Iterable[Stray]) -> None:
        """Keep what the inbox holds that has no place, instead of what was kept before."""
        self._connection.execute("delete from ledger.stray")
        for stray in strays:
            self._connection.execute(
                "insert or replace into ledger.stray values (?, ?)",
                [stray.name, stray.fault.message()],
            )

    def strays(self) -> list[tuple[str, str]]:
        """Return name and message of each file that has no place."""
        return self._connection.execute(
            "select name, message from ledger.stray order by name"
        ).fetchall()

    def faults(self, load_id: int) -> list[Fault]:
        """Return the faults of one received file, in its order."""
        rows = self._connection.execute(
            "select code, row_number, column_name, detail from ledger.fault "
            f"where load_id = {load_id:d} "
            "order by row_number nulls first, column_name nulls first, code"
        ).fetchall()
        return [Fault(*row) for row in rows]

    def releases(self) -> list[dict[str, Any]]:
        """Return the releases, the oldest first: release_id, fingerprint, manifest."""
        rows = self._connection.execute(
            "select release_id, fingerprint, manifest from ledger.release order by sequence"
        ).fetchall()
        return [
            {"release_id": release, "fingerprint": fingerprint, "manifest": json.loads(manifest)}
            for release, fingerprint, manifest in rows
        ]

    def record_release(
        self, release_id: str, fingerprint: str, manifest: str, sums_sha256: str | None = None
    ) -> None:
        """Record a release after the ones before it, with the hash of its ``SHA256SUMS``."""
        if sums_sha256 is not None:
            self._connection.execute(
                "insert or replace into ledger.release_hash values (?, ?)",
                [release_id, sums_sha256],
            )
        self._connection.execute(
            "insert into ledger.release select count(*) + 1, ?, ?, ? from ledger.release",
            [release_id, fingerprint, manifest],
        )

    def replaced(self) -> dict[tuple[Place, str], str]:
        """Return what took the place of received files, by place and hash; of each the last."""
        rows = self._connection.execute(
            "select period_end, organisation_code, source, old_sha256, new_sha256 "
            "from ledger.replaced"
        ).fetchall()
        direct = {(Place(*row[:3]), row[3]): row[4] for row in rows}
        return {(place, old): _last(direct, place, old) for place, old in direct}

    def forgotten(self) -> frozenset[str]:
        """Return the pseudonyms of the people who are to come in no more."""
        rows = self._connection.execute("select person from ledger.forgotten").fetchall()
        return frozenset(person for (person,) in rows)

    def trail_of_before(self) -> list[tuple[str, str, str]]:
        """Return what a home of an earlier version noted here: local time, action, on what."""
        found = self._connection.execute(
            "select count(*) from duckdb_tables() where database_name = current_database() "
            "and schema_name = 'ledger' and table_name = 'trail'"
        ).fetchone()
        if found == (0,):
            return []
        return self._connection.execute(
            "select cast(noted_at as varchar), action, detail from ledger.trail order by noted_at"
        ).fetchall()

    def drop_trail_of_before(self) -> None:
        """Remove what stands in the trail now."""
        self._connection.execute("drop table if exists ledger.trail")


def _last(direct: Mapping[tuple[Place, str], str], place: Place, old: str) -> str:
    """Return the end of a chain of files, each of which took the place of the one before."""
    seen = {old}
    newest = direct[place, old]
    while (place, newest) in direct and newest not in seen:
        seen.add(newest)
        newest = direct[place, newest]
    return newest


def _fields(place: Place) -> tuple[date, str, str]:
    return place.period_end, place.organisation_code, place.source
