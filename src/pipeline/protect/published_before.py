"""What earlier releases have told already: it is out, and hiding it now protects nobody.

A count is out where an earlier release shows it with the number that it has now. Where an earlier
release shows another number, for instance before a resubmission, that is another version of it, and
the difference between the two is told as well.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipeline.assess.columns import COUNTS, KEY
from pipeline.errors import UsageError
from pipeline.protect.cells import Cells, Owner
from pipeline.store import open_published

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

_ROUNDED = "ROUNDED"
_SURVEY = "survey/"
_TWO_YEARS = "workforce_two_year"

Cell = tuple[Owner, str]
"""Whose people, and ``population/part/characteristic/group``."""


class Versions(NamedTuple):
    """The number that an earlier release shows for a count, and the one that it has now."""

    told: int
    now: int


@dataclass(frozen=True, slots=True)
class PublishedBefore:
    """What the earlier releases show of the counts of this one.

    Attributes:
        releases: for each release, the oldest first, every count that it shows.
    """

    releases: tuple[Mapping[Cell, Versions], ...] = ()
    out: frozenset[Cell] = field(init=False)
    """The counts that one of them shows with the number that they have now."""

    def __post_init__(self) -> None:
        out = {
            cell
            for release in self.releases
            for cell, version in release.items()
            if version.told == version.now
        }
        object.__setattr__(self, "out", frozenset(out))

    def numbers(self, cells: Cells) -> frozenset[int]:
        """Return the numbers of the cells that are out."""
        found = (cells.number(owner, name) for owner, name in self.out)
        return frozenset(number for number in found if number is not None)


def published_before(releases: Sequence[Path], figures: "pd.DataFrame") -> PublishedBefore:
    """Return what earlier releases show of the counts of ``figures``.

    Rounded counts tell no exact number and are none of them, nor are the answers to the staff
    survey. A figure that shows no counts tells those behind it with its value.

    Args:
        releases: the databases of the earlier releases, the oldest first.
        figures: the unprotected figures as ``assess`` returns them.

    Raises:
        UsageError: a database is not there or cannot be read, so that nobody can say what is out.
    """
    if not releases:
        return PublishedBefore()
    columns = [*KEY, *COUNTS, *(f"{count}_people" for count in COUNTS), "value", "shows_counts"]
    return PublishedBefore(tuple(_told(path, figures[columns]) for path in releases))


def release_databases(releases: Path, release_ids: Iterable[str]) -> list[Path]:
    """Return the databases of releases by their ids, in the same order.

    Raises:
        UsageError: one of them is not there.
    """
    found = [releases / release_id / "equality.duckdb" for release_id in release_ids]
    for path in found:
        if not path.is_file():
            raise UsageError(
                f"The release in {path.parent} is not there, so that nobody can say what is "
                "published already. Put it back from a backup and run again; nothing is released."
            )
    return found


def _told(path: Path, figures: "pd.DataFrame") -> dict[Cell, Versions]:
    """Return the counts that one release shows, with those of now."""
    with open_published(path) as connection:
        connection.register("now", figures)
        rows = connection.execute(_query()).fetchall()
        connection.unregister("now")
    return dict(_versions(rows))


def _query() -> str:
    same = " and ".join(f"now.{name} is not distinct from before.{name}" for name in KEY)
    own = ", ".join(
        f"now.{count}_people as {count}_people, now.{count} as {count}_now, case "
        f"when now.shows_counts then before.{count} "
        f"when before.status = 'ok' and before.value = now.value then now.{count} "
        f"end as {count}_told"
        for count in COUNTS
    )
    each = " union ".join(
        f"select period_end, level, organisation_code, {count}_people, {count}_told, {count}_now "
        f"from both_sides where {count}_told is not null and {count}_now is not null "
        f"and {count}_people is not null and not starts_with({count}_people, '{_SURVEY}')"
        for count in COUNTS
    )
    return (
        "with both_sides as (select cast(now.period_end as date) as period_end, now.level, "
        f"now.organisation_code, {own} from now inner join figure as before on {same} "
        f"where before.disclosure <> '{_ROUNDED}') {each}"
    )


def _versions(rows: Iterable[tuple[object, ...]]) -> Iterator[tuple[Cell, Versions]]:
    owners: dict[tuple[object, ...], Owner] = {}
    for *key, people, told, now in rows:
        owner = owners.setdefault(tuple(key), Owner(*key))  # type: ignore[arg-type]
        name, times = str(people), 1
        if name.startswith(_TWO_YEARS):
            name, times = name.replace(_TWO_YEARS, "workforce"), 2
        yield (owner, name), Versions(int(told) // times, int(now) // times)  # type: ignore[call-overload]
