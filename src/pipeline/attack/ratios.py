"""The counts behind a printed ratio of two likelihoods and its interval.

Who knows one of the two groups tries every pair of counts of the other one: few give the ratio,
and most often one alone gives its interval too. Source of the intervals: Katz and others (1978),
with fewer than five events in a group Koopman (1984).
"""

from fractions import Fraction
from typing import NamedTuple

_NEAR = 1e-9
"""How near a limit may be to where its rounding changes, to have been rounded either way."""


class Group(NamedTuple):
    """How many people had an event, and of how many people."""

    events: int
    people: int


class PrintedRatio(NamedTuple):
    """A ratio with the ends of its 95% interval as printed: 2.31, 1.37 and 3.89."""

    value: str
    low: str
    high: str


def groups_behind(
    known: Group, printed: PrintedRatio, most_people: int, *, is_above: bool = True
) -> list[Group]:
    """Return every group with which a ratio and its interval come out as printed, smallest first.

    Rounding is half away from zero at the decimals printed, of the ratio in exact arithmetic.

    Args:
        known: the group that is shown; it has events.
        printed: the ratio and its interval.
        most_people: how many people the other group may be at most.
        is_above: whether the likelihood of the known group stands above the line.

    Raises:
        ValueError: the known group has no events, or more than people, or the ratio is not above
            zero.
    """
    from pipeline.assess.statistics import ratio_interval

    if not 0 < known.events <= known.people:
        raise ValueError(
            "The known group needs one event at least, and no more events than people."
        )
    low, high = _window(printed.value)
    if low <= 0:
        raise ValueError("A ratio that is printed as zero tells no counts.")
    likelihood = Fraction(*known)
    # The other likelihood lies between these, of which one end is possible.
    least, most = (
        (likelihood / high, likelihood / low)
        if is_above
        else (
            likelihood * low,
            likelihood * high,
        )
    )
    found = []
    for people in range(1, most_people + 1):
        first = max(1, -(-least.numerator * people // least.denominator))
        last = min(people, most.numerator * people // most.denominator)
        for events in range(first, last + 1):
            other = Fraction(events, people)
            ratio = likelihood / other if is_above else other / likelihood
            if not low <= ratio < high:
                continue
            above, below = (known, (events, people)) if is_above else ((events, people), known)
            interval = ratio_interval(*above, *below)
            if (
                interval is not None
                and _rounds_to(interval.low, printed.low)
                and _rounds_to(interval.high, printed.high)
            ):
                found.append(Group(events, people))
    return found


def _window(text: str) -> tuple[Fraction, Fraction]:
    """Return between which numbers one was that is printed; the upper end is not possible."""
    half = Fraction(1, 2 * 10 ** len(text.partition(".")[2]))
    return Fraction(text) - half, Fraction(text) + half


def _rounds_to(limit: float, text: str) -> bool:
    low, high = _window(text)
    return float(low) - _NEAR <= limit <= float(high) + _NEAR
