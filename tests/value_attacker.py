"""A reader who works back from numbers that stand without their counts: targets and changes."""

import math
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

GAPS = ("relative_likelihood", "ratio", "difference_pp", "gap_percent")
"""Measures that tell how far two groups are apart."""
PLACES = {"relative_likelihood": 2, "ratio": 2, "difference_pp": 1, "gap_percent": 1}


class Target(NamedTuple):
    """A number of BME staff at parity, or on the line to it, as published, and what goes into it.

    Attributes:
        value: the number, with one decimal.
        headcount: everybody of the bands at the snapshot.
        before: BME staff of the bands at the baseline.
        way: the part of the way to parity that is gone; 1 for parity itself.
    """

    value: float
    headcount: int
    before: int
    way: Fraction


def possible_bases(bme: int, everybody: int, targets: Iterable[Target]) -> list[int]:
    """Return each headcount of known ethnicity with which every target comes out as published.

    Args:
        bme: BME staff of the whole workforce at the baseline.
        everybody: the whole workforce at the baseline.
        targets: what is published of one organisation.
    """
    targets = list(targets)
    return [
        known
        for known in range(max(bme, 1), everybody + 1)
        if all(_comes_out(target, Fraction(bme, known)) for target in targets)
    ]


def _comes_out(target: Target, share: Fraction) -> bool:
    parity = share * target.headcount
    # Who is at parity already has parity as the line.
    line = parity
    if target.before < parity:
        line = target.before + target.way * (parity - target.before)
    return abs(line - Fraction(str(target.value))) <= Fraction(1, 20)


def distance(gap: Mapping[str, Any]) -> float | None:
    """Return how far a figure is from parity, None where it tells no number.

    That of a ratio is the size of its logarithm, from its counts.
    """
    if gap["value"] is None:
        return None
    if gap["measure"] == "gap_percent":
        return abs(gap["value"])
    k, n, other_k, other_n = (
        gap[name]
        for name in ("numerator", "denominator", "comparator_numerator", "comparator_denominator")
    )
    if gap["measure"] == "difference_pp":
        return abs(100 * (k / n - other_k / other_n))
    return abs(math.log(k * other_n / (n * other_k))) if k and other_k else None


def tells_a_hidden_gap(
    change: float, now: Mapping[str, Any], earlier: Iterable[Mapping[str, Any]]
) -> bool:
    """Return whether a change gives the distance of a figure that is not shown.

    Args:
        change: the distance when an action began, less that at the snapshot.
        now: the figure at the snapshot.
        earlier: the same figure at every snapshot before.
    """
    end = distance(now)
    if end is None:
        return True
    begins = [begin for figure in earlier if (begin := distance(figure)) is not None]
    # Of pay the distances are rounded too, at both ends.
    roundings = 3 if now["measure"] == "gap_percent" else 1
    within = roundings * 0.5 * 10.0 ** -PLACES[now["measure"]] + 1e-9
    return not any(abs(begin - end - change) <= within for begin in begins)
