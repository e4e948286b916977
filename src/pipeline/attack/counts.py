"""The counts of published figures, numbered: whose and of whom each is, and whether it is told.

A number of a count is that of its owner and that of its name together, the same in every release.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from pipeline.attack.people import (
    LAST_SNAPSHOT_OF_TWO_YEARS,
    Four,
    People,
    knows,
    people,
)
from pipeline.attack.sums import Count, Name, Owner
from pipeline.errors import UsageError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    Ints = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]

COUNTS = ("numerator", "denominator", "comparator_numerator", "comparator_denominator")
HIDDEN = -1
"""Instead of the number of a count that is not told."""
KEY = ("standard", "indicator", "part", "measure", "group_code", "comparator_code")
Key = tuple[Any, ...]
"""The values of ``KEY`` of a figure."""
_NAMES = 2**24
"""More than there are names of counts."""


@dataclass(frozen=True, slots=True)
class Numbering:
    """The numbers of owners and of names, as they come."""

    owners: dict[Owner, int] = field(default_factory=dict)
    names: dict[Name, int] = field(default_factory=dict)

    def owner(self, owner: Owner) -> int:
        """Return the number of an owner."""
        return self.owners.setdefault(owner, len(self.owners))

    def name(self, name: Name) -> int:
        """Return the number of a name."""
        return self.names.setdefault(name, len(self.names))

    def number(self, owner: Owner, name: Name) -> int:
        """Return the number of the count of an owner and a name."""
        return self.owner(owner) * _NAMES + self.name(name)

    def count(self, owner: int, name: int) -> Count:
        """Return whose count of whom an owner and a name are."""
        return Count(*list(self.owners)[owner], *list(self.names)[name])

    def counts(self, numbers: "Ints") -> list[Count]:
        """Return whose counts of whom have these numbers."""
        owners, names = list(self.owners), list(self.names)
        return [
            Count(*owners[number // _NAMES], *names[number % _NAMES]) for number in numbers.tolist()
        ]


@dataclass(frozen=True, slots=True)
class Rows:
    """Whom the four counts of each figure count, an entry for each count and figure.

    Attributes:
        owner: the number of whose figure it is.
        name: the number of the name of each count; -1 where it is nobody's of the owner.
        times: how often each person of it is counted.
        told: each count, ``HIDDEN`` where it does not stand there.
    """

    owner: "Ints"
    name: "Ints"
    times: "Ints"
    told: "Ints"


@dataclass(frozen=True, slots=True)
class Told:
    """What one set of figures tells of each count, in the order of their numbers.

    Attributes:
        numbers: the counts that stand, or would stand, in a figure.
        least, most: between what each is told to be; both ``HIDDEN`` where nothing is told.
        faults: the counts of which two figures tell different numbers.
    """

    numbers: "Ints"
    least: "Ints"
    most: "Ints"
    faults: "Ints"

    @property
    def exact(self) -> "Ints":
        """Each count that is told to the last one, ``HIDDEN`` where it is not."""
        import numpy as np

        return np.where(self.least == self.most, self.least, HIDDEN)

    def of(self, numbers: "Ints") -> "Ints":
        """Return what is told of counts to the last one, ``HIDDEN`` where that is nothing."""
        import numpy as np

        found = place(self.numbers, numbers)
        return np.where(found < 0, HIDDEN, self.exact[found]) if len(self.numbers) else found


def place(ordered: "Ints", wanted: "Ints") -> "Ints":
    """Return the place of each wanted number among ordered ones, -1 where it is none of them."""
    import numpy as np

    if not len(ordered):
        return np.full(len(wanted), -1)
    found = np.searchsorted(ordered, wanted).clip(max=len(ordered) - 1)
    return np.where(ordered[found] == wanted, found, -1)


def of_added(truth: "pd.DataFrame") -> Mapping[Key, Four]:
    """Return whom the counts of indicators count that a body has added itself, as it says."""
    named = [f"{count}_people" for count in COUNTS]
    if not truth.columns.isin(named).any():
        return {}
    is_other = [not knows(*one) for one in zip(truth["standard"], truth["indicator"], strict=True)]
    added = truth.loc[is_other, [*KEY, *named]].astype(object)
    added = added.where(added.notna(), None)
    found: dict[Key, Four] = {}
    for row in added.itertuples(index=False, name=None):
        own = [None if text is None else People(*text.split("/")) for text in row[len(KEY) :]]
        found[row[: len(KEY)]] = own[0], own[1], own[2], own[3]
    return found


def rows(
    figures: "pd.DataFrame", numbering: Numbering, added: Mapping[Key, Four] | None = None
) -> Rows:
    """Return whom the counts of figures count.

    Args:
        figures: the figures.
        numbering: the numbers of owners and names.
        added: whom those of indicators count of which nothing else is known.

    Raises:
        UsageError: nothing is known of an indicator.
    """
    import numpy as np
    import pandas as pd

    days, day_of = _days(figures["period_end"])
    owner = _owners(figures, days, day_of, numbering)
    # Until a day the cases of two years were counted.
    is_late = np.array([day > LAST_SNAPSHOT_OF_TWO_YEARS for day in days], dtype=np.int64)
    key = is_late[day_of]
    for column in KEY:
        codes, uniques = pd.factorize(figures[column], use_na_sentinel=False)
        key = key * len(uniques) + codes
    _, first, which = np.unique(key, return_index=True, return_inverse=True)
    figure_of = figures.iloc[first][list(KEY)].astype(object)
    figure_of = figure_of.where(figure_of.notna(), None)
    last = [days[place_of] for place_of in day_of[first].tolist()]
    names = np.full((len(COUNTS), len(first)), -1, dtype=np.int64)
    times = np.ones((len(COUNTS), len(first)), dtype=np.int64)
    for at, (values, day) in enumerate(
        zip(figure_of.itertuples(index=False, name=None), last, strict=True)
    ):
        figure: dict[str, Any] = {**dict(zip(KEY, values, strict=True)), "period_end": day}
        four = (added or {}).get(values)
        if four is None and not knows(figure["standard"], figure["indicator"]):
            raise UsageError(
                f"Nobody knows whom the indicator {figure['indicator']} of {figure['standard']} "
                "counts: what a body adds itself is attacked by its runs."
            )
        for count, of in enumerate(four or people(figure)):
            if of is not None:
                names[count, at] = numbering.name(of[:4])
                times[count, at] = of.times
    return Rows(owner, names[:, which], times[:, which], counts_of(figures))


def counts_of(figures: "pd.DataFrame") -> "Ints":
    """Return the four counts of each figure, ``HIDDEN`` where one does not stand there."""
    import numpy as np

    counts = [figures[count].to_numpy(dtype=float, na_value=np.nan) for count in COUNTS]
    return np.array(np.nan_to_num(np.array(counts), nan=HIDDEN), dtype=np.int64)


def _days(periods: "pd.Series[Any]") -> tuple[list[date], "Ints"]:
    import pandas as pd

    codes, values = pd.factorize(periods)
    return [date.fromisoformat(str(value)[:10]) for value in values], codes


def _owners(
    figures: "pd.DataFrame", days: list[date], day_of: "Ints", numbering: Numbering
) -> "Ints":
    """Return the number of the owner of each figure."""
    import numpy as np
    import pandas as pd

    levels, level_names = pd.factorize(figures["level"])
    codes, organisations = pd.factorize(figures["organisation_code"])
    pair = (day_of * len(level_names) + levels) * len(organisations) + codes
    _, first, which = np.unique(pair, return_index=True, return_inverse=True)
    own = [
        numbering.owner((days[day].isoformat(), str(level_names[level]), str(organisations[code])))
        for day, level, code in zip(
            day_of[first].tolist(), levels[first].tolist(), codes[first].tolist(), strict=True
        )
    ]
    return np.array(own, dtype=np.int64)[which]


def told(figures: Rows, is_there: "Flags", half: "Ints") -> Told:
    """Return what figures tell of each count.

    Args:
        figures: whom they count.
        is_there: of each figure, whether a count that it does not tell is there all the same.
        half: of each figure, how far its counts may be rounded.
    """
    import numpy as np

    is_count = (figures.name >= 0) & (is_there | (figures.told != HIDDEN))
    number = (figures.owner * _NAMES + figures.name)[is_count]
    value = figures.told[is_count]
    value = np.where(value == HIDDEN, HIDDEN, value // figures.times[is_count])
    order = np.lexsort((value, number))
    number, value = number[order], value[order]
    if not len(number):
        return Told(number, value, value, number)
    starts = np.flatnonzero(np.diff(number, prepend=-1))
    ends = np.append(starts[1:], len(number)) - 1
    numbers, most = number[starts], value[ends]
    # The hidden ones come first.
    hidden = np.add.reduceat(value == HIDDEN, starts)
    least = value[np.minimum(starts + hidden, ends)]
    width = np.maximum.reduceat(np.broadcast_to(half, is_count.shape)[is_count][order], starts)
    is_told = most != HIDDEN
    return Told(
        numbers,
        np.where(is_told, np.maximum(most - width, 0), HIDDEN),
        np.where(is_told, most + width, HIDDEN),
        numbers[least != most],
    )


def owners_of(numbers: "Ints") -> "Ints":
    """Return the number of the owner of each count."""
    return numbers // _NAMES


def names_of(numbers: "Ints") -> "Ints":
    """Return the number of the name of each count."""
    return numbers % _NAMES


def of_owner(numbers: "Ints", owner: int) -> "Ints":
    """Return the numbers of the counts of the same names of one owner."""
    return owner * _NAMES + names_of(numbers)


def by_owner(numbers: "Ints") -> Mapping[int, "Ints"]:
    """Return the places of the counts of each owner, of counts in the order of their numbers."""
    import numpy as np

    owners = owners_of(numbers)
    starts = np.flatnonzero(np.diff(owners, prepend=-1))
    places = np.split(np.arange(len(owners)), starts[1:])
    return {int(owners[own[0]]): own for own in places if len(own)}
