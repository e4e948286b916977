"""Land: the accepted rows of files, pseudonymised, in one transaction."""

import importlib
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pandas as pd

from pipeline import organisations
from pipeline.checked import Checked
from pipeline.decisions.unknown_codes import found_in
from pipeline.faults import Severity
from pipeline.identity import Keys
from pipeline.read.batches import BATCH_ROWS
from pipeline.receive.inbox import SOURCES, Place
from pipeline.receive.ledger import EMPTY, LANDED, REJECTED, Load
from pipeline.receive.snapshots import seal
from pipeline.receive.sources import EmptyMeans, empty_means
from pipeline.received_totals import received_totals
from pipeline.store import in_little_memory, transaction
from pipeline.workspace import Workspace

if TYPE_CHECKING:
    import duckdb

_FEW_TEXTS = 0.5
"""Share of the rows up to which different texts are few."""

_PSEUDONYM = "pseudonym"
"""The type by which a landed table declares a column of pseudonyms; DuckDB stores text."""


@dataclass(frozen=True, slots=True)
class Examined:
    """A received file after read and check, ready to land."""

    place: Place
    file_name: str
    sha256: str
    checked: Checked
    is_again: bool = False
    """Whether it was received before, and is read again."""
    is_decided: bool = False
    """Whether a decision on a value makes it be read again, and not a staff extract."""

    @property
    def period_end(self) -> date:
        """The snapshot."""
        return self.place.period_end

    @property
    def organisation_code(self) -> str:
        """The ODS code of the organisation that sent the file."""
        return self.place.organisation_code

    @property
    def organisation_name(self) -> str:
        """Its name at the snapshot."""
        organisation = organisations.find(self.organisation_code, self.period_end)
        return organisation.organisation_name if organisation else self.organisation_code


@cache
def pseudonym_columns() -> frozenset[str]:
    """Return the names of the columns that hold pseudonyms, as the landed tables declare them.

    A column of such a name holds pseudonyms in every table of the private database.
    """
    tables = " ".join(_source(source).TABLE for source in SOURCES)
    return frozenset(re.findall(rf"(\w+) {_PSEUDONYM}\b", tables))


def _columns(source: str) -> str:
    declared: str = _source(source).TABLE
    return re.sub(rf"\b{_PSEUDONYM}\b", "varchar", declared)


def prepare(connection: "duckdb.DuckDBPyConnection") -> None:
    """Make the landing tables of a new home."""
    connection.execute("create schema if not exists landing")
    for source in SOURCES:
        connection.execute(
            f"create table if not exists landing.{source} (load_id integer not null, "
            f"row_number integer not null, {_columns(source)})"
        )


def _source(source: str) -> ModuleType:
    """Return the module that knows how a source is landed."""
    return importlib.import_module(f"pipeline.landing.{source}")


def land(workspace: Workspace, examined: Sequence[Examined]) -> list[Load]:
    """Land files and return their ledger entries in the same order; all are stored, or none.

    What is read again supersedes all that its place held: it is the same, judged anew. Files of
    one source go in by one statement, and so do all their entries: most of what a small file costs
    is the statement.
    """
    loads = []
    arriving: dict[str, list[pd.DataFrame]] = defaultdict(list)
    with in_little_memory(workspace.connection), transaction(workspace.connection):
        for place in {item.place for item in examined if item.is_again}:
            workspace.ledger.supersede(place)
        for item in examined:
            load = _load(workspace.ledger.next_load_id(), item)
            for table, frame in _frames(load, item, workspace.keys):
                arriving[table].append(frame.assign(load_id=load.load_id))
                if sum(map(len, arriving[table])) >= BATCH_ROWS:
                    _insert(workspace.connection, table, arriving.pop(table))
            loads.append(load)
        workspace.ledger.record_all(
            (load, item.checked.faults) for load, item in zip(loads, examined, strict=True)
        )
        for table, frames in arriving.items():
            _insert(workspace.connection, table, frames)
    return loads


def _load(load_id: int, examined: Examined) -> Load:
    checked = examined.checked
    return Load(
        load_id=load_id,
        place=examined.place,
        file_name=examined.file_name,
        sha256=examined.sha256,
        status=_status(checked, examined.place.source),
        rows_received=checked.rows_received,
        rows_landed=checked.rows_accepted,
        rows_quarantined=0 if checked.rejected else checked.rows_quarantined,
        rows_warned=0 if checked.rejected else checked.rows_warned,
    )


def _frames(load: Load, examined: Examined, keys: Keys) -> Iterator[tuple[str, pd.DataFrame]]:
    """Return the rows that a file adds to each table."""
    if load.rows_landed:
        source = load.place.source
        landing, checked = _source(source), examined.checked
        across = landing.across(checked) if hasattr(landing, "across") else None
        beside = () if across is None else (across,)
        for accepted in checked.accepted_batches():
            yield f"landing.{source}", landing.frame(accepted, load.place, keys, *beside)
    if load.rows_quarantined:
        yield from _quarantine_frames(load, examined.checked, keys)
    for table, found in (
        ("ledger.unknown_code", found_in(examined.checked)),
        ("ledger.received_total", received_totals(examined.checked)),
    ):
        if len(found):
            yield table, found


def _status(checked: Checked, source: str) -> str:
    if checked.rejected:
        return REJECTED
    none_happened = not len(checked.rows) and empty_means(source) is EmptyMeans.NONE
    return LANDED if checked.rows_accepted or none_happened else EMPTY


def _insert(
    connection: "duckdb.DuckDBPyConnection", table: str, frames: Sequence[pd.DataFrame]
) -> None:
    connection.register("arriving", _with_few_texts(pd.concat(frames, ignore_index=True)))
    try:
        connection.execute(f"insert into {table} by name select * from arriving")
    finally:
        connection.unregister("arriving")


def _with_few_texts(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with columns that hold few different texts coded: DuckDB reads these fast.

    It reads other texts one by one under Python's lock.
    """
    coded: dict[str, pd.Categorical[Any]] = {}
    for name in set(map(str, frame.select_dtypes("str"))) - pseudonym_columns():
        places, values = pd.factorize(frame[name])
        if len(values) <= len(frame) * _FEW_TEXTS:
            coded[name] = pd.Categorical.from_codes(places, categories=values)
    return frame.assign(**coded)


def _quarantine_frames(
    load: Load, checked: Checked, keys: Keys
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the quarantined rows: where they stood, why, and what they held (sealed)."""
    reasons: dict[int, set[str]] = {}
    for fault in checked.faults:
        if fault.severity is Severity.ROW and fault.row_number is not None:
            reasons.setdefault(fault.row_number, set()).add(fault.code)
    sealing_key = keys.sealing_key()
    for batch in checked.quarantined_batches():
        rows = []
        for row in batch.to_dict("records"):
            number = int(row["row_number"])
            label = f"{load.sha256}/{number}"
            content = json.dumps(row, default=str, sort_keys=True).encode()
            rows.append(
                {
                    "row_number": number,
                    "codes": ",".join(sorted(reasons.get(number, set()))),
                    "row_sealed": seal(sealing_key, content, label),
                }
            )
        if rows:
            yield "ledger.quarantine", pd.DataFrame(rows)
