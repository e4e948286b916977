"""What a reader of the published file knows of how its counts add up.

Written apart from the product's own relations: which groups make up a characteristic, which
categories a group, which pay rows a part, who is part of whom, whom an ICB and a system pool.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

from counted_people import reference


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


Ways = list[list[tuple[str, str]]]
"""Every way in which an organisation pools others, as level and code of each of them."""
Members = Mapping[tuple[str, str, str], Ways]
"""Those of an organisation of a snapshot: period, level, code."""

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


def sums(counts: Iterable[Count]) -> Iterator[Sum]:
    """Return every sum that holds among counts of one organisation.

    The total need not be one of them: what adds up to it twice is known to be equal.
    """
    known = set(counts)
    tables: dict = defaultdict(lambda: defaultdict(lambda: defaultdict(dict)))
    for count in known:
        tables[count[:4]][count.part][count.characteristic][count.group] = count
    for owner, parts in tables.items():
        for part, own in parts.items():
            everybody = Count(*owner, part, "", "ALL")
            for total, addends in (*_partitions(everybody, own), *_coarse(everybody, own)):
                if addends and known.issuperset(addends):
                    yield Sum(total, tuple(addends))
        for total, addends in _parts(owner[-1], parts):
            if addends and known.issuperset(addends):
                yield Sum(total, tuple(addends))


def _partitions(everybody: Count, own: Mapping) -> Iterator[tuple[Count, list[Count]]]:
    for characteristic in sorted({name.partition(":")[0] for name in own} - {""}):
        of = everybody._replace(characteristic=characteristic)
        known, unknown = of._replace(group="KNOWN"), of._replace(group="UNKNOWN")
        other = of._replace(group="NOT_WHITE_BRITISH")
        groups = [count for count in own[characteristic].values() if count not in (known, other)]
        fine = []
        for group in groups:
            finer = list(own.get(f"{characteristic}:{group.group}", {}).values())
            if finer:
                yield group, finer
            fine += finer if finer and group != unknown else [group]
        for split in (groups, fine):
            if unknown in groups:
                yield everybody, split
            yield known, [count for count in split if count != unknown]
        yield everybody, [known, unknown]
        white = set(own.get("ethnicity:WHITE", {}).values())
        british = of._replace(characteristic="ethnicity:WHITE", group="A")
        if characteristic == "ethnicity" and british in white:
            yield known, [other, british]
            yield other, [count for count in fine if count not in (british, unknown)]
            yield other, [of._replace(group="BME"), *(white - {british})]


def _coarse(everybody: Count, own: Mapping) -> Iterator[tuple[Count, list[Count]]]:
    """Return the groups that each coarse group with a name of its own is made of."""
    for coarse, groups in _coarse_groups().items():
        if own.keys() >= {characteristic for characteristic, _ in groups}:
            total, *addends = (
                everybody._replace(characteristic=characteristic, group=group)
                for characteristic, group in (coarse, *groups)
            )
            yield total, addends


@cache
def _coarse_groups() -> dict[tuple[str, str], list[tuple[str, str]]]:
    groups: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for row in reference("coarse_group"):
        if row["coarse_characteristic"] != row["characteristic"]:
            coarse = row["coarse_characteristic"], row["coarse_group"]
            groups[coarse].append((row["characteristic"], row["group_code"]))
    return groups


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


def _parts(population: str, parts: Mapping) -> Iterator[tuple[Count, list[Count]]]:
    """Return how the people of one population add up by the parts that they are in."""
    listed = _rows_of_parts() if population in IN_PARTS else ()
    divided = [
        (part, sorted(split)) for part in listed for split in _splits(part) if split <= parts.keys()
    ]
    for family in FAMILIES:
        names = sorted(part for part in parts if part.startswith(f"{family}:"))
        divided += [("all", names)] if names else []
    any_of = {
        (count.characteristic, count.group): count
        for own in parts.values()
        for groups in own.values()
        for count in groups.values()
    }
    for (characteristic, group), count in any_of.items():
        for part, names in divided:
            if all(group in parts[name].get(characteristic, ()) for name in names):
                addends = [parts[name][characteristic][group] for name in names]
                yield count._replace(part=part), addends


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
        for way in members.get(total[:3], ()) if total.population != "board" else ():
            own = (total._replace(level=level, organisation=code) for level, code in way)
            addends = tuple(count for count in own if count in known)
            if addends:
                yield Sum(total, addends)


def nested(counts: Iterable[Count]) -> Iterator[tuple[Count, Count]]:
    """Return each pair of a count and another that is part of it, without more between them."""
    known = set(counts)
    for count in known:
        wholes = set()
        if count.population in PART_OF:
            wholes.add(count._replace(population=PART_OF[count.population]))
        if count.population == "board" and count.part != "all":
            wholes.add(count._replace(part="all"))
        if count.part == "one_year":
            wholes.add(count._replace(part="two_year"))
        if count.group == "KNOWN":
            wholes.add(count._replace(characteristic="", group="ALL"))
        for whole in wholes & known:
            yield whole, count
