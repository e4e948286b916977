"""Snapshots: every received file as it came, sealed with AES-256-GCM, named by its SHA-256."""

import hashlib
from pathlib import Path

from pipeline.errors import ProductError
from pipeline.files import write_whole
from pipeline.identity import Keys

_NONCE_BYTES = 12


class Snapshots:
    """The store of received files below one folder. Content is never changed or removed."""

    def __init__(self, folder: Path, keys: Keys) -> None:
        self._folder = folder
        self._key = keys.sealing_key()

    def keep(self, content: bytes) -> str:
        """Keep ``content`` and return its SHA-256, 64 hexadecimal digits."""
        digest = hashlib.sha256(content).hexdigest()
        path = self._path(digest)
        if not path.exists():
            write_whole(path, seal(self._key, content, digest), mode=0o400)
        return digest

    def content(self, digest: str) -> bytes:
        """Return what was kept under ``digest``.

        Raises:
            ProductError: the snapshot is damaged or its hash does not match.
        """
        content = unseal(self._key, self._path(digest).read_bytes(), digest)
        if hashlib.sha256(content).hexdigest() != digest:
            raise ProductError(f"The snapshot {digest} is damaged: its content has another hash.")
        return content

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / f"{digest}.sealed"


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
