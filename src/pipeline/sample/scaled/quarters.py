"""What changes in an employer's staff from one quarter to the next, and who has left."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from pipeline.sample import grades, leavers, values
from pipeline.sample.employers import Employer
from pipeline.sample.people import is_unknown_ethnicity
from pipeline.sample.scaled.draws import ColumnDraws, Days, Numbers, Texts
from pipeline.sample.scaled.hiring import ethnic_origins, hired, with_second_posts
from pipeline.sample.scaled.staff import Staff, tables_of
from pipeline.sample.shapes import FIXED_TERM
from pipeline.sample.workforce import LATE_DECLARATIONS, LEAVERS, OLDEST_START, PROMOTIONS

_PERSON = ("person", "female", "born", "ethnic", "disability", "religion", "orientation", "marital")
_LEFT_BEFORE = 8 * LEAVERS
"""Leavers of the two years before the first snapshot, in thousandths of its people."""


@dataclass(frozen=True, slots=True)
class Left:
    """Employees who left, with their last days and the reasons (blank: not recorded)."""

    staff: Staff
    day: Days
    reason: Texts

    def joined(self, other: "Left") -> "Left":
        """Return these and then the others."""
        return Left(
            self.staff.joined(other.staff),
            np.concatenate([self.day, other.day]),
            np.concatenate([self.reason, other.reason]),
        )


class Payroll:
    """One employer's people through the quarters.

    Args:
        seed: from which they are drawn.
        employer: the employer.
        place: the place of the employer among all, from 0.
        seconds: how many second assignments it has.
        joint: people whom it shares with another employer of its system.
    """

    def __init__(
        self, seed: int, employer: Employer, place: int, seconds: int, joint: Staff
    ) -> None:
        self._draws = ColumnDraws(seed, "scaled", employer.code, "workforce")
        self._employer = employer
        self._serial = (1 + place) * 200_000
        self._number = 20_000_000
        self._seconds = seconds
        self._joint = joint

    def quarters(self, days: Sequence[date]) -> Iterator[tuple[Staff, Left]]:
        """Yield the staff at each of the quarter ends, and who has left by then."""
        earliest = days[0].replace(year=days[0].year - 2) + timedelta(days=1)
        before = self._hire(self._employer.headcount * _LEFT_BEFORE // 1000, OLDEST_START, earliest)
        left = self._left(before[before.counted], earliest, days[0])
        staff = self._hire(self._employer.headcount, OLDEST_START, days[0])
        staff = with_second_posts(self._draws, self._with_joint(staff), self._seconds)
        for n, day in enumerate(days):
            if n:
                first = days[n - 1] + timedelta(days=1)
                stays = ~self._draws.happens(LEAVERS, len(staff)) | staff.second
                # A second assignment ends with the first.
                stays &= ~np.isin(staff.number, staff.number[~stays])
                gone = staff[~stays & ~staff.second]
                left = left.joined(self._left(gone[gone.counted], first, day))
                starters = self._hire(len(gone), first, day)
                staff = self._a_quarter_later(staff[stays]).joined(starters)
            yield staff, left

    def _hire(self, count: int, first: date, last: date) -> Staff:
        serials = self._serial + np.arange(count)
        numbers = self._number + 3 * np.arange(count)
        self._serial += count
        self._number += 3 * count
        return hired(self._draws, self._employer, serials, numbers, (first, last))

    def _with_joint(self, staff: Staff) -> Staff:
        """Return the staff, of whom the first are the people shared with another employer."""
        count = min(len(self._joint), len(staff) // 4)
        changed = {name: getattr(staff, name).copy() for name in _PERSON}
        for name, column in changed.items():
            column[:count] = getattr(self._joint, name)[:count]
        return replace(staff, **changed)

    def _left(self, gone: Staff, first: date, last: date) -> Left:
        """Return who left between two days, each after the start."""
        draws, count = self._draws, len(gone)
        earliest = np.maximum(np.datetime64(first, "D"), gone.start)
        day = draws.days(earliest, np.full(count, last, "datetime64[D]"), count)
        near = (day - gone.born).astype(np.int64) >= leavers.RETIREMENT_AGE * 366
        reason = draws.weighted(leavers.ANY_AGE, count)
        reason = np.where(near, draws.weighted(leavers.NEAR_RETIREMENT, count), reason)
        ends = draws.weighted(leavers.END_OF_CONTRACT, count)
        return Left(gone, day, np.where(gone.category == FIXED_TERM, ends, reason))

    def _a_quarter_later(self, staff: Staff) -> Staff:
        """Return who stayed, with promotions and late declarations.

        What somebody declares stands with the employer that asked, so that two may differ.
        """
        draws, count = self._draws, len(staff)
        ladder = self._promoted(staff.grade)
        grade = np.where(draws.happens(PROMOTIONS, count), ladder, staff.grade)
        asked = draws.happens(LATE_DECLARATIONS, count)
        unknown = np.array([is_unknown_ethnicity(code) for code in staff.ethnic], dtype=np.bool_)
        late = ethnic_origins(draws, draws.happens(self._employer.bme, count), 1000)
        declared = draws.weighted(values.DISABILITY_KNOWN, count)
        undeclared = ~np.isin(staff.disability.astype(str), list(values.DISABILITY_KNOWN))
        return replace(
            staff,
            grade=grade,
            point=np.where(grade == staff.grade, staff.point, 0),
            ethnic=np.where(asked & unknown, late, staff.ethnic),
            disability=np.where(asked & undeclared, declared, staff.disability),
        )

    def _promoted(self, grade: Numbers) -> Numbers:
        """Return the next band, or the same grade outside the bands."""
        codes = tables_of(self._employer.is_trust).codes
        up = [
            codes.index(grades.BANDS[grades.BANDS.index(code) + 1])
            if code in grades.BANDS[:-1]
            else n
            for n, code in enumerate(codes)
        ]
        return np.array(up)[grade]
