"""Evidence beside an action: which gap it names, and since when that is to close.

How the gap changed is worked out in ``pipeline.assess.change``.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from pipeline.assess.assessed import NO_COMPARATOR_BASE, OK, Question
from pipeline.assess.columns import COUNTS, MISSING_SOURCE, PEOPLE
from pipeline.registry import Indicator

SERIES_BREAK = "SERIES_BREAK"
NO_EARLIER_FIGURE = "NO_EARLIER_FIGURE"
NO_CURRENT_FIGURE = "NO_CURRENT_FIGURE"

ACTION = ("named_standard", "named_indicator", "first_sent", "began_on")
"""Columns of a row of counts that say what an action names and from when it runs."""

GAPS = (
    "relative_likelihood", "disparity_ratio", "part_against_whole", "independent_difference",
    "population_difference", "gap_percent",
)  # fmt: skip
"""The methods whose figures are gaps; of several of one indicator the first."""

_HEADLINE = frozenset({"BME", "DISABLED", "FEMALE"})
"""The group of an indicator that compares several groups."""

Row = dict[str, Any]


class Gap(NamedTuple):
    """A figure that is a gap: its method, its row, and what was asked of the statistics for it."""

    method: str
    row: Row
    asked: Question | str


class Gaps:
    """The figures that are gaps: of employers, in part all."""

    def __init__(self, registry: Iterable[Indicator], gaps: Iterable[Gap]) -> None:
        self._entries: dict[tuple[str, str], Indicator] = {
            (entry.standard, entry.indicator): entry for entry in registry
        }
        self._found: dict[tuple[str, str, str], dict[date, list[Gap]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for gap in gaps:
            row = gap.row
            key = row["organisation_code"], row["standard"], row["indicator"]
            self._found[key][row["period_end"]].append(gap)

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
    for method in GAPS:
        found = [gap for gap in gaps if gap.method == method]
        if len(found) > 1:
            codes = ((gap, {gap.row["group_code"], gap.row["comparator_code"]}) for gap in found)
            found = [gap for gap, named in codes if named & _HEADLINE]
        if len(found) == 1:
            return found[0]
    return None


def evidence(action: Row, gaps: Gaps) -> tuple[Row, Question | str]:
    """Return the row of an action that names an indicator, and what to ask of its change.

    Instead of a question the reason why there is none. A row that follows from a figure has the
    counts and people of the gap now, and in ``since`` the snapshot of the gap then: who may not
    know one of the two may not know the change, nor why there is none.
    """
    asked, gap, since = _ask(action, gaps)
    named = {} if gap is None else {name: gap.row[name] for name in (*COUNTS, *PEOPLE)}
    return {**action, **named, "since": since}, asked


def _ask(action: Row, gaps: Gaps) -> tuple[Question | str, Gap | None, date | None]:
    of_day = gaps.of(action)
    now = of_day.get(action["period_end"])
    if now is None:
        return NO_CURRENT_FIGURE if of_day else NO_COMPARATOR_BASE, None, None
    if now.row["status"] != OK:
        return NO_CURRENT_FIGURE, now, None
    since = _beginning(action, of_day)
    if since is None:
        return NO_EARLIER_FIGURE, None, None
    if gaps.is_broken(action, since):
        return SERIES_BREAK, None, None
    then = of_day[since]
    if then.row["status"] != OK:
        return NO_EARLIER_FIGURE, now, since
    return Question("change", (then.asked, now.asked)), now, since


def _beginning(action: Row, of_day: Mapping[date, Gap]) -> date | None:
    """Return the snapshot at which an action began, or None where no figure is of then."""
    known = [day for day, gap in of_day.items() if gap.row["reason"] != MISSING_SOURCE]
    before = [day for day in known if day <= action["began_on"]]
    if before:
        since = max(before)
    elif action["first_sent"] in known:
        since = action["first_sent"]
    else:
        return None
    return since if since < action["period_end"] else None
