"""The workforce against the residents of its boundary. Source: ONS, Census 2021."""

from collections import Counter
from collections.abc import Iterator
from functools import cache

from recount.extracts import Extracts, reference_rows
from recount.people import UNKNOWN
from recount.values import Figure, Key, difference, ratio

STANDARDS = ("CENSUS",)

POPULATION = {"ALL_RESIDENTS": "POPULATION", "AGED_16_PLUS": "POPULATION_16_PLUS"}


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


def figures(
    extracts: Extracts, period: str, level: str, organisation: str, members: list[str]
) -> Iterator[tuple[Key, Figure]]:
    """Return every figure of the standard, for one organisation and snapshot."""
    people = extracts.people(period, members)
    assert people is not None
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
