"""Pooled counts of an earlier release that stand beside the ones of now.

Where an employer sends its extract after a release, the ICB is published anew, with one employer
more. Whoever has both versions has the difference, which is that employer; and the earlier version
is still the sum of those who had sent. So the earlier version stays among what is protected, as
counts that everybody knows.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from pipeline.protect.cells import Cells, Owner
from pipeline.protect.published_before import PublishedBefore
from pipeline.protect.relations import Relations, relate_pooled

_STAFF = "workforce/"


class PooledVersion(NamedTuple):
    """What an earlier release told of a pooled organisation that is otherwise now.

    Attributes:
        owner: the organisation, with a code that tells the version from the one of now.
        members: those of its members of whose staff that release told something.
        told: its counts by name; those of which no member is known to have changed.
    """

    owner: Owner
    members: tuple[Owner, ...]
    told: Mapping[str, int]


def pooled_versions(
    before: PublishedBefore, members: Mapping[Owner, Collection[Collection[Owner]]]
) -> tuple[PooledVersion, ...]:
    """Return the earlier versions of pooled organisations, release by release.

    Args:
        before: the counts of now, and what earlier releases told of them.
        members: for each pooled organisation every way in which it is put together now.
    """
    return tuple(_versions(before, members))


def _versions(
    before: PublishedBefore, members: Mapping[Owner, Collection[Collection[Owner]]]
) -> Iterator[PooledVersion]:
    for number, release in enumerate(before.told, start=1):
        told: dict[Owner, dict[str, int]] = defaultdict(dict)
        for (owner, name), count in release.items():
            told[owner][name] = count
        for owner, ways in sorted(members.items()):
            own = told.get(owner, {})
            if all(before.now((owner, name)) == count for name, count in own.items()):
                continue
            for place, way in enumerate(ways, start=1):
                there = tuple(member for member in way if _has_staff(told.get(member, {})))
                kept = {
                    name: count
                    for name, count in own.items()
                    if not any(_is_otherwise(name, member, told, before) for member in there)
                }
                code = f"{owner.organisation_code} {number}.{place}"
                yield PooledVersion(owner._replace(organisation_code=code), there, kept)


def _has_staff(told: Mapping[str, int]) -> bool:
    return any(name.startswith(_STAFF) for name in told)


def _is_otherwise(
    name: str, member: Owner, told: Mapping[Owner, Mapping[str, int]], before: PublishedBefore
) -> bool:
    """Return whether a count of a member is known to be another one now."""
    now = before.now((member, name))
    return told[member].get(name, now) != now


def with_versions(cells: Cells, related: Relations, versions: Collection[PooledVersion]) -> Cells:
    """Return the cells with those of earlier versions after them, and relate them to the members.

    Args:
        cells: the cells of now.
        related: the relations between them, to which those of the versions are added.
        versions: the earlier versions.
    """
    names, first, counts = dict(cells.names), dict(cells.first), list(cells.counts)
    for version in versions:
        names[version.owner] = tuple(sorted(version.told))
        first[version.owner] = len(counts)
        counts += [version.told[name] for name in names[version.owner]]
    known = replace(cells, names=names, first=first, counts=counts)
    for version in versions:
        places = {
            member: {name: place for place, name in enumerate(cells.names[member])}
            for member in version.members
            if member in cells.names
        }
        relate_pooled(related, known, version.owner, places)
    return known
