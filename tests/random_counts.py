"""Whom the figures of a random system count, how many, and what everybody knows of these counts."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from random_people import (
    APPLICANTS,
    CLUSTERS,
    COARSE,
    DETAILED,
    DIRECTORATES,
    GROUPS,
    ICB,
    MARCH,
    REST,
    TRUST,
    Application,
    Post,
    Shape,
)

from pipeline.protect.cells import Owner

Cell = tuple[Owner, str]


class Law(NamedTuple):
    """What everybody knows of some counts: that a sum of them is ``least`` to ``most``."""

    terms: Mapping[Cell, int]
    least: int | None
    most: int | None


def owners(period: date, shape: Shape, codes: list[str]) -> Iterator[tuple[Owner, list[str]]]:
    for code in codes:
        yield Owner(period, "employer", code), [code]
    yield Owner(period, "icb", ICB), [code for code in codes if code != TRUST]
    if shape.has_trust:
        yield Owner(period, "system", ICB), codes


def ways(owner: Owner, codes: list[str], shape: Shape) -> list[list[Owner]]:
    employers = [Owner(owner.period_end, "employer", code) for code in codes]
    if owner.level == "icb":
        return [employers]
    trust = Owner(owner.period_end, "employer", TRUST)
    return [employers, sorted([trust, Owner(owner.period_end, "icb", ICB)])]


def parts_of(shape: Shape, owner: Owner) -> dict[str, list[str]]:
    """Return the parts that an organisation's profile is split by, by what splits it."""
    if owner.period_end.month != MARCH:
        return {}
    found = {}
    if shape.directorates and owner.level == "employer":
        found["directorate"] = [f"directorate:{one}" for one in DIRECTORATES[: shape.directorates]]
    if CLUSTERS in shape.characteristics:
        found["cluster"] = [f"cluster_{number}" for number in range(1, 8)]
    return found


def coarse(characteristic: str, group: str) -> tuple[str, str]:
    """Return the coarse group of a group, with the name of what it is a group of."""
    name, groups = COARSE.get(characteristic, (characteristic, {}))
    return name, groups.get(group, REST.get(characteristic, group))


def coarse_groups(characteristic: str) -> list[tuple[str, str]]:
    """Return the coarse groups of a characteristic; of ages that of nobody is none."""
    groups = [name for name in GROUPS[characteristic] if (characteristic, name) != NO_AGE]
    return sorted({coarse(characteristic, group) for group in groups})


NO_AGE = ("age_band", "UNKNOWN")


def counted(shape: Shape, owner: Owner, people: Iterable[Post]) -> dict[str, int]:
    asked = [name for name in GROUPS if name in shape.characteristics]
    parts = parts_of(shape, owner)
    counts: Counter[str] = Counter(dict.fromkeys(names_of(shape, owner), 0))
    for post in people:
        own = [part for part in (f"directorate:{post.directorate}",) if "directorate" in parts]
        own += [post.cluster] if "cluster" in parts else []
        for part in ("all", *own):
            counts[f"workforce/{part}//ALL"] += 1
        for name in asked:
            group, category = post.said[name]
            counts[f"workforce/all/{name}/{group}"] += 1
            counts[f"workforce/all/{name}/KNOWN"] += group != "UNKNOWN"
            counts[f"workforce/all/{name}:{group}/{category}"] += 1
            of, coarser = coarse(name, group)
            for part in ("all", *own) if of != name else own:
                counts[f"workforce/{part}/{of}/{coarser}"] += 1
    names = names_of(shape, owner)
    return {name: counts[name] for name in names}


def names_of(shape: Shape, owner: Owner) -> list[str]:
    """Return the names of the counts of a workforce that the figures of its owner tell."""
    parts = [part for own in parts_of(shape, owner).values() for part in own]
    is_march = owner.period_end.month == MARCH
    found = [f"workforce/{part}//ALL" for part in ("all", *parts)]
    for name in (name for name in GROUPS if name in shape.characteristics):
        groups = GROUPS[name]
        found += [f"workforce/all/{name}/{group}" for group in (*groups, "KNOWN")]
        found += [f"workforce/all/{name}:UNKNOWN/{kind}" for kind in groups["UNKNOWN"]]
        if is_march and name in DETAILED:
            found += [
                f"workforce/all/{name}:{group}/{category}"
                for group, categories in groups.items()
                for category in (categories if group != "UNKNOWN" else ())
            ]
        coarser = coarse_groups(name)
        of_parts = ("all", *parts) if name in COARSE and is_march else parts
        found += [f"workforce/{part}/{of}/{group}" for part in of_parts for of, group in coarser]
    return found


def applied(applications: list[Application]) -> dict[str, int]:
    asked = list(applications[0].said) if applications else []
    found = {
        f"{population}/all/{name}/{group}": 0
        for name in asked
        for group in GROUPS[name]
        for population in ("shortlisted", "appointed")
    }
    for application in applications:
        for name, (group, _) in application.said.items():
            found[f"shortlisted/all/{name}/{group}"] += 1
            found[f"appointed/all/{name}/{group}"] += application.is_appointed
    return found


def own_laws(shape: Shape, owner: Owner, counts: Mapping[str, int]) -> Iterator[Law]:
    """Yield how the counts of one organisation hang together."""

    def adds_up(total: str, addends: Iterable[str]) -> Law:
        terms = dict.fromkeys(((owner, name) for name in addends), 1)
        return Law({**terms, (owner, total): -1}, 0, 0)

    everybody = "workforce/all//ALL"
    asked = [name for name in GROUPS if name in shape.characteristics]
    parts = parts_of(shape, owner)
    for own in parts.values():
        yield adds_up(everybody, [f"workforce/{part}//ALL" for part in own])
    for name in asked:
        base = f"workforce/all/{name}"
        groups = GROUPS[name]
        yield adds_up(everybody, [f"{base}/{group}" for group in groups])
        yield adds_up(everybody, [f"{base}/KNOWN", f"{base}/UNKNOWN"])
        for group, categories in groups.items():
            own_names = [f"{base}:{group}/{category}" for category in categories]
            if own_names and all(one in counts for one in own_names):
                yield adds_up(f"{base}/{group}", own_names)
        finer: dict[str, list[str]] = defaultdict(list)
        for group in groups:
            if (name, group) != NO_AGE:
                of, coarser = coarse(name, group)
                finer[f"{of}/{coarser}"].append(f"{base}/{group}")
        if name in COARSE and owner.period_end.month == MARCH:
            for coarser, of_group in finer.items():
                yield adds_up(f"workforce/all/{coarser}", of_group)
        for own in parts.values():
            for coarser in finer:
                yield adds_up(
                    f"workforce/all/{coarser}", [f"workforce/{part}/{coarser}" for part in own]
                )
            if (name, "UNKNOWN") != NO_AGE:
                for part in own:
                    yield adds_up(
                        f"workforce/{part}//ALL", [f"workforce/{part}/{one}" for one in finer]
                    )
    yield from _laws_of_applications(owner, counts)


def _laws_of_applications(owner: Owner, counts: Mapping[str, int]) -> Iterator[Law]:
    for name in counts:
        if name.startswith("appointed/"):
            shortlisted = name.replace("appointed/", "shortlisted/")
            yield Law({(owner, name): 1, (owner, shortlisted): -1}, None, 0)
    for population in ("shortlisted", "appointed"):
        tables = [
            [(owner, f"{population}/all/{name}/{group}") for group in GROUPS[name]]
            for name in APPLICANTS
            if f"{population}/all/{name}/UNKNOWN" in counts
        ]
        if len(tables) > 1:
            yield Law(dict.fromkeys(tables[0], 1) | dict.fromkeys(tables[1], -1), 0, 0)


def pooled_laws(
    owner: Owner, ways: Iterable[list[Owner]], counts: Mapping[Owner, Mapping[str, int]]
) -> Iterator[Law]:
    """Yield how pooled counts hang together with those of the members.

    An application is one of one employer. Of people some stand in two members: each of them adds
    one to the headcounts that is not in the pooled one, and to a count of a part or group at most
    one that is not in the pooled one. In a part a group may gain as well, since what is known from
    the second record is counted in the part of the first.
    """
    everybody = "workforce/all//ALL"
    for way in ways:
        twice = {(member, everybody): 1 for member in way} | {(owner, everybody): -1}
        yield Law(twice, 0, None)
        for name in counts[owner]:
            apart = {(member, name): 1 for member in way if name in counts[member]} | {
                (owner, name): -1
            }
            if not name.startswith("workforce/"):
                yield Law(apart, 0, 0)
            elif name != everybody and len(apart) == len(way) + 1:
                yield Law(_plus(apart, twice, -1), None, 0)
                is_of_all = name.startswith("workforce/all/")
                yield Law(apart, 0, None) if is_of_all else Law(_plus(apart, twice, 1), 0, None)


def _plus(terms: Mapping[Cell, int], others: Mapping[Cell, int], times: int) -> dict[Cell, int]:
    found = Counter(dict(terms))
    for cell, number in others.items():
        found[cell] += times * number
    return dict(found)
