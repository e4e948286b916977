"""Where a key comes from: the environment, a file, a command, or the home's own folder.

A key is brought as text: 64 hexadecimal digits, or several such words, the oldest first, where it
has been rotated. No text of a key, and nothing that a command prints, gets into a message.
"""

import os
import re
import stat
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.settings import Home, KeyPlace

NAMES = ("pseudonym", "store")
"""The two keys of a home."""

_HEX_KEY = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a key comes from.

    Attributes:
        kind: ``environment``, ``command``, ``file`` (of the settings) or ``home`` (``keys/``).
        place: the variable, the program or the path, in words.
    """

    kind: str
    place: str

    @property
    def is_own(self) -> bool:
        """Whether the home keeps the key itself, so that the product may write it."""
        return self.kind == "home"


def variable(name: str) -> str:
    """Return the environment variable that may hold a key."""
    return f"EQUALITY_{name.upper()}_KEY"


def own_file(home: Home, name: str) -> Path:
    """Return the file that holds a key where it comes from nowhere else."""
    return home.keys / f"{name}.key"


def origin(home: Home, name: str) -> Origin:
    """Return where a key comes from: the environment before the settings, and else the home."""
    place = _place(home, name)
    if variable(name) in os.environ:
        return Origin("environment", f"the environment variable {variable(name)}")
    if place.command:
        return Origin("command", f"the command {place.command[0]} ({name}_key_command)")
    if place.file:
        return Origin("file", str(place.file))
    return Origin("home", str(own_file(home, name)))


def brought(home: Home, name: str) -> tuple[bytes, ...] | None:
    """Return the keys of a name, the oldest first; None where the home's own file is not there.

    Raises:
        UsageError: what is brought is malformed, or a file can be read by other accounts, is not
            there or cannot be read, or a command fails.
    """
    found, place = origin(home, name), _place(home, name)
    if found.kind == "environment":
        return parse(os.environ[variable(name)], found.place)
    if found.kind == "command":
        return parse(_printed(place, found.place), found.place)
    if found.kind == "file" and place.file is not None:
        return parse(_read(place.file, name), found.place)
    path = own_file(home, name)
    return parse(_read(path, name), found.place) if path.exists() else None


def child_environment() -> dict[str, str]:
    """Return the environment of a child process that has no use for the keys."""
    withheld = {variable(name) for name in NAMES}
    return {name: value for name, value in os.environ.items() if name not in withheld}


@contextmanager
def keys_withheld() -> Iterator[None]:
    """Take the keys out of the environment while others start processes that inherit it."""
    withheld = {variable(name): os.environ.pop(variable(name), None) for name in NAMES}
    try:
        yield
    finally:
        os.environ.update({name: key for name, key in withheld.items() if key is not None})


def parse(text: str, place: str) -> tuple[bytes, ...]:
    """Return the keys in a text; ``place`` is where it comes from.

    Raises:
        UsageError: the text is anything else than words of 64 hexadecimal digits, each once.
    """
    words = text.lower().replace(",", " ").split()
    if not words or not all(map(_HEX_KEY.fullmatch, words)):
        raise UsageError(
            f"The key in {place} is not 64 hexadecimal digits (several, the oldest first, where it "
            "has been rotated). Put the right one back."
        )
    if len(set(words)) < len(words):
        raise UsageError(f"{place} holds the same key twice. Put it there once.")
    return tuple(map(bytes.fromhex, words))


def as_text(keys: Sequence[bytes]) -> bytes:
    """Return keys as a key file holds them: one a line, the oldest first."""
    return "".join(f"{key.hex()}\n" for key in keys).encode("ascii")


def _place(home: Home, name: str) -> KeyPlace:
    return home.pseudonym_key if name == "pseudonym" else home.store_key


def _read(path: Path, name: str) -> str:
    try:
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise UsageError(f"{path} can be read by other accounts. Run: chmod 600 {path}")
        return path.read_text(encoding="ascii", errors="replace")
    except FileNotFoundError:
        raise UsageError(
            f"The {name} key is missing: {path}, which {name}_key_file in settings.toml names, is "
            "not there. Mount it, or put the key back from your own safe place."
        ) from None
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read ({os.strerror(error.errno or 0)}). Give this account the right "
            f"to, or correct {name}_key_file in settings.toml."
        ) from None


def _printed(place: KeyPlace, words: str) -> str:
    """Return what a command prints; it runs without a shell, and without the keys."""
    try:
        ended = subprocess.run(  # noqa: S603 - the words of the settings, and no shell
            place.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=place.seconds or None,
            env=child_environment(),
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise UsageError(
            f"No key came from {words} within {place.seconds:g} s. Try it by hand, or give it "
            "longer with key_command_seconds in settings.toml."
        ) from None
    except OSError as error:
        raise UsageError(
            f"No key came from {words}: it cannot be run ({os.strerror(error.errno or 0)}). "
            "Correct the command in settings.toml."
        ) from None
    if ended.returncode:
        how = f"code {ended.returncode}" if ended.returncode > 0 else f"signal {-ended.returncode}"
        raise UsageError(f"No key came from {words}: it ended with {how}. Try it by hand.")
    return ended.stdout.decode("ascii", errors="replace")
