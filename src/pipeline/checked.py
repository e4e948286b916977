"""A file once it has been checked: the rows that may be landed, and what is wrong with the rest."""

import importlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

import pandas as pd

from pipeline.faults import Fault, Severity
from pipeline.read import ROW_NUMBER
from pipeline.read.batches import Batches
from pipeline.typed import completed, typed_columns


def rows_at_fault(faults: Iterable[Fault]) -> set[int]:
    """Return the numbers of the rows that a fault sends to quarantine."""
    return {
        fault.row_number
        for fault in faults
        if fault.severity is Severity.ROW and fault.row_number is not None
    }


def without(rows: pd.DataFrame, at_fault: set[int]) -> pd.DataFrame:
    """Return the rows of a file that no fault sends to quarantine."""
    return rows[~rows[ROW_NUMBER].isin(at_fault)] if at_fault else rows


@dataclass(frozen=True)
class Checked:
    """What may be landed of one file.

    Attributes:
        source: the source that the file is of.
        rows: every row as it was read, in batches: text, in the fields that were found.
        headings: the heading as received of each field that was found.
        faults: every fault of the file, those of the reading first.
        rows_received: rows that hold anything.
        at_hand: the accepted rows of a file that is in memory, ready to land.
    """

    source: str
    rows: Batches
    headings: dict[str, str]
    faults: list[Fault]
    rows_received: int
    at_hand: pd.DataFrame | None = field(default=None, repr=False)

    @cached_property
    def at_fault(self) -> set[int]:
        """The numbers of the rows that a fault sends to quarantine."""
        return rows_at_fault(self.faults)

    @property
    def read(self) -> pd.DataFrame:
        """Every row as one frame."""
        return self.rows.whole()

    @property
    def accepted(self) -> pd.DataFrame:
        """The rows that may be landed, as one frame (``accepted_batches``)."""
        batches = list(self.accepted_batches())
        return batches[0] if len(batches) == 1 else pd.concat(batches, ignore_index=True)

    def accepted_batches(self) -> Iterator[pd.DataFrame]:
        """Yield the typed rows without a row fault, in the order received, in batches.

        They have ``row_number`` and every canonical field of the source. ``fte`` is float64, dates
        are datetime64[us] at midnight, flags are bool (``boolean`` where they may be blank), the
        rest is text as received; a column that was not sent is missing in every row. There is one
        batch at least; it has no rows where the file is rejected.
        """
        if self.at_hand is not None:
            yield self.at_hand
            return
        schema = importlib.import_module(f"schemas.{self.source}")
        is_one = self.rejected or not len(self.rows) or hasattr(schema, "IS_JUDGED_WHOLE")
        for text in [self.to_land()] if is_one else self.rows:
            rows = without(text, self.at_fault)
            yield completed(typed_columns(rows, schema), schema, self.source)

    def to_land(self) -> pd.DataFrame:
        """Return the rows that may be landed as they were read, all at once."""
        return self.rows.nothing() if self.rejected else without(self.read, self.at_fault)

    @property
    def rows_accepted(self) -> int:
        """How many rows may be landed."""
        return 0 if self.rejected else len(self.rows) - len(self.at_fault)

    @property
    def quarantined(self) -> pd.DataFrame:
        """The rows with a row fault, as text, in the fields that were found."""
        batches = list(self.quarantined_batches())
        return pd.concat(batches, ignore_index=True) if batches else self.read.iloc[:0]

    def quarantined_batches(self) -> Iterator[pd.DataFrame]:
        """Yield the rows with a row fault in batches."""
        if self.at_fault:
            for text in self.rows:
                yield text[text[ROW_NUMBER].isin(self.at_fault)].reset_index(drop=True)

    @property
    def rows_quarantined(self) -> int:
        """How many rows have a row fault."""
        return len(self.at_fault)

    @cached_property
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
        if len(at_fault) == len(self.rows) and not self.rejected:
            faults.append(Fault("NO_ROW_ACCEPTED"))
        return replace(self, faults=faults, at_hand=None)
