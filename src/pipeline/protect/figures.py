"""Protect the figures: a row tells its counts and its value only where every count may be told."""

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from pipeline.assess.columns import COUNTS, PEOPLE
from pipeline.assess.pooled import ESTIMATE
from pipeline.protect.policy import Policy
from pipeline.protect.relations import Cell, Owner, relations
from pipeline.protect.suppression import PRIMARY, SECONDARY, hidden_cells
from pipeline.protect.totals import with_totals

if TYPE_CHECKING:
    import duckdb

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
    cells = _cells(figures)
    counts = with_totals(_counts(figures, cells))
    hidden = hidden_cells(counts.known, relations(counts.known, members), policy, counts.added)
    reasons = pd.DataFrame(
        {count: [cell and hidden.get(cell) for cell in cells[count]] for count in COUNTS},
        index=figures.index,
        dtype=object,
    )
    for count, base in _BASE_OF.items():
        is_survey = figures[f"{count}_people"].str.startswith(_SURVEY, na=False)
        reasons[count] = reasons[base].where(is_survey, reasons[count])
    by_counts = reasons.notna().any(axis="columns")
    withheld = _estimates_of_hidden(figures, by_counts, members) | _hidden_since(figures, hidden)
    decided = figures.assign(disclosure=NONE)
    for reason in (SECONDARY, PRIMARY):
        is_reason = reasons.isin([reason]).any(axis="columns")
        if reason == SECONDARY:
            is_reason |= withheld
        decided["disclosure"] = decided["disclosure"].mask(is_reason, reason)
    return decided, _published(decided, reasons.notna(), withheld)


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
    estimates = figures["part"].str.endswith(f":{ESTIMATE}") & ~is_hidden
    found = estimates & False
    if not estimates.any():
        return found
    named = [*Owner._fields, "standard", "indicator", "part", "group_code", "comparator_code"]
    hidden = set(map(tuple, figures.loc[is_hidden, named].to_numpy().tolist()))
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


def _hidden_since(figures: pd.DataFrame, hidden: Mapping[Cell, str]) -> "pd.Series[bool]":
    """Return whether a count of the snapshot that a change is measured from is hidden.

    Who knows a figure now and how it changed knows what it was.
    """
    found = pd.Series(data=False, index=figures.index)
    if "since" not in figures:
        return found
    changes = figures[figures["since"].notna()]
    earlier = _cells(changes.assign(period_end=changes["since"]))
    for cells in earlier.values():
        is_hidden = pd.Series([cell in hidden for cell in cells], index=changes.index, dtype=bool)
        found.loc[changes.index] |= is_hidden
    return found


def _cells(figures: pd.DataFrame) -> dict[str, list[Cell | None]]:
    """Return for each column of counts the cell that each row's count is in; None: the public."""
    owner_columns = [figures[name].tolist() for name in Owner._fields]
    owners = [Owner(*row) for row in zip(*owner_columns, strict=True)]
    return {
        count: [
            Cell(owner, named.replace(_TWO_YEARS, "workforce"))
            if isinstance(named, str) and not named.startswith(_SURVEY)
            else None
            for owner, named in zip(owners, figures[people].tolist(), strict=True)
        ]
        for count, people in zip(COUNTS, PEOPLE, strict=True)
    }


def _counts(figures: pd.DataFrame, cells: dict[str, list[Cell | None]]) -> dict[Cell, int]:
    return {
        cell: value // 2 if named.startswith(_TWO_YEARS) else value
        for count, people in zip(COUNTS, PEOPLE, strict=True)
        for cell, value, named in zip(
            cells[count], figures[count].tolist(), figures[people].tolist(), strict=True
        )
        if cell is not None and value is not pd.NA
    }


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
