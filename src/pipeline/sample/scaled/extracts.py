"""The large extracts of one employer, as columns of cells."""

from datetime import date, timedelta

import numpy as np

from pipeline.sample import employee_relations, movers, pay, recruitment, training, values
from pipeline.sample.employers import Employer
from pipeline.sample.formats import Cell
from pipeline.sample.people import is_bme, nhs_unique_id
from pipeline.sample.scaled.draws import ColumnDraws, Days, Marks, Numbers, Texts, texts
from pipeline.sample.scaled.hiring import applicants
from pipeline.sample.scaled.quarters import Left
from pipeline.sample.scaled.staff import HONORARY, Staff, services, tables_of
from pipeline.sample.years import first_day_of

Cells = list[list[Cell]]
"""The columns of an extract, equally long."""

_AT_NIGHT = (6, 11, 17)
"""Percentages for work at night, of those of a trust who have one."""


def staff_cells(seed: int, employer: Employer, staff: Staff) -> Cells:
    """Return the columns of the staff extract."""
    tables, where = tables_of(employer.is_trust), services(employer.is_trust)
    is_honorary = staff.category == HONORARY
    scale = np.where(is_honorary, "LOCAL|ZL01|Honorary Contract", tables.scales[_post(staff)])
    salary = tables.salaries[staff.grade, staff.point].astype(object)
    number = staff.number.astype(str).astype(object)
    return [
        number.tolist(),
        [nhs_unique_id(seed, serial) for serial in staff.person.tolist()],
        np.where(staff.second, number + "-2", number).tolist(),
        _yes(~staff.second),
        staff.status.tolist(),
        staff.category.tolist(),
        texts(tables.staff_groups)[staff.staff_group].tolist(),
        tables.roles[_post(staff)].tolist(),
        tables.occupations[_post(staff)].tolist(),
        scale.tolist(),
        (staff.fte / 100).tolist(),
        _ethnic(employer, staff.ethnic),
        staff.disability.tolist(),
        _gender(staff.female),
        _iso(staff.born),
        staff.religion.tolist(),
        staff.orientation.tolist(),
        staff.marital.tolist(),
        _iso(staff.start),
        texts([directorate for directorate, _ in where])[staff.place].tolist(),
        texts([service for _, service in where])[staff.place].tolist(),
        np.where(is_honorary, "", salary).tolist(),
    ]


def pay_cells(employer: Employer, staff: Staff, snapshot: date) -> Cells:
    """Return the columns of the pay extract: one row for each who is paid, in pence worked out."""
    on_payroll = ~staff.second & (staff.category != HONORARY)
    paid = staff[on_payroll & ~np.isin(staff.status.astype(str), pay.UNPAID)]
    tables = tables_of(employer.is_trust)
    is_consultant = paid.grade == tables.codes.index("consultant")
    served = snapshot.year - (paid.start.astype("datetime64[Y]").astype(np.int64) + 1970)
    seniority = np.minimum(served, pay.MOST_SENIOR) * pay.SENIORITY_PERCENT
    turn = paid.number * 7919 // 16
    on_wards = (paid.grade < tables.codes.index("8a")) & (turn % 2 == 0) & employer.is_trust
    night = np.where(on_wards, np.array(_AT_NIGHT)[turn % len(_AT_NIGHT)], 0)
    percent = 100 + np.where(is_consultant, seniority, night)
    is_full = paid.status != "Maternity & Adoption"
    percent = np.where(is_full, percent, percent // 2)
    annual = tables.salaries[paid.grade, paid.point]
    pence = (2 * annual * percent * 10_000 + pay.HOURS_OF_A_YEAR) // (2 * pay.HOURS_OF_A_YEAR)
    awarded = is_consultant & employer.is_trust & (turn % 100 < np.where(paid.female, 35, 50))
    bonus = (pay.AWARD * (1 + turn % 4)).astype(object)
    return [
        paid.number.tolist(),
        (pence / 100).tolist(),
        np.where(awarded, bonus, "").tolist(),
        _yes(is_full),
    ]


def training_cells(draws: ColumnDraws, staff: Staff, snapshot: date) -> Cells:
    """Return the columns of the training extract: everyone's mandatory course, and others."""
    counted = staff[staff.counted & ~staff.second]
    count, bme = len(counted), _bme(counted.ethnic)
    first = np.maximum(np.datetime64(first_day_of(snapshot, years=1), "D"), counted.start)
    attended = {
        "Mandatory": np.ones(count, dtype=np.bool_),
        "Non-Mandatory": draws.happens(np.where(bme, *training.NON_MANDATORY[::-1]), count),
        "CPD": draws.happens(np.where(bme, *training.CPD[::-1]), count),
    }
    rows = np.concatenate([np.flatnonzero(marks) for marks in attended.values()])
    kinds = [kind for kind, marks in attended.items() for _ in range(int(marks.sum()))]
    days = draws.days(first[rows], np.full(len(rows), snapshot, "datetime64[D]"), len(rows))
    return [counted.number[rows].tolist(), kinds, _iso(days)]


def mover_cells(
    draws: ColumnDraws, employer: Employer, staff: Staff, left: Left, snapshot: date
) -> Cells:
    """Return the columns of the extract of starters and leavers of the twelve months."""
    first, last = (np.datetime64(d, "D") for d in (first_day_of(snapshot, years=1), snapshot))
    left_now = (left.day >= first) & (left.day <= last)
    gone, counted = left.staff[left_now], staff[staff.counted & ~staff.second]
    both = counted.joined(gone)
    started = both[(both.start >= first) & (both.start <= last)]
    all_of = started.joined(gone)
    tables = tables_of(employer.is_trust)
    blank = [""] * len(started)
    return [
        all_of.number.tolist(),
        ["Starter"] * len(started) + ["Leaver"] * len(gone),
        _iso(started.start) + _iso(left.day[left_now]),
        blank + left.reason[left_now].tolist(),
        blank + draws.weighted(movers.EXIT_INTERVIEWS, len(gone)).tolist(),
        _ethnic(employer, all_of.ethnic),
        all_of.disability.tolist(),
        _gender(all_of.female),
        tables.scales[_post(all_of)].tolist(),
    ]


def case_cells(
    draws: ColumnDraws, employer: Employer, staff: Staff, left: Left, snapshot: date
) -> Cells:
    """Return the columns of the formal cases of the twenty-four months.

    Ethnic origin and disability stand with the people who have left, whom no staff extract has.
    """
    first = np.datetime64(first_day_of(snapshot, years=2), "D")
    counted = staff[staff.counted & ~staff.second]
    recent = left.day > first
    known = counted.joined(left.staff[recent])
    last = np.concatenate([np.full(len(counted), snapshot, "datetime64[D]"), left.day[recent]])
    weight = employee_relations.CASES_A_YEAR[employer.is_trust] * 2
    marks = draws.happens(np.where(_bme(known.ethnic), 2 * weight, weight), len(known))
    marks &= np.maximum(first, known.start) < last
    found, last = known[marks], last[marks]
    gone = np.arange(len(known))[marks] >= len(counted)
    started = draws.days(np.maximum(first, found.start), last, len(found))
    # A blank would say that the employee still stands in the staff extract.
    is_blank = np.isin(found.ethnic.astype(str), ("", "(blank)"))
    ethnic = np.where(is_blank, employee_relations.NOT_STATED, found.ethnic)
    ethnic = texts(_ethnic(employer, ethnic))
    declared = np.where(found.disability == "", employee_relations.NOT_DECLARED, found.disability)
    return [
        [f"ER{100_001 + n}" for n in range(len(found))],
        found.number.tolist(),
        draws.weighted(employee_relations.TYPES, len(found)).tolist(),
        _iso(started),
        np.where(gone, ethnic, "").tolist(),
        np.where(gone, declared, "").tolist(),
    ]


def application_cells(draws: ColumnDraws, employer: Employer, snapshot: date) -> Cells:
    """Return the columns of the applications that were decided in the twelve months."""
    count = employer.applications * 4
    bme, ethnic, disability = applicants(draws, employer, count)
    chance = np.where(bme, recruitment.SHORTLISTED_BME, recruitment.SHORTLISTED_WHITE)
    shortlisted = draws.happens(chance, count)
    white = recruitment.APPOINTED_WHITE
    chance = np.where(bme, white * 100 // employer.white_advantage, white)
    appointed = shortlisted & draws.happens(chance, count)
    first = snapshot - timedelta(days=360)
    days = texts(_iso(np.sort(draws.days(first, snapshot, count))))
    return [
        [f"{employer.code}-{snapshot:%y}{1_000_000 + n}" for n in range(count)],
        _yes(shortlisted),
        _yes(appointed),
        _ethnic(employer, ethnic),
        disability.tolist(),
        _gender(draws.happens(recruitment.FEMALE, count)),
        np.where(shortlisted, days, "").tolist(),
    ]


def _post(staff: Staff) -> tuple[Numbers, Numbers]:
    return staff.grade, staff.staff_group


def _bme(ethnic: Texts) -> Marks:
    of = {code: is_bme(code) for code in set(ethnic.tolist())}
    return np.array([of[code] for code in ethnic.tolist()], dtype=np.bool_)


def _ethnic(employer: Employer, codes: Texts) -> list[str]:
    own = set(codes.tolist())
    written = {code: values.ethnic_text(code, employer.writes_labels) for code in own}
    return [written[code] for code in codes.tolist()]


def _yes(marks: Marks) -> list[str]:
    found: list[str] = np.where(marks, "Yes", "No").tolist()
    return found


def _gender(female: Marks) -> list[str]:
    found: list[str] = np.where(female, "Female", "Male").tolist()
    return found


def _iso(days: Days) -> list[str]:
    found: list[str] = days.astype("datetime64[D]").astype(str).tolist()
    return found
