"""Where a home keeps its things, and the few settings that a team may change."""

import os
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import UsageError
from pipeline.resources import REFERENCE


def _is_path(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _is_yes_or_no(value: object) -> bool:
    return isinstance(value, bool)


def _is_wait(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0


def _is_way_of_naming(value: object) -> bool:
    return value in ("plain", "dated")


_KNOWN_KEYS: dict[str, tuple[Callable[[object], bool], str]] = {
    "inbox": (_is_path, "the path of a folder, in quotation marks"),
    "disclosure": (_is_path, "the path of a file, in quotation marks"),
    "lock_wait_seconds": (_is_wait, "a number of seconds, 0 or more"),
    "voluntary_pay_gaps": (_is_yes_or_no, "true or false"),
    "published_names": (_is_way_of_naming, '"plain" (equality.duckdb) or "dated"'),
}


@dataclass(frozen=True, slots=True)
class Home:
    """The folder that holds everything of one installation (``--home``, ``EQUALITY_HOME``)."""

    root: Path
    has_dated_names: bool = False
    """Whether each release is published under a name of its own, as some file shares need it."""

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
    """

    home: Home
    inbox: Path
    disclosure: Path
    lock_wait_seconds: float
    voluntary_pay_gaps: bool = False


def load_settings(home: Path, inbox: Path | None = None) -> Settings:
    """Return the settings of ``home``; ``inbox`` outranks environment and file.

    A relative path is taken from the working folder where it comes from the command line or the
    environment, and from ``home`` where it stands in ``settings.toml``.

    Raises:
        UsageError: ``settings.toml`` is not TOML, or holds a key that nobody reads or a value of
            the wrong kind.
    """
    root = home.expanduser().absolute()
    table = _read_toml(root / "settings.toml")
    named = inbox or os.environ.get("EQUALITY_INBOX")
    kept = root / Path(table.get("inbox", "inbox")).expanduser()
    policy = table.get("disclosure")
    return Settings(
        home=Home(root, has_dated_names=table.get("published_names") == "dated"),
        inbox=Path(named).expanduser().absolute() if named else kept,
        disclosure=root / Path(policy).expanduser() if policy else REFERENCE / "disclosure.yml",
        lock_wait_seconds=float(table.get("lock_wait_seconds", 0)),
        voluntary_pay_gaps=bool(table.get("voluntary_pay_gaps", False)),
    )


def _read_toml(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
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
