"""Protect the figures: a row tells its counts and its value only where every count may be told."""

from collections import defaultdict
from typing import TYPE_CHECKING

import pandas as pd

from pipeline.assess.figures import COUNTS, PEOPLE
from pipeline.protect.policy import Policy
from pipeline.protect.relations import Cell, Owner, relations
from pipeline.protect.suppression import PRIMARY, SECONDARY, hidden_cells

if TYPE_CHECKING:
    import duckdb

NONE, SUPPRESSED = "NONE", "SUPPRESSED"
_TOLD_BY_VALUE = ("value", "ci_low", "ci_high", "p_value", "direction")


def protect(
    figures: pd.DataFrame, members: dict[Owner, list[Owner]], policy: Policy
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the figures with what the policy decided, and the figures as they may be published.

    Both have the rows of ``figures`` and a column ``disclosure``: NONE, PRIMARY or SECONDARY in
    the first, which keeps all numbers; NONE or SUPPRESSED in the second, since why a cell is
    hidden would tell its range.
    """
    counts = _counts(figures)
    hidden = hidden_cells(counts, relations(counts, members), policy)
    reasons = pd.DataFrame(
        {
            count: [hidden.get(cell) if cell else None for cell in _cells(figures, people)]
            for count, people in zip(COUNTS, PEOPLE, strict=True)
        },
        index=figures.index,
        dtype=object,
    )
    decided = figures.assign(disclosure=NONE)
    for reason in (SECONDARY, PRIMARY):
        is_reason = reasons.isin([reason]).any(axis="columns")
        decided["disclosure"] = decided["disclosure"].mask(is_reason, reason)
    return decided, _published(decided, reasons.notna())


def _published(decided: pd.DataFrame, is_hidden: pd.DataFrame) -> pd.DataFrame:
    published = decided.copy()
    for count in COUNTS:
        published.loc[is_hidden[count], count] = pd.NA
    row_hidden = is_hidden.any(axis="columns")
    for column in _TOLD_BY_VALUE:
        published.loc[row_hidden, column] = None
    published.loc[row_hidden, "status"] = "suppressed"
    published.loc[row_hidden, "reason"] = SUPPRESSED
    published.loc[row_hidden, "disclosure"] = SUPPRESSED
    return published


def _cells(figures: pd.DataFrame, people_column: str) -> list[Cell | None]:
    owners = [
        Owner(*row)
        for row in figures[["period_end", "level", "organisation_code"]].itertuples(index=False)
    ]
    return [
        Cell(owner, people) if isinstance(people, str) else None
        for owner, people in zip(owners, figures[people_column], strict=True)
    ]


def _counts(figures: pd.DataFrame) -> dict[Cell, int]:
    counts: dict[Cell, int] = {}
    for count, people in zip(COUNTS, PEOPLE, strict=True):
        for cell, value in zip(_cells(figures, people), figures[count], strict=True):
            if cell is not None and not pd.isna(value):
                counts[cell] = int(value)
    return counts


def pooled_members(connection: "duckdb.DuckDBPyConnection") -> dict[Owner, list[Owner]]:
    """Return for each pooled organisation and snapshot the employers pooled in it."""
    rows = connection.execute(
        "select period_end, level, organisation_code, employer_code from core.membership "
        "where level <> 'employer' order by all"
    ).fetchall()
    members: dict[Owner, list[Owner]] = defaultdict(list)
    for period_end, level, organisation_code, employer_code in rows:
        members[Owner(period_end, level, organisation_code)].append(
            Owner(period_end, "employer", employer_code)
        )
    return dict(members)
