"""Faults of received files: what is wrong, where, and how to mend it. Never a value of a person."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from unicodedata import category

from pipeline.resources import ROOT, read_rows


def shown(text: str) -> str:
    """Return a received name as it can be stored and printed.

    A disk takes names that are no text, and a heading may hold line breaks, commands to a terminal
    and marks that turn the direction of writing: each such character is shown as U+FFFD.
    """
    spaced = (" " if category(letter) == "Zs" else letter for letter in text)
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in spaced)


class Severity(StrEnum):
    """What a fault does: it rejects the file, sends the row to quarantine, or is a warning."""

    FILE = "file"
    ROW = "row"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class FaultKind:
    """One line of ``schemas/faults.csv``."""

    code: str
    severity: Severity
    meaning: str
    mend: str
    expected: str
    """What should stand there instead."""


@cache
def catalogue() -> dict[str, FaultKind]:
    """Return every kind of fault by its code."""
    return {
        row["code"]: FaultKind(
            code=row["code"],
            severity=Severity(row["severity"]),
            meaning=row["meaning"],
            mend=row["mend"],
            expected=row["expected"],
        )
        for row in read_rows(ROOT / "schemas" / "faults.csv")
    }


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault at a place of a received file.

    Attributes:
        code: a code of ``schemas/faults.csv``.
        row_number: the row as a spreadsheet numbers it (1 is the first), or None for the file.
        column: the heading as received, or None for the whole row or file.
        detail: what was looked for or found, in words; never the content of a cell.
    """

    code: str
    row_number: int | None = None
    column: str | None = None
    detail: str = ""

    @property
    def kind(self) -> FaultKind:
        """The catalogue's line for this fault."""
        return catalogue()[self.code]

    @property
    def severity(self) -> Severity:
        """What the fault does."""
        return self.kind.severity

    def message(self) -> str:
        """Return the fault as one sentence for the submitter."""
        place = [f"row {self.row_number}"] if self.row_number is not None else []
        place += [f"column '{self.column}'"] if self.column else []
        where = f"{', '.join(place)}: " if place else ""
        detail = f" ({self.detail})" if self.detail else ""
        return f"{where}{self.kind.meaning}{detail}. {self.kind.mend}"
