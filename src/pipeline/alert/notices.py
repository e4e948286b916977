"""The alerts that somebody is told of: those of the newest snapshot, and files not accepted."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import organisations
from pipeline.alert.acknowledgements import (
    Subject,
    acknowledgements,
    as_day,
    first_clause,
    is_acknowledged,
    part_alone,
    text,
)
from pipeline.alert.wording import day, quarter
from pipeline.faults import Severity
from pipeline.receive.ledger import REJECTED, Ledger
from pipeline.store import has_table, open_published

if TYPE_CHECKING:
    import duckdb

FILE_REJECTED = "SOURCE_REJECTED"
_SEND_AGAIN = "Mend the file as the feedback on it says, and send it again."

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Notice:
    """One alert as it may be told.

    Attributes:
        organisation_code: whom it is about.
        organisation_name: its name at the snapshot.
        period_end: the snapshot.
        code: the code of the alert.
        severity: its severity.
        characteristic: the protected characteristic, or None.
        part: ``directorate:Finance`` and the like, or None for the whole employer.
        message: what is wrong, in a sentence without any number of people.
        to_do: what to do about it; empty where nothing is said.
        target: the target in percent, or None.
        records_to_target: how many records would reach it, or None; who tells it applies the
            threshold.
        tested: among how many tests of chance it was found, or None where it is none.
        quarters_running: for how many snapshots in a row it has stood.
        is_acknowledged: whether somebody said that it is known.
    """

    organisation_code: str
    organisation_name: str
    period_end: date
    code: str
    severity: str
    characteristic: str | None
    part: str | None
    message: str
    to_do: str
    target: float | None
    records_to_target: int | None
    tested: int | None
    quarters_running: int
    is_acknowledged: bool


@dataclass(frozen=True, slots=True)
class _File:
    """A file that was not accepted."""

    period_end: date
    organisation_code: str
    organisation_name: str
    source: str
    reasons: tuple[str, ...] = ()
    to_do: str = _SEND_AGAIN


def newest_snapshot(connection: "duckdb.DuckDBPyConnection", schema: str) -> date | None:
    """Return the newest snapshot that has figures, or None where there are no figures."""
    if not has_table(connection, schema, "figure"):
        return None
    newest = connection.execute(f"select max(period_end) from {schema}.figure").fetchone()
    return as_day(newest[0]) if newest and newest[0] else None


def private_notices(connection: "duckdb.DuckDBPyConnection", ledger: Ledger) -> list[Notice]:
    """Return what each employer may be told of itself, with its numbers."""
    known = acknowledgements(connection)
    rows = [
        row | {"acknowledged": is_acknowledged(row, known)} for row in _rows(connection, "marts")
    ]
    return _notices(rows, _files(ledger), newest_snapshot(connection, "marts"))


def published_notices(published: Path) -> list[Notice]:
    """Return what everybody may be told: the published alerts of the newest snapshot.

    Files that were not accepted at an earlier one stand in the published ``load`` and are told too.

    Raises:
        UsageError: nothing has been released yet, or the file is damaged.
    """
    with open_published(published) as connection:
        found = connection.execute(
            "select period_end, organisation_code, organisation_name, source from load "
            f"where status = '{REJECTED}' order by all"
        ).fetchall()
        files = [_File(as_day(period_end), *rest) for period_end, *rest in found]
        return _notices(_rows(connection, "main"), files, newest_snapshot(connection, "main"))


def _rows(connection: "duckdb.DuckDBPyConnection", schema: str) -> list[dict[str, Any]]:
    if not has_table(connection, schema, "alert"):
        return []
    cursor = connection.execute(f"select * from {schema}.alert order by all")
    names = [column[0] for column in cursor.description or ()]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return [row | {"period_end": as_day(row["period_end"])} for row in rows]


def _files(ledger: Ledger) -> Iterator[_File]:
    """Return the files that were not accepted, with the kinds of their faults and no detail."""
    for load in ledger.loads():
        if load.status != REJECTED:
            continue
        kinds = [f.kind for f in ledger.faults(load.load_id) if f.severity is Severity.FILE]
        place = load.place
        found = organisations.find(place.organisation_code, place.period_end)
        yield _File(
            place.period_end,
            place.organisation_code,
            found.organisation_name if found else place.organisation_code,
            place.source,
            tuple(dict.fromkeys(kind.meaning for kind in kinds)),
            " ".join(dict.fromkeys(kind.mend for kind in kinds)) or _SEND_AGAIN,
        )


def _notices(rows: Iterable[Row], files: Iterable[_File], newest: date | None) -> list[Notice]:
    """Return notices of the newest snapshot's alerts, and of the files at whatever snapshot."""
    rows, files = list(rows), list(files)
    newest = newest or max((file.period_end for file in files), default=date.min)
    said = {(Subject.of(row), row["period_end"]) for row in rows if row["acknowledged"]}
    told = [
        _of_row(row) for row in rows if row["period_end"] == newest and row["code"] != FILE_REJECTED
    ]
    return told + [_of_file(file, newest, said) for file in files]


def _of_row(row: Row) -> Notice:
    return Notice(
        organisation_code=row["organisation_code"],
        organisation_name=row["organisation_name"],
        period_end=row["period_end"],
        code=row["code"],
        severity=row["severity"],
        characteristic=text(row["characteristic"]),
        part=part_alone(row.get("part")),
        message=first_clause(row["message"]),
        to_do=text(row.get("to_do")) or "",
        target=_number(row["target"]),
        records_to_target=_whole(row["records_to_target"]),
        tested=_whole(row.get("tested")),
        quarters_running=int(row["quarters_running"]),
        is_acknowledged=bool(row["acknowledged"]),
    )


def _number(value: Any) -> float | None:
    """Return a cell as a number, or None where a frame holds none, however it says so."""
    return None if value is None or math.isnan(value) else float(value)


def _whole(value: Any) -> int | None:
    number = _number(value)
    return None if number is None else int(number)


def _of_file(file: _File, newest: date, said: Iterable[tuple[Subject, date]]) -> Notice:
    clause = f"{file.source} was rejected"
    subject = Subject(file.organisation_code, FILE_REJECTED, None, None, clause)
    reasons = f": {'; '.join(file.reasons)}" if file.reasons else ""
    return Notice(
        organisation_code=file.organisation_code,
        organisation_name=file.organisation_name,
        period_end=file.period_end,
        code=FILE_REJECTED,
        severity="warning",
        characteristic=None,
        part=None,
        message=f"{file.source} of {day(file.period_end)} was rejected{reasons}",
        to_do=file.to_do,
        target=None,
        records_to_target=None,
        tested=None,
        quarters_running=max(1, quarter(newest) - quarter(file.period_end) + 1),
        is_acknowledged=(subject, file.period_end) in said,
    )
