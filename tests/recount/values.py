"""Figures from counts: exact fractions, rounded half away from zero."""

from fractions import Fraction
from typing import NamedTuple

Key = tuple[str, ...]
"""Standard, indicator, part, measure, group and comparator (empty where there is none)."""


class Figure(NamedTuple):
    """The counts of a figure and what follows from them."""

    numerator: int | None = None
    denominator: int | None = None
    comparator_numerator: int | None = None
    comparator_denominator: int | None = None
    value: float | None = None
    status: str = "ok"
    reason: str | None = None


def rounded(value: Fraction, places: int) -> float:
    """Round half away from zero."""
    scaled = abs(value) * 10**places
    whole = int(scaled + Fraction(1, 2))
    return float(Fraction(whole if value >= 0 else -whole, 10**places))


def percent(part: int, whole: int) -> Fraction:
    return Fraction(100 * part, whole)


MISSING = Figure(status="missing_source", reason="MISSING_SOURCE")


def share(k: int | None, n: int | None) -> Figure:
    if k is None or n is None:
        return MISSING._replace(numerator=k, denominator=n)
    if n == 0:
        return Figure(k, n, status="not_applicable", reason="NO_NUMERATOR_BASE")
    return Figure(k, n, value=rounded(percent(k, n), 1))


def difference(k: int, n: int, other_k: int, other_n: int) -> Figure:
    counts = Figure(k, n, other_k, other_n)
    if n == 0 or other_n == 0:
        reason = "NO_COMPARATOR_BASE" if n else "NO_NUMERATOR_BASE"
        return counts._replace(status="not_applicable", reason=reason)
    return counts._replace(value=rounded(percent(k, n) - percent(other_k, other_n), 1))


def ratio(a: int, n: int, b: int, m: int) -> Figure:
    """(a of n) / (b of m); the reasons of a ratio that is not defined."""
    reason = None
    if n == 0:
        reason = "NO_NUMERATOR_BASE"
    elif m == 0:
        reason = "NO_COMPARATOR_BASE"
    elif b == 0:
        reason = "COMPARATOR_RATE_ZERO" if a else "NO_EVENTS"
    if reason:
        return Figure(a, n, b, m, status="not_applicable", reason=reason)
    return Figure(a, n, b, m, value=rounded(Fraction(a, n) / Fraction(b, m), 2))


def count(people: int) -> Figure:
    return Figure(people, value=float(people))


def mantel_haenszel(pooled: Figure, strata: list[tuple[int, int, int, int]]) -> Figure:
    """The estimate over strata beside the pooled ratio, with its counts."""
    reason = ratio(*(sum(counts) for counts in zip(*strata, strict=True))).reason
    usable = [(a, n, b, m) for a, n, b, m in strata if n and m]
    below = sum((Fraction(b * n, n + m) for a, n, b, m in usable), Fraction())
    counts = pooled._replace(value=None, status="ok", reason=None)
    if reason or not below:
        reason = reason or "COMPARATOR_RATE_ZERO"
        return counts._replace(status="not_applicable", reason=reason)
    above = sum((Fraction(a * m, n + m) for a, n, b, m in usable), Fraction())
    return counts._replace(value=rounded(above / below, 2))
