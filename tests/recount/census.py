"""The workforce against the residents of its boundary. Source: ONS, Census 2021."""

from collections import Counter
from collections.abc import Iterator
from functools import cache

from recount.extracts import Extracts, reference_rows
from recount.people import UNKNOWN
from recount.values import MISSING, Figure, Key, difference, ratio

STANDARDS = ("CENSUS",)

POPULATION = {"ALL_RESIDENTS": "POPULATION", "AGED_16_PLUS": "POPULATION_16_PLUS"}


@cache
def residents_by_place(organisation: str) -> dict[tuple[str, str, str, str], tuple[int, ...]]:
    """Residents of the group, who answered, and all, by area, characteristic, group and base."""
    areas = {
        row["area_code"]
        for row in reference_rows("boundary")
        if row["organisation_code"] == organisation and row["is_pooled"] == "1"
    }
    found: dict[tuple[str, str, str, str], tuple[int, ...]] = {}
    for row in reference_rows("census_population"):
        if row["area_code"] in areas:
            counts = (
                int(row["residents"]),
                int(row["answered_residents"]),
                int(row["total_residents"]),
            )
            for place in (row["area_code"], "boundary"):
                key = (place, row["characteristic"], row["group_code"], row["base"])
                before = found.get(key, (0, 0, 0))
                found[key] = tuple(map(sum, zip(before, counts, strict=True)))
    return found


def figures(
    extracts: Extracts, period: str, level: str, organisation: str, members: list[str]
) -> Iterator[tuple[Key, Figure]]:
    """Return every figure of the standard, for one organisation and snapshot."""
    people = extracts.people(period, members)
    assert people is not None
    british = sum(person.meanings["ethnicity"].category == "A" for person in people)
    for key_of, (residents, answered, everybody) in residents_by_place(organisation).items():
        place, name, group, base = key_of
        if (name, group) == ("sex", "MALE"):
            continue
        found = Counter(person.meanings[name].group for person in people)
        known = len(people) - found[UNKNOWN]
        headcount = known - british if group == "NOT_WHITE_BRITISH" else found[group]
        for part, staff, total in (
            (place, known, answered),
            (f"{place}:all_staff", len(people), everybody),
        ):
            counts = (headcount, staff, residents, total)
            key = ("CENSUS", name, part)
            comparator = POPULATION[base]
            yield (*key, "difference_pp", group, comparator), difference(*counts)
            yield (*key, "ratio", group, comparator), ratio(*counts)
    if residents_by_place(organisation):
        # The census tells no marital status by authority.
        for part in ("boundary", "boundary:all_staff"):
            for measure in ("difference_pp", "ratio"):
                key = ("CENSUS", "marital_status", part, measure, "MARRIED_CP")
                yield (*key, "POPULATION_16_PLUS"), MISSING
