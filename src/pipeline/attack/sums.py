"""What a reader of the published file knows of how its counts add up.

Written apart from the product's own relations: which groups make up a characteristic, which
categories a group, which pay rows a part, who is part of whom, whom an ICB and a system pool.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from pipeline.resources import reference


class Count(NamedTuple):
    """Whom a count counts; details are in the characteristic, as ``ethnicity:WHITE``."""

    period: str
    level: str
    organisation: str
    population: str
    part: str
    characteristic: str
    group: str


class Sum(NamedTuple):
    """A total and the counts that add up to it."""

    total: Count
    addends: tuple[Count, ...]


Owner = tuple[str, str, str]
"""Whose counts they are: period, level and code of the organisation."""
Group = tuple[str, str]
"""A characteristic, or the details of one of its groups, and a group of it."""
Name = tuple[str, str, str, str]
"""Whom a count counts, whosever they are: population, part, characteristic and group."""

Ways = list[list[tuple[str, str]]]
"""Every way in which an organisation pools others, as level and code of each of them."""
Members = Mapping[tuple[str, str, str], Ways]
"""Those of an organisation of a snapshot: period, level, code."""

EVERYBODY: Group = ("", "ALL")
FAMILIES = ("directorate", "quarter", "reason")
"""Parts that no list holds, as ``directorate:Finance``; each person is in one of them."""
IN_PARTS = ("workforce", "full_pay")
PART_OF = {
    "appointed": "shortlisted",
    "trained": "workforce:training",
    "promoted": "workforce",
    "full_pay": "pay",
    "bonus": "pay",
    "exit_interviewed": "leavers",
    "workforce:training": "workforce",
    "workforce:employee_relations": "workforce",
    "workforce:movers": "workforce",
}
"""Whose people, or cases, are all among whose, group by group."""
_NOT_POOLED = ("board", "survey_base")
"""Of whom an ICB has its own; a report of the survey on several employers counts once."""


def sums(counts: Iterable[Count]) -> Iterator[Sum]:
    """Return every sum that holds among counts of one organisation.

    The total need not be one of them: what adds up to it twice is known to be equal.
    """
    groups: dict[Owner, dict[tuple[str, str], set[Group]]] = defaultdict(lambda: defaultdict(set))
    for count in counts:
        groups[count[:3]][count.population, count.part].add((count.characteristic, count.group))
    for owner, tables in groups.items():
        for total, addends in sums_of_names(tables):
            yield Sum(Count(*owner, *total), tuple(Count(*owner, *one) for one in addends))


def sums_of_names(
    tables: Mapping[tuple[str, str], Collection[Group]],
) -> Iterator[tuple[Name, tuple[Name, ...]]]:
    """Return every sum that holds among counts of these names, each total with its addends.

    Args:
        tables: the groups that are counted, by population and part.
    """
    parts: dict[str, dict[Group, set[str]]] = defaultdict(lambda: defaultdict(set))
    for base, groups in tables.items():
        for total, addends in sums_of_groups(frozenset(groups)):
            yield (*base, *total), tuple((*base, *one) for one in addends)
        for group in groups:
            parts[base[0]][group].add(base[1])
    for population, of_groups in parts.items():
        every = frozenset[str]().union(*of_groups.values())
        for group, own in of_groups.items():
            listed, opened = sums_of_parts(frozenset(own)), sums_of_families(frozenset(own), every)
            for whole, split in (*(listed if population in IN_PARTS else ()), *opened):
                yield (
                    (population, whole, *group),
                    tuple((population, part, *group) for part in split),
                )


@lru_cache(maxsize=4096)
def sums_of_groups(groups: frozenset[Group]) -> tuple[tuple[Group, tuple[Group, ...]], ...]:
    """Return how the people of a part add up by their groups; few sets of groups recur."""
    own: dict[str, list[Group]] = defaultdict(list)
    for group in sorted(groups):
        own[group[0]].append(group)
    found = (*_partitions(own), *_coarse(own))
    return tuple(
        (total, tuple(addends))
        for total, addends in found
        if addends and groups.issuperset(addends)
    )


def _partitions(own: Mapping[str, list[Group]]) -> Iterator[tuple[Group, list[Group]]]:
    for characteristic in sorted({name.partition(":")[0] for name in own} - {""}):
        known, unknown, other = (
            (characteristic, name) for name in ("KNOWN", "UNKNOWN", "NOT_WHITE_BRITISH")
        )
        groups = [group for group in own.get(characteristic, ()) if group not in (known, other)]
        fine = []
        for group in groups:
            finer = own.get(f"{characteristic}:{group[1]}", [])
            if finer:
                yield group, finer
            fine += finer if finer and group != unknown else [group]
        for split in (groups, fine):
            # A declaration rate has the unknown alone of all groups.
            if unknown in groups and len(groups) > 1:
                yield EVERYBODY, split
            yield known, [group for group in split if group != unknown]
        yield EVERYBODY, [known, unknown]
        white = own.get("ethnicity:WHITE", [])
        british = "ethnicity:WHITE", "A"
        if characteristic == "ethnicity" and british in white:
            yield known, [other, british]
            yield other, [group for group in fine if group not in (british, unknown)]
            yield other, [("ethnicity", "BME"), *(group for group in white if group != british)]


def _coarse(own: Mapping[str, list[Group]]) -> Iterator[tuple[Group, list[Group]]]:
    """Return the groups that each coarse group with a name of its own is made of."""
    for coarse, groups in _coarse_groups().items():
        if own.keys() >= {characteristic for characteristic, _ in groups}:
            yield coarse, groups


@cache
def _coarse_groups() -> dict[Group, list[Group]]:
    groups: dict[Group, list[Group]] = defaultdict(list)
    for row in reference("coarse_group"):
        if row["coarse_characteristic"] != row["characteristic"]:
            coarse = row["coarse_characteristic"], row["coarse_group"]
            groups[coarse].append((row["characteristic"], row["group_code"]))
    return groups


Parts = tuple[tuple[str, tuple[str, ...]], ...]
"""Parts and those that they divide into."""


@lru_cache(maxsize=4096)
def sums_of_parts(own: frozenset[str]) -> Parts:
    """Return how people add up by parts of the catalogue, where they are counted in ``own``."""
    return tuple(
        (part, tuple(sorted(split)))
        for part in _rows_of_parts()
        for split in _splits(part)
        if split <= own
    )


@lru_cache(maxsize=4096)
def sums_of_families(own: frozenset[str], every: frozenset[str]) -> Parts:
    """Return how people add up by parts that no catalogue lists.

    Args:
        own: the parts in which they are counted.
        every: the parts in which anybody is.
    """
    families = [
        tuple(sorted(part for part in every if part.startswith(f"{family}:")))
        for family in FAMILIES
    ]
    return tuple(("all", names) for names in families if names and own.issuperset(names))


def is_listed(part: str) -> bool:
    """Return whether the catalogue lists a part."""
    return part in _rows_of_parts()


@cache
def _rows_of_parts() -> dict[str, frozenset[str]]:
    """Return the pay rows of each part of a workforce, as the catalogue of parts lists them."""
    rows: dict[str, set[str]] = defaultdict(set)
    for row in reference("workforce_part_row"):
        rows[row["part"]].add(f"{row['side']}:{row['band_code']}")
    return {part: frozenset(held) for part, held in rows.items()}


@cache
def _splits(total: str) -> tuple[frozenset[str], ...]:
    """Return the ways in which a part divides: parts of a kind and the rest, or any two parts."""
    rows = _rows_of_parts()
    kinds: dict[tuple[str, bool], set[str]] = defaultdict(set)
    for part in rows.keys() - {total}:
        if rows[part] <= rows[total]:
            side, _, name = part.rpartition(":")
            kind = name.partition("_")[0]
            kind = kind if kind in ("all", "band", "cluster", "tier") else "row"
            kinds[kind, bool(side)].add(part)
    found = set()
    within = {part for parts in kinds.values() for part in parts}
    for parts in (*kinds.values(), *({part} for part in within)):
        rest = rows[total].difference(*(rows[part] for part in parts))
        if not rest:
            found.add(frozenset(parts))
        found |= {frozenset({*parts, part}) for part in rows if rest and rows[part] == rest}
    return tuple(sorted(found, key=sorted))


def same_staff(
    counts: Iterable[Count], senders: Mapping[tuple[str, str, str], Mapping[str, set[str]]]
) -> Iterator[Sum]:
    """Return the workforce of those who sent a source with all staff, where all of them sent it.

    Args:
        counts: the counts.
        senders: who sent each source, by period, level and organisation.
    """
    for count in counts:
        population, _, source = count.population.partition(":")
        sent = senders.get(count[:3], {})
        if source and sent.get("esr_staff", set()) <= sent.get(source, set()):
            yield Sum(count._replace(population=population), (count,))


def pooled(counts: Iterable[Count], members: Members) -> Iterator[Sum]:
    """Return each count of a pooled organisation with those of the organisations in it.

    People in two of them make the addends exceed the total.
    """
    known = set(counts)
    for total in known:
        for way in members.get(total[:3], ()) if total.population not in _NOT_POOLED else ():
            own = (total._replace(level=level, organisation=code) for level, code in way)
            addends = tuple(count for count in own if count in known)
            if addends:
                yield Sum(total, addends)


def nested(counts: Iterable[Count]) -> Iterator[tuple[Count, Count]]:
    """Return each pair of a count and another that is part of it, without more between them."""
    known = set(counts)
    for count in known:
        for whole in wholes_of(count[3:]):
            if (of := Count(*count[:3], *whole)) in known:
                yield of, count


def wholes_of(name: Name) -> set[Name]:
    """Return what the people, or cases, of a name are all part of."""
    population, part, characteristic, group = name
    wholes = set()
    if population in PART_OF:
        wholes.add((PART_OF[population], part, characteristic, group))
    if population == "board" and part != "all":
        wholes.add((population, "all", characteristic, group))
    if part == "one_year":
        wholes.add((population, "two_year", characteristic, group))
    if group == "KNOWN":
        wholes.add((population, part, *EVERYBODY))
    return wholes
