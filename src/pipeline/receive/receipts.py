"""Receipts: what a home received, decided and released, in order, sealed beside the snapshots.

With the snapshots they are enough to make the private database anew. Each is a file of its own,
written whole before what it tells of happens, and never changed: a run that is killed leaves at
worst a receipt of something that the next run does again. Beside them one file, written anew where
it changed, keeps what people did that follows from no received file: acknowledgements, what was
told to whom, and by which pseudonym key the home is known.
"""

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.files import write_whole
from pipeline.identity import Keys
from pipeline.receive.snapshots import seal, unseal_any
from pipeline.settings import Home

if TYPE_CHECKING:
    import duckdb

    from pipeline.receive.ledger import Ledger

LANDING, RELEASE, REPLACED = "landing", "release", "replaced"
_NAME = re.compile(rf"(\d{{6}})-({LANDING}|{RELEASE}|{REPLACED})\.receipt")
_NOTES = "notes"
_KEPT_TABLES = ("acknowledgement", "delivery")
_CHECK = "pseudonym_key_check"
_KEPT_FACTS = (_CHECK,)
_CHANNEL = 2
"""The place of ``channel`` among the columns of ``ledger.delivery``."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """One thing that happened to a home.

    Attributes:
        number: its place in the order, from 1.
        kind: ``landing`` (files that came, with the team's decisions then), ``release`` (its
            manifest, fingerprint and hashes) or ``replaced`` (files whose place others took, and
            the people who are to come in no more).
        detail: what exactly.
    """

    number: int
    kind: str
    detail: Mapping[str, Any]


class Receipts:
    """The receipts of one home, in ``snapshots/receipts/``."""

    def __init__(self, home: Home, keys: Keys) -> None:
        self._folder = home.receipts
        self._keys = keys

    @property
    def are_kept(self) -> bool:
        """Whether the home has receipts: one of an earlier version has none."""
        return bool(self._paths())

    def begin(self, first: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
        """Write the first receipts of a home, all of them or none."""
        folder = self._folder.with_name(f".{self._folder.name}.unfinished")
        shutil.rmtree(folder, ignore_errors=True)
        for number, (kind, detail) in enumerate(first, start=1):
            self._write(f"{number:06d}-{kind}", detail, folder)
        if folder.is_dir():
            shutil.rmtree(self._folder, ignore_errors=True)
            folder.rename(self._folder)

    def all(self) -> list[Receipt]:
        """Return the receipts in order.

        Raises:
            ProductError: one of them is damaged or has another key.
        """
        return [self._read(path) for path in self._paths()]

    def each(self) -> list[tuple[Path, Callable[[], Receipt]]]:
        """Return each receipt's file and what reads it, in order, whether it is damaged or not."""
        return [(path, partial(self._read, path)) for path in self._paths()]

    def numbers(self, kind: str) -> list[int]:
        """Return the numbers of the receipts of one kind, by their names alone."""
        return [int(path.name[:6]) for path in self._paths() if path.stem.endswith(f"-{kind}")]

    def add(self, kind: str, detail: Mapping[str, Any]) -> int:
        """Keep a receipt and return its number; one that says what the newest says is that one."""
        paths = self._paths()
        number = int(paths[-1].name[:6]) if paths else 0
        if paths and paths[-1].stem.endswith(f"-{kind}"):
            newest = self._read(paths[-1]).detail
            if newest == json.loads(json.dumps(detail, default=str)):
                return number
        name = f"{number + 1:06d}-{kind}"
        is_under = {_CHECK: self._keys.check_value()} if "people" in detail else {}
        self._write(name, {**detail, **is_under})
        return number + 1

    def keep_notes(self, connection: "duckdb.DuckDBPyConnection", ledger: "Ledger") -> None:
        """Keep what people did that no received file tells, where it has changed."""
        notes: dict[str, Any] = {
            "about": {name: ledger.about(name) for name in _KEPT_FACTS},
            **{name: _rows(connection, name) for name in _KEPT_TABLES},
        }
        mark = hashlib.sha256(json.dumps(notes, default=str, sort_keys=True).encode()).hexdigest()
        if ledger.about("notes_kept") != mark or not self._path(_NOTES).exists():
            self._write(_NOTES, notes)
            ledger.note("notes_kept", mark)

    def notes(self) -> Mapping[str, Any]:
        """Return what ``keep_notes`` kept last; nothing where it never did.

        Raises:
            ProductError: it is damaged or has another key.
        """
        path = self._path(_NOTES)
        return self._content(path) if path.exists() else {}

    def put_notes_back(self, connection: "duckdb.DuckDBPyConnection", ledger: "Ledger") -> None:
        """Put what was kept into the tables of a new ledger, which has none of it yet.

        Raises:
            UsageError: the pseudonym key is not the one of the home.
        """
        notes = self.notes()
        known = notes.get("about", {}).get(_CHECK)
        for name, value in notes.get("about", {}).items():
            if value is not None:
                ledger.note(name, value)
        # A key that is newer than the notes is right all the same; another one is not.
        ledger.links_known(self._keys)
        ledger.note(_CHECK, self._keys.check_value())
        for table in _KEPT_TABLES:
            for row in notes.get(table, ()):
                if table == "delivery":
                    row[_CHANNEL] = self._channel_now(row[_CHANNEL], known)
                places = ", ".join("?" * len(row))
                connection.execute(f"insert into ledger.{table} values ({places})", row)

    def _channel_now(self, channel: str, known: str | None) -> str:
        kind, _, name = channel.rpartition(":")
        return f"{kind}:{self._keys.brought_forward(name, known)}"

    def _paths(self) -> list[Path]:
        if not self._folder.is_dir():
            return []
        return sorted(path for path in self._folder.iterdir() if _NAME.fullmatch(path.name))

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.receipt"

    def _read(self, path: Path) -> Receipt:
        number, kind = path.stem.split("-", 1)
        detail = self._content(path)
        known = detail.pop(_CHECK, None)
        if "people" in detail:
            # The pseudonym key may have been rotated since.
            forward = self._keys.brought_forward
            detail["people"] = sorted(forward(person, known) for person in detail["people"])
        return Receipt(int(number), kind, detail)

    def _content(self, path: Path) -> Any:
        sealing_keys = self._keys.sealing_keys()
        return json.loads(unseal_any(sealing_keys, path.read_bytes(), receipt_label(path.stem)))

    def _write(self, name: str, content: Mapping[str, Any], folder: Path | None = None) -> None:
        text = json.dumps(content, default=str, sort_keys=True)
        path = (folder or self._folder) / f"{name}.receipt"
        write_whole(path, seal(self._keys.sealing_key(), text.encode(), receipt_label(name)))


def receipt_label(name: str) -> str:
    """Return what a receipt is bound to, so that none stands for another one."""
    return f"receipt/{name}"


def _rows(connection: "duckdb.DuckDBPyConnection", table: str) -> list[list[Any]]:
    rows = connection.execute(f"select * from ledger.{table} order by all").fetchall()
    return [list(row) for row in rows]
