"""Assess: counts become figures, one row each, by the methods that the registry names."""

from collections.abc import Callable, Iterable, Iterator
from types import SimpleNamespace
from typing import Any

import pandas as pd

from pipeline.assess import amounts, rates
from pipeline.assess.columns import COUNTS, KEY, MISSING_SOURCE
from pipeline.assess.counted import Counted
from pipeline.assess.pooled import STRATA
from pipeline.assess.rates import Assessed
from pipeline.registry import METHODS, Indicator, Measure

_Method = Callable[[Any, str], Assessed]


def _headcount(row: Any, _: str) -> Assessed:
    return Assessed(float(row.numerator), None, None, None, "ok", None, "neutral")


_METHODS: dict[str, _Method] = {
    "share": lambda row, _: rates.share(row.numerator, row.denominator),
    "proportion": lambda row, _: rates.share(row.numerator, row.denominator),
    "rate": lambda row, _: rates.share(row.numerator, row.denominator),
    "headcount": _headcount,
    "relative_likelihood": lambda row, high_is: rates.relative_likelihood(*_four(row), high_is),
    "disparity_ratio": lambda row, high_is: rates.disparity_ratio(*_four(row), high_is),
    "mantel_haenszel": lambda row, _: rates.pooled_estimate(row.strata),
    "part_against_whole": lambda row, high_is: rates.difference_of_part(*_four(row), high_is),
    "independent_difference": lambda row, high_is: rates.difference_independent(
        *_four(row), high_is
    ),
    "population_difference": lambda row, high_is: rates.difference_from_population(
        *_four(row), high_is
    ),
    "representation_index": lambda row, high_is: rates.representation_index(*_four(row), high_is),
    "gap_percent": lambda row, high_is: amounts.gap_percent(
        amounts.mean(row.amount, row.amount_base),
        amounts.mean(row.comparator_amount, row.comparator_amount_base),
        high_is,
    ),
}


_OF_AMOUNTS = ("amount", "mean_score")
"""Methods whose value is an amount as it stands."""


def _four(row: Any) -> tuple[int, int, int, int]:
    return row.numerator, row.denominator, row.comparator_numerator, row.comparator_denominator


def assess(counted: Iterable[Counted]) -> pd.DataFrame:
    """Return every figure with value, interval, p-value and direction, unprotected.

    Columns are those of ``figure`` without the release, and for each count the people that it
    counts (``population/part/characteristic/group``; null for the public's). Sorted by ``KEY``.
    """
    rows = [row for entry, counts in counted for row in _assessed_rows(entry, counts)]
    frame = pd.DataFrame(rows).sort_values(list(KEY), ignore_index=True, na_position="first")
    for count in COUNTS:
        frame[count] = frame[count].astype("Int64")
    for number in ("value", "ci_low", "ci_high", "p_value"):
        frame[number] = frame[number].astype("float64")
    return frame


def _assessed_rows(entry: Indicator, counts: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for row in counts:
        assessed = _assess_row(SimpleNamespace(**row), entry.measures[row["measure"]])
        yield {
            **{name: row[name] for name in row if name != STRATA},
            "value": assessed.value,
            "ci_low": assessed.ci_low,
            "ci_high": assessed.ci_high,
            "p_value": assessed.p_value,
            "status": assessed.status,
            "reason": assessed.reason,
            "direction": assessed.direction if assessed.status == "ok" else None,
            "shows_counts": METHODS[entry.measures[row["measure"]].method].shows_counts,
        }


def _assess_row(row: Any, measure: Measure) -> Assessed:
    if row.reason == MISSING_SOURCE:
        return Assessed(None, None, None, None, "missing_source", row.reason, "neutral")
    if row.reason is not None:
        return rates.not_applicable(row.reason)
    if measure.method in _OF_AMOUNTS:
        return amounts.amount(amounts.mean(row.amount, row.amount_base), measure.decimals)
    return _METHODS[measure.method](row, measure.high_is(row.part, row.group_code))
