"""Who joined and who left within a year, between two snapshots of the same employer.

Where the headcount of a year ago with the starters and less the leavers of the twelve months is
the headcount of now, a reader takes the same to be true of women and of men: the sex on somebody's
record seldom changes, as other characteristics do.
"""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from pipeline.attack.counts import HIDDEN, Numbering
from pipeline.attack.relations import Columns, Row
from pipeline.attack.sums import EVERYBODY, Name, Owner

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]

_SEXES = (("sex", "FEMALE"), ("sex", "MALE"), ("sex", "UNKNOWN"))
_Terms = tuple[tuple[int, int], ...]


def rows_of_movements(known: Columns, numbering: Numbering, told: "Ints") -> Iterator[Row[int]]:
    """Yield that the sexes agree, of each owner of whom the totals are told and agree.

    Args:
        known: the columns of the counts.
        numbering: the numbers of owners and names.
        told: what each column is told to be, ``HIDDEN`` where that is nothing.
    """
    for owner in numbering.owners:
        before = (_year_before(owner[0]), *owner[1:])
        totals = _terms(known, numbering, (owner, before), EVERYBODY)
        if not totals or any(told[column] == HIDDEN for column, _ in totals):
            continue
        if sum(int(told[column]) * weight for column, weight in totals):
            continue
        for sex in _SEXES:
            terms = _terms(known, numbering, (owner, before), sex)
            if terms:
                yield Row(terms, 0, 0)


def _year_before(day: str) -> str:
    then = date.fromisoformat(day)
    return then.replace(year=then.year - 1).isoformat()


def _terms(
    known: Columns, numbering: Numbering, owners: tuple[Owner, Owner], group: tuple[str, str]
) -> _Terms:
    """Return now and the leavers less a year ago and the starters; nothing where one is not there.

    Args:
        known: the columns of the counts.
        numbering: the numbers of owners and names.
        owners: of now and of a year ago.
        group: characteristic and group.
    """
    now, before = owners
    signed = ((now, "workforce", 1), (now, "leavers", 1), (before, "workforce", -1),
              (now, "starters", -1))  # fmt: skip
    found = []
    for owner, population, weight in signed:
        name: Name = (population, "all", *group)
        at, of = numbering.owners.get(owner), numbering.names.get(name)
        column = -1 if at is None or of is None else int(known.of[at, of])
        if column < 0:
            return ()
        found.append((column, weight))
    return tuple(found)
