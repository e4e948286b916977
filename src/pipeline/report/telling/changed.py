"""Whether a gap changed in a year, as far as the published figures let it be tested.

The test is that of ``pipeline.assess.change``: of two ratios z = ln(RL1/RL2) / sqrt(SE1^2 + SE2^2),
of two differences the intervals combined. Of all figures tested within one snapshot and standard a
change is claimed of those alone that Benjamini and Hochberg's procedure lets stand at 5%.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.assess.assessed import Question
from pipeline.assess.change import change_between
from pipeline.report.document import Words
from pipeline.report.telling import names
from pipeline.report.telling.claims import Claim
from pipeline.report.telling.figures import Figure, number
from pipeline.report.telling.subject import Subject

FALSE_DISCOVERIES = 0.05
CLOSED, WIDENED, CANNOT_TELL, UNTESTED = "closed", "widened", "cannot_tell", "untested"
_TESTED = (
    "relative_likelihood", "disparity_ratio", "independent_difference", "part_against_whole",
    "population_difference",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """How a figure compares with the same figure a year before.

    Attributes:
        claim: what the figure is of.
        now: the figure.
        then: the figure a year before; None where there is none with a value.
        verdict: closed, widened, cannot_tell or untested.
        why: why it cannot be tested; empty where it was.
        p_value: of the test; None where there was none or it has none.
    """

    claim: Claim
    now: Figure
    then: Figure | None
    verdict: str
    why: str = ""
    p_value: float | None = None


def changes_of(subject: Subject, claims: Iterable[Claim]) -> Mapping[int, Change]:
    """Return the change of each claim that has a figure now, by the number of that figure."""
    found = [
        _compared(subject, claim, now)
        for claim in claims
        if (now := subject.figure(claim)) is not None and now.is_shown
    ]
    standing = _standing(found)
    return {
        change.now.number: change
        if change.verdict not in (CLOSED, WIDENED) or change.now.number in standing
        else Change(change.claim, change.now, change.then, CANNOT_TELL, "", change.p_value)
        for change in found
    }


def _compared(subject: Subject, claim: Claim, now: Figure) -> Change:
    then = subject.figure(claim, names.year_before(now.period_end))
    if then is None or not then.is_shown:
        return Change(claim, now, None, UNTESTED, "there is no figure of a year before")
    why = _untested(subject, now, then)
    if why:
        return Change(claim, now, then, UNTESTED, why)
    method = str(subject.entry(*claim.kind).get("method", ""))
    answer = change_between(*(Question(method, figure.counts) for figure in (then, now)))
    if answer.p_value is None:
        return Change(claim, now, then, CANNOT_TELL)
    closed = answer.direction
    verdict = {"favourable": CLOSED, "adverse": WIDENED}.get(closed, CANNOT_TELL)
    return Change(claim, now, then, verdict, "", answer.p_value)


def _untested(subject: Subject, now: Figure, then: Figure) -> str:
    """Return why the two cannot be tested against each other; empty where they can."""
    kind = now.standard, now.indicator, now.measure
    if subject.entry(*kind).get("method") not in _TESTED:
        return "no test between years is made of figures of this kind"
    for since, _ in subject.library.breaks.get(kind[:2], []):
        if then.period_end < since <= now.period_end:
            return f"it is counted otherwise since {names.day(since)}"
    if {now.disclosure, then.disclosure} != {"NONE"} or None in (*now.counts, *then.counts):
        return "a number that the test needs is not published"
    for source in subject.needs(*kind):
        sent = [
            subject.library.sent.get((day, subject.level, subject.code, source), {}).get("bodies")
            for day in (then.period_end, now.period_end)
        ]
        if sent[0] != sent[1]:
            return f"not the same employers sent the {names.SOURCES.get(source, source)} file"
    return ""


def _standing(changes: list[Change]) -> set[int]:
    """Return the figures whose change stands among all those tested of their standard."""
    kinds: dict[str, list[tuple[float, int]]] = {}
    for change in changes:
        if change.p_value is not None:
            kinds.setdefault(change.now.standard, []).append((change.p_value, change.now.number))
    standing: set[int] = set()
    for tested in kinds.values():
        ordered = sorted(tested)
        limits = [FALSE_DISCOVERIES * rank / len(ordered) for rank in range(1, len(ordered) + 1)]
        passed = [
            rank
            for rank, ((p_value, _), limit) in enumerate(zip(ordered, limits, strict=True), start=1)
            if p_value <= limit
        ]
        standing |= {place for _, place in ordered[: max(passed, default=0)]}
    return standing


def told(change: Change | None) -> Words:
    """Return the change as a sentence; empty where there is nothing to compare with."""
    if change is None or change.then is None:
        return ()
    then = (number(change.then), f" at {names.day(change.then.period_end)}")
    if change.verdict == CLOSED:
        return ("The gap got smaller: the figure was ", *then,
                ". Chance alone would seldom bring such a change.")  # fmt: skip
    if change.verdict == WIDENED:
        return ("The gap got wider: the figure was ", *then,
                ". Chance alone would seldom bring such a change.")  # fmt: skip
    if change.verdict == CANNOT_TELL:
        return ("The figure was ", *then,
                ". The two figures cannot tell whether the gap changed.")  # fmt: skip
    return ("The figure was ", *then, f". Whether it changed cannot be told: {change.why}.")
