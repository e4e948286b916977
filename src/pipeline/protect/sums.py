"""How the names of counts hang together: which are the sum of which, and which part of which.

Only the names matter here, ``population/part/characteristic/group``, not whose people are counted
nor how many they are.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from pipeline.resources import reference


class Sum(NamedTuple):
    """A total and its addends, by name, and whether these are the groups of a characteristic."""

    total: str
    children: tuple[str, ...]
    is_partition: bool


# Cases of the first population are cases of the second, group by group.
_SUBSETS = {
    "appointed": "shortlisted",
    "trained": "workforce:training",
    "promoted": "workforce",
    "full_pay": "pay",
    "bonus": "pay",
    "exit_interviewed": "leavers",
}
# ``workforce:<source>`` are the staff of the employers that sent that source, mostly everybody.
_OBSERVED = "workforce:"
# The cases of a year are among those of two.
_SHORTER = {"one_year": "two_year"}


def sums(names: Collection[str]) -> Iterator[Sum]:
    """Return the sums of which all addends are among ``names``; the total need not be."""
    groups: dict[str, list[str]] = defaultdict(list)
    for name in names:
        base, characteristic, group = name.rsplit("/", 2)
        groups[base].append(f"{characteristic}/{group}")
    named = [(base, tuple(own)) for base, own in groups.items()]
    for base, own in named:
        yield from _sums_of_groups(base, own)
    for base, own in named:
        yield from _sums_of_coarse_groups(base, own)
    yield from _by_part(names)


def subsets(names: Collection[str]) -> Iterator[tuple[str, str]]:
    """Return each count of people or cases that is part of another one, with that one."""
    for people in names:
        population, part, group = people.split("/", 2)
        totals = set()
        if population in _SUBSETS:
            totals.add(f"{_SUBSETS[population]}/{part}/{group}")
        if is_observed(people):
            totals.add(f"workforce/{part}/{group}")
        if population == "board" and part != "all":
            totals.add(f"{population}/all/{group}")
        if group.endswith("/KNOWN"):
            totals.add(f"{population}/{part}//ALL")
        if part in _SHORTER:
            totals.add(f"{population}/{_SHORTER[part]}/{group}")
        for total in sorted(totals):
            if total in names:
                yield people, total


def is_everybody(total: str, children: Sequence[str]) -> bool:
    """Return whether the addends leave nobody out.

    All staff are no sum of the known groups, nor are the known of the one group that is told.
    """
    if total.endswith("/KNOWN"):
        return len(children) > 1
    if not total.endswith("//ALL"):
        return True
    names = [child.rpartition("/")[2] for child in children]
    return "UNKNOWN" in names or all(child.endswith("//ALL") for child in children)


def is_observed(people: str) -> bool:
    """Return whether they are the staff of the employers that sent a source."""
    return people.startswith(_OBSERVED)


@lru_cache(maxsize=256)
def root(characteristic: str) -> str:
    """Return the characteristic of which ``characteristic`` is a detail or has coarse groups."""
    name = characteristic.partition(":")[0]
    return _fine().get(name, name)


@lru_cache(maxsize=256)
def with_coarse(characteristic: str) -> tuple[str, ...]:
    """Return the names under which the groups of a characteristic stand, fine and coarse."""
    fine = root(characteristic)
    return (fine, *sorted(coarse for coarse, of in _fine().items() if of == fine))


@cache
def _fine() -> dict[str, str]:
    """Return of each coarse characteristic with a name of its own the one that it is made of."""
    return {
        row["coarse_characteristic"]: row["characteristic"]
        for row in reference("coarse_group")
        if row["coarse_characteristic"] != row["characteristic"]
    }


@lru_cache(maxsize=4096)
def _sums_of_groups(base: str, groups: tuple[str, ...]) -> tuple[Sum, ...]:
    """Return how the people of a part add up by their groups; few such lists recur.

    Args:
        base: population and part.
        groups: characteristic and group, of everybody ``/ALL``.
    """
    plain: dict[str, list[str]] = defaultdict(list)
    details: dict[str, dict[str, list[str]]] = defaultdict(dict)
    for named in groups:
        characteristic, group = named.split("/")
        characteristic, _, parent = characteristic.partition(":")
        of_characteristic = plain[characteristic]
        if parent:
            details[characteristic].setdefault(parent, []).append(named)
        elif group not in ("ALL", "KNOWN", "NOT_WHITE_BRITISH"):
            of_characteristic.append(named)
    found = [
        (total, children, is_partition)
        for characteristic, own in plain.items()
        for total, children, is_partition in _of_characteristic(
            characteristic, own, details[characteristic]
        )
        if children and all(child in groups for child in children)
    ]
    return tuple(
        Sum(f"{base}/{total}", tuple(f"{base}/{child}" for child in children), is_partition)
        for total, children, is_partition in found
    )


def _of_characteristic(
    characteristic: str, groups: list[str], details: dict[str, list[str]]
) -> Iterator[tuple[str, list[str], bool]]:
    """Return the sums of one characteristic of the people of one part.

    Args:
        characteristic: the characteristic.
        groups: the names of its groups, the unknown among them.
        details: the names of the finer categories of each group that has them.
    """
    everybody, prefix = "/ALL", f"{characteristic}/"
    known, unknown = f"{prefix}KNOWN", f"{prefix}UNKNOWN"
    of_known = [group for group in groups if group != unknown]
    finest = [name for group in of_known for name in details.get(group.rpartition("/")[2], [group])]
    yield everybody, groups, True
    yield everybody, [known, unknown], False
    yield known, of_known, False
    if finest != of_known:
        yield everybody, [*finest, unknown], False
        yield known, finest, False
    for group, categories in details.items():
        yield f"{prefix}{group}", categories, group != "UNKNOWN" and len(categories) > 1
    white_british = f"{characteristic}:WHITE/A"
    if white_british not in details.get("WHITE", ()):
        return
    not_white_british = f"{prefix}NOT_WHITE_BRITISH"
    minorities = [name for name in details.get("WHITE", ()) if name != white_british]
    yield known, [not_white_british, white_british], False
    yield not_white_british, [f"{prefix}BME", *minorities], False
    yield not_white_british, [name for name in finest if name != white_british], False


@lru_cache(maxsize=4096)
def _sums_of_coarse_groups(base: str, groups: tuple[str, ...]) -> tuple[Sum, ...]:
    """Return how the coarse ones among the groups of a part are the sums of the others."""
    parts_of = _coarse_groups()
    return tuple(
        Sum(
            f"{base}/{coarse}",
            tuple(f"{base}/{part}" for part in parts_of[coarse]),
            is_partition=False,
        )
        for coarse in groups
        if coarse in parts_of and all(part in groups for part in parts_of[coarse])
    )


@cache
def coarse_characteristics() -> frozenset[str]:
    """Return the characteristics of which the groups are those of another one put together."""
    return frozenset(
        row["coarse_characteristic"]
        for row in reference("coarse_group")
        if row["coarse_characteristic"] != row["characteristic"]
    )


@cache
def _coarse_groups() -> dict[str, list[str]]:
    """Return the groups, as characteristic and code, of each coarse one with a name of its own."""
    groups_of: dict[str, list[str]] = defaultdict(list)
    for row in reference("coarse_group"):
        if row["coarse_characteristic"] != row["characteristic"]:
            coarse = f"{row['coarse_characteristic']}/{row['coarse_group']}"
            groups_of[coarse].append(f"{row['characteristic']}/{row['group_code']}")
    return dict(groups_of)


def _by_part(names: Iterable[str]) -> Iterator[Sum]:
    """Return how the people of each population and group add up by the parts that divide them."""
    parts: dict[tuple[str, str], list[str]] = defaultdict(list)
    for people in names:
        population, part, group = people.split("/", 2)
        parts[population, group].append(part)
    for (population, group), own in parts.items():
        if len(own) > 1:
            yield from _named_sums_of_parts(population, group, frozenset(own))


@lru_cache(maxsize=4096)
def _named_sums_of_parts(population: str, group: str, parts: frozenset[str]) -> tuple[Sum, ...]:
    return tuple(
        Sum(
            f"{population}/{total}/{group}",
            tuple(f"{population}/{child}/{group}" for child in children),
            is_partition=False,
        )
        for total, children in _sums_of_parts(parts)
    )


@lru_cache(maxsize=1024)
def _sums_of_parts(names: frozenset[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the sums of which all addends are among the parts ``names``; few sets recur."""
    listed = [sum_ for sum_ in _listed_sums() if names.issuperset(sum_[1])]
    return (*listed, *_open_sums(names))


@cache
def _listed_sums() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return each part of the workforce with the parts that divide it.

    Those of a family, and any two parts, whatever their families: the lower tier is the first
    cluster and band 5.
    """
    rows: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in reference("workforce_part_row"):
        rows[row["part"]].add((row["side"], row["band_code"]))
    families: dict[str, list[str]] = defaultdict(list)
    for row in reference("workforce_part"):
        for family in filter(None, row["families"].split(";")):
            families[family].append(row["part"])
    found = []
    for total, held in rows.items():
        for parts in families.values():
            children = tuple(part for part in parts if part != total and rows[part] <= held)
            if children and sum(len(rows[part]) for part in children) == len(held):
                found.append((total, children))
    of_rows = {frozenset(held): part for part, held in rows.items()}
    for total, held in rows.items():
        for part in sorted(rows):
            rest = of_rows.get(frozenset(held - rows[part])) if rows[part] < held else None
            if rest is not None and part < rest:
                found.append((total, (part, rest)))
    return tuple(dict.fromkeys(found))


def _open_sums(names: Collection[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Return the parts that no list holds, such as the directorates: ``<family>:<name>``."""
    listed = {row["part"] for row in reference("workforce_part")}
    families: dict[str, list[str]] = defaultdict(list)
    for name in sorted(names):
        if name not in listed and ":" in name:
            families[name.partition(":")[0]].append(name)
    for family, children in families.items():
        yield (f"{family}:all" if f"{family}:all" in names else "all"), tuple(children)
