"""What is asked of the statistics for one figure, and what they answer.

This module needs no SciPy, so that the process that holds the figures can do without it.
"""

from typing import Any, NamedTuple

from pipeline.assess.columns import MISSING_SOURCE

OK = "ok"
NOT_APPLICABLE = "not_applicable"
NEUTRAL = "neutral"

NO_NUMERATOR_BASE = "NO_NUMERATOR_BASE"
NO_COMPARATOR_BASE = "NO_COMPARATOR_BASE"
NO_EVENTS = "NO_EVENTS"
COMPARATOR_RATE_ZERO = "COMPARATOR_RATE_ZERO"


class Question(NamedTuple):
    """What a figure follows from, and nothing of whose it is: the same question, the same answer.

    Attributes:
        method: the name of one of ``pipeline.assess.methods.METHODS``.
        numbers: the arguments of the method, in its order.
        high_is: what a value above parity means: favourable, adverse or neutral.
    """

    method: str
    numbers: tuple[Any, ...]
    high_is: str = NEUTRAL


class Assessed(NamedTuple):
    """The assessed part of one row of ``figure``.

    Value, interval and p-value are rounded, and None where they are not defined; ``reason`` is
    None unless ``status`` is ``not_applicable`` or ``missing_source``.
    """

    value: float | None
    ci_low: float | None
    ci_high: float | None
    p_value: float | None
    status: str
    reason: str | None
    direction: str


def not_applicable(reason: str) -> Assessed:
    """Return a row without numbers, and the code that says why there are none."""
    return Assessed(None, None, None, None, NOT_APPLICABLE, reason, NEUTRAL)


def without_value(reason: str) -> Assessed:
    """Return a row of which nothing is asked: its counts came with the reason for having none."""
    if reason == MISSING_SOURCE:
        return Assessed(None, None, None, None, "missing_source", reason, NEUTRAL)
    return not_applicable(reason)
