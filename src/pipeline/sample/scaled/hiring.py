"""Draws people and what they are employed as, many at a time."""

from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np

from pipeline.sample import grades, postings, recruitment, values
from pipeline.sample.employers import Employer
from pipeline.sample.scaled.draws import ColumnDraws, Days, Marks, Numbers, Texts, texts
from pipeline.sample.scaled.staff import HONORARY, Staff, services, shape_of, tables_of
from pipeline.sample.shapes import FIXED_TERM

_CONTRACTS = {"Permanent": 858, FIXED_TERM: 102, postings.BANK: 36, HONORARY: 4}
_TWO_YEARS = np.timedelta64(2 * 365, "D")
_ADULT = np.timedelta64(17 * 366, "D")
_DETAILED = 400
"""Known ethnicities that are written with a local detail, in thousandths."""


def hired(
    draws: ColumnDraws,
    employer: Employer,
    serials: Numbers,
    numbers: Numbers,
    days: tuple[date, date],
) -> Staff:
    """Return new employees, started between two days.

    Args:
        draws: the employer's draws.
        employer: their employer.
        serials: a number for each person that no other one has.
        numbers: their employee numbers.
        days: the first and the last day on which they may have started.
    """
    count, first, last = len(serials), *(np.datetime64(day, "D") for day in days)
    shape = shape_of(employer.is_trust)
    drawn = list(shape.grades.values())
    grade = draws.places([one.per_mille for one in drawn], count)
    youngest, oldest = (np.array([one.ages[end] for one in drawn])[grade] for end in (0, 1))
    years = (draws.below(1000, count) + draws.below(1000, count)) * (oldest - youngest) / 2000
    born = last - (1 + ((youngest + years) * 365.25).astype(np.int64)).astype("timedelta64[D]")
    category = draws.weighted(_CONTRACTS, count)
    full_points = tables_of(employer.is_trust).points[grade]
    point = np.where(draws.happens(500, count), full_points - 1, draws.below(full_points, count))
    bme = draws.happens(
        np.array([employer.bme * one.bme_factor // 100 for one in drawn])[grade], count
    )
    is_unpaid = np.isin(category.astype(str), (postings.BANK, HONORARY))
    earliest = np.maximum(first, np.minimum(born + _ADULT, last))
    return Staff(
        person=serials,
        female=draws.happens(np.array([one.female for one in drawn])[grade], count),
        born=born,
        ethnic=ethnic_origins(draws, bme, employer.ethnicity_known),
        disability=disabilities(draws, count, employer.disability_known),
        religion=draws.weighted(values.RELIGION, count),
        orientation=draws.weighted(values.ORIENTATION, count),
        marital=draws.weighted(values.MARITAL, count),
        number=numbers,
        start=_starts(draws, earliest, last, category),
        grade=grade,
        staff_group=_staff_groups(draws, employer.is_trust, grade),
        point=point,
        fte=np.where(is_unpaid, 0, _hours(draws, count)),
        status=draws.weighted(postings.STATUSES_OF_OTHERS, count),
        category=category,
        place=draws.below(len(services(employer.is_trust)), count),
        second=np.zeros(count, dtype=np.bool_),
    )


def with_second_posts(draws: ColumnDraws, staff: Staff, count: int) -> Staff:
    """Return the staff with a second assignment for so many of the counted ones.

    It is one of a fifth of the hours, under the number of the first with ``-2`` behind it.
    """
    able = np.flatnonzero(staff.counted)
    seconds = staff[able[draws.chosen(len(able), count)]]
    marked = replace(seconds, second=np.ones(len(seconds), bool), fte=np.full(len(seconds), 20))
    return staff.joined(marked)


def ethnic_origins(draws: ColumnDraws, bme: Marks, known: int) -> Texts:
    """Return a code for each person, of whom ``known`` thousandths are known."""
    count = len(bme)
    white = draws.weighted(values.WHITE, count)
    found = np.where(bme, draws.weighted(values.BME, count), white)
    detailed, turn = draws.happens(_DETAILED, count), draws.below(10_000, count)
    for parent, details in _details().items():
        rows = np.flatnonzero(detailed & (found == parent))
        found[rows] = details[turn[rows] % len(details)]
    unknown = np.flatnonzero(draws.happens(1000 - known, count))
    found[unknown] = _unknown()[turn[unknown] % len(_unknown())]
    return found


def disabilities(draws: ColumnDraws, count: int, known: int) -> Texts:
    """Return a declaration for each person, of whom ``known`` thousandths are known."""
    unknown = draws.weighted(values.DISABILITY_UNKNOWN, count)
    declared = draws.weighted(values.DISABILITY_KNOWN, count)
    return np.where(draws.happens(known, count), declared, unknown)


def applicants(draws: ColumnDraws, employer: Employer, count: int) -> tuple[Marks, Texts, Texts]:
    """Return of ``count`` applicants who is BME, their ethnic origins and their disabilities."""
    bme = draws.happens(employer.applicants_bme, count)
    ethnic = ethnic_origins(draws, bme, recruitment.ETHNICITY_KNOWN)
    return bme, ethnic, disabilities(draws, count, recruitment.DISABILITY_KNOWN)


@cache
def _details() -> dict[str, Texts]:
    """Return the local details of each national code that has some."""
    listed: dict[str, list[str]] = {}
    for code in values.ETHNIC_LABELS:
        if len(code) > 1:
            listed.setdefault(code[0], []).append(code)
    return {parent: texts(details) for parent, details in listed.items()}


@cache
def _unknown() -> Texts:
    """Return the forms of an ethnicity that is not known, as often as they stand in the list."""
    forms = values.UNKNOWN_ETHNICITY
    return texts([str(n) if form == values.LEGACY else form for n, form in enumerate(forms)])


def _starts(draws: ColumnDraws, first: Days, last: np.datetime64, category: Texts) -> Days:
    """Return start dates, more often late ones; those of a fixed term within two years."""
    is_fixed = category == FIXED_TERM
    first = np.where(is_fixed, np.maximum(first, last - _TWO_YEARS), first)
    unit = draws.below(1000, len(category))
    span = (last - first).astype(np.int64)
    return last - (unit * unit * span // 1_000_000).astype("timedelta64[D]")


def _staff_groups(draws: ColumnDraws, is_trust: bool, grade: Numbers) -> Numbers:
    tables, shape = tables_of(is_trust), shape_of(is_trust)
    tier = texts([grades.tier(code) for code in tables.codes])[grade]
    found = np.zeros(len(grade), dtype=np.int64)
    for name, shares in shape.staff_groups.items():
        rows = np.flatnonzero(tier == name)
        places = np.array([tables.staff_groups.index(group) for group in shares])
        found[rows] = places[draws.places(list(shares.values()), len(rows))]
    return found


def _hours(draws: ColumnDraws, count: int) -> Numbers:
    ftes = np.array(list(postings.FTES))
    return ftes[draws.places(list(postings.FTES.values()), count)]
