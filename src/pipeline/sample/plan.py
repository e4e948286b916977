"""Writes the sample inbox and says what it planted there."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline.sample import board, esr_staff, faults, recruitment
from pipeline.sample.annual import Source, annual_sources
from pipeline.sample.employers import EMPLOYERS, SHARING, SNAPSHOTS, Employer
from pipeline.sample.faults import Place, planted_rejections
from pipeline.sample.formats import Row, suffix, write_table
from pipeline.sample.go2 import go2_file
from pipeline.sample.leavers import leavers
from pipeline.sample.payroll import Stock
from pipeline.sample.people import EthnicOrigins
from pipeline.sample.workforce import workforces
from pipeline.sample.years import Year

ANNUAL_MONTH = 3
HALF_YEAR_MONTHS = (3, 9)
"""When the CCGs send recruitment and board: for the annual return, and half-way to it."""

BY_INTERFACE: Place = ("2021-12-31", "01V", "esr_staff")
"""The one staff extract that comes from the ESR outbound interface and not from a report."""


@dataclass(frozen=True)
class SamplePlan:
    """What a sample holds.

    Attributes:
        files: the files in the order in which they were written.
        rejected: files planted to be rejected: (snapshot as an ISO date, organisation code,
            source).
        quarantined_rows: rows planted to be quarantined, in files that are accepted; of two that
            contradict each other, both.
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
    stock: Stock


@dataclass(frozen=True, slots=True)
class _Whole:
    """What is one for all employers: their people, and what goes round over them."""

    seed: int
    stocks: dict[str, list[Stock]]
    origins: EthnicOrigins
    appointments: recruitment.Appointments


def write_sample(inbox: Path, seed: int = 2022) -> SamplePlan:
    """Write a sample inbox at five snapshots, and return what was planted in it.

    ``inbox/<period_end>/<ORGANISATION_CODE>/<source>.<csv|xlsx|dat>`` for the nine CCGs of Cheshire
    and Merseyside before the merger of 1 July 2022 and one provider trust: esr_staff at each
    snapshot, the other sources at the end of March, recruitment and board of the CCGs at the end
    of September as well. Not every CCG sends every source. The people are invented: they are
    numbers, drawn from ``seed``. Real are the organisations, the code lists, the Agenda for Change
    pay, and the headcount of South Sefton at 31 March 2021 (163, from its equality and diversity
    annual report 2020/21).

    The same seed gives the same bytes on every machine. Files that stand there are overwritten.

    Raises:
        OSError: the inbox cannot be written.
    """
    files = []
    whole = _Whole(seed, workforces(seed), EthnicOrigins(), recruitment.Appointments(seed))
    for employer in EMPLOYERS:
        files += [_written(inbox, employer, table) for table in _tables(employer, whole)]
    return SamplePlan(files, planted_rejections(), sum(faults.QUARANTINED.values()), seed)


def _written(inbox: Path, employer: Employer, table: _Table) -> Path:
    """Write one file of the inbox, with what is planted in it, and return its path."""
    period_end, code, source = table.place
    folder = inbox / period_end / code
    if table.place == BY_INTERFACE:
        path = folder / f"{source}.dat"
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(go2_file(employer, table.stock, date.fromisoformat(period_end)))
        return path
    path = folder / f"{source}{suffix(employer.style)}"
    header = faults.header_as_sent(table.place, table.header)
    rows = faults.rows_as_sent(table.place, table.columns, table.rows, table.stock)
    write_table(path, header, rows, employer.style)
    if table.place == faults.TRUNCATED:
        faults.break_off(path)
    return path


def _tables(employer: Employer, whole: _Whole) -> Iterator[_Table]:
    """Yield the extracts of an employer, snapshot by snapshot."""
    seed, stocks = whole.seed, whole.stocks[employer.code]
    applications = recruitment.applications(seed, employer, whole.origins, whole.appointments)
    boards = board.boards(seed, employer, whole.origins)
    gone = leavers(seed, employer, stocks)
    for n, snapshot in enumerate(SNAPSHOTS):
        year = Year(seed, employer, snapshot, stocks, gone)
        is_annual = snapshot.month == ANNUAL_MONTH
        sent: list[Source] = [("esr_staff", esr_staff.COLUMNS, esr_staff.rows(employer, stocks[n]))]
        if is_annual or (snapshot.month in HALF_YEAR_MONTHS and not employer.is_trust):
            decided = recruitment.rows(employer, applications, snapshot)
            sent.append(("recruitment", recruitment.COLUMNS, decided))
            sent.append(("board", board.COLUMNS, board.rows(employer, boards[n])))
        if is_annual:
            sent += annual_sources(year, _of_other(whole, employer, n))
        for source, columns, rows in sent:
            place = (snapshot.isoformat(), employer.code, source)
            header = esr_staff.header(employer) if source == "esr_staff" else list(columns)
            yield _Table(place, columns, header, list(rows), stocks[n])


def _of_other(whole: _Whole, employer: Employer, n: int) -> Stock:
    """Return the employees of the CCG that shares with the employer, at the n-th snapshot."""
    others = [code for code in SHARING if employer.code in SHARING and code != employer.code]
    return [one for code in others for one in whole.stocks[code][n]]
