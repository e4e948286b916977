"""What the rows of the figures tell once it is decided what is hidden.

A row tells its value, interval, p-value, direction and reason only where every count behind them
may be told; why a count is hidden is not told, since it would tell its range.
"""

import pandas as pd

from pipeline.assess.columns import COUNTS
from pipeline.assess.rounding import round_half_away
from pipeline.disclosure import Policy

NONE, SUPPRESSED, PERCENT_ONLY = "NONE", "SUPPRESSED", "PERCENT_ONLY"
DETAIL_NOT_PUBLISHED = "DETAIL_NOT_PUBLISHED"
"""Why a figure is not published whatever it counts: its level and snapshot, or it is of pay."""
_OF_NO_COUNT = ("MISSING_SOURCE", "NOT_ADDITIVE", "NO_BASELINE")
"""Reasons that tell of no count, so that they stand even where nothing else is published."""
_PERCENTAGES = ("share", "rate")
_TOLD_BY_VALUE = ("value", "ci_low", "ci_high", "p_value", "direction")
_OF_A_COUNT = ("ci_low", "ci_high", "p_value")
"""Numbers that tell with a value of how many people it is."""


def published_figures(
    decided: pd.DataFrame, is_hidden: pd.DataFrame, follows: "pd.Series[bool]", policy: Policy
) -> pd.DataFrame:
    """Return the figures without what is hidden.

    Args:
        decided: the figures.
        is_hidden: for each of their counts whether it is hidden.
        follows: rows of which nothing is told.
        policy: whether percentages of hidden counts are told, and of how many people.
    """
    published = decided.copy()
    for count in COUNTS:
        published.loc[is_hidden[count] | follows, count] = pd.NA
    row_hidden = is_hidden.any(axis="columns") | follows
    is_percentage = decided["measure"].isin(_PERCENTAGES)
    if policy.percentages_of_hidden:
        bare = is_percentage & row_hidden & ~follows
        row_hidden &= ~bare
        published.loc[bare, "disclosure"] = PERCENT_ONLY
        for column in _OF_A_COUNT:
            published.loc[bare, column] = None
    of_few = is_percentage & decided["denominator"].lt(policy.minimum_percentage_base).fillna(
        value=False
    ).astype(bool)
    return hide(published, row_hidden | of_few, SUPPRESSED)


def hide(published: pd.DataFrame, rows: "pd.Series[bool]", reason: str) -> pd.DataFrame:
    """Return figures of which some rows tell nothing that follows from their counts."""
    for column in _TOLD_BY_VALUE:
        published.loc[rows, column] = None
    published.loc[rows, "status"] = "suppressed"
    published.loc[rows, "reason"] = reason
    published.loc[rows, "disclosure"] = SUPPRESSED
    return published


def in_percent(
    published: pd.DataFrame, medians: "pd.Series[bool]", percent_only: "pd.Series[bool]"
) -> pd.DataFrame:
    """Take the counts from rows that stand without them, and the decimal from the medians."""
    published.loc[percent_only, list(COUNTS)] = pd.NA
    for column in _OF_A_COUNT:
        published.loc[percent_only, column] = None
    gaps = published.loc[percent_only & medians, "value"].dropna()
    published.loc[gaps.index, "value"] = [round_half_away(value, 0) for value in gaps]
    return published


def without_detail(published: pd.DataFrame, by_date: "pd.Series[bool]") -> pd.DataFrame:
    """Take everything from the rows that are not published whatever they count."""
    published.loc[by_date, list(COUNTS)] = pd.NA
    tells_no_count = published["reason"].isin(_OF_NO_COUNT)
    published.loc[by_date & tells_no_count, "disclosure"] = NONE
    return hide(published, by_date & ~tells_no_count, DETAIL_NOT_PUBLISHED)
