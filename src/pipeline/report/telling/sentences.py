"""Plain sentences made from figures, which say what their numbers and ``direction`` say, no more.

``adverse`` and ``favourable`` are claims that chance is an unlikely reason; ``near_parity`` says
that any difference is small; ``cannot_tell`` is written as such, with what would tell.
"""

from pipeline.report.document import Words
from pipeline.report.telling import names
from pipeline.report.telling.claims import PROTECTED, Claim
from pipeline.report.telling.figures import Figure, number
from pipeline.report.telling.subject import Subject

Sentences = tuple[Words, ...]
_WHOLE = "the overall workforce"


def sentences(subject: Subject, claim: Claim, figure: Figure) -> Sentences:
    """Return what a shown figure says."""
    if claim.measure in ("relative_likelihood", "ratio"):
        first = _likelihood(claim, figure)
    elif claim.measure == "difference_pp":
        first = _difference(subject, claim, figure)
    elif claim.measure == "gap_percent":
        return _pay_gap(subject, claim, figure)
    elif claim.measure == "score":
        return _scores(subject, claim, figure)
    elif claim.measure == "count":
        return ((number(figure), f" {claim.noun} of the equality plan are on this metric."),)
    else:
        first = _share(claim, figure)
    verdict = direction_told(subject, claim, figure)
    return (first, (verdict,)) if verdict else (first,)


def interval_told(figure: Figure, what: str) -> Words:
    """Return the interval as the end of a sentence; empty where there is none."""
    if not figure.has_interval:
        return ()
    low, high = number(figure, "ci_low"), number(figure, "ci_high")
    return (f"; the true {what} is likely between ", low, " and ", high)


def _likelihood(claim: Claim, figure: Figure) -> Words:
    one = names.upper(names.people(claim.group, claim.noun))
    other = names.people(claim.comparator, claim.noun)
    if claim.measure == "ratio":
        return (
            "There were ", number(figure),
            f" times as many {names.people(claim.group, claim.noun)} {claim.did} as there were "
            f"{other}", *interval_told(figure, "ratio"), ".",
        )  # fmt: skip
    return (
        f"{one} were ", number(figure), f" times as likely as {other} {claim.did}",
        *interval_told(figure, "ratio"), ".",
    )  # fmt: skip


def _difference(subject: Subject, claim: Claim, figure: Figure) -> Words:
    one = _share_of(subject, figure, claim.group)
    if claim.comparator == "WORKFORCE":
        if one is None:
            return (
                f"The share of {claim.noun} who {claim.did}, less that of {_WHOLE}, was ",
                number(figure), " percentage points", *_range(figure),
            )  # fmt: skip
        return (
            number(one), f" of {claim.noun} {claim.did}: ", *_points(figure), f" to {_WHOLE}",
            *_range(figure),
        )  # fmt: skip
    other = _share_of(subject, figure, claim.comparator)
    groups = names.people(claim.group, claim.noun), names.people(claim.comparator, claim.noun)
    if one is None or other is None:
        return (
            f"The share of {groups[0]} who {claim.did}, less that of {groups[1]}, was ",
            number(figure), " percentage points", *_range(figure),
        )  # fmt: skip
    return (
        number(one), f" of {groups[0]} and ", number(other), f" of {groups[1]} {claim.did}: ",
        *_points(figure), *_range(figure),
    )  # fmt: skip


def _points(figure: Figure) -> Words:
    return ("a difference of ", number(figure), " percentage points")


def _range(figure: Figure) -> Words:
    return (*interval_told(figure, "difference"), ".")


def _share_of(subject: Subject, figure: Figure, group: str) -> Figure | None:
    """Return the share of a group that a difference was made from, where it is shown."""
    for measure in ("share", "rate"):
        found = subject.own.find((*figure.key[:4], measure, group, ""))
        if found is not None and found.is_shown:
            return found
    return None


def _share(claim: Claim, figure: Figure) -> Words:
    return (number(figure), f" of {claim.noun} {claim.did}",
            *interval_told(figure, "share"), ".")  # fmt: skip


def _scores(subject: Subject, claim: Claim, figure: Figure) -> Sentences:
    told: list[Words] = []
    for group, of in (
        (claim.group, claim.noun), ("NON_DISABLED", "non-disabled staff"), ("ALL", "all staff"),
    ):  # fmt: skip
        found = subject.own.find((*figure.key[:5], group, ""))
        if found is not None and found.is_shown:
            told.append((f"The score of {of} was ", number(found), "."))
    return tuple(told)


def _pay_gap(subject: Subject, claim: Claim, figure: Figure) -> Sentences:
    one, other = (names.people(group, claim.noun) for group in (claim.group, claim.comparator))
    told: list[Words] = [
        (f"The gap in {claim.did} between {one} and {other} was ", number(figure),
         f" of what {one} were paid."),
        (f"A number above zero says that {one} were paid more, one below zero that {other} were.",),
    ]  # fmt: skip
    if subject.is_pooled:
        told.append(("It is illustrative: the law asks for the gap of each employer.",))
    if figure.disclosure == "PERCENT_ONLY" and subject.is_pooled:
        told.append(("It is given in whole per cent, so that it tells nobody's pay.",))
    return tuple(told)


def direction_told(subject: Subject, claim: Claim, figure: Figure) -> str:
    """Return what may be claimed of a figure, as a sentence; empty where nothing is asked of it."""
    group = claim.comparator if claim.comparator in PROTECTED else claim.group
    # Nobody on a board is worse off for the staff who are not there.
    is_staff = claim.comparator == "WORKFORCE" or claim.noun.startswith("staff")
    noun = "staff" if is_staff else claim.noun
    who = names.people(group, noun)
    if figure.direction == "adverse":
        return (
            f"The difference is to the disadvantage of {who}, and chance alone would seldom "
            "bring it about."
        )
    if figure.direction == "favourable":
        return (
            f"The difference is in favour of {who}, and chance alone would seldom bring it about."
        )
    if figure.direction == "near_parity":
        return "Any difference is small: the whole range lies near parity."
    if figure.direction == "cannot_tell":
        more = what_would_tell(subject, claim)
        return f"The figures cannot tell whether there is a difference. {more}"
    return ""


def what_would_tell(subject: Subject, claim: Claim) -> str:
    """Return what would tell where the figures cannot."""
    more = "More answers" if claim.did.startswith(("said", "believed", "felt", "were sat")) else (
        "More events"
    )  # fmt: skip
    where = "several years taken together" if subject.is_pooled else (
        f"the employers of the {names.LEVELS[subject.pool]}, or several years, taken together"
    )  # fmt: skip
    return f"{more} would tell, such as those of {where}."
