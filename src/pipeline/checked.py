"""A file once it has been checked: the rows that may be landed, and what is wrong with the rest."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from pipeline.faults import Fault, Severity
from pipeline.read import ROW_NUMBER


def rows_at_fault(faults: Iterable[Fault]) -> set[int]:
    """Return the numbers of the rows that a fault sends to quarantine."""
    return {
        fault.row_number
        for fault in faults
        if fault.severity is Severity.ROW and fault.row_number is not None
    }


def without(rows: pd.DataFrame, faults: Iterable[Fault]) -> pd.DataFrame:
    """Return the rows of a file that no fault sends to quarantine."""
    at_fault = rows_at_fault(faults)
    return rows[~rows[ROW_NUMBER].isin(at_fault)] if at_fault else rows


@dataclass(frozen=True)
class Checked:
    """What may be landed of one file.

    Attributes:
        accepted: the typed rows without a row fault, in the order received: ``row_number`` and
            every canonical field of the source. ``fte`` is float64, dates are datetime64[us] at
            midnight, flags are bool (``boolean`` where they may be blank), the rest is text as
            received; a column that was not sent is missing in every row. No rows where the file is
            rejected.
        read: every row as it was read: text, in the fields that were found.
        headings: the heading as received of each field that was found.
        faults: every fault of the file, those of the reading first.
        rows_received: rows that hold anything.
    """

    accepted: pd.DataFrame
    read: pd.DataFrame
    headings: dict[str, str]
    faults: list[Fault]
    rows_received: int

    @cached_property
    def quarantined(self) -> pd.DataFrame:
        """The rows with a row fault, as text, in the fields that were found."""
        at_fault = rows_at_fault(self.faults)
        if not at_fault:
            return self.read.iloc[:0]
        return self.read[self.read[ROW_NUMBER].isin(at_fault)].reset_index(drop=True)

    @property
    def rejected(self) -> bool:
        """Whether a fault rejects the whole file."""
        return any(fault.severity is Severity.FILE for fault in self.faults)

    @property
    def rows_warned(self) -> int:
        """How many rows have a warning."""
        warnings = (fault for fault in self.faults if fault.severity is Severity.WARNING)
        return len({fault.row_number for fault in warnings} - {None})

    def with_faults(self, found: list[Fault]) -> "Checked":
        """Return the same file with further faults, and without what they take from it."""
        faults = [*self.faults, *found]
        at_fault = rows_at_fault(faults)
        if len(at_fault) == len(self.read) and not self.rejected:
            faults.append(Fault("NO_ROW_ACCEPTED"))
        accepted = self.accepted[~self.accepted[ROW_NUMBER].isin(at_fault)].reset_index(drop=True)
        if any(fault.severity is Severity.FILE for fault in faults):
            accepted = accepted.iloc[:0]
        return Checked(accepted, self.read, self.headings, faults, self.rows_received)
