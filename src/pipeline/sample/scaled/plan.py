"""Writes a large sample file by file, and says what it planted there."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate, pairwise
from pathlib import Path

import numpy as np

from pipeline.sample import (
    actions,
    board,
    duties,
    eds,
    employee_relations,
    esr_staff,
    movers,
    pay,
    recruitment,
    training,
)
from pipeline.sample.employers import Employer
from pipeline.sample.formats import Row, write_table
from pipeline.sample.people import EthnicOrigins
from pipeline.sample.plan import ANNUAL_MONTH
from pipeline.sample.scaled import extracts, survey
from pipeline.sample.scaled.draws import ColumnDraws
from pipeline.sample.scaled.hiring import hired
from pipeline.sample.scaled.quarters import Left, Payroll
from pipeline.sample.scaled.scales import Scale, snapshots, systems
from pipeline.sample.scaled.staff import UNCOUNTED, Staff
from pipeline.sample.workforce import OLDEST_START
from pipeline.sample.years import first_day_of

Rows = Iterable[Iterable[object]]

_SECOND_POST_OF = 50
"""One in so many has a second assignment."""
_JOINT_OF = 250
"""One in so many people of a system works for two of its employers."""
_FEWEST_FOR_FAULTS = 400
"""Rows of a staff extract in which one unknown pay scale is less than 0.5%."""
_STRANGE_RATE = 9_999
_JOINT_SERIALS = 90_000_000


@dataclass(frozen=True, slots=True)
class ScaledPlan:
    """What a large sample holds.

    Attributes:
        files: how many files were written.
        rows: rows by source, without those that are planted to be quarantined.
        quarantined_rows: rows planted to be quarantined, in files that are accepted.
        organisations: the codes of its employers.
        periods: its snapshots.
    """

    files: int
    rows: dict[str, int]
    quarantined_rows: int
    organisations: tuple[str, ...]
    periods: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class _Annual:
    """The year of an employer, for the sources that tell of no single person."""

    seed: int
    employer: Employer
    snapshot: date
    headcount: int

    @property
    def first_day(self) -> date:
        """The first day of the twelve months."""
        return first_day_of(self.snapshot, years=1)


@dataclass(slots=True)
class _File:
    source: str
    columns: tuple[str, ...]
    rows: list[Row]
    planted: int = 0


def write_scaled(inbox: Path, scale: Scale, seed: int = 2022) -> ScaledPlan:
    """Write a large sample inbox, one employer after the other, and return what it holds.

    ``inbox/<period_end>/<ORGANISATION_CODE>/<source>.csv``: esr_staff at each snapshot, the other
    sources at each 31 March. The same arguments give the same bytes on every machine.

    Args:
        inbox: a folder; files that stand there are overwritten.
        scale: one of ``SCALES``, or like one.
        seed: from which the people are drawn.

    Raises:
        UsageError: numbers with which no such sample can be made.
        OSError: the inbox cannot be written.
    """
    days = snapshots(scale.quarters)
    found = systems(scale, seed, days)
    employers = [one for system in found for one in system]
    edges = [0, *(end // _SECOND_POST_OF for end in accumulate(e.headcount for e in employers))]
    places = enumerate(end - start for start, end in pairwise(edges))
    written = _Written()
    for number, system in enumerate(found[: scale.systems]):
        shared = _shared(seed, number, system, days[0])
        for employer, joint, (place, seconds) in zip(system, shared, places, strict=False):
            payroll = Payroll(seed, employer, place, seconds, joint)
            for day, file in _files(seed, employer, payroll, days):
                folder = inbox / day.isoformat() / employer.code
                path = folder / f"{file.source}.csv"
                write_table(path, list(file.columns), file.rows, employer.style)
                written.add(file)
            written.codes.append(employer.code)
    codes = tuple(sorted(written.codes))
    return ScaledPlan(written.files, written.rows, written.planted, codes, tuple(days))


@dataclass(slots=True)
class _Written:
    """What has been written so far."""

    files: int = 0
    planted: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    codes: list[str] = field(default_factory=list)

    def add(self, file: _File) -> None:
        """Count one more file."""
        self.files += 1
        self.planted += file.planted
        self.rows[file.source] = self.rows.get(file.source, 0) + len(file.rows) - file.planted


def _shared(seed: int, number: int, system: list[Employer], day: date) -> Iterator[Staff]:
    """Yield for each employer of a system the people who work for another one as well."""
    joint = _joint(seed, number, system, day)
    turns = np.arange(len(joint))
    for n in range(len(system)):
        own = joint[turns % len(system) == n]
        others = joint[(turns + 1) % len(system) == n]
        yield own.joined(others) if len(system) > 1 else own[:0]


def _joint(seed: int, number: int, system: list[Employer], day: date) -> Staff:
    """Return the people of a system who work for two of its employers."""
    draws = ColumnDraws(seed, "scaled", "joint", str(number))
    count = sum(employer.headcount for employer in system) // _JOINT_OF
    serials = _JOINT_SERIALS + number * 100_000 + np.arange(count)
    return hired(draws, system[0], serials, serials, (OLDEST_START, day))


def _files(
    seed: int, employer: Employer, payroll: Payroll, days: tuple[date, ...] | list[date]
) -> Iterator[tuple[date, _File]]:
    """Yield the extracts of an employer, snapshot by snapshot."""
    boards = board.boards(seed, employer, EthnicOrigins(), len(days))
    for n, (day, (staff, left)) in enumerate(zip(days, payroll.quarters(days), strict=True)):
        yield day, _staff_file(seed, employer, staff)
        if day.month == ANNUAL_MONTH:
            members = board.rows(employer, boards[n])
            yield day, _File("board", board.COLUMNS, list(members))
            for file in _annual(seed, employer, staff, left, day):
                yield day, file


def _staff_file(seed: int, employer: Employer, staff: Staff) -> _File:
    """Return the staff extract; a long one with a pay scale and a date that cannot be."""
    rows = _rows(extracts.staff_cells(seed, employer, staff))
    file = _File("esr_staff", esr_staff.COLUMNS, rows)
    if len(rows) >= _FEWEST_FOR_FAULTS:
        category = file.columns.index("Assignment Category")
        on_a_band = next(row for row in rows if row[category] not in UNCOUNTED)
        faults = {"Pay Scale": "LOCAL|ZZ42|Transitional Scale"}, {"Date Of Birth": "31/02/1980"}
        for n, fault in enumerate(faults):
            number = str(90_000_001 + n)
            new = {"Employee Number": number, "Assignment Number": number, "NHS Unique Id": ""}
            pairs = zip(file.columns, on_a_band, strict=True)
            rows.append([(new | fault).get(column, cell) for column, cell in pairs])
        file.planted = len(faults)
    return file


def _annual(seed: int, employer: Employer, staff: Staff, left: Left, day: date) -> Iterator[_File]:
    """Yield the sources that are sent at the end of March."""

    def draws(source: str) -> ColumnDraws:
        return ColumnDraws(seed, "scaled", employer.code, source, day.isoformat())

    year = _Annual(seed, employer, day, int((staff.counted & ~staff.second).sum()))
    paid = _rows(extracts.pay_cells(employer, staff, day))
    planted = len(paid) >= _FEWEST_FOR_FAULTS
    if planted:
        paid[len(paid) // 2][1] = _STRANGE_RATE
    yield _File("pay", pay.HOURLY, paid, int(planted))
    large = (
        ("training", training.COLUMNS, extracts.training_cells(draws("training"), staff, day)),
        (
            "movers",
            movers.COLUMNS,
            extracts.mover_cells(draws("movers"), employer, staff, left, day),
        ),
        (
            "employee_relations",
            employee_relations.COLUMNS,
            extracts.case_cells(draws("cases"), employer, staff, left, day),
        ),
        (
            "recruitment",
            recruitment.COLUMNS,
            extracts.application_cells(draws("recruitment"), employer, day),
        ),
    )
    for source, columns, cells in large:
        yield _File(source, columns, _rows(cells))
    surveyed = list(survey.results(draws("survey"), employer, staff, day.year - 1))
    if surveyed:
        yield _File("survey", survey.COLUMNS, surveyed)
    yield _File("eds", eds.columns(year), list(eds.rows(year)))
    yield _File("duties", duties.COLUMNS, list(duties.rows(year)))
    yield _File("actions", actions.COLUMNS, list(actions.rows(year)))


def _rows(cells: extracts.Cells) -> list[Row]:
    return list(map(list, zip(*cells, strict=True)))
