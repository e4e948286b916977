"""Evidence beside an action: whether the gap that it names closed since it began.

The distance of a ratio from parity is the size of its natural logarithm, that of a difference or
of a pay gap its size in percentage points. The change is the distance then less the distance now:
positive where the gap closed.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline.assess import amounts
from pipeline.assess.columns import COUNTS, MISSING_SOURCE, PEOPLE
from pipeline.assess.counted import Counted, Row
from pipeline.assess.rates import (
    FAVOURABLE,
    NO_COMPARATOR_BASE,
    NO_EVENTS,
    OK,
    P_PLACES,
    PERCENT,
    RATIO,
    Assessed,
    Scale,
    direction_of,
    not_applicable,
)
from pipeline.assess.rounding import percent, round_half_away
from pipeline.assess.statistics import (
    Interval,
    Z,
    against_population,
    cells_ratio,
    change_of_ratios,
    katz_standard_error,
    newcombe,
    part_against_whole,
    ratio_interval,
)
from pipeline.registry import Indicator

SERIES_BREAK = "SERIES_BREAK"
NO_EARLIER_FIGURE = "NO_EARLIER_FIGURE"
NO_CURRENT_FIGURE = "NO_CURRENT_FIGURE"

ACTION = ("named_standard", "named_indicator", "first_sent", "began_on")
"""Columns of a row of counts that say what an action names and from when it runs."""

_METHODS = (
    "relative_likelihood", "disparity_ratio", "part_against_whole", "independent_difference",
    "population_difference", "gap_percent",
)  # fmt: skip
"""The methods whose figures are gaps; of several of one indicator the first."""

_RATIOS = ("relative_likelihood", "disparity_ratio")
_HEADLINE = frozenset({"BME", "DISABLED", "FEMALE"})
"""The group of an indicator that compares several groups."""


@dataclass(frozen=True, slots=True)
class Distance:
    """How far a figure is from parity, with the ends of its interval and its standard error.

    ``interval`` is None where the figure has none; ``error`` is that of the logarithm of a ratio,
    and None for a figure that is no ratio.
    """

    value: float
    interval: Interval | None
    error: float | None


Gap = tuple[str, Row]
"""The method of a figure that is a gap, and its row."""


class Gaps:
    """The figures that are gaps: of employers, in part all."""

    def __init__(self, counted: Iterable[Counted], assessed: Iterable[Row]) -> None:
        self._entries: dict[tuple[str, str], Indicator] = {
            (entry.standard, entry.indicator): entry for entry, _ in counted
        }
        self._found: dict[tuple[str, str, str], dict[date, list[Gap]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for row in assessed:
            method = (
                self._entries[row["standard"], row["indicator"]].measures[row["measure"]].method
            )
            if row["level"] == "employer" and row["part"] == "all" and method in _METHODS:
                key = row["organisation_code"], row["standard"], row["indicator"]
                self._found[key][row["period_end"]].append((method, row))

    def of(self, action: Row) -> dict[date, Gap]:
        """Return the gap that an action names at each snapshot that has it."""
        named = action["named_standard"], action["named_indicator"]
        found = self._found.get((action["organisation_code"], *named), {})
        gaps = ((day, _headline(rows)) for day, rows in found.items())
        return {day: gap for day, gap in gaps if gap is not None}

    def is_broken(self, action: Row, since: date) -> bool:
        """Return whether the series of what an action names broke after ``since``."""
        entry = self._entries[action["named_standard"], action["named_indicator"]]
        return any(since < broken.since <= action["period_end"] for broken in entry.breaks)


def _headline(gaps: list[Gap]) -> Gap | None:
    """Return the one comparison that an indicator is about, or None where it has several."""
    for method in _METHODS:
        rows = [gap for gap in gaps if gap[0] == method]
        if len(rows) > 1:
            codes = ((gap, {gap[1]["group_code"], gap[1]["comparator_code"]}) for gap in rows)
            rows = [gap for gap, named in codes if named & _HEADLINE]
        if len(rows) == 1:
            return rows[0]
    return None


def evidence(action: Row, gaps: Gaps) -> tuple[Row, Assessed]:
    """Return the row of an action that names an indicator, and how the gap of that changed.

    A row that follows from a figure has the counts and people of the gap now, and in ``since`` the
    snapshot of the gap then: who may not know one of the two may not know the change, nor why
    there is none.
    """
    assessed, gap, since = _assess(action, gaps)
    named = {} if gap is None else {name: gap[1][name] for name in (*COUNTS, *PEOPLE)}
    return {**action, **named, "since": since}, assessed


def _assess(action: Row, gaps: Gaps) -> tuple[Assessed, Gap | None, date | None]:
    of_day = gaps.of(action)
    now = of_day.get(action["period_end"])
    if now is None:
        reason = NO_CURRENT_FIGURE if of_day else NO_COMPARATOR_BASE
        return not_applicable(reason), None, None
    if now[1]["status"] != OK:
        return not_applicable(NO_CURRENT_FIGURE), now, None
    since = _beginning(action, of_day)
    if since is None:
        return not_applicable(NO_EARLIER_FIGURE), None, None
    if gaps.is_broken(action, since):
        return not_applicable(SERIES_BREAK), None, None
    return _compared(of_day[since], now), now, since


def _compared(then: Gap, now: Gap) -> Assessed:
    if then[1]["status"] != OK:
        return not_applicable(NO_EARLIER_FIGURE)
    before, after = _distance(then), _distance(now)
    if before is None or after is None:
        return not_applicable(NO_EVENTS)
    return change(before, after)


def _beginning(action: Row, of_day: Mapping[date, Gap]) -> date | None:
    """Return the snapshot at which an action began, or None where no figure is of then."""
    known = [day for day, (_, row) in of_day.items() if row["reason"] != MISSING_SOURCE]
    before = [day for day in known if day <= action["began_on"]]
    if before:
        since = max(before)
    elif action["first_sent"] in known:
        since = action["first_sent"]
    else:
        return None
    return since if since < action["period_end"] else None


def change(before: Distance, after: Distance) -> Assessed:
    """Return the distance before less that after, with its interval, p-value and direction.

    The interval combines the two intervals by the method of variance estimates recovery (Donner
    and Zou 2012). Of ratios, p is that of z on the logarithms (``change_of_ratios``); of
    differences it is that of the normal deviate at which the interval would end at 0.
    """
    value = before.value - after.value
    is_ratio = before.error is not None
    interval, p_value = None, None
    if before.interval is not None and after.interval is not None:
        down = math.hypot(before.value - before.interval.low, after.interval.high - after.value)
        up = math.hypot(before.interval.high - before.value, after.value - after.interval.low)
        interval = Interval(value - down, value + up)
        p_value = _p_value(before, after, down if value > 0 else up)
    places = RATIO.places if is_ratio else PERCENT.places
    # No change is near parity: a gap that did not move may be a wide one.
    scale = Scale(0.0, math.inf, -math.inf, places)
    return Assessed(
        round_half_away(value, places),
        None if interval is None else round_half_away(interval.low, places),
        None if interval is None else round_half_away(interval.high, places),
        None if p_value is None else round_half_away(p_value, P_PLACES),
        OK,
        None,
        direction_of(interval, p_value, scale, FAVOURABLE),
    )


def _p_value(before: Distance, after: Distance, arm: float) -> float | None:
    if before.error is not None and after.error is not None:
        if before.error == after.error == 0:
            return None
        ratios = math.exp(before.value), math.exp(after.value)
        return change_of_ratios(ratios[0], before.error, ratios[1], after.error)[1]
    value = before.value - after.value
    return math.erfc(Z * abs(value) / arm / math.sqrt(2)) if arm else None


def _distance(gap: Gap) -> Distance | None:
    """Return how far a figure is from parity; None for a ratio that has no logarithm."""
    method, row = gap
    if method == "gap_percent":
        reference = amounts.mean(row["amount"], row["amount_base"])
        compared = amounts.mean(row["comparator_amount"], row["comparator_amount_base"])
        if not reference or compared is None:
            return None
        return Distance(abs(float(100 * (reference - compared) / reference)), None, None)
    counts = tuple(int(row[name]) for name in COUNTS)
    found = _ratio(method, *counts) if method in _RATIOS else _difference(method, *counts)
    return None if found is None else _folded(found)


def _folded(found: Distance) -> Distance:
    """Return a distance to the other side of parity as one to this side."""
    if found.value >= 0:
        return found
    turned = found.interval and Interval(-found.interval.high, -found.interval.low)
    return Distance(-found.value, turned, found.error)


def _ratio(method: str, a: int, n: int, b: int, m: int) -> Distance | None:
    if 0 in (a, b):
        return None
    value = math.log(a * m) - math.log(n * b)
    if method == "disparity_ratio":
        interval: Interval | None = cells_ratio(a, n, b, m)
        error = math.sqrt(1 / a + 1 / n + 1 / b + 1 / m)
    elif a > n or b > m:
        return Distance(value, None, 0.0)
    else:
        interval = ratio_interval(a, n, b, m)
        error = katz_standard_error(a, n, b, m)
    logs = interval and Interval(math.log(interval.low), math.log(interval.high))
    return Distance(value, logs, error)


def _difference(method: str, k: int, n: int, other_k: int, other_n: int) -> Distance:
    interval: Interval | None
    if method == "part_against_whole":
        interval, _ = part_against_whole(k, n, other_k, other_n)
    elif method == "population_difference":
        interval, _ = against_population(k, n, other_k, other_n)
    else:
        interval = newcombe(k, n, other_k, other_n)
    value: Any = percent(k, n) - percent(other_k, other_n)
    points = interval and Interval(100 * interval.low, 100 * interval.high)
    return Distance(float(value), points, None)
