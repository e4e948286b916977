"""Protect the figures: a row tells its counts and its value only where every count may be told."""

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from pipeline.assess.columns import COUNTS, PEOPLE
from pipeline.assess.pooled import ESTIMATE
from pipeline.disclosure import Policy
from pipeline.protect.cells import Cells, Owner
from pipeline.protect.relations import relations
from pipeline.protect.suppression import PRIMARY, SECONDARY, hidden_cells
from pipeline.protect.totals import with_totals

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    import numpy.typing as npt

NONE, SUPPRESSED = "NONE", "SUPPRESSED"
_BASE_OF = {"numerator": "denominator", "comparator_numerator": "comparator_denominator"}
_SURVEY = "survey/"
"""Answers to the staff survey: by the owner's rule they are hidden with their base, and only so."""
_TWO_YEARS = "workforce_two_year"
"""A headcount counted once for each of two years: hidden where the headcount itself is."""
_TOLD_BY_VALUE = ("value", "ci_low", "ci_high", "p_value", "direction")


def protect(
    figures: pd.DataFrame, members: dict[Owner, list[list[Owner]]], policy: Policy
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the figures with what the policy decided, and the figures as they may be published.

    Both have the rows of ``figures`` and a column ``disclosure``: NONE, PRIMARY or SECONDARY in
    the first, which keeps all numbers; NONE or SUPPRESSED in the second, since why a cell is
    hidden would tell its range.
    """
    counted = _counted(figures)
    cells = with_totals(counted.counts)
    hidden = hidden_cells(cells, relations(cells, members), policy)
    reasons = _reasons(figures, counted, cells, hidden)
    by_counts = reasons.notna().any(axis="columns")
    withheld = _estimates_of_hidden(figures, by_counts, members) | _hidden_since(
        figures, cells, hidden
    )
    decided = figures.assign(disclosure=NONE)
    for reason in (SECONDARY, PRIMARY):
        is_reason = reasons.isin([reason]).any(axis="columns")
        if reason == SECONDARY:
            is_reason |= withheld
        decided["disclosure"] = decided["disclosure"].mask(is_reason, reason)
    return decided, _published(decided, reasons.notna(), withheld)


def _reasons(
    figures: pd.DataFrame, counted: "_Counted", cells: Cells, hidden: Mapping[int, str]
) -> pd.DataFrame:
    """Return why each count of each row is hidden, None where it is not."""
    numbers = map(cells.number, counted.owners, counted.names)
    reason = [None if number is None else hidden.get(number) for number in numbers]
    of_key = pd.Series(reason, dtype=object)
    is_survey = pd.Series([name.startswith(_SURVEY) for name in counted.names], dtype=bool)
    reasons = pd.DataFrame(
        {count: of_key.take(keys).to_numpy() for count, keys in counted.of_rows.items()},
        index=figures.index,
        dtype=object,
    )
    for count, base in _BASE_OF.items():
        is_answer = is_survey.take(counted.of_rows[count]).to_numpy()
        reasons[count] = reasons[base].where(is_answer, reasons[count])
    return reasons


def without_counts(figures: pd.DataFrame) -> pd.DataFrame:
    """Return the figures without the counts of those whose number stands in the value alone."""
    bare = ~figures["shows_counts"].astype(bool)
    return figures.assign(
        **{name: figures[name].mask(bare) for name in (*COUNTS, *PEOPLE)},
    )


def _estimates_of_hidden(
    figures: pd.DataFrame, is_hidden: "pd.Series[bool]", members: dict[Owner, list[list[Owner]]]
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


def _published(
    decided: pd.DataFrame, is_hidden: pd.DataFrame, withheld: "pd.Series[bool]"
) -> pd.DataFrame:
    published = decided.copy()
    for count in COUNTS:
        published.loc[is_hidden[count] | withheld, count] = pd.NA
    row_hidden = is_hidden.any(axis="columns") | withheld
    for column in _TOLD_BY_VALUE:
        published.loc[row_hidden, column] = None
    published.loc[row_hidden, "status"] = "suppressed"
    published.loc[row_hidden, "reason"] = SUPPRESSED
    published.loc[row_hidden, "disclosure"] = SUPPRESSED
    return published


def _hidden_since(
    figures: pd.DataFrame, cells: Cells, hidden: Mapping[int, str]
) -> "pd.Series[bool]":
    """Return whether a count of the snapshot that a change is measured from is hidden.

    Who knows a figure now and how it changed knows what it was.
    """
    found = pd.Series(data=False, index=figures.index)
    if "since" not in figures:
        return found
    is_change = figures["since"].notna()
    changes = figures.loc[is_change, ["since", "level", "organisation_code", *PEOPLE]]
    found.loc[is_change] = pd.Series(
        [
            any(
                cells.number(Owner(since, level, code), _cell_name(name)) in hidden
                for name in names
            )
            for since, level, code, *names in changes.itertuples(index=False)
        ],
        index=changes.index,
        dtype=bool,
    )
    return found


class _Counted(NamedTuple):
    """The counts that stand in the figures.

    Attributes:
        counts: of each organisation and snapshot by the name of their cell.
        owners: whose people a row counts, once for each name that one counts.
        names: the name of their cell; that of no cell where they are none of an organisation's,
            such as residents, or are answers to the staff survey.
        of_rows: for each column of counts the place of each row's among ``names``.
    """

    counts: dict[Owner, dict[str, int]]
    owners: list[Owner]
    names: list[str]
    of_rows: dict[str, "npt.NDArray[np.intp]"]


def _counted(figures: pd.DataFrame) -> _Counted:
    rows = zip(*(figures[name].tolist() for name in Owner._fields), strict=True)
    numbers: dict[tuple[Any, ...], int] = {}
    owner = pd.Series([numbers.setdefault(row, len(numbers)) for row in rows])
    people = pd.concat([figures[name] for name in PEOPLE], ignore_index=True)
    named, all_people = pd.factorize(people, use_na_sentinel=False)
    width = len(all_people)
    place, pairs = pd.factorize(pd.concat([owner] * len(PEOPLE), ignore_index=True) * width + named)
    all_owners, all_names = [Owner(*row) for row in numbers], list(map(_cell_name, all_people))
    owners = [all_owners[pair // width] for pair in pairs.tolist()]
    names = [all_names[pair % width] for pair in pairs.tolist()]

    value = pd.concat([figures[count] for count in COUNTS], ignore_index=True)
    known = pd.DataFrame({"place": place, "named": named, "count": value})[value.notna()]
    known = known.drop_duplicates("place", keep="last")
    is_double = [str(name).startswith(_TWO_YEARS) for name in all_people]
    counts: dict[Owner, dict[str, int]] = defaultdict(dict)
    for at, number, count in zip(*(known[column].tolist() for column in known), strict=True):
        if names[at] and not names[at].startswith(_SURVEY):
            counts[owners[at]][names[at]] = count // 2 if is_double[number] else count
    of_rows = dict(zip(COUNTS, place.reshape(len(COUNTS), -1), strict=True))
    return _Counted(counts, owners, names, of_rows)


def _cell_name(people: object) -> str:
    """Return the name of the cell of a row's people; of none for answers and the public."""
    return people.replace(_TWO_YEARS, "workforce") if isinstance(people, str) else ""


def pooled_members(connection: "duckdb.DuckDBPyConnection") -> dict[Owner, list[list[Owner]]]:
    """Return for each pooled organisation and snapshot every way in which it is put together."""
    rows = connection.execute(
        "select period_end, level, organisation_code, employer_code, employer_kind = 'TRUST' "
        "from core.membership where level <> 'employer' order by all"
    ).fetchall()
    employers: dict[Owner, list[Owner]] = defaultdict(list)
    bodies: dict[Owner, set[Owner]] = defaultdict(set)
    for period_end, level, organisation_code, employer_code, is_trust in rows:
        owner = Owner(period_end, level, organisation_code)
        employer = Owner(period_end, "employer", employer_code)
        employers[owner].append(employer)
        icb = Owner(period_end, "icb", organisation_code)
        bodies[owner].add(employer if is_trust else icb)
    return {
        owner: [pooled] if owner.level == "icb" else [pooled, sorted(bodies[owner])]
        for owner, pooled in employers.items()
    }
