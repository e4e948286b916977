"""One employer's year: what the sources of an annual return are written from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from pipeline.sample.employers import SNAPSHOTS, Employer
from pipeline.sample.leavers import Leaver
from pipeline.sample.payroll import Stock
from pipeline.sample.postings import Employee


class Body(Protocol):
    """What the sources ask that tell of a body and of none of its people."""

    @property
    def seed(self) -> int:
        """From which the draws come."""

    @property
    def employer(self) -> Employer:
        """Whose year it is."""

    @property
    def snapshot(self) -> date:
        """The 31 March."""

    @property
    def first_day(self) -> date:
        """The first day of the twelve months."""

    @property
    def headcount(self) -> int:
        """People of the workforce at the snapshot."""


@dataclass(frozen=True, slots=True)
class Year:
    """An employer and its people in the twelve months to one 31 March.

    Attributes:
        snapshot: the 31 March.
        stocks: the employees at each of ``SNAPSHOTS``.
        leavers: who left in the two years to the last snapshot, by day.
    """

    seed: int
    employer: Employer
    snapshot: date
    stocks: Sequence[Stock]
    leavers: Sequence[Leaver]

    @property
    def first_day(self) -> date:
        """The first day of the twelve months."""
        return first_day_of(self.snapshot, years=1)

    @property
    def stock(self) -> Stock:
        """The employees at the snapshot."""
        return self.stocks[SNAPSHOTS.index(self.snapshot)]

    @property
    def counted(self) -> list[Employee]:
        """The workforce at the snapshot."""
        return [one for one in self.stock if one.counted]

    @property
    def headcount(self) -> int:
        """People of the workforce at the snapshot."""
        return len(self.counted)


def first_day_of(snapshot: date, years: int) -> date:
    """Return the first day of the ``years`` that end with ``snapshot``."""
    return date(snapshot.year - years, snapshot.month, snapshot.day) + timedelta(days=1)
