"""In words: how a method works a value out, what a reason means, and what protection did."""

from collections.abc import Mapping
from typing import NamedTuple


class MethodWords(NamedTuple):
    """How a method works out a value, and its interval and p-value."""

    value: str
    interval: str


_NO_INTERVAL = "no interval and no p-value"
_WILSON = "95% score interval of Wilson (1927); no p-value, since nothing is compared"

METHODS: Mapping[str, MethodWords] = {
    "share": MethodWords("numerator of denominator, in percent", _WILSON),
    "quarter_share": MethodWords(
        "numerator of denominator, in percent; of women and men one is rounded and the other is "
        "the rest of 100",
        _WILSON,
    ),
    "proportion": MethodWords("numerator of denominator, in percent", _WILSON),
    "rate": MethodWords(
        "numerator of denominator, in percent",
        f"{_WILSON}; none where there are more cases than people",
    ),
    "headcount": MethodWords("the number of people", _NO_INTERVAL),
    "relative_likelihood": MethodWords(
        "numerator of denominator, divided by the comparator's, from unrounded likelihoods",
        "95% interval of the logarithm (Katz and others 1978) from 5 events in each group on, "
        "else the score interval of Koopman (1984); p of Fisher's exact test, two-sided",
    ),
    "disparity_ratio": MethodWords(
        "numerator divided by denominator, divided by the comparator's; the four are people of "
        "two tiers, of whom nobody is in both",
        "95% interval of the logarithm with the sum of 1/cell as variance; p of Fisher's exact "
        "test, two-sided",
    ),
    "mantel_haenszel": MethodWords(
        "the ratio of Mantel and Haenszel (1959) over the employers, each a stratum",
        f"{_NO_INTERVAL}: the pooled ratio beside it has them",
    ),
    "part_against_whole": MethodWords(
        "numerator of denominator less the comparator's, in percentage points, subtracted before "
        "rounding; the part is counted in the whole too",
        "95% interval of Newcombe (1998, method 10) of the part against the rest, brought back to "
        "the whole; p of Fisher's exact test of part and rest, two-sided",
    ),
    "independent_difference": MethodWords(
        "numerator of denominator less the comparator's, in percentage points, subtracted before "
        "rounding",
        "95% interval of Newcombe (1998, method 10); p of Fisher's exact test, two-sided",
    ),
    "population_difference": MethodWords(
        "numerator of denominator less the share of the residents, in percentage points, "
        "subtracted before rounding",
        "95% score interval of Wilson (1927) less the share of the residents, which is taken as "
        "fixed; p of the exact binomial test, two-sided",
    ),
    "representation_index": MethodWords(
        "numerator of denominator, divided by the share of the residents",
        "95% score interval of Wilson (1927) divided by the share of the residents, which is taken "
        "as fixed; p of the exact binomial test, two-sided",
    ),
    "gap_percent": MethodWords(
        "the amount of the group less that of the comparator, in percent of the group's",
        _NO_INTERVAL,
    ),
    "amount": MethodWords("the amount, or its mean, as it stands", _NO_INTERVAL),
    "mean_score": MethodWords("the mean score of those who answered", _NO_INTERVAL),
    "change": MethodWords(
        "how far the gap was from parity less how far it is now; of ratios by their logarithm",
        "95% interval from the intervals of both (Donner and Zou 2012); p of the normal deviate",
    ),
}
"""Every method of the registry."""

REASONS: Mapping[str, str] = {
    "NO_NUMERATOR_BASE": "there is nobody in the group",
    "NO_COMPARATOR_BASE": "there is nobody to compare with",
    "NO_EVENTS": "nothing of the kind happened in either group",
    "COMPARATOR_RATE_ZERO": "nothing of the kind happened in the group that it is compared with",
    "MISSING_SOURCE": "an extract that it is made from was not sent, or was rejected",
    "NOT_ADDITIVE": "the figures of the employers cannot be put together",
    "BELOW_MINIMUM": "there are fewer than the standard asks for",
    "WEIGHTED": "the results are weighted and count nobody",
    "SERIES_BREAK": "the series broke between the two snapshots",
    "NO_EARLIER_FIGURE": "there is no earlier figure to measure from",
    "NO_CURRENT_FIGURE": "there is no figure at this snapshot to measure to",
    "NO_BASELINE": "there is nothing to measure from",
    "NOT_RECORDED": "the extract does not record it",
    "PARITY_BELOW_ONE": "parity is fewer than one person",
    "SUPPRESSED": "telling why there is none would tell a hidden count",
    "DETAIL_NOT_PUBLISHED": "the policy publishes no such detail of this level at this snapshot",
}
"""Every reason for which there is no value."""

DIRECTIONS: Mapping[str, str] = {
    "favourable": "favourable: p is below 0.05 and the interval excludes parity",
    "adverse": "adverse: p is below 0.05 and the interval excludes parity",
    "near_parity": "near parity: the whole interval lies near it",
    "cannot_tell": "cannot tell: the numbers are too small to say",
    "neutral": "neutral: nothing is claimed",
}


def protection(row: Mapping[str, object], threshold: str) -> str:
    """Return what was done to a published figure.

    Args:
        row: its row of ``figure``.
        threshold: the smallest count that the policy does not call small.
    """
    done = row["disclosure"]
    if done == "PERCENT_ONLY":
        return "published without its counts"
    if done == "ROUNDED":
        return "published with rounded counts"
    if done == "NONE":
        return "published as it is"
    if row["reason"] == "DETAIL_NOT_PUBLISHED":
        return f"hidden: {REASONS['DETAIL_NOT_PUBLISHED']}"
    return (
        f"hidden: a count from 1 to {int(threshold) - 1} stands behind it, or it would give one "
        "away, here or in an earlier release"
    )


PRIVATE: Mapping[str, str] = {
    "NONE": "nothing of it is hidden",
    "PRIMARY": "hidden for a count of its own that the policy calls small",
    "SECONDARY": "hidden for others: it would give a hidden count away, its block is withheld, or "
    "the policy publishes no such detail then",
    "PERCENT_ONLY": "published without its counts",
    "ROUNDED": "published with rounded counts",
}
"""What the private table of figures says of the protection."""
