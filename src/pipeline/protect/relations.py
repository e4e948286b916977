"""How the counts of a release depend on one another.

A cell is a count of people (or cases) of one organisation at one snapshot. Its name says whom it
counts, ``population/part/characteristic/group``, so that the same people have the same name in
every standard. A relation says that cells add up to another one; whoever knows all but one of
them knows that one too.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


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
    """``total`` is the sum of ``children``, and of a remainder that no figure counts.

    Attributes:
        remainder: the people of the total who stand in no child; who knows total and children
            knows them too. None where the children are everybody.
    """

    total: Cell
    children: tuple[Cell, ...]
    remainder: int | None = None


# Cases of the first population are cases of the second, group by group.
_SUBSETS = {"appointed": "shortlisted"}


def relations(
    counts: Mapping[Cell, int], members: Mapping[Owner, Iterable[Owner]]
) -> Iterator[Relation]:
    """Return every relation between the cells of ``counts``.

    Args:
        counts: each cell with its true count.
        members: for each pooled organisation the employers that are pooled in it.
    """
    by_owner: dict[Owner, dict[str, int]] = defaultdict(dict)
    for cell, count in counts.items():
        by_owner[cell.owner][cell.people] = count
    for owner, cells in by_owner.items():
        for total, children, remainder in _within(cells):
            yield Relation(
                Cell(owner, total), tuple(Cell(owner, child) for child in children), remainder
            )
        for people in cells:
            pooled = tuple(
                Cell(member, people)
                for member in members.get(owner, ())
                if people in by_owner.get(member, {})
            )
            if pooled:
                yield Relation(Cell(owner, people), pooled)


def _within(cells: Mapping[str, int]) -> Iterator[tuple[str, list[str], int | None]]:
    """Return total, children and remainder of every relation among the cells of one owner."""
    sums: dict[str, list[str]] = defaultdict(list)
    for people in cells:
        population, part, characteristic, group = people.split("/")
        everybody = f"{population}/{part}//ALL"
        if ":" in characteristic:
            parent = characteristic.replace(":", "/")
            sums[f"{population}/{part}/{parent}"].append(people)
        elif group == "KNOWN":
            yield everybody, [people, f"{people.removesuffix('KNOWN')}UNKNOWN"], None
        elif group == "NOT_WHITE_BRITISH":
            known = f"{population}/{part}/{characteristic}/KNOWN"
            yield known, [people, f"{population}/{part}/{characteristic}:WHITE/A"], None
        elif group != "ALL":
            sums[f"{everybody}|{characteristic}"].append(people)
        yield from _subset(cells, people)
        if population == "workforce" and _parent(part):
            parent = f"{population}/{_parent(part)}/{characteristic}/{group}"
            sums[f"{parent}|part"].append(people)
    for name, children in sums.items():
        total = name.split("|")[0]
        if total in cells:
            yield total, sorted(children), None


def _subset(cells: Mapping[str, int], people: str) -> Iterator[tuple[str, list[str], int | None]]:
    population, part, characteristic, group = people.split("/")
    if population in _SUBSETS:
        total = f"{_SUBSETS[population]}/{part}/{characteristic}/{group}"
    elif population == "board" and part != "all":
        total = f"{population}/all/{characteristic}/{group}"
    else:
        return
    if total in cells:
        yield total, [people], cells[total] - cells[people]


def _parent(part: str) -> str | None:
    """Return what ``part`` is a part of: ``clinical:8a`` of ``clinical:all``, that of ``all``."""
    if part == "all":
        return None
    side, _, row = part.partition(":")
    return "all" if row == "all" else f"{side}:all"
