"""The workforce by protected characteristic. Source: SI 2017/353, regulation 4.

By directorate and by band group in at most three groups, once a year; the band groups are the
clusters of the WDES technical guidance.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from recount.extracts import Extracts
from recount.people import AGE_BANDS, BANDS, CHARACTERISTICS, Person, categories
from recount.values import Figure, Key, share

STANDARDS = ("PSED",)

OF_AGE = {
    **dict.fromkeys(AGE_BANDS[:4], "UNDER_36"),
    **dict.fromkeys(AGE_BANDS[4:7], "36-50"),
    **dict.fromkeys(AGE_BANDS[7:], "OVER_50"),
}
NAMED_RELIGIONS = ("CHRISTIANITY", "UNKNOWN")
COARSE = {
    "ethnicity": ("WHITE", "BME", "UNKNOWN"),
    "disability": ("DISABLED", "NON_DISABLED", "UNKNOWN"),
    "sex": ("FEMALE", "MALE", "UNKNOWN"),
    "sexual_orientation": ("HETERO", "LGB_PLUS", "UNKNOWN"),
    "marital_status": ("MARRIED_CP", "OTHER", "UNKNOWN"),
    "religion": ("CHRISTIANITY", "OTHER_RELIGION", "UNKNOWN"),
    "age_band": ("UNDER_36", "36-50", "OVER_50"),
}
CLUSTERS = tuple(f"cluster_{number}" for number in range(1, 8))
MEDICAL_CLUSTERS = {"consultant": 5, "non_consultant_career": 6, "medical_other": 6, "trainee": 7}


def figures(
    extracts: Extracts, period: str, level: str, organisation: str, members: list[str]
) -> Iterator[tuple[Key, Figure]]:
    """Return every figure of the standard, for one organisation and snapshot."""
    people = extracts.people(period, members)
    assert people is not None
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
    if period.endswith("-03-31"):
        yield from _by_part(people, _clusters(people), CLUSTERS)
        for name in ("religion", "age_band"):
            yield from _shares(name, "coarse", people)
        if level == "employer":
            directorates = _directorates(extracts, organisation, people)
            yield from _by_part(people, directorates, {*directorates})


def _by_part(
    people: list[Person], part_of: list[str], parts: Iterable[str]
) -> Iterator[tuple[Key, Figure]]:
    for part in parts:
        members = [one for one, own in zip(people, part_of, strict=True) if own == part]
        for name in COARSE:
            yield from _shares(name, part, members)


def _shares(name: str, part: str, people: list[Person]) -> Iterator[tuple[Key, Figure]]:
    found = Counter(_coarse(name, person.meanings[name].group) for person in people)
    for group in COARSE[name]:
        yield ("PSED", name, part, "share", group, ""), share(found[group], len(people))


def _coarse(name: str, group: str) -> str:
    if name == "religion" and group not in NAMED_RELIGIONS:
        return "OTHER_RELIGION"
    return OF_AGE[group] if name == "age_band" else group


def _clusters(people: Iterable[Person]) -> list[str]:
    """Bands to 4, 5 to 7, 8a and 8b, 8c and above; then the medical grades."""
    names = []
    for person in people:
        side, _, row = person.part.partition(":")
        if side == "medical":
            names.append(f"cluster_{MEDICAL_CLUSTERS[row]}")
        else:
            names.append(f"cluster_{1 + sum(BANDS.index(row) >= n for n in (5, 8, 10))}")
    return names


def _directorates(extracts: Extracts, organisation: str, people: Iterable[Person]) -> list[str]:
    """The commonest spelling over all files names a directorate; signs of a part are hyphens."""
    spelt = Counter(
        _tidy(row["Directorate"])
        for (_, code, source), rows in extracts.files.items()
        if code == organisation and source == "esr_staff"
        for row in rows
    )
    names = {"": "(none)", "all": "(all)"}
    for spelling, _ in sorted(spelt.items(), key=lambda item: (-item[1], item[0])):
        names.setdefault(spelling.lower(), spelling)
    return [f"directorate:{names[_tidy(person.directorate).lower()]}" for person in people]


def _tidy(text: str) -> str:
    return " ".join(text.split()).replace("/", "-").replace(":", "-")
