"""Writes the sample inbox and says what it planted there."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.sample import board, esr_staff, faults, recruitment
from pipeline.sample.employers import EMPLOYERS, SNAPSHOTS, Employer
from pipeline.sample.faults import Place, planted_rejections
from pipeline.sample.formats import Row, suffix, write_table
from pipeline.sample.payroll import Stock
from pipeline.sample.people import EthnicOrigins
from pipeline.sample.workforce import workforces

ANNUAL_MONTHS = (3,)
HALF_YEAR_MONTHS = (3, 9)
"""When the employers send recruitment and board: for the annual return, and half-way to it."""


@dataclass(frozen=True)
class SamplePlan:
    """What a sample holds.

    Attributes:
        files: the files in the order in which they were written.
        rejected: files planted to be rejected: (snapshot as an ISO date, organisation code,
            source).
        quarantined_rows: rows planted to be quarantined, in files that are accepted.
        seed: the seed from which the people were drawn.
    """

    files: list[Path]
    rejected: frozenset[Place]
    quarantined_rows: int
    seed: int


@dataclass(frozen=True, slots=True)
class _Table:
    place: Place
    columns: tuple[str, ...]
    header: list[str]
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class _Turns:
    """What goes round over all employers."""

    origins: EthnicOrigins
    appointments: recruitment.Appointments


def write_sample(inbox: Path, seed: int = 2022) -> SamplePlan:
    """Write a sample inbox of nine CCGs at five snapshots, and return what was planted in it.

    ``inbox/<period_end>/<ORGANISATION_CODE>/<source>.<csv|xlsx>`` for Cheshire and Merseyside
    before the merger of 1 July 2022: esr_staff at each snapshot, recruitment and board at the
    ends of March and September. The people are
    invented: they are numbers, drawn from ``seed``. Real are the organisations, the code lists,
    the Agenda for Change pay, and the headcount of South Sefton at 31 March 2021 (163, from its
    equality and diversity annual report 2020/21).

    The same seed gives the same bytes on every machine. Files that stand there are overwritten.

    Raises:
        OSError: the inbox cannot be written.
    """
    files = []
    stocks = workforces(seed)
    turns = _Turns(EthnicOrigins(), recruitment.Appointments(seed))
    for employer in EMPLOYERS:
        for table in _tables(seed, employer, turns, stocks[employer.code]):
            period_end, code, source = table.place
            path = inbox / period_end / code / f"{source}{suffix(employer.style)}"
            header = faults.header_as_sent(table.place, table.header)
            rows = faults.rows_as_sent(table.place, table.columns, table.rows)
            write_table(path, header, rows, employer.style)
            if table.place == faults.TRUNCATED:
                faults.break_off(path)
            files.append(path)
    return SamplePlan(files, planted_rejections(), sum(faults.QUARANTINED.values()), seed)


def _tables(seed: int, employer: Employer, turns: _Turns, stocks: list[Stock]) -> Iterator[_Table]:
    """Yield the extracts of an employer: staff at each snapshot, the others half-yearly."""
    applications = recruitment.applications(seed, employer, turns.origins, turns.appointments)
    boards = board.boards(seed, employer, turns.origins)
    for snapshot, stock, members in zip(SNAPSHOTS, stocks, boards, strict=True):
        day = snapshot.isoformat()
        yield _Table(
            (day, employer.code, "esr_staff"),
            esr_staff.COLUMNS,
            esr_staff.header(employer),
            list(esr_staff.rows(employer, stock)),
        )
        if snapshot.month not in (ANNUAL_MONTHS if employer.is_trust else HALF_YEAR_MONTHS):
            continue
        yield _Table(
            (day, employer.code, "recruitment"),
            recruitment.COLUMNS,
            list(recruitment.COLUMNS),
            list(recruitment.rows(employer, applications, snapshot)),
        )
        yield _Table(
            (day, employer.code, "board"),
            board.COLUMNS,
            list(board.COLUMNS),
            list(board.rows(employer, members)),
        )
