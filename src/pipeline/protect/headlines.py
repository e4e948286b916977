"""Pay gaps, which stand without their headcounts.

The law makes the gender pay gap of an employer with 250 relevant employees or more public: the six
figures of the Equality Act 2010 (Specific Duties and Public Authorities) Regulations 2017, Schedule
1, stand whole. Of every other gap in pay only the median hourly gap stands, in whole per cent and
where each side is of enough people, since a gap to one decimal fits few pairs of pay points. How
many earn full pay is never told: the rest of the headcount are those on reduced pay.
"""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

import pandas as pd

from pipeline.assess.columns import MISSING_SOURCE
from pipeline.disclosure import Policy

_STANDARDS = ("GPG", "EPG", "DPG")
_OWNER = ("period_end", "organisation_code")
Employees = Mapping[tuple[date, str], int]
"""The relevant employees of each employer that sent its pay, by snapshot and code."""


class PayGaps(NamedTuple):
    """What is told of each row of the figures that is about pay; every other row is in none.

    Attributes:
        statutory: told whole.
        medians: told in whole per cent.
        by_rule: not told, whatever it counts.
        by_count: not told for the number of people that it counts.
    """

    statutory: "pd.Series[bool]"
    medians: "pd.Series[bool]"
    by_rule: "pd.Series[bool]"
    by_count: "pd.Series[bool]"


def pay_gaps(figures: pd.DataFrame, policy: Policy, employees: Employees) -> PayGaps:
    """Return what may be told of pay.

    Args:
        figures: the figures, unprotected.
        policy: how many relevant employees and how many people a side that takes.
        employees: how many relevant employees there are.
    """
    is_pay = figures["standard"].isin(_STANDARDS) & figures["reason"].ne(MISSING_SOURCE)
    is_filed = is_pay & figures["standard"].eq("GPG")
    is_filed &= figures["level"].eq("employer") & figures["part"].eq("all")
    statutory = is_filed & _of_large_employers(figures, policy, employees)
    is_median = is_pay & ~statutory & figures["indicator"].eq("median_hourly")
    is_large = pd.Series(data=True, index=figures.index)
    for side in ("numerator", "comparator_numerator"):
        is_large &= figures[side].fillna(0).ge(policy.minimum_side).astype(bool)
    rest = is_pay & ~statutory & ~is_median
    return PayGaps(
        statutory=statutory,
        medians=is_median & is_large,
        by_rule=rest & ~is_filed,
        by_count=(is_median & ~is_large) | (rest & is_filed),
    )


def _of_large_employers(
    figures: pd.DataFrame, policy: Policy, employees: Employees
) -> "pd.Series[bool]":
    """Return which rows are of an employer that has to file its gap.

    Whose sex is not known counts too, as in the filing, though no figure of a gap counts them.
    """
    large = {owner for owner, people in employees.items() if people >= policy.statutory_employees}
    owners = zip(*(figures[name].tolist() for name in _OWNER), strict=True)
    return pd.Series([owner in large for owner in owners], index=figures.index, dtype=bool)
