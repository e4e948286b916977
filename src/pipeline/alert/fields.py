"""Fields of a table of settings, read with every fault collected and no value repeated."""

import os
import re
import stat
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from pipeline.errors import UsageError

_PLAIN_NAME = re.compile(r"[a-z_]{1,24}")


def is_for_its_owner_alone(path: Path) -> bool:
    """Return whether no other account may read a file."""
    return os.name != "posix" or not stat.S_IMODE(path.stat().st_mode) & 0o077


class Table:
    """One table of a file of settings; what is wrong with it goes to ``faults``, in words."""

    def __init__(self, values: Mapping[str, Any], name: str, faults: list[str]) -> None:
        self.values = values
        self.faults = faults
        self.is_broken = False
        """Whether this table itself has a fault."""
        self.has_password_fault = "password" in values
        self._name = name

    def fault(self, words: str) -> None:
        """Note a fault of this table."""
        self.is_broken = True
        self.faults.append(f"[{self._name}] {words}." if self._name else f"{words}.")

    def end(self, path: Path) -> None:
        """See that nothing is wrong with the table, once all of it has been read.

        Raises:
            UsageError: all faults of the table at once; ``path`` is the file that holds it.
        """
        if self.faults:
            lines = "".join(f"\n  {fault}" for fault in self.faults)
            raise UsageError(f"{path} cannot be used:{lines}")

    def table(self, name: str) -> "Table":
        """Return a table within this one; an empty one where it is not there or is none."""
        value = self.values.get(name, {})
        full = f"{self._name}.{_shown(name)}" if self._name else name
        if isinstance(value, Mapping):
            return Table(value, full, self.faults)
        broken = Table({}, full, self.faults)
        broken.fault(f"is no table; begin it with a line [{full}]")
        return broken

    def only(self, known: Collection[str]) -> None:
        """Note a fault where there is a key that nobody reads."""
        unknown = sorted(set(self.values) - set(known))
        named = ", ".join(name for name in unknown if _PLAIN_NAME.fullmatch(name))
        if unknown:
            self.fault(
                f"holds what is not known{f': {named}' if named else ''}. "
                f"Known are: {', '.join(sorted(set(known) - {'password'}))}"
            )

    def text(self, name: str, default: str | None = None) -> str:
        """Return a text; one without a default must be there."""
        value = self.values.get(name, default)
        if isinstance(value, str) and (value or default is not None) and value.isprintable():
            return value
        self.fault(f"{name} must be a text in quotation marks")
        return ""

    def number(self, name: str, default: float, *, least: float = 0, whole: bool = False) -> float:
        """Return a number from ``least`` on."""
        value = self.values.get(name, default)
        kinds = int if whole else (int, float)
        if isinstance(value, kinds) and not isinstance(value, bool) and least <= value < 65536:
            return float(value)
        kind = "a whole number" if whole else "a number"
        self.fault(f"{name} must be {kind} of {least:g} or more")
        return default

    def texts(self, name: str) -> list[str]:
        """Return a list of texts."""
        value = self.values.get(name, [])
        if isinstance(value, list) and all(isinstance(each, str) for each in value):
            return value
        self.fault(f'{name} must be a list of texts, as in {name} = ["..."]')
        return []

    def password(self, folder: Path) -> str | None:
        """Return the password from the variable or the file that is named, or None."""
        variable = self.text("password_variable", "")
        file = self.text("password_file", "")
        if not variable and not file:
            return None
        found, fault = _of_variable(variable) if variable else _of_file(folder, file)
        if variable and file:
            fault = "password_variable and password_file are both given; leave one out"
        if fault:
            self.has_password_fault = True
            self.fault(fault)
        return found or None

    def certificates(self, folder: Path) -> Path | None:
        """Return the file of certificates that is named, or None."""
        import ssl

        name = self.text("ca_file", "")
        if not name:
            return None
        path = folder / name
        try:
            path = folder / Path(name).expanduser()
            ssl.create_default_context(cafile=path)
        except (OSError, RuntimeError):  # the latter where ~name is no account
            self.fault("ca_file names no file of certificates in PEM form")
        return path


def _shown(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9]{1,6}", name) else "..."


def _of_variable(name: str) -> tuple[str, str]:
    found = os.environ.get(name, "")
    words = "password_variable names an environment variable that is not set"
    return found, "" if found else words


def _of_file(folder: Path, name: str) -> tuple[str, str]:
    try:
        path = folder / Path(name).expanduser()
        if not is_for_its_owner_alone(path):
            return "", f"password_file can be read by other accounts. Run: chmod 600 {path}"
        found = path.read_text(encoding="utf-8").strip("\r\n")
    except (OSError, RuntimeError, UnicodeDecodeError):
        return "", "password_file names a file that cannot be read"
    return found, "" if found else "password_file names a file that is empty"
