"""What earlier releases have told already: it is out, and hiding it now protects nobody.

A count is out where an earlier release shows it with the number that it has now. Where an earlier
release shows another number, for instance before a resubmission, that is another version of it, and
whoever has both knows the difference too.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from pipeline.assess.columns import COUNTS, KEY, PEOPLE
from pipeline.errors import UsageError
from pipeline.protect.cells import Owner
from pipeline.protect.counted import SURVEY, cell_name
from pipeline.store import one_thread, open_published

Cell = tuple[Owner, str]
"""Whose people, and ``population/part/characteristic/group``."""

Counts = Mapping[Owner, Mapping[str, int]]

_DEFINITION = ("period_end", "standard", "indicator", "part", "measure", "group_code",
               "comparator_code")  # fmt: skip
"""Which people a figure counts is the same for every organisation at a snapshot."""

_ROUNDED = "ROUNDED"
_TWO_YEARS = "workforce_two_year"


@dataclass(frozen=True)
class PublishedBefore:
    """What earlier releases show of the counts of a new one.

    Attributes:
        counts: the counts of the new release.
        told: for each earlier release, the oldest first, the number of every count that it shows.
    """

    counts: Counts
    told: tuple[Mapping[Cell, int], ...] = ()

    @cached_property
    def out(self) -> frozenset[Cell]:
        """The counts that an earlier release shows with the number that they have now."""
        return frozenset(
            cell for release in self.told for cell, number in release.items()
            if self.now(cell) == number
        )  # fmt: skip

    def now(self, cell: Cell) -> int | None:
        """Return the number that a count has now, None where it is there no more."""
        owner, name = cell
        return self.counts.get(owner, {}).get(name)


def published_before(
    releases: Sequence[Path], figures: pd.DataFrame, counts: Counts
) -> PublishedBefore:
    """Return what earlier releases show of the counts of ``figures``.

    Rounded counts tell no exact number and are none of them, nor are the answers to the staff
    survey. A figure that shows no counts tells those behind it with its value.

    Args:
        releases: the databases of the earlier releases, the oldest first.
        figures: the unprotected figures as ``assess`` returns them.
        counts: their counts by organisation and name.

    Raises:
        UsageError: a database is not there or cannot be read, so that nobody can say what is out.
    """
    if not releases:
        return PublishedBefore(counts)
    named = figures[[*_DEFINITION, *PEOPLE]].drop_duplicates()
    bare = ~figures["shows_counts"].astype(bool) & figures[list(COUNTS)].notna().any(axis="columns")
    silent = figures.loc[bare, [*KEY, *COUNTS, *PEOPLE, "value"]]
    told = []
    for path in releases:
        with open_published(path) as connection, one_thread(connection):
            connection.register("named", named)
            connection.register("silent", silent)
            rows = connection.execute(_query()).fetchall()
            told.append(dict(_numbers(rows)))
    return PublishedBefore(counts, tuple(told))


def release_databases(releases: Path, release_ids: Iterable[str]) -> list[Path]:
    """Return the databases of releases by their ids, in the same order.

    Raises:
        UsageError: one of them is not there, or is not what it was.
    """
    from pipeline.publish.release import database_hash, sha256_of

    found = [releases / release_id / "equality.duckdb" for release_id in release_ids]
    for path in found:
        if not path.is_file():
            raise UsageError(
                f"The release {path.parent.name} is not in {releases}, so that nobody can say "
                "what is published already. Put it back from a backup and run again; nothing is "
                "released."
            )
        if database_hash(path.parent) not in (None, sha256_of(path)):
            raise UsageError(
                f"{path} is damaged, so that nobody can say what is published already. Put the "
                f"folder {path.parent.name} back from a backup and run again; nothing is released."
            )
    return found


def _query() -> str:
    same = " and ".join(f"named.{name} is not distinct from shown.{name}" for name in _DEFINITION)
    same_key = " and ".join(f"silent.{name} is not distinct from before.{name}" for name in KEY)
    owner = ", ".join(Owner._fields)
    has_count = " or ".join(f"{count} is not null" for count in COUNTS)
    people = ", ".join(f"named.{name}" for name in PEOPLE)
    counted = " union ".join(
        f"select {owner}, {name}, {count} from counted "
        f"where {count} is not null and {name} is not null"
        for count, name in zip(COUNTS, PEOPLE, strict=True)
    )
    behind = " union ".join(
        f"select before.period_end, before.level, before.organisation_code, {name}, silent.{count} "
        f"from figure as before inner join silent on {same_key} "
        "where before.status = 'ok' and before.value = silent.value "
        f"and silent.{count} is not null and {name} is not null"
        for count, name in zip(COUNTS, PEOPLE, strict=True)
    )
    return (
        f"with shown as materialized (select {', '.join(dict.fromkeys((*KEY, *COUNTS)))} "
        f"from figure where disclosure <> '{_ROUNDED}' and ({has_count})), "
        f"counted as materialized (select shown.*, {people} "
        f"from shown inner join named on {same}) {counted} union {behind}"
    )


def _numbers(rows: Iterable[tuple[object, ...]]) -> Iterator[tuple[Cell, int]]:
    owners: dict[tuple[object, ...], Owner] = {}
    for *key, people, number in rows:
        owner = owners.setdefault(tuple(key), Owner(*key))  # type: ignore[arg-type]
        times = 2 if str(people).startswith(_TWO_YEARS) else 1
        name = cell_name(people)
        if not name.startswith(SURVEY):
            yield (owner, name), int(str(number)) // times
