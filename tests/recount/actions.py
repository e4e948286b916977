"""Actions of equality plans: their state, and whether the gap that they name closed.

The gaps are those of the other modules.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache

from recount import disparity, pay, wres_wdes
from recount.days import day
from recount.extracts import Extracts
from recount.files import Row
from recount.values import MISSING, Figure, Key, percent, rounded

STANDARDS = ("ACTIONS",)

WITH_GAPS = (disparity, pay, wres_wdes)
GAPS = ("relative_likelihood", "ratio", "difference_pp", "gap_percent")
# From the survey of 2021 on the base includes those who do not know.
BROKEN = {("WRES", "7"): "2022-03-31", ("WDES", "5"): "2022-03-31"}
HEADLINE = {"BME", "DISABLED", "FEMALE"}
STATES = ("OPEN", "OVERDUE", "COMPLETE", "CANCELLED", "ALL")
UNPLAIN = re.compile(r"[^A-Za-z0-9 ._-]")


def figures(
    extracts: Extracts, period: str, level: str, organisation: str, members: list[str]
) -> Iterator[tuple[Key, Figure]]:
    """Return every figure of the standard, for one organisation and snapshot."""
    files = extracts.of(period, members, "actions")
    rows = [row for sent in files for row in sent]
    for standard in ("all", *sorted({row["Standard"].upper() for row in rows})):
        chosen = [row for row in rows if standard in ("all", row["Standard"].upper())]
        counts = _states(chosen, period)
        for state in STATES:
            key = ("ACTIONS", "status", standard, "count", state, "")
            yield key, Figure(value=float(counts[state])) if files else MISSING
    named = [row for row in rows if row["Indicator"]] if level == "employer" else []
    for row in named:
        part = UNPLAIN.sub("", row["Reference"]).strip()
        yield _key(part), _evidence(extracts, period, organisation, row)
    if not named:
        reason = "NO_NUMERATOR_BASE" if level == "employer" else "NOT_ADDITIVE"
        yield _key("all"), _nothing(reason) if files else MISSING


def _key(part: str) -> Key:
    return ("ACTIONS", "evidence", part, "score", "ALL", "")


def _nothing(reason: str) -> Figure:
    return Figure(status="not_applicable", reason=reason)


def _states(rows: list[Row], period: str) -> Counter[str]:
    counts = Counter[str]()
    for row in rows:
        status, due = row["Status"].upper(), day(row["Due Date"])
        is_open = status not in ("COMPLETE", "CANCELLED")
        counts["OPEN" if is_open else status] += 1
        counts["OVERDUE"] += is_open and due is not None and due.isoformat() < period
        counts["ALL"] += 1
    return counts


def _evidence(extracts: Extracts, period: str, organisation: str, action: Row) -> Figure:
    named = (action["Standard"], action["Indicator"])
    found = {
        at: gap for at in extracts.periods if (gap := _gap(extracts, at, organisation, *named))
    }
    if period not in found or found[period][1].status != "ok":
        return _nothing("NO_CURRENT_FIGURE" if found else "NO_COMPARATOR_BASE")
    since = _beginning(extracts, period, organisation, action, found)
    if since is None or since >= period:
        return _nothing("NO_EARLIER_FIGURE")
    if since < BROKEN.get(named, "") <= period:
        return _nothing("SERIES_BREAK")
    if found[since][1].status != "ok":
        return _nothing("NO_EARLIER_FIGURE")
    if found[period][0] == "gap_percent":
        return _change(*(_of_pay(extracts, at, organisation, *named) for at in (since, period)))
    return _between(found[since], found[period])


def _between(before: tuple[str, Figure], after: tuple[str, Figure]) -> Figure:
    (measure, then), (_, now) = before, after
    if measure == "difference_pp":
        return _change(_points(then), _points(now))
    if 0 in (*_events(then), *_events(now)):
        return _nothing("NO_EVENTS")
    return Figure(value=rounded(Fraction(_logarithm(then) - _logarithm(now)), 2))


def _change(then: Fraction, now: Fraction) -> Figure:
    return Figure(value=rounded(abs(then) - abs(now), 1))


def _of_pay(
    extracts: Extracts, period: str, organisation: str, standard: str, indicator: str
) -> Fraction:
    """Return the gap of pay; where a group had no bonus at all, the one that is laid down."""
    gap = pay.exact_gap(extracts, period, organisation, standard, indicator)
    return Fraction(pay.GAP_WHERE_NOBODY_HAD_A_BONUS) if gap is None else gap


def _events(figure: Figure) -> tuple[int | None, int | None]:
    return figure.numerator, figure.comparator_numerator


def _beginning(
    extracts: Extracts,
    period: str,
    organisation: str,
    action: Row,
    found: dict[str, tuple[str, Figure]],
) -> str | None:
    """Return the last snapshot up to the action's first mention that had the figure's source."""
    mentions = [
        (at, row["Updated"])
        for at in extracts.periods
        for row in extracts.files.get((at, organisation, "actions"), [])
        if row["Reference"] == action["Reference"]
    ]
    updates = [day(update) for at, update in mentions if at <= period]
    first = min(at for at, _ in mentions)
    began = min([first, *(update.isoformat() for update in updates if update)])
    known = [at for at, (_, figure) in found.items() if figure.status != "missing_source"]
    before = [at for at in known if at <= began]
    return max(before) if before else first if first in known else None


@lru_cache(maxsize=256)
def _gap(
    extracts: Extracts, period: str, organisation: str, standard: str, indicator: str
) -> tuple[str, Figure] | None:
    """Return the measure and figure of the gap that an indicator is about, in part all."""
    found = [
        (key, figure)
        for module in WITH_GAPS
        if standard in module.STANDARDS
        for key, figure in module.figures(
            extracts, period, "employer", organisation, [organisation]
        )
        if key[:3] == (standard, indicator, "all")
    ]
    for measure in GAPS:
        of_measure = [(key, figure) for key, figure in found if key[3] == measure]
        if len(of_measure) > 1:
            of_measure = [one for one in of_measure if HEADLINE & {*one[0][4:]}]
        if len(of_measure) == 1:
            return measure, of_measure[0][1]
    return None


def _four(figure: Figure) -> tuple[int, int, int, int]:
    return tuple(int(count or 0) for count in figure[:4])


def _points(figure: Figure) -> Fraction:
    k, n, other_k, other_n = _four(figure)
    return percent(k, n) - percent(other_k, other_n)


def _logarithm(figure: Figure) -> float:
    a, n, b, m = _four(figure)
    return abs(math.log(a * m / (n * b)))
