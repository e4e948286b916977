"""Who joined and who left within a year, between two snapshots of the same organisation.

Where the headcount of a year ago with the starters and less the leavers of the twelve months is
the headcount of now, and the same is true of women and of men, each of the four counts of a sex
follows from the other three.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from pipeline.protect.cells import Cells, Owner
from pipeline.protect.relations import Relation, Relations

_EVERYBODY = "/ALL"
_SEXES = ("sex/FEMALE", "sex/MALE", "sex/UNKNOWN")
_Four = tuple[int, int, int, int]


def with_movements(cells: Cells, related: Relations) -> Cells:
    """Return the cells with a total that no figure shows for each sum of two and two counts.

    Those of a year ago with those who started are those of now with those who left. Both are
    related to that total.

    Args:
        cells: the cells.
        related: the relations between them, to which those of the totals are added.
    """
    names, first, counts = dict(cells.names), dict(cells.first), list(cells.counts)
    added = set(cells.added)
    for owner in cells.names:
        fours = list(_agreeing(cells, owner))
        if not fours:
            continue
        both = owner._replace(organisation_code=f"{owner.organisation_code} with movements")
        first[both] = len(counts)
        names[both] = tuple(f"workforce/all/{sex}" for sex in _SEXES[: len(fours)])
        for then, started, now, left in fours:
            total = len(counts)
            counts.append(counts[now] + counts[left])
            added.add(total)
            related.append(Relation(total, (then, started)))
            related.append(Relation(total, (now, left)))
    return replace(cells, names=names, first=first, counts=counts, added=frozenset(added))


def _agreeing(cells: Cells, owner: Owner) -> Iterator[_Four]:
    """Yield the four counts of each sex where those of everybody and of all of them agree."""
    groups = (_EVERYBODY, *_SEXES)
    fours = [_four(cells, owner, group) for group in groups]
    if any(four is None or not _agrees(cells, four) for four in fours):
        return
    yield from (four for four in fours[1:] if four is not None)


def _agrees(cells: Cells, four: _Four) -> bool:
    then, started, now, left = (cells.counts[cell] for cell in four)
    return then + started == now + left


def _four(cells: Cells, owner: Owner, group: str) -> _Four | None:
    """Return those of a year ago, who started, those of now and who left; None without one."""
    day: date = owner.period_end
    before = owner._replace(period_end=day.replace(year=day.year - 1))
    named = ((before, "workforce"), (owner, "starters"), (owner, "workforce"), (owner, "leavers"))
    found = [cells.number(of, f"{population}/all/{group}") for of, population in named]
    then, started, now, left = found
    if then is None or started is None or now is None or left is None:
        return None
    return then, started, now, left
