"""Keys and keyed pseudonyms: who is who, without a table that says who.

Two keys: one turns identifiers into pseudonyms, one encrypts what is stored. Neither enters a
database, a log or a manifest.
"""

import hashlib
import hmac
import os
import re
import secrets
import stat
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.files import write_whole
from pipeline.settings import Home

_HEX_KEY = re.compile(r"[0-9a-f]{64}")
_PSEUDONYM_VARIABLE = "EQUALITY_PSEUDONYM_KEY"
_STORE_VARIABLE = "EQUALITY_STORE_KEY"


@dataclass(frozen=True, slots=True)
class Keys:
    """The two keys of a home, 32 bytes each. They do not show when printed."""

    pseudonym: bytes = field(repr=False)
    store: bytes = field(repr=False)
    made: bool = False
    """Whether this call made a key, so that the user can be told to keep it."""

    def person(self, scope: str, identifier: str) -> str:
        """Return the pseudonym of an identifier: HMAC-SHA-256, 64 hexadecimal digits.

        Args:
            scope: what the identifier is unique within: ``NHS`` for the NHS Unique Id, else the
                organisation and the kind of number.
            identifier: the identifier as received.
        """
        message = f"{scope}\x1f{identifier}".encode()
        return hmac.digest(self.pseudonym, message, hashlib.sha256).hex()

    def check_value(self) -> str:
        """Return a value by which a home knows its pseudonym key again, and nothing else."""
        return self.person("key check", "")[:16]

    def sealing_key(self) -> bytes:
        """Return the key of snapshots and quarantined rows, derived from the store key."""
        return hmac.digest(self.store, b"snapshots", hashlib.sha256)

    def database_key(self) -> str:
        """Return the key of the private database as DuckDB takes it."""
        return hmac.digest(self.store, b"private.duckdb", hashlib.sha256).hex()


def load_keys(home: Home) -> Keys:
    """Return the keys of ``home``: from the environment, else from ``keys/``, else new ones.

    Raises:
        UsageError: the home holds data and a key is missing, or a key is malformed or readable
            by other accounts.
    """
    for variable in (_PSEUDONYM_VARIABLE, _STORE_VARIABLE):
        # Both are read before either is made, so that a wrong one leaves no half-made home.
        if variable in os.environ:
            _parse(os.environ[variable], f"the environment variable {variable}")
    pseudonym, made_pseudonym = _load(home, "pseudonym", _PSEUDONYM_VARIABLE)
    store, made_store = _load(home, "store", _STORE_VARIABLE)
    return Keys(pseudonym, store, made=made_pseudonym or made_store)


def _load(home: Home, name: str, variable: str) -> tuple[bytes, bool]:
    path = home.keys / f"{name}.key"
    given = os.environ.get(variable)
    if given is not None:
        return _parse(given, f"the environment variable {variable}"), False
    if path.exists():
        _refuse_readable_by_others(path)
        return _parse(path.read_text(encoding="ascii", errors="replace"), str(path)), False
    if home.holds_data():
        raise UsageError(
            f"The {name} key is missing: {home.root} holds data, but neither {path} nor the "
            f"environment variable {variable} is there. Put the key back from your own safe "
            "place (64 hexadecimal digits); without it the people in this home cannot be "
            "recognised, so no new key is made."
        )
    key = secrets.token_bytes(32)
    write_whole(path, f"{key.hex()}\n".encode("ascii"))
    return key, True


def _parse(text: str, place: str) -> bytes:
    text = text.strip().lower()
    if not _HEX_KEY.fullmatch(text):
        raise UsageError(
            f"The key in {place} is not 64 hexadecimal digits. Put the right one back."
        )
    return bytes.fromhex(text)


def _refuse_readable_by_others(path: Path) -> None:
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise UsageError(f"{path} can be read by other accounts. Run: chmod 600 {path}")
