"""The page of the pay gaps: between men and women, by ethnicity and by disability."""

from collections.abc import Iterator

from pipeline.report.document import Chart, Page, Section, Table, Words
from pipeline.report.telling import drawn, names
from pipeline.report.telling.claims import PAIRS, pay_claims
from pipeline.report.telling.figures import Figure
from pipeline.report.telling.headlines import Changes, headlines
from pipeline.report.telling.subject import Subject
from pipeline.report.telling.tables import caption, figure_table, group_name

QUARTERS = (
    ("quarter_1", "Lowest-paid quarter"),
    ("quarter_2", "Second-lowest quarter"),
    ("quarter_3", "Second-highest quarter"),
    ("quarter_4", "Highest-paid quarter"),
)


def pay_gaps(subject: Subject, changes: Changes) -> Page:
    """Return the page."""
    return Page(
        name="pay_gaps",
        title="Pay gaps",
        lead=(
            "How the hourly pay and the bonuses of groups of staff compare, and who is in each "
            "quarter of pay. A pay gap is not unequal pay for the same work."
        ),
        sections=tuple(_section(subject, changes, standard) for standard in PAIRS),
    )


def whole_part(subject: Subject) -> str:
    """Return the part that stands for the whole organisation in the pay standards."""
    return "illustrative" if subject.is_pooled else "all"


def _section(subject: Subject, changes: Changes, standard: str) -> Section:
    figures = list(subject.own.of(subject.day, standard))
    law: tuple[Words, ...] = ()
    if standard == "GPG" and not subject.is_pooled:
        law = (
            ("An employer with 250 or more employees at 31 March has to publish its gender pay "
             "gap by law. That of a smaller one is shown where its numbers allow.",),
        )  # fmt: skip
    return Section(
        standard.lower(),
        names.STANDARDS[standard],
        paragraphs=law,
        headlines=headlines(subject, pay_claims(standard, whole_part(subject)), changes),
        charts=_quarters(subject, standard),
        tables=(
            *_bonuses(subject, figures),
            *_parts(subject, standard, figures),
        ),
    )


def _quarters(subject: Subject, standard: str) -> tuple[Chart, ...]:
    bars = []
    for indicator, title in QUARTERS:
        shares = list(
            subject.own.of(subject.day, standard, indicator, "share", whole_part(subject))
        )
        if shares and all(one.is_shown for one in shares):
            bars.append((title, [(_label(subject, one), one) for one in shares]))
    of = names.people(PAIRS[standard][1], "staff")
    return drawn.quarters(subject, f"{names.STANDARDS[standard]}: quarters of pay", of, bars)


def _label(subject: Subject, figure: Figure) -> str:
    if figure.group_code == "UNKNOWN":
        return group_name(subject, figure).lower()
    return names.people(figure.group_code, "staff")


def _bonuses(subject: Subject, figures: list[Figure]) -> Iterator[Table]:
    rates = [
        one
        for one in figures
        if (one.indicator, one.part) == ("bonus_share", whole_part(subject)) and one.is_shown
    ]
    yield from figure_table(
        caption(subject, "Staff who were paid a bonus"),
        ("Group",),
        [((names.upper(_label(subject, one)),), one) for one in rates],
        (("Share", "value"),),
    )


def _parts(subject: Subject, standard: str, figures: list[Figure]) -> Iterator[Table]:
    gaps = [
        one
        for one in figures
        if one.measure == "gap_percent" and one.part != whole_part(subject) and one.is_shown
    ]
    yield from figure_table(
        caption(subject, f"{names.STANDARDS[standard]} by pay band and group, as far as published"),
        ("Gap", "Part", "Reference group", "Compared group"),
        [
            (
                (
                    one.indicator.replace("_", " "), names.part(one.part),
                    group_name(subject, one), _comparator(subject, one),
                ),
                one,
            )
            for one in gaps
        ],
        (("Gap", "value"),),
    )  # fmt: skip


def _comparator(subject: Subject, figure: Figure) -> str:
    return group_name(subject, figure._replace(group_code=figure.comparator_code))
