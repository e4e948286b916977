"""The first page: what got better, what got worse, what cannot be told yet, and who sent what."""

from collections.abc import Iterable

from pipeline.report.document import Page, Section, Table, Words
from pipeline.report.telling import changed, drawn, names
from pipeline.report.telling.changed import CANNOT_TELL, CLOSED, WIDENED, Change
from pipeline.report.telling.claims import RDR, WDES, WRES, Claim, pay_claims
from pipeline.report.telling.coverage import coverage
from pipeline.report.telling.declaration_page import declared
from pipeline.report.telling.figures import Figure, cell, number
from pipeline.report.telling.headlines import Changes, headlines
from pipeline.report.telling.hidden import why_hidden
from pipeline.report.telling.pay_page import whole_part
from pipeline.report.telling.sentences import what_would_tell
from pipeline.report.telling.subject import Subject
from pipeline.report.telling.tables import DIRECTIONS, MARKS, caption

_KEY = (("WRES", "1"), ("WRES", "2"), ("WRES", "8"), ("WDES", "1"), ("WDES", "2"), ("WDES", "7"))
_CLAIMS = (*WRES, *WDES, *RDR)
FEWEST_SHOWN = 4
"""Key figures that are shown, as far as there are any."""


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
    """Return the key figures, those that are shown first; others fill up where few are."""
    gap = next(
        claim
        for claim in pay_claims("GPG", whole_part(subject))
        if claim.indicator == "median_hourly"
    )
    key = [claim for claim in _CLAIMS if (claim.standard, claim.indicator) in _KEY] + [gap]
    shown = [claim for claim in key if is_shown(subject, claim)]
    rest = [claim for claim in _CLAIMS if claim not in key and is_shown(subject, claim)]
    chosen = shown + rest[: max(0, FEWEST_SHOWN - len(shown))]
    chosen += [claim for claim in key if claim not in shown]
    told = (*headlines(subject, chosen, changes), declared(subject, "ethnicity"))
    return Section("key", "Key figures", headlines=told)


def is_shown(subject: Subject, claim: Claim) -> bool:
    """Return whether the figure of a claim has a value."""
    figure = subject.figure(claim)
    return figure is not None and figure.is_shown


def _moved(changes: Changes, verdict: str, anchor: str, title: str) -> Section:
    moved = [change for change in changes.values() if change.verdict == verdict]
    if not moved:
        tested = sum(change.p_value is not None for change in changes.values())
        none = (
            "No such change can be claimed. Figures that could be tested against the year "
            f"before: {tested}."
        )
        return Section(anchor, title, ((none,),))
    return Section(anchor, title, tuple(_told(change) for change in moved))


def _told(change: Change) -> Words:
    now = (number(change.now), f" at {names.day(change.now.period_end)}. ")
    return (f"{change.claim.listed}: ", *now, *changed.told(change))


def _untold(subject: Subject, changes: Changes) -> Section:
    open_changes = [one for one in changes.values() if one.verdict not in (CLOSED, WIDENED)]
    rows = tuple(
        (
            (one.claim.listed,), cell(one.now), cell(one.then) if one.then else ("[x]",),
            (one.why or "within what chance would usually bring; more events would tell",),
        )
        for one in open_changes
    )  # fmt: skip
    tables: list[Table] = []
    if rows:
        tables.append(
            Table(
                caption(subject, "Figures of which a change cannot be told"),
                ("Figure", "Now", "A year before", "Why not"),
                rows, frozenset({1, 2}), (MARKS,),
            )
        )  # fmt: skip
    tables += _open(subject)
    hidden = list(_hidden(subject))
    if hidden:
        tables.append(
            Table(
                caption(subject, "Figures that are not shown"),
                ("Figure", "Why, and what would bring it back"),
                tuple(((claim.listed,), (why,)) for claim, why in hidden),
            )
        )
    told: Words = (
        "A change is claimed only where chance would seldom bring it about; of all figures tested "
        "within a standard at most one in twenty of those claimed is expected to be wrong.",
    )
    return Section("cannot-tell", "What cannot be told yet", (told,), tables=tuple(tables))


def _open(subject: Subject) -> Iterable[Table]:
    rows = tuple(
        (
            (claim.listed,), cell(figure), cell(figure, "ci_low"), cell(figure, "ci_high"),
            (what_would_tell(subject, claim),),
        )
        for claim in _CLAIMS
        if (figure := subject.figure(claim)) is not None and figure.direction == CANNOT_TELL
    )  # fmt: skip
    if rows:
        yield Table(
            caption(subject, "Comparisons of groups that cannot be told"),
            ("Figure", "Value", "Lower end of 95% interval", "Upper end", "What would tell"),
            rows, frozenset({1, 2, 3}), (MARKS,),
        )  # fmt: skip


def _hidden(subject: Subject) -> Iterable[tuple[Claim, str]]:
    for claim in _CLAIMS:
        if not is_shown(subject, claim):
            yield claim, why_hidden(subject, subject.figure(claim))


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
            (claim.listed,), cell(figure), cell(figure, "ci_low"), cell(figure, "ci_high"),
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
    likelihoods = [pair for pair in shown if pair[0].measure == "relative_likelihood"]
    return Section(
        "differences",
        "Where groups differ",
        charts=drawn.likelihoods(subject, likelihoods),
        tables=(table,),
    )
