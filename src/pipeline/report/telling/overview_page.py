"""The first page: what got better, what got worse, what cannot be told yet, and who sent what."""

from collections.abc import Iterable

from pipeline.report.document import Page, Section, Table, Words
from pipeline.report.telling import changed, names
from pipeline.report.telling.changed import CLOSED, WIDENED, Change
from pipeline.report.telling.claims import RDR, WDES, WRES, Claim, pay_claims
from pipeline.report.telling.coverage import coverage
from pipeline.report.telling.declaration_page import declared
from pipeline.report.telling.figures import Figure, cell, number
from pipeline.report.telling.headlines import Changes, headlines
from pipeline.report.telling.hidden import why_hidden
from pipeline.report.telling.pay_page import whole_part
from pipeline.report.telling.subject import Subject
from pipeline.report.telling.tables import DIRECTIONS, MARKS, caption

_KEY = (("WRES", "1"), ("WRES", "2"), ("WRES", "8"), ("WDES", "1"), ("WDES", "2"), ("WDES", "7"))
_CLAIMS = (*WRES, *WDES, *RDR)


def overview(subject: Subject, changes: Changes) -> Page:
    """Return the page."""
    return Page(
        name="index",
        title=subject.name,
        lead=(
            f"Workforce equality at {names.day(subject.day)}: what the published figures tell of "
            f"this {names.LEVELS[subject.level]}, and what they cannot tell yet."
        ),
        sections=(
            _key(subject, changes),
            _moved(changes, CLOSED, "better", "What got better"),
            _moved(changes, WIDENED, "worse", "What got worse"),
            _untold(subject, changes),
            _standing(subject),
            coverage(subject),
        ),
    )


def _key(subject: Subject, changes: Changes) -> Section:
    chosen = [claim for claim in _CLAIMS if (claim.standard, claim.indicator) in _KEY]
    chosen += [
        claim
        for claim in pay_claims("GPG", whole_part(subject))
        if claim.indicator == "median_hourly"
    ]
    return Section(
        "key",
        "Key figures",
        headlines=(*headlines(subject, chosen, changes), declared(subject, "ethnicity")),
    )


def _moved(changes: Changes, verdict: str, anchor: str, title: str) -> Section:
    moved = [change for change in changes.values() if change.verdict == verdict]
    if not moved:
        tested = sum(change.p_value is not None for change in changes.values())
        none = (
            "No change of which the figures tell. "
            f"{tested} figures could be tested against the year before."
        )
        return Section(anchor, title, ((none,),))
    return Section(anchor, title, tuple(_told(change) for change in moved))


def _told(change: Change) -> Words:
    now = (number(change.now), f" at {names.day(change.now.period_end)}. ")
    return (f"{name(change.claim)}: ", *now, *changed.told(change))


def name(claim: Claim) -> str:
    """Return how a claim is named in a list: ``Appointment from shortlisting (WRES 2)``."""
    return f"{claim.title} ({claim.standard} {claim.indicator.replace('_', ' ')})"


def _untold(subject: Subject, changes: Changes) -> Section:
    open_changes = [one for one in changes.values() if one.verdict not in (CLOSED, WIDENED)]
    rows = tuple(
        (
            (name(one.claim),), cell(one.now), cell(one.then) if one.then else ("[x]",),
            (one.why or "more events would tell; the difference is within chance",),
        )
        for one in open_changes
    )  # fmt: skip
    before = names.day(names.year_before(subject.day))
    tables: list[Table] = []
    if rows:
        tables.append(
            Table(
                caption(subject, "Figures of which a change cannot be told"),
                ("Figure", names.day(subject.day), before, "Why not"),
                rows, frozenset({1, 2}), (MARKS,),
            )
        )  # fmt: skip
    hidden = list(_hidden(subject))
    if hidden:
        tables.append(
            Table(
                caption(subject, "Figures that are not shown"),
                ("Figure", "Why, and what would bring it back"),
                tuple(((name(claim),), (why,)) for claim, why in hidden),
            )
        )
    told: Words = (
        "A change is claimed only where chance would seldom bring it about; of all figures tested "
        "within a standard at most one in twenty of those claimed is expected to be wrong.",
    )
    return Section("cannot-tell", "What cannot be told yet", (told,), tables=tuple(tables))


def _hidden(subject: Subject) -> Iterable[tuple[Claim, str]]:
    for claim in _CLAIMS:
        figure = subject.figure(claim)
        if figure is None or not figure.is_shown:
            yield claim, why_hidden(subject, figure)


def _standing(subject: Subject) -> Section:
    shown: list[tuple[Claim, Figure]] = [
        (claim, figure)
        for claim in _CLAIMS
        if (figure := subject.figure(claim)) is not None and figure.direction in DIRECTIONS
    ]
    if not shown:
        none: Words = ("No comparison of groups is published for this snapshot.",)
        return Section("differences", "Where groups differ", (none,))
    rows = tuple(
        (
            (name(claim),), cell(figure), cell(figure, "ci_low"), cell(figure, "ci_high"),
            (DIRECTIONS[figure.direction or ""],),
        )
        for claim, figure in shown
    )  # fmt: skip
    table = Table(
        caption(subject, "Comparisons of groups"),
        ("Figure", "Value", "Lower end of 95% interval", "Upper end", "What may be claimed"),
        rows,
        frozenset({1, 2, 3}),
        (
            "Relative likelihoods and ratios are at parity at 1, differences in percentage points "
            "at 0.",
            MARKS,
        ),
    )
    return Section("differences", "Where groups differ", tables=(table,))
