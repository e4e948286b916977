"""Why each row of figures is hidden: for its own counts, or since it would tell another's."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from pipeline.assess.columns import PEOPLE
from pipeline.assess.pooled import ESTIMATE
from pipeline.disclosure import Policy
from pipeline.protect.cells import Cells, Owner
from pipeline.protect.counted import SURVEY, Counted, cell_name
from pipeline.protect.detail import Members
from pipeline.protect.suppression import PRIMARY, SECONDARY

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_BASE_OF = {"numerator": "denominator", "comparator_numerator": "comparator_denominator"}


def withheld_why(
    counts: Counted, unpublished: "npt.NDArray[np.bool_]", policy: Policy
) -> list[str | None]:
    """Return why each count that is not published would be hidden: small, or for others' sake."""
    why: list[str | None] = []
    for owner, name, is_held in zip(counts.owners, counts.names, unpublished.tolist(), strict=True):
        number = counts.counts.get(owner, {}).get(name)
        is_small = number is not None and policy.is_small(number)
        why.append((PRIMARY if is_small else SECONDARY) if is_held else None)
    return why


def reasons(
    figures: pd.DataFrame,
    counts: Counted,
    cells: Cells,
    hidden: Mapping[int, str],
    held: Sequence[str | None],
) -> pd.DataFrame:
    """Return why each count of each row is hidden, None where it is not.

    Args:
        figures: the figures.
        counts: the counts in them.
        cells: those that matter to the protection, numbered.
        hidden: why each hidden cell is hidden.
        held: why each of the counts would be hidden that are not published in any case.
    """
    numbers = map(cells.number, counts.owners, counts.names)
    reason = [None if number is None else hidden.get(number) for number in numbers]
    of_key = pd.Series(
        [one or other for one, other in zip(reason, held, strict=True)], dtype=object
    )
    is_survey = pd.Series([name.startswith(SURVEY) for name in counts.names], dtype=bool)
    found = pd.DataFrame(
        {count: of_key.take(keys).to_numpy() for count, keys in counts.of_rows.items()},
        index=figures.index,
        dtype=object,
    )
    for count, base in _BASE_OF.items():
        is_answer = is_survey.take(counts.of_rows[count]).to_numpy()
        found[count] = found[base].where(is_answer, found[count])
    return found


def estimates_of_hidden(
    figures: pd.DataFrame, is_hidden: "pd.Series[bool]", members: Members
) -> "pd.Series[bool]":
    """Return which rows are estimates over employers of which one at least is hidden.

    Who knows the estimate and all employers but one knows that one's ratio, whatever the pooled
    counts tell.
    """
    parts = [part for part in figures["part"].unique() if str(part).endswith(f":{ESTIMATE}")]
    estimates = figures["part"].isin(parts) & ~is_hidden
    found = estimates & False
    if not estimates.any():
        return found
    named = [*Owner._fields, "standard", "indicator", "part", "group_code", "comparator_code"]
    is_like = is_hidden & figures["indicator"].isin(figures.loc[estimates, "indicator"].unique())
    hidden = set(map(tuple, figures.loc[is_like, named].to_numpy().tolist()))
    keys = figures.loc[estimates, named].to_numpy().tolist()
    for index, (*owner, standard, indicator, part, group, comparator) in zip(
        figures.index[estimates], keys, strict=True
    ):
        figure = (standard, indicator, part.removesuffix(f":{ESTIMATE}"), group, comparator)
        found[index] = any((*one, *figure) in hidden for one in members[Owner(*owner)][0])
    return found


def hidden_since(
    figures: pd.DataFrame,
    counts: Counted,
    cells: Cells,
    hidden: Mapping[int, str],
    unpublished: "npt.NDArray[np.bool_]",
) -> "pd.Series[bool]":
    """Return whether a count of the snapshot that a change is measured from is hidden.

    Who knows a figure now and how it changed knows what it was.
    """
    found = pd.Series(data=False, index=figures.index)
    if "since" not in figures:
        return found
    is_change = figures["since"].notna()
    if not is_change.any():
        return found
    gone = {(counts.owners[place], counts.names[place]) for place in unpublished.nonzero()[0]}
    changes = figures.loc[is_change, ["since", "level", "organisation_code", *PEOPLE]]
    found.loc[is_change] = pd.Series(
        [
            any(
                (cell := (Owner(since, level, code), cell_name(name))) in gone
                or cells.number(*cell) in hidden
                for name in names
            )
            for since, level, code, *names in changes.itertuples(index=False)
        ],
        index=changes.index,
        dtype=bool,
    )
    return found
