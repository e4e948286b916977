"""Which counts of nobody may not be told, since they tell of the people of a part."""

from typing import TYPE_CHECKING

from pipeline.attack.counts import Numbering, names_of, owners_of
from pipeline.attack.knowledge import Knowledge
from pipeline.attack.sums import EVERYBODY, Name

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from pipeline.disclosure import Policy

    Flags = npt.NDArray[np.bool_]

WHOLE = frozenset({"all", "one_year", "two_year"})
"""The parts that are a whole organisation, at a snapshot or over its cases of some years."""


def zeros_hidden(known: Knowledge, numbering: Numbering, policy: "Policy") -> "Flags":
    """Return of each column in a figure whether it may not be told that it is nobody.

    That a band has nobody of a group is told where the whole organisation is told to have none, and
    where nobody at all is in the band: then it tells of no person.
    """
    import numpy as np

    numbers = known.state.told.numbers
    if not policy.hides_zeros_below_employer:
        return np.zeros(len(numbers), dtype=bool)
    names = list(numbering.names)
    is_below = np.array([name[1] not in WHOLE and name[0] != "survey_base" for name in names])
    base = np.array([numbering.names.get((*name[:2], *EVERYBODY), -1) for name in names])
    of_name, owner = names_of(numbers), owners_of(numbers)
    number = known.told if known.truth is None else known.truth
    everybody = np.where(base[of_name] < 0, -1, known.columns.of[owner, base[of_name]])
    is_empty = (everybody >= 0) & (number[everybody] == 0)
    found: Flags = is_below[of_name] & ~is_empty & ~_is_told_empty(known)[: len(numbers)]
    return found


def zeros_of_silent(known: Knowledge, numbering: Numbering, policy: "Policy") -> "Flags":
    """Return of each column in a figure whether parts of which nothing is told follow it.

    They are as wide as what is told of the whole: where that is not told to be nobody, it is to
    leave as much open as those need.
    """
    import numpy as np

    numbers, silent = known.state.told.numbers, known.state.silent
    if silent is None or not len(silent) or not policy.hides_zeros_below_employer:
        return np.zeros(len(numbers), dtype=bool)
    order = {day: at for at, day in enumerate(sorted({owner[0] for owner in numbering.owners}))}
    days = np.array([order[owner[0]] for owner in numbering.owners])
    names = list(numbering.names)
    is_below = np.array([name[1] not in WHOLE for name in names])
    kinds: dict[Name, int] = {}
    of_name = np.array([kinds.setdefault((name[0], "", *name[2:]), len(kinds)) for name in names])
    below = silent[is_below[names_of(silent)]]
    keys = set(zip(days[owners_of(below)].tolist(), of_name[names_of(below)].tolist(), strict=True))
    own = zip(days[owners_of(numbers)].tolist(), of_name[names_of(numbers)].tolist(), strict=True)
    is_kind = np.array([key in keys for key in own], dtype=bool)
    found: Flags = is_kind & ~is_below[names_of(numbers)]
    return found


def _is_told_empty(known: Knowledge) -> "Flags":
    """Return of each column whether the whole organisation is told to have nobody of its kind."""
    import numpy as np

    found = np.zeros(known.columns.size, dtype=bool)
    for owner, pattern in known.columns.patterns.items():
        columns = known.columns.of[owner][pattern.sums]
        if len(columns):
            starts = np.cumsum(pattern.lengths) - pattern.lengths
            is_empty = known.told[columns[starts]] == 0
            found[columns[np.repeat(is_empty, pattern.lengths)]] = True
    return found
