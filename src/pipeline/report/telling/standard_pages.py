"""The pages of the two workforce equality standards."""

from pipeline.report.document import Chart, Page, Section
from pipeline.report.telling import drawn, funnels, names
from pipeline.report.telling.claims import WDES, WRES, Claim
from pipeline.report.telling.figures import Figure, Key
from pipeline.report.telling.headlines import Changes, headlines
from pipeline.report.telling.subject import Subject
from pipeline.report.telling.tables import caption, figure_table, group_name, nothing_shown

_ABOUT = ("BME", "DISABLED")
"""The groups that the standards are about."""
_SHORT = {"WRES": " BME stands for Black and minority ethnic."}


def wres(subject: Subject, changes: Changes) -> Page:
    """Return the page of indicators 1 to 9."""
    return _page(subject, changes, WRES, "indicators")


def wdes(subject: Subject, changes: Changes) -> Page:
    """Return the page of metrics 1 to 10."""
    return _page(subject, changes, WDES, "metrics")


def _page(subject: Subject, changes: Changes, claims: tuple[Claim, ...], noun: str) -> Page:
    standard, group = claims[0].standard, claims[0].group
    sections = [
        Section(
            "headlines",
            f"The {noun} at {names.day(subject.day)}",
            headlines=headlines(subject, claims, changes),
            charts=(*_likelihoods(subject, claims), *_over_time(subject, standard, group)),
        ),
        _events(subject, standard),
        _bands(subject, standard),
    ]
    if subject.is_pooled:
        sections.append(_employers(subject, claims))
    return Page(
        name=standard.lower(),
        title=names.STANDARDS[standard],
        lead=(
            f"The {noun} of the {names.STANDARDS[standard]} for {subject.name}. Each says what its "
            f"numbers can tell, and what they cannot.{_SHORT.get(standard, '')}"
        ),
        sections=tuple(sections),
    )


def _likelihoods(subject: Subject, claims: tuple[Claim, ...]) -> tuple[Chart, ...]:
    found = [
        (claim, figure)
        for claim in claims
        if claim.measure == "relative_likelihood"
        and (figure := subject.figure(claim)) is not None
        and figure.is_shown
    ]
    return drawn.likelihoods(subject, found)


def _over_time(subject: Subject, standard: str, group: str) -> tuple[Chart, ...]:
    keys = [(day, standard, "1", "all", "share", group, "") for day in subject.own.days]
    found = [figure for key in keys if (figure := subject.own.find(key)) is not None]
    noun = names.upper(names.people(group, "staff"))
    return drawn.over_time(subject, f"{noun} in the workforce", [(noun, found)])


def _events(subject: Subject, standard: str) -> Section:
    figures = [
        figure
        for figure in subject.own.of(subject.day, standard, measure="rate")
        if figure.part == "all"
    ]
    return Section(
        "events",
        "Events of each group",
        paragraphs=nothing_shown(subject, figures),
        tables=figure_table(
            caption(subject, "Appointments, formal cases and training by group"),
            ("Indicator", "Group"),
            [((one.indicator, group_name(subject, one)), one) for one in figures if one.is_shown],
            (
                ("Rate", "value"), ("Lower end of 95% interval", "ci_low"),
                ("Upper end", "ci_high"), ("Events", "numerator"), ("Of how many", "denominator"),
            ),
        ),
    )  # fmt: skip


def _bands(subject: Subject, standard: str) -> Section:
    every = list(subject.own.of(subject.day, standard, "1"))
    figures = [figure for figure in every if figure.part != "all"]
    shown = [
        ((names.part(one.part), group_name(subject, one), _measure(one)), one)
        for one in figures
        if one.is_shown
    ]
    return Section(
        "bands",
        "By pay band",
        paragraphs=nothing_shown(subject, figures),
        tables=figure_table(
            caption(subject, "Staff by pay band and group, as far as published"),
            ("Part", "Group", "Measure"),
            shown,
            (
                ("Figure", "value"), ("Lower end of 95% interval", "ci_low"),
                ("Upper end", "ci_high"), ("Headcount", "numerator"),
                ("Of how many", "denominator"),
            ),
            with_direction=True,
        ),
    )  # fmt: skip


def _measure(figure: Figure) -> str:
    if figure.measure == "difference_pp":
        return "Difference from all staff, percentage points"
    return "Share"


def _employers(subject: Subject, claims: tuple[Claim, ...]) -> Section:
    charts: list[Chart] = []
    for claim in claims:
        is_likelihood = claim.measure == "relative_likelihood"
        measure, noun = ("rate", claim.noun) if is_likelihood else ("share", "staff")
        # Of a likelihood the rate of the group that the standard is about: it may be compared.
        group = claim.comparator if claim.comparator in _ABOUT else claim.group
        key = (subject.day, claim.standard, claim.indicator, "all", measure, group, "")
        pooled = subject.own.find(key)
        if pooled is not None:
            who = names.people(group, noun)
            title = f"{claim.title}, {who}, by employer"
            charts += funnels.employers(subject, title, pooled, members(subject, key))
    told = (
        ("Each employer is set against the share of all together. The limits are those within "
         "which 99.8% of employers would fall by chance alone.",),
    ) if charts else (
        ("Too few employers have a share that is published for a chart of them.",),
    )  # fmt: skip
    return Section("employers", "Employers", paragraphs=told, charts=tuple(charts))


def members(subject: Subject, key: Key) -> list[Figure]:
    """Return the figures of a key of the employers of a pooled organisation."""
    return [
        figure
        for code in subject.employers()
        if (figure := subject.library.own[code, "employer"].find(key)) is not None
    ]
