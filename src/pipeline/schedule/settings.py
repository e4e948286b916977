"""The table ``[schedule]`` of ``settings.toml``: what is waited for, until when, where it is kept.

```toml
[schedule]
deadline_days = 20              # days after the quarter end; what came by then is part of the run
remind_days_before = [10, 3, 0] # days before the deadline on which is reminded
organisations = ["01T", "RBQ"]  # else those that sent something at the snapshot before
sources = ["esr_staff", "pay"]  # else those due, as the organisation sent them when last due
cron = "0 6 * * *"              # when `equality serve` looks; else as in prefect.yaml
report_address = "https://..."  # where readers find the folder published/, for Prefect's pages
port = 4200                     # of the local Prefect server; else any that is free

[schedule.postgresql]           # else Prefect's data are kept in home/prefect (SQLite)
host = "db.example.org"         # also: port (5432), ca_file; under TLS but on this machine
name = "prefect"
user = "equality"
password_file = "postgresql"    # mode 0600; or password_variable
```
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.alert.fields import Table
from pipeline.receive.inbox import CONTROL_TOTALS, SOURCES

_KEYS = {
    "deadline_days", "remind_days_before", "organisations", "sources", "cron", "report_address",
    "port", "postgresql",
}  # fmt: skip
_POSTGRESQL_KEYS = {
    "host", "port", "name", "user", "password_file", "password_variable", "ca_file",
}  # fmt: skip
_CODE = re.compile(r"[A-Z0-9]{2,6}")
_FIELD = re.compile(r"[\d*/,-]+|[A-Za-z,*/-]+")
LONGEST_WAIT = 92
"""Days of the longest quarter: nobody waits longer than until the next quarter end."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """What a scheduled look goes by.

    Attributes:
        deadline_days: how many days after a quarter end the last day for its extracts is.
        remind_days_before: how many days before the deadline is reminded, the first day first.
        organisations: ODS codes of those that are waited for; those that sent something at the
            snapshot before where there are none.
        sources: the sources that are waited for; those due where there are none.
        cron: when the served schedule looks, or nothing for what ``prefect.yaml`` says.
        report_address: where readers find ``published/`` in a browser, or nothing.
        port: of the local Prefect server; 0 for any that is free.
        postgresql: the table ``[schedule.postgresql]``; empty where Prefect's data are in SQLite.
    """

    deadline_days: int = 20
    remind_days_before: tuple[int, ...] = (10, 3, 0)
    organisations: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    cron: str = ""
    report_address: str = ""
    port: int = 0
    postgresql: Mapping[str, Any] = field(default_factory=dict)


def read_schedule(values: Mapping[str, Any], path: Path) -> Schedule:
    """Return the settings of the schedule.

    Args:
        values: the table ``[schedule]``.
        path: the file that holds it, for the message.

    Raises:
        UsageError: all faults of the table at once.
    """
    table = Table(values, "schedule", [])
    table.only(_KEYS)
    own = Schedule()
    deadline = int(table.number("deadline_days", own.deadline_days, whole=True))
    if deadline > LONGEST_WAIT:
        table.fault(f"deadline_days must be at most {LONGEST_WAIT}, before the next quarter ends")
    read = Schedule(
        deadline_days=deadline,
        remind_days_before=_reminders(table, own.remind_days_before),
        organisations=_organisations(table),
        sources=_sources(table),
        cron=_cron(table),
        report_address=_address(table),
        port=int(table.number("port", 0, whole=True)),
        postgresql=_postgresql(table),
    )
    table.end(path)
    return read


def _reminders(table: Table, default: tuple[int, ...]) -> tuple[int, ...]:
    days = table.values.get("remind_days_before", list(default))
    if isinstance(days, list) and all(type(each) is int and 0 <= each < 93 for each in days):
        return tuple(sorted(set(days), reverse=True))
    table.fault("remind_days_before must be a list of whole days, as in [10, 3, 0]")
    return ()


def _organisations(table: Table) -> tuple[str, ...]:
    from pipeline import organisations

    codes = [code.upper() for code in table.texts("organisations")]
    for position, code in enumerate(codes, start=1):
        if not _CODE.fullmatch(code) or not organisations.is_known(code):
            table.fault(f"organisations: number {position} of the list is no code that is known")
    return tuple(sorted(set(codes)))


def _sources(table: Table) -> tuple[str, ...]:
    known = sorted(set(SOURCES) - {CONTROL_TOTALS})
    named = table.texts("sources")
    if not set(named) <= set(known):
        table.fault(f"sources may name {', '.join(known)}")
    return tuple(sorted(set(named)))


def _cron(table: Table) -> str:
    text = table.text("cron", "")
    if text and (len(text.split()) != 5 or not all(map(_FIELD.fullmatch, text.split()))):
        table.fault('cron must have five fields: minute, hour, day, month, weekday, as "0 6 * * *"')
    return text


def _address(table: Table) -> str:
    text = table.text("report_address", "")
    if text and not re.fullmatch(r"https?://[^\s<>()|\"']+", text):
        table.fault("report_address must begin with https:// and be one address")
    return text


def _postgresql(table: Table) -> Mapping[str, Any]:
    own = table.table("postgresql")
    own.only(_POSTGRESQL_KEYS)
    if own.values:
        own.text("host", "localhost")
        own.number("port", 5432, least=1, whole=True)
        own.text("name")
        own.text("user")
    return own.values
