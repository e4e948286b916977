"""Rotation: newer keys take over what older ones hold, and who is who is not lost.

A pseudonym under a chain of keys is that of the shorter chain put through the added link, so the
stored rows need nobody's identifier. What is sealed is opened with the key that fits and sealed
with the one in force. Files are replaced one by one, the database last and at once; until then
every command opens either kind, so that a rotation that is killed is only not finished yet.
"""

import hashlib
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import DiskError, ProductError
from pipeline.files import write_whole
from pipeline.identity import Keys, load_keys, new_key, write_keys
from pipeline.key_sources import origin
from pipeline.receive.ledger import Ledger
from pipeline.receive.receipts import receipt_label
from pipeline.receive.snapshots import seal, unseal, unseal_any
from pipeline.settings import Home
from pipeline.store import has_table, is_under_the_key_in_force, open_anew, open_private
from pipeline.trail import note

if TYPE_CHECKING:
    import duckdb

SEALED_FILES: tuple[tuple[str, Callable[[Path], str]], ...] = (
    ("snapshots/??/*.sealed", lambda path: path.stem),
    ("snapshots/receipts/*.receipt", lambda path: receipt_label(path.stem)),
)
"""Every kind of sealed file of a home: its place, and the label that it is bound to."""

_SEALED_ROWS = {
    "row_sealed": "(select received.sha256 from private.ledger.load as received "
    "where received.load_id = stored.load_id) || '/' || stored.row_number"
}
"""Every column of sealed rows, and the label that a row is bound to."""

_CHANNEL = ('ledger."delivery"', "channel")
"""``kind:name``, with the short name of an address under the pseudonym key."""

_LINKED = "sha256(cast(? as blob) || unhex(sha256(cast(? as blob) || encode({value}))))"
_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a rotation did.

    Attributes:
        sealed_again: how many sealed files are under the key in force that were not.
        unreadable: sealed files that no key of the home opens; they stay as they are.
        unreadable_rows: rows in quarantine of which the same holds.
    """

    sealed_again: int = 0
    unreadable: tuple[Path, ...] = ()
    unreadable_rows: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left that an older store key alone might open."""
        return not self.unreadable and not self.unreadable_rows


def pending(home: Home, keys: Keys) -> tuple[str, ...]:
    """Return which keys are newer than what the home holds: ``pseudonym``, ``store``.

    Raises:
        UsageError: the pseudonym key is not the one of this home.
    """
    names = []
    if _links_known(home, keys) < len(keys.links):
        names.append("pseudonym")
    if keys.earlier_stores:
        names.append("store")
    return tuple(names)


def finish(home: Home, keys: Keys) -> Keys:
    """Go on with a rotation that was interrupted, and return the keys that hold afterwards.

    What a process that was killed has left of a key file goes; the caller holds the lock.

    A newer key that somebody brought from elsewhere waits until ``equality key rotate`` is run.
    """
    for left in home.keys.glob(".*.unfinished"):
        left.unlink(missing_ok=True)
    if not keys.earlier_links and not keys.earlier_stores:
        return keys
    if not [name for name in pending(home, keys) if origin(home, name).is_own]:
        return keys
    rotated = take_over(home, keys)
    note(home, "key rotate", check_values(keys) | {"sealed_again": rotated.sealed_again})
    return load_keys(home)


def check_values(keys: Keys) -> dict[str, object]:
    """Return what the trail says of the keys: the values by which they are known."""
    return {
        "pseudonym_check_value": keys.check_value(),
        "store_check_value": keys.store_checks()[0],
    }


def add_key(home: Home, keys: Keys, name: str) -> None:
    """Add a new key behind those in the home's own file."""
    before = keys.links if name == "pseudonym" else keys.stores[::-1]
    write_keys(home, name, [*before, new_key()])


def take_over(home: Home, keys: Keys) -> Rotated:
    """Bring everything that the home holds under the newest keys; the caller holds the lock.

    Raises:
        UsageError: the pseudonym key is not the one of this home.
        DiskError: the disk is full or failing; what is done stays done.
    """
    sealed_again, unreadable = _seal_files_again(home, keys)
    unreadable_rows = 0
    if home.private_database.exists():
        known = _links_known(home, keys)
        if known < len(keys.links) or not is_under_the_key_in_force(home, keys):
            unreadable_rows = _write_anew(home, keys, known)
    rotated = Rotated(sealed_again, tuple(unreadable), unreadable_rows)
    if keys.earlier_stores and rotated.is_whole and origin(home, "store").is_own:
        write_keys(home, "store", [keys.store])
    return rotated


def need_space(home: Home) -> None:
    """Make sure before anything is begun that the disk takes the private database twice.

    Raises:
        DiskError: it does not.
    """
    sizes = [path.stat().st_size for pattern, _ in SEALED_FILES for path in home.root.glob(pattern)]
    if home.private_database.exists():
        sizes.append(home.private_database.stat().st_size)
    needed, free = max(sizes, default=0) + _MIB, shutil.disk_usage(home.root).free
    if free < needed:
        raise DiskError(
            f"The disk that holds {home.root} has {free // _MIB} MiB free, and a rotation needs "
            f"{needed // _MIB + 1} MiB for a while. Free some space and run again: nothing has "
            "changed."
        )


def _links_known(home: Home, keys: Keys) -> int:
    """Return how many links of the pseudonym key the private database has been through."""
    if not home.private_database.exists():
        return len(keys.links)
    with open_private(home, keys, read_only=True) as connection:
        return (
            Ledger(connection).links_known(keys) if has_table(connection, "ledger", "about") else 0
        )


def _seal_files_again(home: Home, keys: Keys) -> tuple[int, list[Path]]:
    if not keys.earlier_stores:
        return 0, []
    in_force, sealing_keys = keys.sealing_key(), keys.sealing_keys()
    done, unreadable = 0, []
    for path, label in _sealed_files(home):
        sealed = path.read_bytes()
        try:
            unseal(in_force, sealed, label)
            continue
        except ProductError:
            pass
        try:
            content = unseal_any(sealing_keys, sealed, label)
        except ProductError:
            unreadable.append(path)
            continue
        write_whole(path, seal(in_force, content, label), mode=path.stat().st_mode & 0o777)
        done += 1
    return done, unreadable


def _sealed_files(home: Home) -> Iterator[tuple[Path, str]]:
    for pattern, label_of in SEALED_FILES:
        for path in sorted(home.root.glob(pattern)):
            yield path, label_of(path)


def _write_anew(home: Home, keys: Keys, known: int) -> int:
    """Write the private database anew and return how many sealed rows could not be opened."""
    unreadable: list[str] = []

    def sealed_again(sealed: bytes, label: str) -> bytes:
        try:
            content = unseal_any(keys.sealing_keys(), sealed, label)
        except ProductError:
            unreadable.append(label)
            return sealed
        return seal(keys.sealing_key(), content, label)

    with open_anew(home, keys) as connection:
        connection.create_function("sealed_again", sealed_again, ["BLOB", "VARCHAR"], "BLOB")
        connection.execute("copy from database private to anew (schema)")
        for schema, table in connection.execute(
            "select schema_name, table_name from duckdb_tables() "
            "where database_name = 'private' order by all"
        ).fetchall():
            _copy(connection, f'{schema}."{table}"', keys.links[known:])
        today = date.today().isoformat()
        notes = {"pseudonym_key_check": keys.check_value()}
        if known < len(keys.links):
            notes["pseudonym_key_since"] = today
        if keys.earlier_stores:
            notes["store_key_since"] = today
        for note in notes.items():
            connection.execute("insert or replace into anew.ledger.about values (?, ?)", note)
    return len(unreadable)


def _copy(connection: "duckdb.DuckDBPyConnection", table: str, added: tuple[bytes, ...]) -> None:
    """Copy a table, its pseudonyms put through the added links and its sealed rows sealed again."""
    columns = connection.execute(f"describe private.{table}").fetchall()
    expressions: list[str] = []
    parameters: list[bytes] = []
    for name, kind, *_ in columns:
        expression, pads = _copied(table, name, kind, added)
        expressions.append(expression)
        parameters += pads
    connection.execute(
        f"insert into anew.{table} select {', '.join(expressions)} from private.{table} as stored",
        parameters,
    )
    counts = connection.execute(
        f"select (select count(*) from private.{table}), (select count(*) from anew.{table})"
    ).fetchone()
    if counts is None or counts[0] != counts[1]:
        raise ProductError(f"The table {table} was not copied whole, so nothing has changed.")


def _copied(
    table: str, name: str, kind: str, added: tuple[bytes, ...]
) -> tuple[str, tuple[bytes, ...]]:
    """Return what a column becomes, as an SQL expression with its parameters."""
    from pipeline.land import pseudonym_columns

    value = f'stored."{name}"'
    if name in _SEALED_ROWS:
        return f"sealed_again({value}, {_SEALED_ROWS[name]})", ()
    if (table, name) == _CHANNEL:
        linked, pads = _linked(f"right({value}, 16)", added, 16)
        return f"left({value}, length({value}) - 16) || {linked}", pads
    if kind == "VARCHAR" and name in pseudonym_columns():
        linked, pads = _linked(value, added, 64)
        is_one = f"regexp_full_match({value}, '[0-9a-f]{{64}}')"
        return f"case when {is_one} then {linked} else {value} end", pads
    return value, ()


def _linked(value: str, added: tuple[bytes, ...], digits: int) -> tuple[str, tuple[bytes, ...]]:
    """Return an SQL expression for HMAC-SHA-256 of ``value`` under each link, and its parameters.

    The keys are parameters and stand in no statement. (RFC 2104: the hash of the key's outer pad
    and the hash of its inner pad and the message.)
    """
    parameters: tuple[bytes, ...] = ()
    for link in added:
        block = link.ljust(hashlib.sha256().block_size, b"\0")
        outer, inner = (bytes(byte ^ pad for byte in block) for pad in (0x5C, 0x36))
        # The outermost expression comes first in the text, and the newest link is the outermost.
        parameters = (outer, inner, *parameters)
        value = f"left({_LINKED.format(value=value)}, {digits})"
    return value, parameters
