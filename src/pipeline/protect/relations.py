"""How the counts of a release depend on one another.

A cell is a count of people (or cases) of one organisation at one snapshot. Its name says whom it
counts, ``population/part/characteristic/group``, so that the same people have the same name in
every standard. A relation says that cells add up to another one; whoever knows all but one of
them knows that one too.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import NamedTuple

from pipeline.resources import reference


class Owner(NamedTuple):
    """Whose people a cell counts, and when."""

    period_end: date
    level: str
    organisation_code: str


class Cell(NamedTuple):
    """A count of a release."""

    owner: Owner
    people: str


@dataclass(frozen=True, slots=True)
class Relation:
    """``total`` is the sum of ``children``, but for a remainder and for people counted twice.

    Attributes:
        remainder: the people of the total who stand in no child; who knows total and children
            knows them too. None where the children are everybody.
        shared: how many people with this characteristic stand in more than one child, since a
            total that pools employers counts each person once.
        is_partition: whether the children are the groups of a characteristic, so that a group
            that holds everybody tells it of each of them.
    """

    total: Cell
    children: tuple[Cell, ...]
    remainder: int | None = None
    shared: int = 0
    is_partition: bool = False


Sum = tuple[str, list[str], bool]
"""The names of a total and of what it is the sum of, and whether it is a partition."""

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
# How many people two employers share is no secret; who of them is what, is.
_NO_CHARACTERISTIC = "ALL"


def relations(
    counts: Mapping[Cell, int],
    members: Mapping[Owner, Collection[Collection[Owner]]],
) -> Iterator[Relation]:
    """Return every relation between the cells of ``counts``, in an order of their names.

    Args:
        counts: each cell with its true count.
        members: for each pooled organisation every way in which it is put together: of its
            employers; a system also of its ICB and its trusts.
    """
    by_owner = cells_of_owners(counts)
    for owner, cells in by_owner.items():
        for total, children, is_partition in sums(cells):
            if total in cells:
                parts = tuple(cells[child] for child in children)
                missing = counts[cells[total]] - sum(counts[part] for part in parts)
                yield Relation(cells[total], parts, missing or None, is_partition=is_partition)
        for people, total in _subsets(cells):
            remainder = counts[cells[total]] - counts[cells[people]]
            is_same = people.startswith(_OBSERVED) and not remainder
            yield Relation(cells[total], (cells[people],), None if is_same else remainder)
        for pooled in members.get(owner, ()):
            owns = [by_owner.get(member, {}) for member in sorted(pooled)]
            for people, cell in cells.items():
                yield from _pooled(cell, [own[people] for own in owns if people in own], counts)


def cells_of_owners(counts: Iterable[Cell]) -> dict[Owner, dict[str, Cell]]:
    """Return the cells of each organisation and snapshot by name, in order."""
    by_owner: dict[Owner, dict[str, Cell]] = defaultdict(dict)
    for cell in sorted(counts):
        by_owner[cell.owner][cell.people] = cell
    return by_owner


def sums(cells: Collection[str]) -> Iterator[Sum]:
    """Return the sums of which all addends are among ``cells``; the total need not be."""
    for total, children, is_partition in (
        *_by_group(cells),
        *_by_coarse_group(cells),
        *_by_part(cells),
    ):
        if children and all(child in cells for child in children):
            yield total, children, is_partition


def _pooled(
    total: Cell, children: Sequence[Cell], counts: Mapping[Cell, int]
) -> Iterator[Relation]:
    """Return the relation of a pooled count with those of its employers.

    Boards are not pooled: where the pooled organisation has one, it is its own.
    """
    if total.people.startswith("board/"):
        own_code = total.owner.organisation_code
        children = [child for child in children if child.owner.organisation_code == own_code]
    if children:
        twice = abs(sum(counts[child] for child in children) - counts[total])
        is_secret = total.people.rpartition("/")[2] != _NO_CHARACTERISTIC
        yield Relation(total, tuple(children), shared=twice if is_secret else 0)


def _by_group(cells: Iterable[str]) -> Iterator[Sum]:
    """Return how the people of each part add up by the groups of each characteristic."""
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    details: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(dict)
    for people in cells:
        base, characteristic, group = people.rsplit("/", 2)
        characteristic, _, parent = characteristic.partition(":")
        named = groups[base, characteristic]
        if parent:
            details[base, characteristic].setdefault(parent, []).append(people)
        elif group not in ("ALL", "KNOWN", "NOT_WHITE_BRITISH"):
            named.append(people)
    for (base, characteristic), named in groups.items():
        yield from _of_characteristic(base, characteristic, named, details[base, characteristic])


def _of_characteristic(
    base: str, characteristic: str, groups: list[str], details: dict[str, list[str]]
) -> Iterator[Sum]:
    """Return the sums of one characteristic of the people of one part.

    Args:
        base: population and part.
        characteristic: the characteristic.
        groups: the names of its groups, the unknown among them.
        details: the names of the finer categories of each group that has them.
    """
    prefix = f"{base}/{characteristic}/"
    everybody, known, unknown = f"{base}//ALL", f"{prefix}KNOWN", f"{prefix}UNKNOWN"
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
    white_british = f"{base}/{characteristic}:WHITE/A"
    if white_british not in details.get("WHITE", ()):
        return
    not_white_british = f"{prefix}NOT_WHITE_BRITISH"
    minorities = [name for name in details.get("WHITE", ()) if name != white_british]
    yield known, [not_white_british, white_british], False
    yield not_white_british, [f"{prefix}BME", *minorities], False
    yield not_white_british, [name for name in finest if name != white_british], False


def _by_coarse_group(cells: Iterable[str]) -> Iterator[Sum]:
    """Return how the coarse groups of a part are the sums of its groups."""
    groups_of = _coarse_groups()
    for people in cells:
        coarse = "/".join(people.rsplit("/", 2)[1:])
        if names := groups_of.get(coarse):
            prefix = people.removesuffix(coarse)
            yield people, [f"{prefix}{name}" for name in names], False


@cache
def _coarse_groups() -> dict[str, list[str]]:
    """Return the groups, as characteristic and code, of each coarse one with a name of its own."""
    groups_of: dict[str, list[str]] = defaultdict(list)
    for row in reference("coarse_group"):
        if row["coarse_characteristic"] != row["characteristic"]:
            coarse = f"{row['coarse_characteristic']}/{row['coarse_group']}"
            groups_of[coarse].append(f"{row['characteristic']}/{row['group_code']}")
    return dict(groups_of)


def _by_part(cells: Iterable[str]) -> Iterator[Sum]:
    """Return how the people of each population and group add up by the parts that divide them."""
    divided: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for people in cells:
        population, part, group = people.split("/", 2)
        divided[population, group][part] = people
    for (population, group), names in divided.items():
        if len(names) == 1:
            continue
        for total, children in _sums_of_parts(frozenset(names)):
            people = f"{population}/{total}/{group}"
            yield people, [names[child] for child in children], False


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


def _subsets(cells: Collection[str]) -> Iterator[tuple[str, str]]:
    """Return each count of people or cases that is part of another one, with that one."""
    for people in cells:
        population, part, group = people.split("/", 2)
        totals = {people}
        if population in _SUBSETS:
            totals.add(f"{_SUBSETS[population]}/{part}/{group}")
        if population.startswith(_OBSERVED):
            totals.add(f"workforce/{part}/{group}")
        if population == "board":
            totals.add(f"{population}/all/{group}")
        if group.endswith("/KNOWN"):
            totals.add(f"{population}/{part}//ALL")
        if part in _SHORTER:
            totals.add(f"{population}/{_SHORTER[part]}/{group}")
        for total in sorted(totals - {people}):
            if total in cells:
                yield people, total
