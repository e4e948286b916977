"""Alerts where the pooled ratio and those of the employers do not tell the same story.

Employers that differ in size and rate can each point one way and their pooled counts the other
(Simpson's paradox); the Mantel-Haenszel estimate, which compares within each employer, shows it.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.assess.columns import COUNTS
from pipeline.assess.pooled import ESTIMATE
from pipeline.protect.cells import Owner
from pipeline.quality.alerts import PRIVATE_ALERT, private_frame, with_quarters_running

COMPARATOR_RATE_ZERO = "COMPARATOR_RATE_ZERO"
SIMPSON, POOLED_DIFFERS = "SIMPSON", "POOLED_DIFFERS"
ON_POOLED = (SIMPSON, POOLED_DIFFERS)
"""The codes of these alerts. They hold ratios that are made from several employers' counts."""

DIFFERS_PERCENT = 10
"""By how much of the pooled ratio the estimate may differ before it is told."""

_FIGURE = ("standard", "indicator", "part", "group_code", "comparator_code")
_WINDOWS = ("one_year", "two_year")
"""Parts of which the one that the year asks for is the part all too."""
_FEWEST_EMPLOYERS = 2
_PLACES = {"icb": "the employers of the ICB", "system": "the employers of the system"}
_SIDES = {1: "above", -1: "below"}

Row = dict[Any, Any]


def pooling_alerts(
    figures: pd.DataFrame, is_shown: "pd.Series[bool]", members: Mapping[Owner, list[list[Owner]]]
) -> pd.DataFrame:
    """Return the alerts on pooled relative likelihoods.

    SIMPSON: every employer with events points one way, the pooled counts the other.
    POOLED_DIFFERS: the Mantel-Haenszel estimate differs from the pooled ratio by more than a tenth
    of it. An alert is public where the pooled figure, the estimate and the figures of all its
    employers are published.

    Args:
        figures: every figure with its true counts.
        is_shown: which of them are told in the published table.
        members: for each pooled organisation the ways in which it is put together, the first of
            employers.
    """
    is_estimate = figures["part"].str.endswith(f":{ESTIMATE}")
    is_ratio = figures["measure"].eq("relative_likelihood") & figures["status"].ne("missing_source")
    is_asked_for = ~figures["part"].str.split(":").str[0].isin(_WINDOWS)
    told = figures[(is_ratio | is_estimate) & is_asked_for]
    rows = told.assign(is_shown=is_shown).to_dict("records")
    by_key = {_key(row): row for row in rows}
    found: list[Row] = []
    for row in rows:
        estimate = by_key.get((*_owner(row), *_figure(row, f"{row['part']}:{ESTIMATE}")))
        if estimate is None or row["status"] != "ok":
            continue
        keys = [(*one, *_figure(row, row["part"])) for one in members[_owner(row)][0]]
        involved = [row, estimate, *(by_key[key] for key in keys if key in by_key)]
        found += _alerts(involved)
    return with_quarters_running(private_frame(found))


def _owner(row: Row) -> Owner:
    return Owner(row["period_end"], row["level"], row["organisation_code"])


def _figure(row: Row, part: str) -> tuple[str, ...]:
    return tuple(row[name] if name != "part" else part for name in _FIGURE)


def _key(row: Row) -> tuple[Any, ...]:
    return (*_owner(row), *_figure(row, row["part"]))


def _has_side(row: Row) -> bool:
    """Return whether one group has more events; also where the other has none, and no ratio."""
    return bool(row["status"] == "ok" or row["reason"] == COMPARATOR_RATE_ZERO)


def _side(row: Row) -> int:
    """Return 1 where the ratio is above 1, -1 where below, 0 where it is 1; from true counts."""
    events, base, other_events, other_base = (int(row[count]) for count in COUNTS)
    above, below = events * other_base, other_events * base
    return (above > below) - (above < below)


def _alerts(involved: list[Row]) -> list[Row]:
    """Return the alerts on one pooled figure; it, its estimate and its employers' are given."""
    pooled, estimate, *employers = involved
    sides = {_side(row) for row in employers if _has_side(row)}
    with_a_ratio = sum(map(_has_side, employers))
    is_shown = all(row["is_shown"] for row in involved)
    told = _ratios(pooled["value"], estimate["value"])
    found = []
    if with_a_ratio >= _FEWEST_EMPLOYERS and sides in ({1}, {-1}) and _side(pooled) == -min(sides):
        message = (
            f"{_name(pooled)}: each of {_PLACES[pooled['level']]} has a ratio "
            f"{_SIDES[min(sides)]} 1, and all of them together one {_SIDES[-min(sides)]} 1"
        )
        found.append(_alert(pooled, SIMPSON, f"{message}; {told}", is_shown))
    if estimate["status"] == "ok" and _differ(pooled["value"], estimate["value"]):
        message = (
            f"{_name(pooled)}: the ratio of {_PLACES[pooled['level']]} together differs from the "
            f"estimate within each of them by more than {DIFFERS_PERCENT}%"
        )
        found.append(_alert(pooled, POOLED_DIFFERS, f"{message}; {told}", is_shown))
    return found


def _name(row: Row) -> str:
    part = "" if row["part"] == "all" else f" {row['part']}"
    return f"{row['standard']} {row['indicator']}{part}"


def _ratios(pooled: float, estimate: float) -> str:
    by_employer = "not defined" if pd.isna(estimate) else f"{estimate:.2f}"
    return f"{pooled:.2f} together, {by_employer} by Mantel-Haenszel"


def _differ(pooled: float, estimate: float) -> bool:
    """Return whether the published ratios differ by more than the share; in whole hundredths."""
    whole, apart = round(100 * pooled), round(100 * abs(pooled - estimate))
    return 100 * apart > DIFFERS_PERCENT * whole


def _alert(row: Row, code: str, message: str, is_shown: bool) -> Row:
    return dict.fromkeys(PRIVATE_ALERT) | {
        "organisation_code": row["organisation_code"],
        "organisation_name": row["organisation_name"],
        "period_end": row["period_end"],
        "code": code,
        "severity": "warning",
        "message": message,
        "detail": message,
        "to_do": "Analyst: say both numbers, and what differs between the employers",
        "acknowledged": False,
        "is_public": is_shown,
    }
