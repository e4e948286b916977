"""Declaration rates as XmR series: drawn for who asks, and no alarm, since the same people stay."""

from itertools import pairwise
from typing import Any

import pandas as pd

from pipeline.assess.rounding import percent
from pipeline.assess.spc import Limits, limits, special_causes

XMR = (
    "organisation_code", "organisation_name", "characteristic", "period_end", "known", "headcount",
    "value", "mean", "lower", "upper", "inner_lower", "inner_upper", "special_cause", "is_trial",
)  # fmt: skip
_SERIES = ["organisation_code", "characteristic"]


def declaration_xmr(rates: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each employer, characteristic and snapshot: the point, and its limits.

    ``value`` is in percent, unrounded. Limits are null in series of fewer than 5 points, and not
    clipped to 0 and 100. The shortest time between two snapshots of a series is one step: a moving
    range over a longer one, where a quarter was skipped, is left out of the mean moving range.

    Args:
        rates: the declaration rates with their true counts.
    """
    employers = rates[rates["level"].eq("employer")].sort_values([*_SERIES, "period_end"])
    rows = [
        row
        for _, series in employers.groupby(_SERIES, sort=True)
        for row in _points(series.to_dict("records"))
    ]
    frame = pd.DataFrame(rows, columns=list(XMR))
    numbers = dict.fromkeys(XMR[6:12], "Float64")
    return frame.astype({**numbers, "known": "int64", "headcount": "int64", "is_trial": "boolean"})


def _points(series: list[dict[Any, Any]]) -> list[dict[str, Any]]:
    values = [float(percent(int(row["known"]), int(row["headcount"]))) for row in series]
    drawn = limits(values, after_gap=_after_gap(series))
    causes = special_causes(values, drawn) if drawn else [None] * len(values)
    told = ("organisation_code", "organisation_name", "characteristic", "period_end", "known",
            "headcount")  # fmt: skip
    return [
        {name: row[name] for name in told}
        | {"value": value, "special_cause": cause and cause.value}
        | _drawn(drawn)
        for row, value, cause in zip(series, values, causes, strict=True)
    ]


def _after_gap(series: list[dict[Any, Any]]) -> set[int]:
    """Return the places of the points that lie more than one step after the one before."""
    quarters = [pd.Period(row["period_end"], "Q").ordinal for row in series]
    steps = [after - before for before, after in pairwise(quarters)]
    return {place for place, step in enumerate(steps, start=1) if step > min(steps)}


def _drawn(drawn: Limits | None) -> dict[str, Any]:
    names = ("mean", "lower", "upper", "inner_lower", "inner_upper", "is_trial")
    return {name: None if drawn is None else getattr(drawn, name) for name in names}
