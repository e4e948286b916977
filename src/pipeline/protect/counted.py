"""The counts of people that stand in the figures, each once."""

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from pipeline.assess.columns import COUNTS, PEOPLE
from pipeline.protect.cells import Owner

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

SURVEY = "survey/"
"""Answers to the staff survey: by the owner's rule they are hidden with their base, and only so."""
_TWO_YEARS = "workforce_two_year"
"""A headcount counted once for each of two years: hidden where the headcount itself is."""


class Counted(NamedTuple):
    """The counts that stand in the figures.

    Attributes:
        counts: of each organisation and snapshot by the name of their cell.
        owners: whose people a row counts, once for each name that one counts.
        names: the name of their cell; that of no cell where they are none of an organisation's,
            such as residents.
        of_rows: for each column of counts the place of each row's among ``names``.
    """

    counts: dict[Owner, dict[str, int]]
    owners: list[Owner]
    names: list[str]
    of_rows: dict[str, "npt.NDArray[np.intp]"]


def counted(figures: pd.DataFrame) -> Counted:
    """Return the counts of people in ``figures``."""
    rows = zip(*(figures[name].tolist() for name in Owner._fields), strict=True)
    numbers: dict[tuple[Any, ...], int] = {}
    owner = pd.Series([numbers.setdefault(row, len(numbers)) for row in rows])
    people = pd.concat([figures[name] for name in PEOPLE], ignore_index=True)
    named, all_people = pd.factorize(people, use_na_sentinel=False)
    width = len(all_people)
    place, pairs = pd.factorize(pd.concat([owner] * len(PEOPLE), ignore_index=True) * width + named)
    all_owners, all_names = [Owner(*row) for row in numbers], list(map(cell_name, all_people))
    owners = [all_owners[pair // width] for pair in pairs.tolist()]
    names = [all_names[pair % width] for pair in pairs.tolist()]

    value = pd.concat([figures[count] for count in COUNTS], ignore_index=True)
    known = pd.DataFrame({"place": place, "named": named, "count": value})[value.notna()]
    known = known.drop_duplicates("place", keep="last")
    is_double = [str(name).startswith(_TWO_YEARS) for name in all_people]
    counts: dict[Owner, dict[str, int]] = defaultdict(dict)
    for at, number, count in zip(*(known[column].tolist() for column in known), strict=True):
        if names[at] and not names[at].startswith(SURVEY):
            counts[owners[at]][names[at]] = count // 2 if is_double[number] else count
    of_rows = dict(zip(COUNTS, place.reshape(len(COUNTS), -1), strict=True))
    return Counted(counts, owners, names, of_rows)


def cell_name(people: object) -> str:
    """Return the name of the cell of a row's people; of none for the public."""
    return people.replace(_TWO_YEARS, "workforce") if isinstance(people, str) else ""
