"""The workforce by protected characteristic. Source: SI 2017/353, regulation 4."""

from collections import Counter
from collections.abc import Iterator

from recount.extracts import Extracts
from recount.people import CHARACTERISTICS, categories
from recount.values import Figure, Key, share

STANDARDS = ("PSED",)


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
