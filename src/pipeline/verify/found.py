"""What a look through a home found: what is damaged, how to mend it, and what was not looked at."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was written.

    Attributes:
        where: its path below the home, or what it is.
        said: what is wrong, a sentence.
        mend: how to mend it, a sentence.
    """

    where: str
    said: str
    mend: str


@dataclass(slots=True)
class Found:
    """What a look found, filled step by step.

    Attributes:
        findings: what is damaged.
        remarks: what was not looked at and why, and what is no damage and worth knowing.
        looked_at: how many things of each kind were looked at.
        is_locked: whether a run under way kept a part from being looked at.
    """

    findings: list[Finding] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    looked_at: Counter[str] = field(default_factory=Counter)
    is_locked: bool = False

    def add(self, where: str, said: str, mend: str) -> None:
        """Add a finding."""
        self.findings.append(Finding(where, said, mend))
