"""Assess: counts become figures, one row each, by the methods that the registry names."""

import itertools
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

import pandas as pd

from pipeline.assess.assessed import Assessed, Question, without_value
from pipeline.assess.columns import COUNTS, KEY
from pipeline.assess.evidence import ACTION, GAPS, Gap, Gaps, evidence
from pipeline.assess.frames import plain, records
from pipeline.assess.pooled import STRATA
from pipeline.registry import METHODS, Indicator, Measure

Answer = Callable[[list[Question]], list[Assessed]]
Asked = Question | str
"""What is asked for a figure, or the reason why it has no value."""

_AMOUNTS = ("amount", "amount_base", "comparator_amount", "comparator_amount_base")
_OF_AMOUNTS = ("amount", "mean_score")
"""Methods whose value is an amount as it stands."""
_OF_ONE_GROUP = ("share", "quarter_share", "proportion", "rate", "headcount")
"""Methods that compare with nobody."""


def assess(counts: pd.DataFrame, registry: Iterable[Indicator], answer: Answer) -> pd.DataFrame:
    """Return every figure with value, interval, p-value and direction, unprotected.

    Columns are those of ``figure`` without the release, and for each count the people that it
    counts (``population/part/characteristic/group``; null for the public's). ``since`` is the
    earlier snapshot that a change is measured from. Sorted by ``KEY``.

    Args:
        counts: what ``counted.count_rows`` returns.
        registry: the indicators that the counts are of.
        answer: ``methods.answer``, here or in another process.

    Raises:
        KeyError: a row of counts has a measure that its indicator does not have.
    """
    registry = list(registry)
    measures = _measures(counts, registry)
    is_change = pd.Series([each.method == "change" for each in measures], index=counts.index)
    direct = counts[~is_change].drop(columns=list(ACTION), errors="ignore")
    own = [each for each in measures if each.method != "change"]
    asked = list(_questions(direct, own))
    figures = _told(direct, asked, answer)
    if is_change.any():
        gaps = Gaps(registry, _gaps(figures, asked, own))
        figures = pd.concat([figures, _evidence(counts[is_change], gaps, answer)])
    shows = pd.Series([METHODS[each.method].shows_counts for each in measures], index=counts.index)
    figures = figures.assign(shows_counts=shows).drop(columns=[STRATA, *_AMOUNTS], errors="ignore")
    return figures.sort_values(list(KEY), ignore_index=True, na_position="first")


def assess_again(
    figures: pd.DataFrame, registry: Iterable[Indicator], answer: Answer
) -> pd.DataFrame:
    """Return figures with value, interval, p-value and direction as they follow from their counts.

    Args:
        figures: rows of figures with other counts than they were assessed with; none of which the
            value follows from amounts or from the counts of others.
        registry: the indicators that they are of.
        answer: ``methods.answer``, here or in another process.
    """
    counts = figures.assign(reason=None)
    return _told(counts, _questions(counts, _measures(counts, registry)), answer)


def _measures(counts: pd.DataFrame, registry: Iterable[Indicator]) -> list[Measure]:
    """Return the measure of each row of counts."""
    measures = {
        (entry.standard, entry.indicator, name): measure
        for entry in registry
        for name, measure in entry.measures.items()
    }
    names = ("standard", "indicator", "measure")
    keys = zip(*(counts[name].tolist() for name in names), strict=True)
    return [measures[key] for key in keys]


def _questions(counts: pd.DataFrame, measures: Iterable[Measure]) -> Iterator[Asked]:
    """Yield what is asked for each row of counts."""
    told = (_values(counts, name) for name in ("reason", "part", "group_code", STRATA))
    fours = zip(*(_values(counts, name) for name in COUNTS), strict=True)
    for measure, reason, part, group, strata, four, of_amounts in zip(
        measures, *told, fours, _amounts(counts), strict=True
    ):
        if reason is not None:
            yield reason
            continue
        method = measure.method
        if method in _OF_ONE_GROUP:
            # Of two pay quarters one is rounded, and the other is the rest of 100.
            is_rest = method == "quarter_share" and group == "FEMALE"
            yield Question("rest_of_share" if is_rest else method, four[:2])
        elif method == "mantel_haenszel":
            yield Question(method, tuple(strata))
        elif method in _OF_AMOUNTS:
            yield Question(method, (*of_amounts[:2], measure.decimals))
        elif method == "gap_percent":
            yield Question(method, of_amounts, measure.high_is(part, group))
        else:
            yield Question(method, four, measure.high_is(part, group))


def _values(counts: pd.DataFrame, name: str) -> list[Any]:
    """Return a column of the counts; not every table of counts has amounts."""
    return plain(counts[name]) if name in counts else [None] * len(counts)


def _amounts(counts: pd.DataFrame) -> list[tuple[Any, ...]]:
    """Return the amounts of each row with their bases, the amounts as exact decimal numbers."""
    columns = (_values(counts, name) for name in _AMOUNTS)
    return [
        (one and Decimal(one), base, other and Decimal(other), other_base)
        for one, base, other, other_base in zip(*columns, strict=True)
    ]


def _told(counts: pd.DataFrame, asked: Iterable[Asked], answer: Answer) -> pd.DataFrame:
    """Return the counts with what the answers say; each question is asked once, however many ask.

    The same small counts recur in most rows of a release.
    """
    asked = list(asked)
    questions = [one for one in dict.fromkeys(asked) if isinstance(one, Question)]
    answers = dict(zip(questions, answer(questions), strict=True))
    told = [without_value(one) if isinstance(one, str) else answers[one] for one in asked]
    frame = pd.DataFrame(told, columns=list(Assessed._fields), index=counts.index)
    frame = frame.astype(dict.fromkeys(("value", "ci_low", "ci_high", "p_value"), "float64"))
    frame["direction"] = frame["direction"].where(frame["status"].eq("ok"))
    figures = counts.assign(**{str(name): column for name, column in frame.items()})
    return figures.astype(dict.fromkeys(COUNTS, "Int64"))


def _gaps(
    figures: pd.DataFrame, asked: Iterable[Asked], measures: Iterable[Measure]
) -> Iterator[Gap]:
    """Yield the figures that an action may name."""
    methods = pd.Series([each.method for each in measures], index=figures.index)
    is_gap = figures["level"].eq("employer") & figures["part"].eq("all") & methods.isin(GAPS)
    own = itertools.compress(asked, is_gap)
    for method, row, one in zip(methods[is_gap], records(figures[is_gap]), own, strict=True):
        yield Gap(method, row, one)


def _evidence(actions: pd.DataFrame, gaps: Gaps, answer: Answer) -> pd.DataFrame:
    """Return the figures of the actions: how the gap that each names changed."""
    found = [
        evidence(action, gaps) if action["reason"] is None else (action, action["reason"])
        for action in records(actions)
    ]
    rows = pd.DataFrame([row for row, _ in found], columns=actions.columns, index=actions.index)
    named = rows.astype(actions.dtypes).drop(columns=list(ACTION))
    return _told(named, [asked for _, asked in found], answer)
