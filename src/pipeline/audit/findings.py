"""What an audit says: one finding for each thing that cannot be true or can be worked out."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from pipeline.resources import WAREHOUSE, read_rows


class Severity(StrEnum):
    """How sure a finding is."""

    IMPOSSIBLE = "impossible"
    """What is printed cannot be true."""
    DERIVABLE = "derivable"
    """A hidden number of people is told by what is printed."""
    DOUBTFUL = "doubtful"
    """It may be true and is most often a mistake."""


@dataclass(frozen=True, slots=True)
class Detector:
    """One line of ``warehouse/audit/detector.csv``.

    Attributes:
        code: the code of its findings.
        severity: how sure they are.
        query: the file of ``warehouse/audit`` that finds them; blank where Python does.
        meaning: what is wrong, for people.
        mend: what to do about it.
    """

    code: str
    severity: Severity
    query: str
    meaning: str
    mend: str


@cache
def detectors() -> dict[str, Detector]:
    """Return every detector by its code, in the order of the file."""
    return {
        row["code"]: Detector(
            row["code"], Severity(row["severity"]), row["detector"], row["meaning"], row["mend"]
        )
        for row in read_rows(WAREHOUSE / "audit" / "detector.csv")
    }


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding.

    Attributes:
        code: the code of its detector.
        row: the row of the file.
        organisation, period, table, part, group: where it is printed.
        printed: what is printed.
        expected: what it would have to be.
    """

    code: str
    row: int
    organisation: str
    period: str
    table: str
    part: str
    group: str
    printed: str
    expected: str

    @property
    def detector(self) -> Detector:
        """The detector that found it."""
        return detectors()[self.code]

    def as_row(self) -> dict[str, object]:
        """Return it as an object of ``--json``."""
        return {
            "code": self.code,
            "severity": self.detector.severity.value,
            "row": self.row,
            "organisation": self.organisation or None,
            "period": self.period or None,
            "table": self.table or None,
            "part": self.part or None,
            "group": self.group or None,
            "printed": self.printed,
            "expected": self.expected,
            "meaning": self.detector.meaning,
            "mend": self.detector.mend,
        }

    def sentence(self) -> str:
        """Return it as lines for people."""
        place = ", ".join(
            text
            for text in (self.organisation, self.period, self.table, self.part, self.group)
            if text and text != "all"
        )
        return (
            f"Row {self.row} {self.code} ({self.detector.severity}): {place}\n"
            f"    {self.detector.meaning}: printed {self.printed}; {self.expected}.\n"
            f"    {self.detector.mend}"
        )


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings by row, and those of one row in the order of the detectors."""
    order = {code: number for number, code in enumerate(detectors())}
    return sorted(findings, key=lambda finding: (finding.row, order[finding.code], finding.group))
