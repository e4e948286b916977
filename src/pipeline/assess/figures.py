"""Assess: counts become figures, one row each, by the methods that the registry names."""

from collections.abc import Callable, Iterable, Iterator
from types import SimpleNamespace
from typing import Any

import pandas as pd

from pipeline.assess import amounts, rates
from pipeline.assess.columns import COUNTS, KEY, MISSING_SOURCE
from pipeline.assess.counted import Counted, Row
from pipeline.assess.evidence import ACTION, Gaps, evidence
from pipeline.assess.pooled import STRATA
from pipeline.assess.rates import Assessed
from pipeline.registry import METHODS, Indicator, Measure

_Method = Callable[[Any, str], Assessed]


def _headcount(row: Any, _: str) -> Assessed:
    return Assessed(float(row.numerator), None, None, None, "ok", None, "neutral")


def _share(row: Any, _: str) -> Assessed:
    return rates.share(row.numerator, row.denominator)


def _quarter_share(row: Any, _: str) -> Assessed:
    """Return the share of a pay quarter: men's is rounded, women's is the rest of 100."""
    if row.group_code == "FEMALE":
        return rates.rest_of_share(row.numerator, row.denominator)
    return _share(row, _)


_METHODS: dict[str, _Method] = {
    "share": _share,
    "quarter_share": _quarter_share,
    "proportion": _share,
    "rate": _share,
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
    counts (``population/part/characteristic/group``; null for the public's). ``since`` is the
    earlier snapshot that a change is measured from. Sorted by ``KEY``.
    """
    counted = list(counted)
    direct = [(entry, rows) for entry, rows in counted if not _is_evidence(entry)]
    rows = [row for entry, counts in direct for row in _assessed_rows(entry, counts)]
    gaps = Gaps(direct, rows)
    for _, actions in filter(lambda each: _is_evidence(each[0]), counted):
        rows += (_evidence_row(action, gaps) for action in actions)
    frame = pd.DataFrame(rows).sort_values(list(KEY), ignore_index=True, na_position="first")
    for count in COUNTS:
        frame[count] = frame[count].astype("Int64")
    for number in ("value", "ci_low", "ci_high", "p_value"):
        frame[number] = frame[number].astype("float64")
    return frame


def _is_evidence(entry: Indicator) -> bool:
    return any(measure.method == "change" for measure in entry.measures.values())


def _evidence_row(action: Row, gaps: Gaps) -> Row:
    if action["reason"] is None:
        row, assessed = evidence(action, gaps)
    else:
        row, assessed = {**action, "since": None}, _without_value(action["reason"])
    told = _told(row, assessed) | {"shows_counts": False}
    return {name: value for name, value in told.items() if name not in ACTION}


def _assessed_rows(entry: Indicator, counts: Iterable[Row]) -> Iterator[Row]:
    for row in counts:
        measure = entry.measures[row["measure"]]
        assessed = _assess_row(SimpleNamespace(**row), measure)
        shows_counts = METHODS[measure.method].shows_counts
        yield _told(row, assessed) | {"since": row.get("since"), "shows_counts": shows_counts}


def _told(row: Row, assessed: Assessed) -> Row:
    return {
        **{name: row[name] for name in row if name != STRATA},
        "value": assessed.value,
        "ci_low": assessed.ci_low,
        "ci_high": assessed.ci_high,
        "p_value": assessed.p_value,
        "status": assessed.status,
        "reason": assessed.reason,
        "direction": assessed.direction if assessed.status == "ok" else None,
    }


def _without_value(reason: str) -> Assessed:
    if reason == MISSING_SOURCE:
        return Assessed(None, None, None, None, "missing_source", reason, "neutral")
    return rates.not_applicable(reason)


def _assess_row(row: Any, measure: Measure) -> Assessed:
    if row.reason is not None:
        return _without_value(row.reason)
    if measure.method in _OF_AMOUNTS:
        return amounts.amount(amounts.mean(row.amount, row.amount_base), measure.decimals)
    return _METHODS[measure.method](row, measure.high_is(row.part, row.group_code))
