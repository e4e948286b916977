"""Progress through the bands: the race disparity ratio, and parity in the senior bands.

Sources: NHS England, race disparity ratio (2021); NHS England and NHS Improvement, A Model
Employer (2019).
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from math import ceil, floor

from recount.extracts import Extracts
from recount.people import BANDS, UNKNOWN, Person
from recount.values import Figure, Key, ratio, rounded

STANDARDS = ("RDR", "MODEL_EMPLOYER")

TIERS = {"lower": BANDS[:6], "middle": BANDS[6:8], "upper": BANDS[8:]}
STEPS = (("lower", "middle"), ("middle", "upper"), ("lower", "upper"))
SENIOR = {
    **{f"band_{band}": (band,) for band in BANDS[8:]},
    "tier_upper": BANDS[8:],
    "cluster_4": BANDS[10:],
}
TOTALS = ("tier_upper", "cluster_4")
FIRST_BASELINE = "2018-03-31"
TARGETS = (2025, 2028)


def figures(
    extracts: Extracts, period: str, level: str, organisation: str, members: list[str]
) -> Iterator[tuple[Key, Figure]]:
    """Return every figure of the standards, for one organisation and snapshot."""
    people = extracts.people(period, members)
    assert people is not None
    yield from _disparity(people)
    base = _baseline(extracts, period, level, organisation)
    for part, bands in SENIOR.items():
        yield from _parity(part, _in(people, bands), base, period)


def _in(people: Iterable[Person], bands: Iterable[str], side: str = "all") -> Counter[str]:
    """Headcount by ethnic group of the people of some bands, and of all of them."""
    found = Counter[str]()
    for person in people:
        own_side, _, row = person.part.partition(":")
        if own_side != "medical" and row in bands and side in ("all", own_side):
            found[person.meanings["ethnicity"].group] += 1
    found["ALL"] = found.total()
    return found


def _disparity(people: list[Person]) -> Iterator[tuple[Key, Figure]]:
    for side in ("all", "clinical", "non_clinical"):
        tiers = {tier: _in(people, bands, side) for tier, bands in TIERS.items()}
        for low, high in STEPS:
            one, other = tiers[high], tiers[low]
            counts = (one["WHITE"], other["WHITE"], one["BME"], other["BME"])
            key = ("RDR", f"{low}_to_{high}", side, "ratio", "WHITE", "BME")
            yield key, ratio(*counts)


def _baseline(
    extracts: Extracts, period: str, level: str, organisation: str
) -> tuple[str, list[Person]] | None:
    """The first 31 March of the organisation, if it is not after the snapshot, and who it had."""
    for day in extracts.periods:
        if not FIRST_BASELINE <= day <= period or not day.endswith("-03-31"):
            continue
        for owner in extracts.owners(day):
            people = extracts.people(day, owner.members)
            if owner[:2] == (level, organisation) and people is not None:
                return day, people
    return None


def _parity(
    part: str, now: Counter[str], baseline: tuple[str, list[Person]] | None, period: str
) -> Iterator[tuple[Key, Figure]]:
    if baseline is None:
        for name in _names(part):
            yield _key(name, part), _none("NO_BASELINE")
        return
    day, people = baseline
    groups = Counter(person.meanings["ethnicity"].group for person in people)
    known = len(people) - groups[UNKNOWN]
    if not known or not now["ALL"]:
        for name in _names(part):
            yield _key(name, part), _none("NO_NUMERATOR_BASE" if known else "NO_COMPARATOR_BASE")
        return
    parity = Fraction(groups["BME"] * now["ALL"], known)
    yield _key("parity", part), Figure(value=rounded(parity, 1))
    if parity < 1:
        for name in _names(part)[1:]:
            yield _key(name, part), _none("PARITY_BELOW_ONE")
        return
    if part in TOTALS:
        shortfall = max(0, ceil(parity) - now["BME"])
        yield _key("shortfall", part), Figure(value=float(shortfall))
    for year in TARGETS:
        before = _in(people, SENIOR[part])["BME"]
        line = parity if before >= parity else before + _way(day, period, year) * (parity - before)
        yield _key(f"line_{year}", part), Figure(value=rounded(line, 1))
        if part in TOTALS:
            is_due = date.fromisoformat(period) >= date(year, 3, 31)
            least = ceil(line) if is_due else floor(line + Fraction(1, 2))
            yield _key(f"on_track_{year}", part), Figure(value=float(now["BME"] >= least))


def _way(start: str, end: str, year: int) -> Fraction:
    """The part of the way from a day to a target year that is gone at another, by months."""
    first, now = (int(day[:4]) * 12 + int(day[5:7]) for day in (start, end))
    return min(Fraction(1), Fraction(now - first, year * 12 + 3 - first))


def _names(part: str) -> list[str]:
    on_totals = ("shortfall", *(f"on_track_{year}" for year in TARGETS)) if part in TOTALS else ()
    return ["parity", *(f"line_{year}" for year in TARGETS), *on_totals]


def _key(name: str, part: str) -> Key:
    measure = "score" if name.startswith(("parity", "line")) else "count"
    return ("MODEL_EMPLOYER", name, part, measure, "BME", "")


def _none(reason: str) -> Figure:
    return Figure(status="not_applicable", reason=reason)
