"""Snapshots: every received file as it came, sealed with AES-256-GCM, named by its SHA-256."""

import hashlib
import io
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from pipeline.errors import ProductError
from pipeline.files import write_whole
from pipeline.identity import Keys

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

_NONCE_BYTES, _TAG_BYTES = 12, 16
_PIECE = 1 << 20


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

    def keep_pieces(self, digest: str, pieces: Callable[[], Iterator[bytes]]) -> bool:
        """Keep what ``pieces`` gives under its SHA-256, a piece at a time; False where it is other.

        Then it changed since its SHA-256 was taken, or went away, and nothing is kept.
        """
        path = self.place(digest)
        if not path.exists():
            try:
                write_whole(path, _sealed_pieces(self._keys[0], pieces(), digest), mode=0o400)
            except _ChangedError:
                return False
        return True

    def opened(self, digest: str) -> Callable[[], BinaryIO]:
        """Return what opens the content that was kept under ``digest``, which is sound.

        It is looked through first, so that nothing of a damaged snapshot is ever read, and is
        never in memory as a whole.

        Raises:
            ProductError: the snapshot is damaged or its hash does not match.
        """
        path = self.place(digest)
        for key in self._keys:
            with suppress(ProductError):
                whole = hashlib.sha256()
                for piece in _unsealed_pieces(key, path, digest):
                    whole.update(piece)
                if whole.hexdigest() == digest:
                    return partial(_open_pieces, key, path, digest)
        raise ProductError(f"The sealed copy {digest} is damaged, or has another key.")

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

    nonce = _nonce(key, label, hashlib.sha256(content).digest())
    return nonce + AESGCM(key).encrypt(nonce, content, label.encode())


def _nonce(key: bytes, label: str, digest: bytes) -> bytes:
    return hashlib.sha256(key + label.encode() + digest).digest()[:_NONCE_BYTES]


class _ChangedError(Exception):
    """A file does not hold any more what its SHA-256 was taken of."""


def _sealed_pieces(key: bytes, pieces: Iterator[bytes], digest: str) -> Iterator[bytes]:
    """Yield what ``seal`` returns for the content of ``digest``, labelled with it."""
    from cryptography.hazmat.primitives.ciphers import Cipher
    from cryptography.hazmat.primitives.ciphers.algorithms import AES
    from cryptography.hazmat.primitives.ciphers.modes import GCM

    nonce, whole = _nonce(key, digest, bytes.fromhex(digest)), hashlib.sha256()
    sealer = Cipher(AES(key), GCM(nonce)).encryptor()
    sealer.authenticate_additional_data(digest.encode())
    yield nonce
    for piece in pieces:
        whole.update(piece)
        yield sealer.update(piece)
    if whole.hexdigest() != digest:
        raise _ChangedError
    yield sealer.finalize() + sealer.tag


def _unsealed_pieces(key: bytes, path: Path, label: str) -> Iterator[bytes]:
    """Yield what was sealed at ``path``, a piece at a time.

    Raises:
        ProductError: at the end, where the bytes are damaged or were sealed otherwise.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers import Cipher
    from cryptography.hazmat.primitives.ciphers.algorithms import AES
    from cryptography.hazmat.primitives.ciphers.modes import GCM

    with path.open("rb") as file:
        left = os.fstat(file.fileno()).st_size - _NONCE_BYTES - _TAG_BYTES
        try:
            opener = Cipher(AES(key), GCM(file.read(_NONCE_BYTES))).decryptor()
            opener.authenticate_additional_data(label.encode())
            while left > 0:
                piece = file.read(min(left, _PIECE))
                left -= len(piece) or left
                yield opener.update(piece)
            opener.finalize_with_tag(file.read(_TAG_BYTES))
        except (InvalidTag, ValueError):
            raise ProductError(f"The sealed copy {label} is damaged, or has another key.") from None


class _Pieces(io.RawIOBase):
    """A stream of what an iterator yields."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "Buffer") -> int:
        view = memoryview(buffer)
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = piece
        taken = self._rest[: len(view)]
        view[: len(taken)] = taken
        self._rest = self._rest[len(taken) :]
        return len(taken)


def _open_pieces(key: bytes, path: Path, label: str) -> BinaryIO:
    return io.BufferedReader(_Pieces(_unsealed_pieces(key, path, label)), _PIECE)


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
