"""A reader who wants to know the hidden counts, with pencil and paper: one subtraction at a time.

Written apart from the product's own relations, from what a reader of the published file can know:
which groups make up a characteristic, which categories a group, which pay rows a part, who
is part of whom, and which commissioning bodies an ICB pools.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

THRESHOLD = 10
PARTS = Path(__file__).parents[1] / "warehouse" / "reference" / "workforce_part_row.csv"


class Count(NamedTuple):
    """Whom a count counts; details are in the characteristic, as ``ethnicity:WHITE``."""

    period: str
    level: str
    organisation: str
    population: str
    part: str
    characteristic: str
    group: str


Counts = Mapping[Count, int | None]
"""Each count that a reader knows of, None where it is hidden."""


class Sum(NamedTuple):
    """A total and the counts that add up to it."""

    total: Count
    addends: tuple[Count, ...]


def sums(counts: Iterable[Count]) -> Iterator[Sum]:
    """Return every sum that holds among counts of one organisation."""
    known = set(counts)
    tables: dict = defaultdict(lambda: defaultdict(lambda: defaultdict(dict)))
    for count in known:
        own = tables[count[:4]][count.part]
        own[count.characteristic][count.group] = count
    for owner, parts in tables.items():
        for part, own in parts.items():
            everybody = Count(*owner, part, "", "ALL")
            for total, addends in (*_partitions(everybody, own), *_parts(part, parts)):
                if total in known and addends and known.issuperset(addends):
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
            yield everybody, split
            yield known, [count for count in split if count != unknown]
        yield everybody, [known, unknown]
        white = set(own.get("ethnicity:WHITE", {}).values())
        british = of._replace(characteristic="ethnicity:WHITE", group="A")
        yield known, [other, british]
        yield other, [count for count in fine if count not in (british, unknown)]
        yield other, [of._replace(group="BME"), *(white - {british})]


@cache
def _rows_of_parts() -> dict[str, frozenset[str]]:
    """Return the pay rows of each part of a workforce, as the catalogue of parts lists them."""
    rows: dict[str, set[str]] = defaultdict(set)
    with PARTS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rows[row["part"]].add(f"{row['side']}:{row['band_code']}")
    return {part: frozenset(held) for part, held in rows.items()}


@cache
def _splits(total: str) -> tuple[frozenset[str], ...]:
    """Return the ways in which a part of the workforce divides: parts of a kind, and the rest."""
    rows = _rows_of_parts()
    kinds: dict[tuple[str, bool], set[str]] = defaultdict(set)
    for part in rows.keys() - {total}:
        if rows[part] <= rows[total]:
            side, _, name = part.rpartition(":")
            kind = name.partition("_")[0]
            kind = kind if kind in ("all", "band", "cluster", "tier") else "row"
            kinds[kind, bool(side)].add(part)
    found = set()
    for parts in kinds.values():
        rest = rows[total].difference(*(rows[part] for part in parts))
        if not rest:
            found.add(frozenset(parts))
        found |= {frozenset({*parts, part}) for part in rows if rest and rows[part] == rest}
    return tuple(sorted(found, key=sorted))


def _parts(part: str, parts: Mapping) -> Iterator[tuple[Count, list[Count]]]:
    """Return how the workforce of a part adds up by the parts in it."""
    if part not in _rows_of_parts():
        return
    for groups in parts[part].values():
        for total in groups.values():
            if total.population == "workforce":
                for split in _splits(part):
                    yield total, [total._replace(part=name) for name in sorted(split)]


def pooled(counts: Iterable[Count], members: Mapping[tuple[str, str], list[str]]) -> Iterator[Sum]:
    """Return each count of a pooled organisation with those of the employers in it.

    People in two of them make the addends exceed the total.
    """
    known = set(counts)
    for total in known:
        codes = members.get((total.period, total.organisation), ())
        if total.level != "employer" and total.population != "board" and codes:
            own = (total._replace(level="employer", organisation=code) for code in codes)
            addends = tuple(count for count in own if count in known)
            if addends:
                yield Sum(total, addends)


def nested(counts: Iterable[Count]) -> Iterator[tuple[Count, Count]]:
    """Return each pair of a count and another that is part of it, without more between them."""
    known = set(counts)
    for count in known:
        whole = count
        if count.population == "appointed":
            whole = count._replace(population="shortlisted")
        elif count.population == "board":
            whole = count._replace(part="all")
        if whole != count and whole in known:
            yield whole, count


def follows(counts: Counts, known_sums: Iterable[Sum]) -> dict[Count, int]:
    """Return the hidden counts that follow by subtraction, one after the other."""
    table = {count: value for count, value in counts.items() if value is not None}
    known_sums = list(known_sums)
    found: dict[Count, int] = {}
    while True:
        new = {}
        for total, addends in known_sums:
            missing = [count for count in (total, *addends) if count not in table]
            if len(missing) == 1:
                rest = sum(table[count] for count in addends if count in table)
                new[missing[0]] = rest if missing[0] == total else table[total] - rest
        if not new:
            return found
        table |= new
        found |= new


def breaches(
    shown: dict[Count, int | None],
    truth: Mapping[Count, int],
    members: Mapping[tuple[str, str], list[str]],
) -> list[str]:
    """Return what of the hidden a reader of ``shown`` can tell; empty where nothing."""
    exact, pooling = list(sums(shown)), list(pooled(shown, members))
    found = [
        f"{count} shows {value}"
        for count, value in shown.items()
        if value is not None and 0 < value < THRESHOLD
    ]
    found += [
        f"{count} follows"
        for count, value in follows(shown, [*exact, *pooling]).items()
        if value == truth[count] and 0 < value < THRESHOLD
    ]
    for total, addends in [*exact, *pooling]:
        hidden = [count for count in addends if shown[count] is None]
        if shown[total] is not None and hidden:
            if sum(truth[count] for count in hidden) <= THRESHOLD:
                found.append(f"{hidden} are few together")
            if len(hidden) == 1:
                found.append(f"{hidden[0]} is the one hole in {total}")
    found += [f"{part} leaves few of {whole}" for whole, part in _few_between(shown)]
    found += [f"few are counted twice in {total}" for total in _few_twice(shown, pooling)]
    told = shown | follows(shown, exact)
    found += [f"all of {total} are in one group" for total in _alike(told, exact, truth)]
    return found


def _few_between(shown: Counts) -> Iterator[tuple[Count, Count]]:
    for whole, part in nested(shown):
        all_of, some = shown[whole], shown[part]
        if all_of is not None and some is not None and 0 < all_of - some < THRESHOLD:
            yield whole, part


def _few_twice(shown: Counts, pooling: Iterable[Sum]) -> Iterator[Count]:
    for total, addends in pooling:
        values = [shown[count] for count in (total, *addends)]
        if total.group not in ("ALL", "KNOWN") and None not in values:
            twice = sum(value or 0 for value in values[1:]) - (values[0] or 0)
            if 0 < twice < THRESHOLD:
                yield total


def _alike(shown: Counts, exact: Iterable[Sum], truth: Mapping[Count, int]) -> Iterator[Count]:
    """Return each total of few people of whom all but one group is shown to be empty."""
    for total, addends in exact:
        is_partition = len({count.characteristic for count in addends}) == 1
        is_partition &= addends[0].part == total.part and addends[0].group not in ("KNOWN",)
        names = {count.group for count in addends}
        if not is_partition or names & {"KNOWN", "NEVER_ASKED", "NOT_WHITE_BRITISH"}:
            continue
        if total.group == "KNOWN" or len(addends) < 2:
            continue
        filled = [count for count in addends if shown[count] != 0]
        if len(filled) == 1 and 0 < truth[total] <= 2 * THRESHOLD:
            yield total
