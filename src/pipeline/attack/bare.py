"""Counts that bind nothing, such as those of employers of whom headcounts alone are told.

Whoever stands in a possible world of the pooled counts can work for any of several such employers,
as long as their headcounts come out. So every possible world of the pooled counts is one of theirs
too, and each of their counts may be anything from none to the pooled one or the headcount,
whichever is smaller. There is nothing to ask of them.
"""

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.attack.counts import HIDDEN, Numbering, names_of, owners_of
from pipeline.attack.pooling import HEADCOUNT
from pipeline.attack.published import members_of
from pipeline.attack.questions import characteristic
from pipeline.attack.rates import rows_of_rates
from pipeline.attack.states import State
from pipeline.attack.zeros import WHOLE

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Flags = npt.NDArray[np.bool_]
    Ints = npt.NDArray[np.int64]

_FEWEST = 2
"""Of one such employer the pooled count less those of the others tells what is left."""


def without_bare(state: State, numbering: Numbering, few: int) -> State:
    """Return the state without the counts that bind nothing else and of which nothing is told.

    Those are the counts of employers that stand by their headcounts alone, but for the known and
    the unknown of whom a band or an alert tells, and those of a characteristic below the level of
    an organisation where none of its parts is told: whoever is in one group instead of another can
    be so in any part. Answers to the staff survey are nobody's headcount, and stay.

    Args:
        state: the state.
        numbering: the numbers of owners and names.
        few: of how many people at most it may not be told that all are in one group.
    """
    import numpy as np

    numbers = state.told.numbers
    owners, names = owners_of(numbers), names_of(numbers)
    of_survey = np.array([name[0] == "survey_base" for name in numbering.names], dtype=bool)
    is_kept = of_survey[names] | (names == numbering.names.get(HEADCOUNT, -1))
    is_kept |= np.isin(numbers, _of_rates(state, numbering))
    is_told = (state.told.most != HIDDEN) | np.isin(numbers, state.out)
    telling = set(np.unique(owners[is_told & ~is_kept]).tolist())
    telling |= _few_or_late(state, numbering, few)
    bare = _bare(state, numbering, telling)
    is_there = is_kept | ~np.isin(owners, sorted(bare))
    is_there &= ~_silent_parts(owners, names, is_told, numbering)
    if is_there.all():
        return state
    told = replace(
        state.told,
        numbers=numbers[is_there],
        least=state.told.least[is_there],
        most=state.told.most[is_there],
    )
    return replace(
        state,
        told=told,
        asked=np.intersect1d(state.asked, told.numbers),
        truth=None if state.truth is None else state.truth[is_there],
        silent=numbers[~is_there],
    )


def _of_rates(state: State, numbering: Numbering) -> list[int]:
    """Return the counts that rates, bands and alerts tell of, and those that these leave over."""
    found = []
    for terms, _, _ in rows_of_rates(state.release):
        for (owner, of, group), _ in terms:
            for one in {group, "UNKNOWN"} if group == "KNOWN" else {group}:
                name = ("workforce", "all", of, one)
                if owner in numbering.owners and name in numbering.names:
                    found.append(numbering.number(owner, name))
    return found


def _few_or_late(state: State, numbering: Numbering, few: int) -> set[int]:
    """Return the employers so small, or so late, that what is told of a pool tells of them.

    A group of which a pool has nobody, or which is all of it, is told of each of its employers, and
    few people may not be told to be alike. Who was not in an earlier version of a pool is its
    difference from this one.
    """
    late = {
        numbering.owners[owner[0], *member]
        for owner, ways in state.late.items()
        for way in ways
        for member in way
    }
    told = state.told
    is_few = (told.most <= few) & (names_of(told.numbers) == numbering.names.get(HEADCOUNT, -1))
    return late | set(owners_of(told.numbers[is_few]).tolist())


def _silent_parts(owners: "Ints", names: "Ints", is_told: "Flags", numbering: Numbering) -> "Flags":
    """Return which counts are of parts of which nothing is told of their characteristic."""
    import numpy as np

    keys: dict[tuple[str, str], int] = {}
    of_name = np.array(
        [
            -1
            if name[1] in WHOLE or name[0] == "survey_base"
            else keys.setdefault((name[0], characteristic(name[2])), len(keys))
            for name in numbering.names
        ]
    )
    kind = of_name[names]
    each = owners * (len(keys) + 1) + kind
    return (kind >= 0) & ~np.isin(each, np.unique(each[is_told & (kind >= 0)]))


def _bare(state: State, numbering: Numbering, telling: set[int]) -> set[int]:
    """Return the owners of whom headcounts alone are told, where there are several in a pool.

    A pool of which a member tells more is left as it is, with everybody in it.
    """
    employers: dict[tuple[str, str], set[int]] = defaultdict(set)
    pooled: dict[tuple[str, str], set[int]] = defaultdict(set)
    for owner, ways in members_of(state.release).items():
        key = owner[0], owner[2]
        if owner[1] == "system" and owner in numbering.owners:
            pooled[key].add(numbering.owners[owner])
        for way in ways:
            for level, code in way:
                number = numbering.owners.get((owner[0], level, code))
                if level == "employer" and number is not None:
                    employers[key].add(number)
    found: set[int] = set()
    for key, members in employers.items():
        if len(members) >= _FEWEST and members.isdisjoint(telling):
            found |= members | (pooled[key] - telling)
    return found
