"""The workforce against the residents of its boundary. Source: ONS, Census 2021."""

from collections import Counter
from collections.abc import Iterator
from functools import cache

from recount.extracts import Extracts, reference_rows
from recount.people import CHARACTERISTICS, UNKNOWN
from recount.values import MISSING, Figure, Key, difference, ratio

STANDARDS = ("CENSUS",)

POPULATION = {"ALL_RESIDENTS": "POPULATION", "AGED_16_PLUS": "POPULATION_16_PLUS"}


@cache
def residents_by_place(organisation: str) -> dict[tuple[str, str, str, str], tuple[int, int, int]]:
    """Residents of the group, those who answered and all, by area, characteristic, group, base."""
    areas = {
        row["area_code"]
        for row in reference_rows("boundary")
        if row["organisation_code"] == organisation and row["is_pooled"] == "1"
    }
    found: dict[tuple[str, str, str, str], tuple[int, int, int]] = {}
    for row in reference_rows("census_population"):
        if row["area_code"] in areas:
            columns = ("residents", "answered_residents", "total_residents")
            group, answered, everybody = (int(row[column]) for column in columns)
            for place in (row["area_code"], "boundary"):
                key = (place, row["characteristic"], row["group_code"], row["base"])
                before = found.get(key, (0, 0, 0))
                found[key] = before[0] + group, before[1] + answered, before[2] + everybody
    return found


def figures(
    extracts: Extracts, period: str, level: str, organisation: str, members: list[str]
) -> Iterator[tuple[Key, Figure]]:
    """Return every figure of the standard, for one organisation and snapshot."""
    people = extracts.people(period, members)
    assert people is not None
    headcounts = Counter(
        (name, person.meanings[name].group) for person in people for name in CHARACTERISTICS
    )
    ethnic = Counter(person.meanings["ethnicity"].category for person in people)
    of_white_british = ethnic[UNKNOWN] + ethnic["A"]
    headcounts["ethnicity", "NOT_WHITE_BRITISH"] = len(people) - of_white_british
    places = residents_by_place(organisation)
    for (place, name, group, base), (residents, answered, everybody) in places.items():
        if group == "MALE":
            continue
        known = len(people) - headcounts[name, UNKNOWN]
        for part, staff, total in (
            (place, known, answered),
            (f"{place}:all_staff", len(people), everybody),
        ):
            counts = (headcounts[name, group], staff, residents, total)
            key = ("CENSUS", name, part)
            comparator = POPULATION[base]
            yield (*key, "difference_pp", group, comparator), difference(*counts)
            yield (*key, "ratio", group, comparator), ratio(*counts)
    for part in ("boundary", "boundary:all_staff") if places else ():
        for measure in ("difference_pp", "ratio"):
            key = ("CENSUS", "marital_status", part, measure, "MARRIED_CP", "POPULATION_16_PLUS")
            yield key, MISSING
