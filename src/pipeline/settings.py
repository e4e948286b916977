"""Where a home keeps its things, and the few settings that a team may change."""

import os
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.engines.settings import ENGINES, SparkSettings, read_spark
from pipeline.errors import UsageError
from pipeline.receive.limits import MOST_CELLS, MOST_ROWS, Limits
from pipeline.resources import REFERENCE
from pipeline.schedule.settings import Schedule, read_schedule
from pipeline.tasks import TaskSettings, read_tasks

_YEAR = 366 * 24 * 3600


def _is_path(value: object) -> bool:
    return isinstance(value, str) and bool(value) and value.isprintable()


def _is_yes_or_no(value: object) -> bool:
    return isinstance(value, bool)


def _is_wait(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= _YEAR


def _is_size(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 1 <= value <= 2000


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 10**9


def _is_years(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _is_command(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_is_path, value))


def _is_table(value: object) -> bool:
    return isinstance(value, dict)


def _is_engine(value: object) -> bool:
    return value in ENGINES


def _is_way_of_naming(value: object) -> bool:
    return value in ("plain", "dated")


_KNOWN_KEYS: dict[str, tuple[Callable[[object], bool], str]] = {
    "inbox": (_is_path, "the path of a folder, in quotation marks"),
    "disclosure": (_is_path, "the path of a file, in quotation marks"),
    "keep_rows_years": (_is_years, "a whole number of years, 1 or more"),
    "keep_snapshots_years": (_is_years, "a whole number of years, 1 or more"),
    "lock_wait_seconds": (_is_wait, "a number of seconds, 0 or more, and no more than a year"),
    "largest_file_megabytes": (_is_size, "a number of megabytes from 1 to 2,000"),
    "largest_file_cells": (_is_count, "a whole number from 1 to 1,000,000,000"),
    "largest_file_rows": (_is_count, "a whole number from 1 to 1,000,000,000"),
    "voluntary_pay_gaps": (_is_yes_or_no, "true or false"),
    "pseudonym_key_file": (_is_path, "the path of a file, in quotation marks"),
    "pseudonym_key_command": (_is_command, 'a list of words, such as ["pass", "show", "name"]'),
    "store_key_file": (_is_path, "the path of a file, in quotation marks"),
    "store_key_command": (_is_command, 'a list of words, such as ["pass", "show", "name"]'),
    "key_command_seconds": (_is_wait, "a number of seconds, 0 or more"),
    "schedule": (_is_table, "a table: begin it with a line [schedule]"),
    "engine": (_is_engine, " or ".join(f'"{name}"' for name in ENGINES)),
    "spark": (_is_table, "a table: begin it with a line [spark]"),
    "tasks": (_is_table, "a table: begin it with a line [tasks]"),
    "published_names": (_is_way_of_naming, '"plain" (equality.duckdb) or "dated"'),
}


@dataclass(frozen=True, slots=True)
class KeyPlace:
    """Where ``settings.toml`` says that a key comes from; the home's own folder where nowhere."""

    file: Path | None = None
    command: tuple[str, ...] = ()
    seconds: float = 30
    """How long the command may take."""


@dataclass(frozen=True, slots=True)
class Home:
    """The folder that holds everything of one installation (``--home``, ``EQUALITY_HOME``)."""

    root: Path
    has_dated_names: bool = False
    """Whether each release is published under a name of its own, as some file shares need it."""
    pseudonym_key: KeyPlace = field(default_factory=KeyPlace)
    store_key: KeyPlace = field(default_factory=KeyPlace)
    limits: Limits = field(default_factory=Limits)
    """How much a text that is read here may hold."""

    @property
    def keys(self) -> Path:
        """The folder of the two keys, mode 0700."""
        return self.root / "keys"

    @property
    def private_database(self) -> Path:
        """Person level, pseudonymised, encrypted."""
        return self.root / "private.duckdb"

    @property
    def snapshots(self) -> Path:
        """The received files, sealed, by SHA-256."""
        return self.root / "snapshots"

    @property
    def receipts(self) -> Path:
        """What was received, decided and released, in order, sealed: enough for a rebuild."""
        return self.snapshots / "receipts"

    @property
    def feedback(self) -> Path:
        """What each submitter is told, by period and organisation."""
        return self.root / "feedback"

    @property
    def quality(self) -> Path:
        """Private pages: what became of the checks, and charts of declaration rates."""
        return self.root / "quality"

    @property
    def decisions(self) -> Path:
        """Values that no code list knows, and what the team has decided on them."""
        return self.root / "decisions"

    @property
    def releases(self) -> Path:
        """One folder a release, by release id."""
        return self.root / "releases"

    @property
    def filings(self) -> Path:
        """The returns with true counts, by release id: for who files them alone, mode 0700."""
        return self.root / "filings"

    @property
    def published_database(self) -> Path:
        """The newest release, for every reader, where names are plain."""
        return self.root / "published" / "equality.duckdb"

    @property
    def temporary(self) -> Path:
        """Spill files of the databases (encrypted) and files not yet complete."""
        return self.root / "tmp"

    @property
    def exchange(self) -> Path:
        """The tables that another engine than DuckDB works on, while it builds."""
        return self.temporary / "spark"

    @property
    def lock(self) -> Path:
        """The lock of the one writer; the file names the process that holds it."""
        return self.root / "run.lock"

    @property
    def prefect(self) -> Path:
        """The local Prefect server's own database, where none is configured."""
        return self.root / "prefect"

    @property
    def channels(self) -> Path:
        """Who is told of alerts and how; optional, for its owner's eyes alone."""
        return self.root / "channels.toml"

    @property
    def trail(self) -> Path:
        """Who did what when: lines that are added and never changed (``pipeline.trail``)."""
        return self.root / "trail.jsonl"

    @property
    def unpacked(self) -> Path:
        """A whole backup that is being moved to its place; gone when that is done."""
        return self.root / ".restore.whole"

    def holds_data(self) -> bool:
        """Return whether a run has stored something here that needs the keys."""
        return self.private_database.exists() or self.snapshots.exists()


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a run: those of ``settings.toml``, or the defaults.

    Attributes:
        home: where everything is kept.
        inbox: the folder of received extracts.
        disclosure: the disclosure policy (YAML).
        lock_wait_seconds: how long a second run waits for the lock before it gives up.
        voluntary_pay_gaps: whether employers that need not file a gender pay gap get a row too.
        keep_snapshots_years: how long received files are kept, by their snapshot; None: always.
        keep_rows_years: how long the rows landed from them are kept; None: always.
        schedule: what a scheduled look waits for, and until when.
        largest_file_bytes: how large a received file may be.
        engine: who builds the warehouse, one of ``ENGINES``.
        spark: where Spark runs, if it does.
        tasks: where files are read and checked in a run that Prefect tracks.
    """

    home: Home
    inbox: Path
    disclosure: Path
    lock_wait_seconds: float
    voluntary_pay_gaps: bool = False
    keep_snapshots_years: int | None = None
    keep_rows_years: int | None = None
    schedule: Schedule = field(default_factory=Schedule)
    largest_file_bytes: int = 100 * 10**6
    engine: str = ENGINES[0]
    spark: SparkSettings = field(default_factory=SparkSettings)
    tasks: TaskSettings = field(default_factory=TaskSettings)


def load_settings(home: Path, inbox: Path | None = None, engine: str | None = None) -> Settings:
    """Return the settings of ``home``; ``inbox`` and ``engine`` outrank what else names them.

    A relative path is taken from the working folder where it comes from the command line or the
    environment, and from ``home`` where it stands in ``settings.toml``.

    Raises:
        UsageError: ``settings.toml`` is not TOML, or holds a key that nobody reads or a value of
            the wrong kind.
    """
    root = _expanded(home).absolute()
    table = _read_toml(root / "settings.toml")
    named = inbox or os.environ.get("EQUALITY_INBOX")
    kept = root / _expanded(table.get("inbox", "inbox"))
    policy = table.get("disclosure")
    return Settings(
        home=Home(
            root,
            has_dated_names=table.get("published_names") == "dated",
            pseudonym_key=_key_place(root, table, "pseudonym"),
            store_key=_key_place(root, table, "store"),
            limits=Limits(
                cells=table.get("largest_file_cells", MOST_CELLS),
                rows=table.get("largest_file_rows", MOST_ROWS),
            ),
        ),
        inbox=_expanded(named).absolute() if named else kept,
        disclosure=root / _expanded(policy) if policy else REFERENCE / "disclosure.yml",
        lock_wait_seconds=float(table.get("lock_wait_seconds", 0)),
        voluntary_pay_gaps=bool(table.get("voluntary_pay_gaps", False)),
        keep_snapshots_years=table.get("keep_snapshots_years"),
        keep_rows_years=table.get("keep_rows_years"),
        schedule=read_schedule(table.get("schedule", {}), root / "settings.toml"),
        largest_file_bytes=int(table.get("largest_file_megabytes", 100) * 10**6),
        engine=engine or table.get("engine", ENGINES[0]),
        spark=read_spark(table.get("spark", {}), root / "settings.toml"),
        tasks=read_tasks(table.get("tasks", {}), root / "settings.toml"),
    )


def _key_place(root: Path, table: dict[str, Any], name: str) -> KeyPlace:
    file, command = table.get(f"{name}_key_file"), table.get(f"{name}_key_command", [])
    if file and command:
        raise UsageError(
            f"{root / 'settings.toml'} names both {name}_key_file and {name}_key_command. "
            "Take away the one that does not hold the key."
        )
    return KeyPlace(
        file=root / _expanded(file) if file else None,
        command=tuple(command),
        seconds=float(table.get("key_command_seconds", 30)),
    )


def _expanded(path: str | Path) -> Path:
    """Return a path in which ``~`` and ``~name`` stand for the folder of an account."""
    try:
        return Path(path).expanduser()
    except RuntimeError:
        raise UsageError(f"{path} begins with ~ and names no account of this machine.") from None


def _read_toml(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except RecursionError:
        raise UsageError(f"{path} cannot be read as TOML: it is nested too deep.") from None
    except ValueError as error:
        raise UsageError(f"{path} cannot be read as TOML: {error}.") from None
    unknown = sorted(set(table) - set(_KNOWN_KEYS))
    if unknown:
        raise UsageError(
            f"{path} holds settings that are not known: {', '.join(unknown)}. "
            f"Known are: {', '.join(sorted(_KNOWN_KEYS))}."
        )
    for key, value in table.items():
        is_right, kind = _KNOWN_KEYS[key]
        if not is_right(value):
            raise UsageError(f"{path}: {key} must be {kind}.")
    return table
