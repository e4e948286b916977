"""Snapshots: every received file as it came, sealed with AES-256-GCM, named by its SHA-256."""

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from pipeline.errors import ProductError
from pipeline.files import write_whole
from pipeline.identity import Keys

_NONCE_BYTES = 12


class Snapshots:
    """The store of received files below one folder. Content is never changed.

    It is removed where it has been kept for as long as the settings say, or where somebody in it
    is to be forgotten.
    """

    def __init__(self, folder: Path, keys: Keys) -> None:
        self._folder = folder
        self._keys = keys.sealing_keys()

    def keep(self, content: bytes) -> str:
        """Keep ``content`` and return its SHA-256, 64 hexadecimal digits."""
        digest = sha256_of(content)
        path = self.place(digest)
        if not path.exists():
            write_whole(path, seal(self._keys[0], content, digest), mode=0o400)
        return digest

    def content(self, digest: str) -> bytes:
        """Return what was kept under ``digest``.

        Raises:
            ProductError: the snapshot is damaged or its hash does not match.
        """
        content = unseal_any(self._keys, self.place(digest).read_bytes(), digest)
        if sha256_of(content) != digest:
            raise ProductError(f"The snapshot {digest} is damaged: its content has another hash.")
        return content

    def keep_anew(self, digest: str, content: bytes) -> bool:
        """Keep ``content`` in the place of a copy that is damaged, if it is that of ``digest``."""
        if sha256_of(content) != digest:
            return False
        self.remove(digest)
        self.keep(content)
        return True

    def holds(self, digest: str) -> bool:
        """Return whether the content of ``digest`` is kept, whole or damaged."""
        return self.place(digest).exists()

    def remove(self, digest: str) -> None:
        """Remove what is kept under ``digest``, if it is."""
        path = self.place(digest)
        path.unlink(missing_ok=True)
        path.with_name(f".{path.name}.unfinished").unlink(missing_ok=True)

    def place(self, digest: str) -> Path:
        """Return where ``digest`` is kept."""
        return self._folder / digest[:2] / f"{digest}.sealed"


def sha256_of(content: bytes) -> str:
    """Return the SHA-256 under which ``content`` is kept."""
    return hashlib.sha256(content).hexdigest()


def seal(key: bytes, content: bytes, label: str) -> bytes:
    """Return ``content`` encrypted and bound to ``label``.

    The nonce is derived from key, label and content, so that equal content gives equal bytes and
    no nonce serves two contents.
    """
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = hashlib.sha256(key + label.encode() + hashlib.sha256(content).digest()).digest()
    nonce = nonce[:_NONCE_BYTES]
    return nonce + AESGCM(key).encrypt(nonce, content, label.encode())


def unseal(key: bytes, sealed: bytes, label: str) -> bytes:
    """Return what ``seal`` took.

    Raises:
        ProductError: the bytes are damaged, or were sealed with another key or label.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], label.encode())
    except (InvalidTag, ValueError):
        raise ProductError(f"The sealed copy {label} is damaged, or has another key.") from None


def unseal_any(keys: Sequence[bytes], sealed: bytes, label: str) -> bytes:
    """Return what ``seal`` took under one of ``keys``, the likeliest first.

    Raises:
        ProductError: the bytes are damaged, or were sealed with another key or label.
    """
    for key in keys[:-1]:
        with suppress(ProductError):
            return unseal(key, sealed, label)
    return unseal(keys[-1], sealed, label)
