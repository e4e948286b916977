"""Tests of chance for alerts: exact, one-sided, and with an eye on how many there were."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

FALSE_DISCOVERIES = 0.05
"""The share of false ones among the alarms that Benjamini and Hochberg (1995) let stand."""

COUNTS = ("test", "events", "trials", "other_events", "other_trials")
"""The columns of a frame from which a p-value follows."""


def p_values(counts: pd.DataFrame) -> "list[float]":
    """Return the p-value of each row: how likely so few events are, or fewer, by chance.

    ``binomial``: ``events`` of ``trials`` against a past rate. The past rate is taken as
    (other_events + 0.5) / (other_trials + 1): a body of which all are known has a rate just below
    100% and not of it, so that its first unknown joiner is no alarm by itself.
    ``fisher``: Fisher's exact test of ``events`` of ``trials`` against ``other_events`` of
    ``other_trials``, one-sided: the probability of the tables with the same margins that have as
    few events or fewer (``scipy.stats.fisher_exact`` with the alternative "less").

    Args:
        counts: the columns ``COUNTS``, events no more than trials, trials above 0.
    """
    from scipy.stats import binom, hypergeom

    events, trials, other_events, other_trials = (
        counts[name].to_numpy(dtype="int64") for name in COUNTS[1:]
    )
    past_rate = (other_events + 0.5) / (other_trials + 1)
    binomial = binom.cdf(events, trials, past_rate)
    fisher = hypergeom.cdf(events, trials + other_trials, events + other_events, trials)
    chosen = np.where(counts["test"].eq("binomial"), binomial, fisher)
    return [float(value) for value in chosen]


def highest_standing(values: "Sequence[float] | pd.Series[float]") -> float:
    """Return the highest p-value that stands after Benjamini and Hochberg (1995) at 5%, or -1.

    The largest p of rank i of m that is no more than 5% i/m stands, and all that are smaller.
    """
    ranked = np.sort(np.asarray(values, dtype="float64"))
    passes = ranked <= FALSE_DISCOVERIES * np.arange(1, len(ranked) + 1) / len(ranked)
    return float(ranked[passes].max()) if passes.any() else -1.0
