"""Keys and keyed pseudonyms: who is who, without a table that says who.

Two keys: one turns identifiers into pseudonyms, one encrypts what is stored. Neither enters a
database, a log or a manifest. Each may be several words, the oldest first (``docs/keys.md``):

- the pseudonym key is a chain. Every pseudonym goes through all its links, so that a link added
  later makes new pseudonyms out of the old ones, without anybody's identifier;
- of the store key the newest seals everything, and older ones open what it has not sealed yet.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from pipeline import key_sources
from pipeline.errors import UsageError
from pipeline.files import sync_folder, write_whole
from pipeline.settings import Home

_SHORT = 16


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of a home, 32 bytes each. They do not show when printed."""

    pseudonym: bytes = field(repr=False)
    """The newest link of the pseudonym key."""
    store: bytes = field(repr=False)
    """The store key in force."""
    made: bool = False
    """Whether this call made a key, so that the user can be told to keep it."""
    earlier_links: tuple[bytes, ...] = field(default=(), repr=False)
    """The links before the newest, the oldest first."""
    earlier_stores: tuple[bytes, ...] = field(default=(), repr=False)
    """Store keys that may still open something, the oldest first."""

    @property
    def links(self) -> tuple[bytes, ...]:
        """All links of the pseudonym key, the oldest first."""
        return (*self.earlier_links, self.pseudonym)

    @property
    def stores(self) -> tuple[bytes, ...]:
        """All store keys, the one in force first."""
        return (self.store, *reversed(self.earlier_stores))

    def person(self, scope: str, identifier: str) -> str:
        """Return the pseudonym of an identifier: HMAC-SHA-256, 64 hexadecimal digits.

        Args:
            scope: what the identifier is unique within: ``NHS`` for the NHS Unique Id, else the
                organisation and the kind of number.
            identifier: the identifier as received.
        """
        return self._chained(scope, identifier)[-1]

    def people(self, scope: str, identifiers: Iterable[str]) -> list[str]:
        """Return the pseudonym of each identifier, as ``person`` gives it, many at a time."""
        values = [f"{scope}\x1f{identifier}" for identifier in identifiers]
        for key in self.links:
            # What the key alone gives is worked out once.
            begun = hmac.new(key, digestmod=hashlib.sha256)
            values = [_gone_on(begun, value) for value in values]
        return values

    def name(self, scope: str, identifier: str) -> str:
        """Return a short name of what is no person, such as an address: 16 hexadecimal digits."""
        return self._chained(scope, identifier, _SHORT)[-1]

    def check_value(self) -> str:
        """Return a value by which a home knows its pseudonym key again, and nothing else."""
        return self.check_values()[-1]

    def check_values(self) -> list[str]:
        """Return the check value of the chain up to each of its links, the oldest first."""
        return [value[:_SHORT] for value in self._chained("key check", "")]

    def brought_forward(self, value: str, known: str | None) -> str:
        """Return a pseudonym or short name as it is under the whole key.

        Args:
            value: as it was kept.
            known: the check value of the key then; None where it had its first link alone.

        Raises:
            UsageError: that was another key.
        """
        checks = self.check_values()
        if known is not None and known not in checks:
            raise UsageError(
                "The pseudonym key is not the one under which this home's people are known. Put "
                "the right key back in keys/pseudonym.key, or where your settings say."
            )
        for link in self.links[(checks.index(known) if known else 0) + 1 :]:
            value = hmac.digest(link, value.encode(), hashlib.sha256).hex()[: len(value)]
        return value

    def store_checks(self) -> list[str]:
        """Return a value by which each store key is known, the one in force first."""
        return [
            hmac.digest(key, b"key check", hashlib.sha256).hex()[:_SHORT] for key in self.stores
        ]

    def sealing_key(self) -> bytes:
        """Return the key of snapshots and quarantined rows, derived from the store key."""
        return self.sealing_keys()[0]

    def sealing_keys(self) -> list[bytes]:
        """Return the sealing key of each store key, the one in force first."""
        return [hmac.digest(key, b"snapshots", hashlib.sha256) for key in self.stores]

    def database_key(self) -> str:
        """Return the key of the private database as DuckDB takes it."""
        return self.database_keys()[0]

    def database_keys(self) -> list[str]:
        """Return the database key of each store key, the one in force first."""
        return [hmac.digest(key, b"private.duckdb", hashlib.sha256).hex() for key in self.stores]

    def _chained(self, scope: str, identifier: str, digits: int = 64) -> list[str]:
        """Return the value after each link; one link's is the message of the next."""
        message = f"{scope}\x1f{identifier}"

        def link(value: str, key: bytes) -> str:
            return hmac.digest(key, value.encode(), hashlib.sha256).hex()[:digits]

        return list(accumulate(self.links, link, initial=message))[1:]


def _gone_on(begun: hmac.HMAC, value: str) -> str:
    own = begun.copy()
    own.update(value.encode())
    return own.hexdigest()


def load_keys(home: Home) -> Keys:
    """Return the keys of ``home``: from the environment, else as its settings say.

    Where neither says anything they are in ``keys/``, and a new home gets new ones there.

    Raises:
        UsageError: the home holds data and a key is missing, or a key is malformed or readable
            by other accounts, or the command that brings it fails.
    """
    # All are read before any is made, so that a wrong one leaves no half-made home.
    found = {name: key_sources.brought(home, name) for name in key_sources.NAMES}
    missing = [name for name, keys in found.items() if keys is None]
    if missing and home.holds_data():
        raise UsageError(_missing(home, missing[0]))
    *links, pseudonym = found["pseudonym"] or (_make(home, "pseudonym"),)
    *stores, store = found["store"] or (_make(home, "store"),)
    return Keys(
        pseudonym,
        store,
        made=bool(missing),
        earlier_links=tuple(links),
        earlier_stores=tuple(stores),
    )


def _missing(home: Home, name: str) -> str:
    return (
        f"The {name} key is missing: {home.root} holds data, but neither "
        f"{key_sources.own_file(home, name)} nor the environment variable "
        f"{key_sources.variable(name)} is there. Put the key back from your own safe "
        "place (64 hexadecimal digits); without it the people in this home cannot be "
        "recognised, so no new key is made."
    )


def _make(home: Home, name: str) -> bytes:
    key = new_key()
    write_keys(home, name, [key])
    return key


def new_key() -> bytes:
    """Return a new key from the operating system's source of chance."""
    return secrets.token_bytes(32)


def write_keys(home: Home, name: str, keys: Sequence[bytes]) -> None:
    """Write the home's own file of a key, whole, and wait until the disk has it."""
    path = key_sources.own_file(home, name)
    write_whole(path, key_sources.as_text(keys))
    sync_folder(path.parent)
