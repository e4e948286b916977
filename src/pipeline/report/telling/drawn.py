"""Charts of published figures, each with its message and the table of its numbers."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from pipeline.assess.spc import Limits, limits, special_causes
from pipeline.report.charts import control, dumbbell, intervals, stacked, trend
from pipeline.report.document import Chart, Table, Words, plain
from pipeline.report.telling import names
from pipeline.report.telling.claims import Claim
from pipeline.report.telling.figures import Figure, cell, number
from pipeline.report.telling.subject import Subject
from pipeline.report.telling.tables import MARKS

Pairs = Sequence[tuple[Claim, Figure]]
MOST_TOLD = 3
"""Groups that a message names; the table beneath holds them all."""


def likelihoods(subject: Subject, pairs: Pairs) -> tuple[Chart, ...]:
    """Return the chart of relative likelihoods around 1; none where none has a value above 0."""
    drawable = [(claim, figure) for claim, figure in pairs if figure.value]
    if not drawable:
        return ()
    title = f"Relative likelihoods at {names.day(subject.day)}"
    told = [figure for _, figure in drawable if figure.direction in ("adverse", "favourable")]
    message = (
        "At 1 both groups are as likely as each other. Relative likelihoods that differ from 1 by "
        f"more than chance would usually bring about: {len(told)} of {len(drawable)}."
    )
    svg = intervals.svg(
        title,
        message,
        [
            intervals.Dot(
                _name(claim), figure.value or 0.0, figure.ci_low, figure.ci_high,
                figure.direction or "neutral",
            )
            for claim, figure in drawable
        ],
    )  # fmt: skip
    rows = tuple(
        (
            (_name(claim),), (number(figure),), cell(figure, "ci_low"), cell(figure, "ci_high"),
        )
        for claim, figure in drawable
    )  # fmt: skip
    table = Table(
        f"{title}, {subject.name}",
        ("Indicator", "Relative likelihood", "Lower end of 95% interval", "Upper end"),
        rows, frozenset({1, 2, 3}), (MARKS,),
    )  # fmt: skip
    return (Chart(title, svg, (message,), table),)


def _name(claim: Claim) -> str:
    if not claim.comparator:
        return f"{claim.standard} {claim.indicator}: {claim.title}"
    one, other = (names.people(group, "").strip() for group in (claim.group, claim.comparator))
    return f"{claim.standard} {claim.indicator}: {claim.title} ({one} against {other})"


def quarters(
    subject: Subject, title: str, of: str, bars: Sequence[tuple[str, Sequence[tuple[str, Figure]]]]
) -> tuple[Chart, ...]:
    """Return pay quarters as stacked bars; none where no quarter is shown whole.

    Args:
        subject: whose they are.
        title: of the chart.
        of: the group whose share the message tells.
        bars: each quarter with the share of each group.
    """
    if not bars:
        return ()
    ends = [
        next((figure for label, figure in parts if label == of), None)
        for _, parts in (bars[0], bars[-1])
    ]
    message: Words = (f"{title}, by group.",)
    if len(bars) > 1 and ends[0] is not None and ends[1] is not None:
        message = (
            f"{names.upper(of)} are ", number(ends[0]), f" of the {bars[0][0].lower()} and ",
            number(ends[1]), f" of the {bars[-1][0].lower()}.",
        )  # fmt: skip
    svg = stacked.svg(
        title,
        plain(message),
        [
            stacked.Bar(name, tuple((label, figure.value or 0.0) for label, figure in parts))
            for name, parts in bars
        ],
    )
    labels = list(dict.fromkeys(label for _, parts in bars for label, _ in parts))
    rows = tuple(
        ((name,), *(cell(dict(parts).get(label)) for label in labels)) for name, parts in bars
    )
    table = Table(
        f"{title}, {subject.name}, {names.day(subject.day)}",
        ("Quarter", *(names.upper(label) for label in labels)), rows,
        frozenset(range(1, len(labels) + 1)), (MARKS,),
    )  # fmt: skip
    return (Chart(title, svg, message, table),)


def against_population(
    subject: Subject, title: str, pairs: Sequence[tuple[str, Figure]]
) -> tuple[Chart, ...]:
    """Return workforce against population, of differences whose four counts are published."""
    drawable = [
        (label, figure)
        for label, figure in pairs
        if figure.is_shown and None not in figure.counts and figure.comparator_denominator
    ]
    if not drawable:
        return ()
    message: Words = (
        "The share of staff less that of residents, in percentage points",
        *(
            part
            for label, figure in drawable[:MOST_TOLD]
            for part in (f"; {label} ", number(figure))
        ),
        ".",
    )
    shares = [(name, *_shares(figure)) for name, figure in drawable]
    svg = dumbbell.svg(
        title, plain(message), [dumbbell.Pair(name, own, all_of) for name, own, all_of in shares]
    )
    rows = tuple(
        (
            (name,), (f"{own:.1f}%",), (f"{all_of:.1f}%",), cell(figure), cell(figure, "numerator"),
            cell(figure, "denominator"), cell(figure, "comparator_numerator"),
            cell(figure, "comparator_denominator"),
        )
        for (name, own, all_of), (_, figure) in zip(shares, drawable, strict=True)
    )  # fmt: skip
    columns = (
        "Group", "Share of staff", "Share of residents", "Difference in percentage points",
        "Staff of the group", "Staff of known characteristic", "Residents of the group",
        "Residents",
    )  # fmt: skip
    table = Table(
        f"{title}, {subject.name}, {names.day(subject.day)}", columns, rows,
        frozenset(range(1, 8)), ("The two shares follow from the counts beside them.",),
    )  # fmt: skip
    return (Chart(title, svg, message, table),)


def _shares(figure: Figure) -> tuple[float, float]:
    counts = [float(count or 0) for count in figure.counts]
    return 100 * counts[0] / counts[1], 100 * counts[2] / counts[3]


def declared(
    subject: Subject, title: str, points: Sequence[Figure], target: float | None
) -> tuple[Chart, ...]:
    """Return declaration rates as an XmR chart; none where fewer than two are published.

    Centre and limits are those of the published rates, and need five of them.
    """
    if len(points) < 2:
        return ()
    values = [point.value or 0.0 for point in points]
    drawn = limits(values, after_gap=_after_gap([point.period_end for point in points]))
    causes = special_causes(values, drawn) if drawn else [None] * len(values)
    message: Words = (
        "The rate was ", number(points[0]), f" at {names.day(points[0].period_end)} and ",
        number(points[-1]), f" at {names.day(points[-1].period_end)}. ",
        _signals(drawn, sum(cause is not None for cause in causes)),
    )  # fmt: skip
    svg = control.svg(
        title,
        plain(message),
        [
            control.Point(
                point.period_end, value, drawn.mean if drawn else None,
                drawn.lower if drawn else None, drawn.upper if drawn else None, cause is not None,
            )
            for point, value, cause in zip(points, values, causes, strict=True)
        ],
        target,
    )  # fmt: skip
    rows = tuple(
        (
            (names.day(point.period_end),), (number(point),), cell(point, "numerator"),
            cell(point, "denominator"), (str(cause or "none") if drawn else "[x]",),
        )
        for point, cause in zip(points, causes, strict=True)
    )  # fmt: skip
    table = Table(
        f"{title}, {subject.name}",
        ("Snapshot", "Rate", "Known", "Headcount", "Special cause"), rows, frozenset({1, 2, 3}),
        ("The same people stay from quarter to quarter, so that points are not independent.",),
    )  # fmt: skip
    return (Chart(title, svg, message, table),)


def _signals(drawn: Limits | None, signals: int) -> str:
    if drawn is None:
        return "No limits are drawn: they need five published points."
    if not signals:
        return "No point stands out from the usual variation."
    return f"Points that stand out from the usual variation: {signals}."


def _after_gap(days: Sequence[date]) -> set[int]:
    quarters_of = [4 * day.year + day.month // 3 for day in days]
    steps = [after - before for before, after in pairwise(quarters_of)]
    return {place for place, step in enumerate(steps, start=1) if step > min(steps)}


def over_time(
    subject: Subject, title: str, lines: Sequence[tuple[str, Sequence[Figure]]]
) -> tuple[Chart, ...]:
    """Return lines over the snapshots; none where no line has two published points."""
    kept = [
        (label, figures)
        for label, figures in lines
        if sum(figure.is_shown for figure in figures) > 1
    ]
    if not kept:
        return ()
    label, figures = kept[0]
    shown = [figure for figure in figures if figure.is_shown]
    message: Words = (
        f"{label}: ", number(shown[0]), f" at {names.day(shown[0].period_end)}, ",
        number(shown[-1]), f" at {names.day(shown[-1].period_end)}.",
    )  # fmt: skip
    svg = trend.svg(
        title,
        plain(message),
        [
            trend.Line(name, tuple((one.period_end, one.value) for one in line))
            for name, line in kept
        ],
    )
    days = sorted({one.period_end for _, line in kept for one in line})
    rows = tuple(
        (
            (names.day(day),),
            *(cell({one.period_end: one for one in line}.get(day)) for _, line in kept),
        )
        for day in days
    )
    table = Table(
        f"{title}, {subject.name}", ("Snapshot", *(name for name, _ in kept)), rows,
        frozenset(range(1, len(kept) + 1)), (MARKS,),
    )  # fmt: skip
    return (Chart(title, svg, message, table),)
