"""How many people are of known ethnicity, disability and so on."""

from collections.abc import Iterator

from recount.extracts import Extracts
from recount.people import CHARACTERISTICS, KINDS, UNKNOWN
from recount.values import Figure, Key, share

STANDARDS = ("DECLARATION",)


def figures(
    extracts: Extracts, period: str, level: str, organisation: str, members: list[str]
) -> Iterator[tuple[Key, Figure]]:
    """Return every figure of the standard, for one organisation and snapshot."""
    people = extracts.people(period, members)
    assert people is not None
    for name in CHARACTERISTICS:
        unknown = [p.meanings[name].kind for p in people if p.meanings[name].group == UNKNOWN]
        known = len(people) - len(unknown)
        yield ("DECLARATION", name, "all", "share", "KNOWN", ""), share(known, len(people))
        yield ("DECLARATION", name, "all", "share", UNKNOWN, ""), share(len(unknown), len(people))
        for kind in KINDS if name != "age_band" else ():
            figure = share(unknown.count(kind), len(unknown))
            yield ("DECLARATION", name, "unknown_kind", "share", kind, ""), figure
