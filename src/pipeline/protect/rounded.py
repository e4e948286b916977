"""Rounded counts, as an alternative to hiding: percentages and ratios follow from what is rounded.

Every count is rounded from its true number, totals too, so that rounded groups need not add up to
their rounded total (NHS Digital and HESA round so). Nothing is computed from a true count that is
published rounded.
"""

from typing import TYPE_CHECKING

import pandas as pd

from pipeline.assess.columns import COUNTS
from pipeline.assess.figures import Answer, assess_again
from pipeline.assess.pooled import ESTIMATE
from pipeline.disclosure import Policy
from pipeline.protect.told import DETAIL_NOT_PUBLISHED, NONE, hide
from pipeline.registry import Indicator

if TYPE_CHECKING:
    from collections.abc import Iterable

ROUNDED = "ROUNDED"
_SURVEYS = ("survey/", "survey_base/")
"""The results of the staff survey stand as its owner publishes them."""
_TWO_YEARS = "workforce_two_year"


def rounded(
    decided: pd.DataFrame,
    published: pd.DataFrame,
    policy: Policy,
    registry: "Iterable[Indicator]",
    answer: Answer,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return both tables of ``protect`` with the counts of the second as the policy rounds them.

    Figures that do not follow from their own counts (an estimate over employers, a number on the
    way to parity, how a gap changed) are not published where counts are rounded.

    Args:
        decided: the figures with their true counts.
        published: the figures as they may be published, unrounded.
        policy: to what counts are rounded; to nothing: both tables come back as they are.
        registry: the indicators.
        answer: ``methods.answer``, here or in another process.
    """
    if not policy.rounding:
        return decided, published
    told = published.copy()
    is_rounded = pd.Series(data=False, index=told.index)
    counts_people = is_rounded.copy()
    for count in COUNTS:
        people = told[f"{count}_people"].fillna("").astype(str)
        of_people = people.ne("") & ~people.str.startswith(_SURVEYS)
        counts_people |= of_people
        rows = of_people & told[count].notna()
        times = people[rows].str.startswith(_TWO_YEARS).map({True: 2, False: 1})
        told.loc[rows, count] = _nearest(told.loc[rows, count] // times, policy.rounding) * times
        is_rounded |= rows
    follows = counts_people & (
        ~told["shows_counts"].astype(bool) | told["part"].str.endswith(f":{ESTIMATE}")
    )
    asked = is_rounded & ~follows & told["status"].isin(["ok", "not_applicable"])
    asked &= told["disclosure"].eq(NONE) & ~told["reason"].isin(["NOT_ADDITIVE", "NO_BASELINE"])
    again = assess_again(told[asked], registry, answer)
    for column in ("value", "ci_low", "ci_high", "p_value", "status", "reason", "direction"):
        told.loc[asked, column] = again[column]
    told.loc[is_rounded & told["disclosure"].eq(NONE), "disclosure"] = ROUNDED
    told = hide(told, follows & told["status"].ne("missing_source"), DETAIL_NOT_PUBLISHED)
    told.loc[follows, list(COUNTS)] = pd.NA
    is_told = told["disclosure"].eq(ROUNDED)
    return decided.assign(disclosure=decided["disclosure"].mask(is_told, ROUNDED)), told


def _nearest(counts: pd.Series, to: int) -> pd.Series:
    """Return counts to the nearest multiple of an odd or even number, a half going up."""
    return (2 * counts + to) // (2 * to) * to
