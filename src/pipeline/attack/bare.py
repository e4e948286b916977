"""Employers of whom nothing but their headcount is told: any share of the pooled people may be theirs.

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
from pipeline.attack.states import State

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Flags = npt.NDArray[np.bool_]

_FEWEST = 2
"""Of one such employer the pooled count less those of the others tells what is left."""


def without_bare(state: State, numbering: Numbering) -> State:
    """Return the state without the counts of employers that stand by their headcounts alone.

    Answers to the staff survey are nobody's headcount, and stay.
    """
    import numpy as np

    numbers = state.told.numbers
    owners, names = owners_of(numbers), names_of(numbers)
    of_survey = np.array([name[0] == "survey_base" for name in numbering.names], dtype=bool)
    is_kept = of_survey[names] | (names == numbering.names.get(HEADCOUNT, -1))
    is_telling = (state.told.most != HIDDEN) & ~is_kept
    telling = set(np.unique(owners[is_telling]).tolist())
    bare = _bare(state, numbering, telling)
    if not bare:
        return state
    is_there = is_kept | ~np.isin(owners, sorted(bare))
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
    )


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
