"""What somebody has said to be known: kept with the subject of the alert, for as long as it runs.

An alert is the same in another quarter where organisation, code, characteristic, part and the
first clause of its message are the same. An acknowledgement of a quarter's alert holds for that
quarter and for every later one that the alert reaches without a break.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.alert.wording import quarter
from pipeline.errors import UsageError
from pipeline.store import has_table, transaction

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

Row = Mapping[Any, Any]
WHOLE = "all"
_MOST_NAMED = 12


class Subject(NamedTuple):
    """What an alert is about, whatever the quarter."""

    organisation_code: str
    code: str
    characteristic: str | None
    part: str | None
    clause: str

    @classmethod
    def of(cls, row: Row) -> "Subject":
        """Return the subject of a row of ``alert``."""
        return cls(
            row["organisation_code"],
            row["code"],
            text(row["characteristic"]),
            part_alone(row.get("part")),
            first_clause(row["message"]),
        )

    def __str__(self) -> str:
        options = {"characteristic": self.characteristic, "part": self.part}
        named = "".join(f" --{name} '{value}'" for name, value in options.items() if value)
        return f"--code {self.code}{named} ({self.clause})"


def text(value: object) -> str | None:
    """Return a cell of text, or None where it holds none, however a frame says so."""
    return value if isinstance(value, str) and value else None


def part_alone(value: object) -> str | None:
    """Return the part that an alert is about, or None where it is about the whole."""
    part = text(value)
    return None if part == WHOLE else part


def first_clause(message: str) -> str:
    """Return what a message says before the numbers that may follow it."""
    return message.partition(";")[0]


def as_day(value: date) -> date:
    """Return a day, where a frame or a database made a moment of it."""
    return value.date() if isinstance(value, datetime) else value


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which alerts of an organisation an acknowledgement is about; None: whatever it is."""

    organisation_code: str
    code: str
    characteristic: str | None = None
    part: str | None = None
    period_end: date | None = None

    def __str__(self) -> str:
        options = {
            "--organisation": self.organisation_code,
            "--code": self.code,
            "--characteristic": self.characteristic,
            "--part": self.part,
            "--period": self.period_end,
        }
        return " ".join(f"{name} {value}" for name, value in options.items() if value is not None)

    def fits(self, subject: Subject) -> bool:
        """Return whether this is about the alert, in whatever quarter."""
        return (
            self.organisation_code.upper() == subject.organisation_code.upper()
            and self.code.upper() == subject.code.upper()
            and self.characteristic in (None, subject.characteristic)
            and self.part in (None, subject.part or WHOLE)
        )


def acknowledgements(connection: "duckdb.DuckDBPyConnection") -> dict[Subject, list[int]]:
    """Return the quarters in which each alert was acknowledged, by its subject."""
    if not has_table(connection, "ledger", "acknowledgement"):
        return {}
    found: dict[Subject, list[int]] = {}
    rows = connection.execute(
        "select organisation_code, code, characteristic, part, clause, period_end "
        "from ledger.acknowledgement order by all"
    ).fetchall()
    for *subject, period_end in rows:
        found.setdefault(Subject(*subject), []).append(quarter(period_end))
    return found


def is_acknowledged(row: Row, known: Mapping[Subject, list[int]]) -> bool:
    """Return whether a row of ``alert`` has been acknowledged since it began to run."""
    now = quarter(as_day(row["period_end"]))
    began = now - int(row["quarters_running"]) + 1
    return any(began <= said <= now for said in known.get(Subject.of(row), ()))


def with_acknowledged(
    connection: "duckdb.DuckDBPyConnection", alert: "pd.DataFrame"
) -> "pd.DataFrame":
    """Return the alerts with the column ``acknowledged`` as it is now."""
    import pandas as pd

    known = acknowledgements(connection)
    told = [is_acknowledged(row, known) for row in alert.to_dict("records")]
    return alert.assign(acknowledged=pd.Series(told, index=alert.index, dtype="bool"))


def acknowledge(
    connection: "duckdb.DuckDBPyConnection", wanted: Wanted, note: str
) -> tuple[Subject, ...]:
    """Record that alerts are known, and return which.

    Raises:
        UsageError: there is no such alert.
    """
    rows = _rows(connection)
    fitting = [row for row in rows if wanted.fits(Subject.of(row))]
    newest = wanted.period_end or max((row["period_end"] for row in fitting), default=None)
    fitting = [row for row in fitting if row["period_end"] == newest]
    if not fitting:
        raise UsageError(_no_such("alert", wanted, (Subject.of(row) for row in rows)))
    subjects = sorted({Subject.of(row) for row in fitting}, key=str)
    with transaction(connection):
        for subject in subjects:
            _forget(connection, subject, newest)
            connection.execute(
                "insert into ledger.acknowledgement "
                "values (?, ?, ?, ?, ?, ?, ?, current_localtimestamp())",
                [*subject, newest, note],
            )
    return tuple(subjects)


def withdraw(connection: "duckdb.DuckDBPyConnection", wanted: Wanted) -> tuple[Subject, ...]:
    """Take acknowledgements back, and return of which alerts.

    Raises:
        UsageError: there is no such acknowledgement.
    """
    rows = connection.execute(
        "select organisation_code, code, characteristic, part, clause, period_end "
        "from ledger.acknowledgement order by all"
    ).fetchall()
    known = [(Subject(*subject), period_end) for *subject, period_end in rows]
    fitting = [
        (subject, period_end)
        for subject, period_end in known
        if wanted.fits(subject) and wanted.period_end in (None, period_end)
    ]
    if not fitting:
        raise UsageError(_no_such("acknowledgement", wanted, (subject for subject, _ in known)))
    subjects = tuple(sorted({subject for subject, _ in fitting}, key=str))
    with transaction(connection):
        for subject, period_end in fitting:
            _forget(connection, subject, period_end)
    return subjects


def _forget(
    connection: "duckdb.DuckDBPyConnection", subject: Subject, period_end: date | None
) -> None:
    connection.execute(
        "delete from ledger.acknowledgement where organisation_code = ? and code = ? "
        "and characteristic is not distinct from ? and part is not distinct from ? "
        "and clause = ? and period_end = ?",
        [*subject, period_end],
    )


def _rows(connection: "duckdb.DuckDBPyConnection") -> list[dict[str, Any]]:
    cursor = connection.execute("select * from marts.alert")
    names = [column[0] for column in cursor.description or ()]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return [row | {"period_end": as_day(row["period_end"])} for row in rows]


def _no_such(kind: str, wanted: Wanted, there: Iterable[Subject]) -> str:
    """Say which there are: of the organisation where it has any, else which organisations have."""
    there = set(there)
    own = {
        each for each in there if each.organisation_code.upper() == wanted.organisation_code.upper()
    }
    asked = f"There is no {kind} for {wanted}"
    if own:
        named = sorted(map(str, own))
        more = len(named) - _MOST_NAMED
        listed = "; ".join(named[:_MOST_NAMED]) + (f"; and {more} more" if more > 0 else "")
        return f"{asked}. {wanted.organisation_code.upper()} has: {listed}."
    codes = sorted({each.organisation_code for each in there})
    return f"{asked}: the organisations that have one are {', '.join(codes) or 'none'}."
