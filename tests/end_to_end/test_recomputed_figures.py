"""Every count of the demo, counted a second time by other means, against the product's table.

The second count (``recount``) reads the sample's files as written. Values are worked out here from
exact fractions, rounded half away from zero. A figure that the product has and this count has not,
or the other way round, is a failure.
"""

import csv
import json
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from recount import (
    BANDS,
    CHARACTERISTICS,
    KINDS,
    MEDICAL_GRADES,
    UNKNOWN,
    Extracts,
    Person,
    categories,
    ethnicity,
)

from pipeline.cli import main

ICB = "QYG"
ETHNIC_GROUPS = ("WHITE", "BME", UNKNOWN)
ROWS_OF_PAY = (
    *(f"{side}:{row}" for side in ("non_clinical", "clinical") for row in (*BANDS, "all")),
    *(f"medical:{row}" for row in (*MEDICAL_GRADES, "all")),
)
BOARD_PARTS = {"all": None, "voting": "Voting", "executive": "Executive"}
POPULATION = {"ALL_RESIDENTS": "POPULATION", "AGED_16_PLUS": "POPULATION_16_PLUS"}
REFERENCE = Path(__file__).parents[2] / "warehouse" / "reference"

Key = tuple[str, ...]


class Figure(NamedTuple):
    """The counts of a figure and what follows from them."""

    numerator: int | None = None
    denominator: int | None = None
    comparator_numerator: int | None = None
    comparator_denominator: int | None = None
    value: float | None = None
    status: str = "ok"
    reason: str | None = None


def rounded(value: Fraction, places: int) -> float:
    """Round half away from zero."""
    scaled = abs(value) * 10**places
    whole = int(scaled + Fraction(1, 2))
    return float(Fraction(whole if value >= 0 else -whole, 10**places))


def percent(part: int, whole: int) -> Fraction:
    return Fraction(100 * part, whole)


def share(k: int | None, n: int | None) -> Figure:
    if k is None or n is None:
        return Figure(k, n, status="missing_source", reason="MISSING_SOURCE")
    if n == 0:
        return Figure(k, n, status="not_applicable", reason="NO_NUMERATOR_BASE")
    return Figure(k, n, value=rounded(percent(k, n), 1))


def difference(k: int, n: int, other_k: int, other_n: int) -> Figure:
    counts = Figure(k, n, other_k, other_n)
    if n == 0:
        return counts._replace(status="not_applicable", reason="NO_NUMERATOR_BASE")
    return counts._replace(value=rounded(percent(k, n) - percent(other_k, other_n), 1))


def ratio(a: int, n: int, b: int, m: int) -> Figure:
    """(a of n) / (b of m); the reasons of a ratio that is not defined."""
    reason = None
    if n == 0:
        reason = "NO_NUMERATOR_BASE"
    elif m == 0:
        reason = "NO_COMPARATOR_BASE"
    elif b == 0:
        reason = "COMPARATOR_RATE_ZERO" if a else "NO_EVENTS"
    if reason:
        return Figure(a, n, b, m, status="not_applicable", reason=reason)
    return Figure(a, n, b, m, value=rounded(Fraction(a, n) / Fraction(b, m), 2))


def wres_1(people: list[Person]) -> Iterator[tuple[Key, Figure]]:
    everybody = Counter(person.meanings["ethnicity"].group for person in people)
    for group in ETHNIC_GROUPS:
        yield ("WRES", "1", "all", "share", group, ""), share(everybody[group], len(people))
    for part in ROWS_OF_PAY:
        side, row = part.split(":")
        members = [
            person
            for person in people
            if person.part == part or (row == "all" and person.part.startswith(f"{side}:"))
        ]
        found = Counter(person.meanings["ethnicity"].group for person in members)
        for group in ETHNIC_GROUPS:
            yield ("WRES", "1", part, "share", group, ""), share(found[group], len(members))
        gap = difference(found["BME"], len(members), everybody["BME"], len(people))
        yield ("WRES", "1", part, "difference_pp", "BME", "ALL"), gap


def wres_2(extracts: Extracts, period: str, members: list[str]) -> Iterator[tuple[Key, Figure]]:
    files = extracts.of(period, members, "recruitment")
    shortlisted, appointed = Counter[str](), Counter[str]()
    for row in (row for rows in files for row in rows if row["Shortlisted"] == "Yes"):
        group = ethnicity(row["Ethnic Origin"]).group
        shortlisted[group] += 1
        appointed[group] += row["Appointed"] == "Yes"
    for group in ETHNIC_GROUPS:
        rate = share(appointed[group], shortlisted[group]) if files else share(None, None)
        yield ("WRES", "2", "all", "rate", group, ""), rate
    likelihood = (
        ratio(appointed["WHITE"], shortlisted["WHITE"], appointed["BME"], shortlisted["BME"])
        if files
        else share(None, None)
    )
    yield ("WRES", "2", "all", "relative_likelihood", "WHITE", "BME"), likelihood


def wres_9(
    extracts: Extracts, period: str, level: str, organisation: str, people: list[Person]
) -> Iterator[tuple[Key, Figure]]:
    """The governing bodies of CCGs are not pooled: their ICB has no board yet."""
    files = extracts.of(period, [organisation], "board")
    workforce = sum(person.meanings["ethnicity"].group == "BME" for person in people)
    for part, column in BOARD_PARTS.items():
        members = [row for rows in files for row in rows if column is None or row[column] == "Yes"]
        found = Counter(ethnicity(row["Ethnic Origin"]).group for row in members)
        for group in (*ETHNIC_GROUPS, "gap"):
            is_gap = group == "gap"
            key = ("difference_pp", "BME", "WORKFORCE") if is_gap else ("share", group, "")
            comparator = (workforce, len(people)) if is_gap else (None, None)
            if level == "icb":
                reason = ("not_applicable", "NOT_ADDITIVE")
                figure = Figure(None, None, *comparator, None, *reason)
            elif not files:
                reason = ("missing_source", "MISSING_SOURCE")
                figure = Figure(None, None, *comparator, None, *reason)
            elif is_gap:
                figure = difference(found["BME"], len(members), workforce, len(people))
            else:
                figure = share(found[group], len(members))
            yield ("WRES", "9", part, *key), figure


def declaration(people: list[Person]) -> Iterator[tuple[Key, Figure]]:
    for name in CHARACTERISTICS:
        unknown = [p.meanings[name].kind for p in people if p.meanings[name].group == UNKNOWN]
        known = len(people) - len(unknown)
        yield ("DECLARATION", name, "all", "share", "KNOWN", ""), share(known, len(people))
        yield ("DECLARATION", name, "all", "share", UNKNOWN, ""), share(len(unknown), len(people))
        for kind in KINDS if name != "age_band" else ():
            figure = share(unknown.count(kind), len(unknown))
            yield ("DECLARATION", name, "unknown_kind", "share", kind, ""), figure


def profile(people: list[Person]) -> Iterator[tuple[Key, Figure]]:
    for name in CHARACTERISTICS:
        listed = categories(name)
        in_category = Counter(person.meanings[name].category for person in people)
        in_group = Counter(person.meanings[name].group for person in people)
        for group in set(listed.values()):
            yield ("PSED", name, "all", "share", group, ""), share(in_group[group], len(people))
        for category in listed if set(listed) != set(listed.values()) else ():
            figure = share(in_category[category], len(people))
            yield ("PSED", name, "detail", "share", category, ""), figure
        headcount = Figure(len(people), value=float(len(people)))
        yield ("PSED", name, "all", "headcount", "ALL", ""), headcount


@cache
def reference_rows(name: str) -> list[dict[str, str]]:
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def residents_by_place(organisation: str) -> dict[tuple[str, str, str, str], tuple[int, int]]:
    """Residents of the group and all residents, by area, characteristic, group and base."""
    areas = {
        row["area_code"]
        for row in reference_rows("boundary")
        if row["organisation_code"] == organisation and row["is_pooled"] == "1"
    }
    found: dict[tuple[str, str, str, str], tuple[int, int]] = {}
    for row in reference_rows("census_population"):
        if row["area_code"] in areas:
            counts = int(row["residents"]), int(row["total_residents"])
            for place in (row["area_code"], "boundary"):
                key = (place, row["characteristic"], row["group_code"], row["base"])
                before = found.get(key, (0, 0))
                found[key] = (before[0] + counts[0], before[1] + counts[1])
    return found


def census(organisation: str, people: list[Person]) -> Iterator[tuple[Key, Figure]]:
    ethnic = Counter(person.meanings["ethnicity"].category for person in people)
    headcounts = {
        ("ethnicity", "BME"): sum(p.meanings["ethnicity"].group == "BME" for p in people),
        ("ethnicity", "NOT_WHITE_BRITISH"): len(people) - ethnic[UNKNOWN] - ethnic["A"],
        ("disability", "DISABLED"): sum(
            p.meanings["disability"].group == "DISABLED" for p in people
        ),
        ("sex", "FEMALE"): sum(p.meanings["sex"].group == "FEMALE" for p in people),
    }
    for (place, name, group, base), (residents, total) in residents_by_place(organisation).items():
        if (name, group) not in headcounts:
            continue
        known = sum(person.meanings[name].group != UNKNOWN for person in people)
        for part, staff in ((place, known), (f"{place}:all_staff", len(people))):
            counts = (headcounts[name, group], staff, residents, total)
            key = ("CENSUS", name, part)
            comparator = POPULATION[base]
            yield (*key, "difference_pp", group, comparator), difference(*counts)
            yield (*key, "ratio", group, comparator), ratio(*counts)


@pytest.fixture(scope="module")
def expected(demo_home: Path) -> dict[Key, Figure]:
    """Every figure of the sample by period, level, organisation and the rest of its key."""
    extracts = Extracts(demo_home / "inbox")
    owners = [("employer", code, [code]) for code in extracts.organisations]
    owners.append(("icb", ICB, extracts.organisations))
    found: dict[Key, Figure] = {}
    for period in extracts.periods:
        for level, organisation, members in owners:
            people = extracts.people(period, members)
            assert people is not None
            rows = [
                *wres_1(people),
                *wres_2(extracts, period, members),
                *wres_9(extracts, period, level, organisation, people),
                *declaration(people),
                *profile(people),
                *census(organisation, people),
            ]
            found |= {(period, level, organisation, *key): figure for key, figure in rows}
    return found


@pytest.fixture(scope="module")
def product(demo_home: Path) -> dict[Key, Figure]:
    """The rows of ``figures --unprotected --json``."""
    with pytest.MonkeyPatch.context() as patch:
        printed: list[str] = []
        patch.setattr("builtins.print", lambda *texts, **_: printed.extend(texts))
        assert main(["figures", "--unprotected", "--json", "--home", str(demo_home)]) == 0
    rows = json.loads("".join(printed))
    names = ("period_end", "level", "organisation_code", "standard", "indicator", "part", "measure")
    found = {
        (
            *(row[name] for name in names),
            row["group_code"],
            row["comparator_code"] or "",
        ): Figure(*(row[name] for name in Figure._fields))
        for row in rows
    }
    assert len(found) == len(rows), "two figures have the same key"
    return found


def of_standard(figures: dict[Key, Figure], standard: str) -> dict[Key, Figure]:
    return {key: figure for key, figure in figures.items() if key[3] == standard}


@pytest.mark.parametrize("standard", ["WRES", "DECLARATION", "PSED", "CENSUS"])
def test_every_figure_is_counted_twice_the_same(standard, expected, product):
    ours, theirs = of_standard(expected, standard), of_standard(product, standard)
    assert sorted(theirs.keys() - ours.keys()) == []
    assert sorted(ours.keys() - theirs.keys()) == []
    wrong = {key: (ours[key], theirs[key]) for key in ours if ours[key] != theirs[key]}
    assert wrong == {}


def test_no_other_standard_is_in_the_table(product):
    assert {key[3] for key in product} == {"WRES", "DECLARATION", "PSED", "CENSUS"}


def test_icb_is_smaller_than_the_sum_of_its_employers(product):
    """The people who hold posts in 01T and in 01V are counted once at the ICB."""
    headcount = {
        (period, level, organisation): figure.numerator or 0
        for (period, level, organisation, *key), figure in product.items()
        if key == ["PSED", "sex", "all", "headcount", "ALL", ""]
    }
    for period in {period for period, _, _ in headcount}:
        employers = sum(
            people
            for (day, level, _), people in headcount.items()
            if (day, level) == (period, "employer")
        )
        assert 10 <= employers - headcount[period, "icb", ICB] <= 16
