"""Figures as they are told: value, sentences, facts, or why there is none."""

from collections.abc import Iterable, Mapping

from pipeline.report.document import Headline, Words
from pipeline.report.telling import changed, names
from pipeline.report.telling.changed import Change
from pipeline.report.telling.claims import Claim
from pipeline.report.telling.figures import Figure, number
from pipeline.report.telling.hidden import absence, why_hidden
from pipeline.report.telling.sentences import sentences
from pipeline.report.telling.subject import Subject

NOT_SHOWN = "Not shown"
Changes = Mapping[int, Change]


def headlines(subject: Subject, claims: Iterable[Claim], changes: Changes) -> tuple[Headline, ...]:
    """Return the headline of each claim at the day of the pages."""
    return tuple(headline(subject, claim, changes) for claim in claims)


def headline(subject: Subject, claim: Claim, changes: Changes) -> Headline:
    """Return the headline of a claim."""
    figure = subject.figure(claim)
    if figure is None or not figure.is_shown:
        return Headline(
            title=claim.listed,
            value=(NOT_SHOWN,),
            sentences=(),
            facts=(
                ("Period", (period(subject, claim),)),
                ("Source", (source(subject, claim),)),
            ),
            hidden=why_hidden(subject, figure),
            absence=absence(figure),
        )
    return Headline(
        title=claim.listed,
        value=(number(figure), *_unit(figure)),
        sentences=sentences(subject, claim, figure),
        facts=facts(subject, claim, figure),
        direction=figure.direction or "neutral",
        change=changed.told(changes.get(figure.number)),
    )


def _unit(figure: Figure) -> Words:
    return (" percentage points",) if figure.measure == "difference_pp" else ()


def facts(subject: Subject, claim: Claim, figure: Figure) -> tuple[tuple[str, Words], ...]:
    """Return period, base, interval and source of a shown figure."""
    interval: Words = ("None is defined.",)
    if figure.has_interval:
        interval = (number(figure, "ci_low"), " to ", number(figure, "ci_high"))
    return (
        ("Period", (period(subject, claim),)),
        ("Base", base(claim, figure)),
        ("95% interval", interval),
        ("Source", (source(subject, claim),)),
    )


def period(subject: Subject, claim: Claim) -> str:
    """Return the time that a figure of a claim is of."""
    needs = subject.needs(*claim.kind)
    end = names.day(subject.day_of(claim.standard))
    if "survey" in needs:
        return f"The staff survey of the autumn before {end}"
    if {"recruitment", "training", "movers"} & set(needs):
        return f"The twelve months to {end}"
    if "employee_relations" in needs:
        return f"Formal cases of the window that ends on {end}"
    return f"The snapshot of {end}"


def base(claim: Claim, figure: Figure) -> Words:
    """Return the counts behind a figure, as far as they are published."""
    one = _of(figure, "numerator", "denominator")
    other = _of(figure, "comparator_numerator", "comparator_denominator")
    if figure.disclosure == "PERCENT_ONLY":
        return ("Not published: the percentage alone may be.",)
    if not one:
        return ("It is made from no counts that are published.",)
    rounded: Words = ("; counts are rounded",) if figure.disclosure == "ROUNDED" else ()
    if not other:
        return (*one, f" {claim.noun}" if claim.measure == "share" else "", *rounded)
    compared = {"WORKFORCE": "all staff", "ALL": "all staff"}.get(
        claim.comparator, names.people(claim.comparator, claim.noun)
    )
    group = claim.noun if claim.comparator == "WORKFORCE" else names.people(claim.group, claim.noun)
    return (*one, f" {group}; ", *other, f" {compared}", *rounded)


def _of(figure: Figure, part: str, whole: str) -> Words:
    found: list[Words] = [
        (number(figure, column),) for column in (part, whole) if getattr(figure, column) is not None
    ]
    if len(found) == 2:
        # A disparity ratio sets one tier against another, of which neither is part of the other.
        return (*found[0], " to " if figure.standard == "RDR" else " of ", *found[1])
    return found[0] if found else ()


def source(subject: Subject, claim: Claim) -> str:
    """Return the definition's own title and source."""
    entry = subject.entry(*claim.kind)
    return f"{entry.get('title', claim.title)}. {entry.get('source', '')}".strip().rstrip(".") + "."
