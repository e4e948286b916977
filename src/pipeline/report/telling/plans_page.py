"""The page of what is being done: equality plans, publication duties, Equality Delivery System."""

from collections.abc import Callable, Iterable

from pipeline.report.document import Page, Section, Table
from pipeline.report.telling import names
from pipeline.report.telling.figures import Figure, cell
from pipeline.report.telling.subject import Subject
from pipeline.report.telling.tables import (
    MARKS,
    caption,
    figure_table,
    group_name,
    group_order,
    nothing_shown,
    title_of,
)


def actions(subject: Subject) -> Page:
    """Return the page."""
    return Page(
        name="actions",
        title="Plans and duties",
        lead=(
            "What was planned and what became of it, what the law and the contract ask to be "
            "published, and how the Equality Delivery System was graded."
        ),
        sections=(_plans(subject), _duties(subject), _eds(subject)),
    )


def _plans(subject: Subject) -> Section:
    states = list(subject.own.of(subject.day, "ACTIONS", "status"))
    evidence = [
        ((one.part,), one)
        for one in subject.own.of(subject.day, "ACTIONS", "evidence")
        if one.is_shown
    ]
    return Section(
        "plans",
        names.STANDARDS["ACTIONS"],
        paragraphs=nothing_shown(subject, states),
        tables=(
            *_crossed(subject, "Actions by state", "Standard", states, _standard),
            *figure_table(
                caption(subject, "How much nearer to parity the gap that an action names came"),
                ("Action",),
                evidence,
                (("Change", "value"), ("Lower end of 95% interval", "ci_low"),
                 ("Upper end", "ci_high")),
                with_direction=True,
            ),
        ),
    )  # fmt: skip


def _standard(subject: Subject, figure: Figure) -> str:
    return "All" if figure.part == "all" else names.STANDARDS.get(figure.part, figure.part)


def _title(subject: Subject, figure: Figure) -> str:
    title = title_of(subject, figure)
    return title if figure.part == "all" else f"{title}: {figure.part}"


def _duties(subject: Subject) -> Section:
    every = list(subject.own.of(subject.day, "DUTIES"))
    due = [one for one in every if one.part == "all" and one.indicator != "impact_assessment"]
    coming = [one for one in every if one.part == "next"]
    assessed = [one for one in every if one.indicator == "impact_assessment"]
    return Section(
        "duties",
        names.STANDARDS["DUTIES"],
        paragraphs=nothing_shown(subject, every),
        tables=(
            *_crossed(subject, "Publications that were due", "Publication", due, title_of),
            *_crossed(subject, "Publications that are due next", "Publication", coming, title_of),
            *figure_table(
                caption(subject, "Equality impact assessments"),
                ("Measure",),
                [((group_name(subject, one),), one) for one in assessed if one.is_shown],
                (("Figure", "value"),),
            ),
        ),
    )


def _eds(subject: Subject) -> Section:
    figures = list(subject.own.of(subject.day, "EDS"))
    shown = [
        ((_title(subject, one), group_name(subject, one)), one) for one in figures if one.is_shown
    ]
    return Section(
        "eds",
        names.STANDARDS["EDS"],
        paragraphs=nothing_shown(subject, figures),
        tables=figure_table(
            caption(subject, "Grades and scores"), ("Outcome", "Group"), shown,
            (("Figure", "value"),),
        ),
    )  # fmt: skip


def _crossed(
    subject: Subject,
    what: str,
    heading: str,
    figures: Iterable[Figure],
    label: Callable[[Subject, Figure], str],
) -> tuple[Table, ...]:
    """Return figures of several groups as a table of one row for each label."""
    groups: dict[str, str] = {}
    found: dict[str, dict[str, Figure]] = {}
    for one in sorted(figures, key=lambda one: group_order(subject, one)):
        groups.setdefault(one.group_code, group_name(subject, one))
        found.setdefault(label(subject, one), {})[one.group_code] = one
    rows = tuple(
        ((name,), *(cell(of_group.get(code)) for code in groups))
        for name, of_group in found.items()
        if any(one.is_shown for one in of_group.values())
    )
    if not rows:
        return ()
    return (
        Table(
            caption(subject, what), (heading, *groups.values()), rows,
            frozenset(range(1, len(groups) + 1)), (MARKS,),
        ),
    )  # fmt: skip
