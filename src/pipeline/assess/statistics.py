"""Intervals and tests for small counts. Everything is 95% and two-sided, and unrounded.

Arguments are counts of people, applications or cases, named as in a two-by-two table: ``a`` events
among ``n`` of the numerator group, ``b`` events among ``m`` of the comparator group; ``k`` among
``n`` where there is one group. Events that outnumber their base, a negative count or an empty base
raise ValueError. All staff are counted, so an interval describes chance in the underlying rate,
not sampling.

The exact tests are worked out here and not by SciPy, which takes a millisecond for each table:
too long for the fifteen thousand rows of a release. They agree with ``scipy.stats.fisher_exact``
and ``scipy.stats.binomtest``, and the tests say so.
"""

import math
from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from scipy.optimize import brentq
from scipy.special import ndtri
from scipy.stats.contingency import relative_risk

Z = float(ndtri(0.975))
"""The normal deviate of a two-sided 95% interval."""

FEWEST_EVENTS_FOR_KATZ = 5
"""With fewer events in either group the log interval is too wide or too narrow to be used."""

_CACHE = 1 << 16
_TIE = 1 + 1e-7  # outcomes that differ by less are equally likely (as in R)
_NEGLIGIBLE = 1e-20  # of the likelihood of the likeliest outcome


class Interval(NamedTuple):
    """A 95% interval, in the unit of the function that returns it."""

    low: float
    high: float


def _require(*groups: tuple[int, int]) -> None:
    for events, base in groups:
        if not 0 <= events <= base or base == 0:
            raise ValueError(f"{events} events cannot be told from a base of {base}")


def wilson(k: int, n: int) -> Interval:
    """Return the score interval of the proportion ``k / n`` (Wilson 1927).

    The same as ``scipy.stats.binomtest(k, n).proportion_ci(method="wilson")``, without the test.
    """
    _require((k, n))
    centre = (k + Z * Z / 2) / (n + Z * Z)
    half = Z / (n + Z * Z) * math.sqrt(k * (n - k) / n + Z * Z / 4)
    # At the ends the limit is 0 or 1 exactly; the difference would leave a rounding error.
    return Interval(0.0 if k == 0 else centre - half, 1.0 if k == n else centre + half)


def newcombe(k1: int, n1: int, k2: int, n2: int) -> Interval:
    """Return the hybrid score interval of ``k1/n1 - k2/n2`` (Newcombe 1998, method 10).

    For independent groups; proportions between -1 and 1.
    """
    first, second = wilson(k1, n1), wilson(k2, n2)
    p1, p2 = k1 / n1, k2 / n2
    return Interval(
        p1 - p2 - math.hypot(p1 - first.low, second.high - p2),
        p1 - p2 + math.hypot(first.high - p1, p2 - second.low),
    )


def katz_standard_error(a: int, n: int, b: int, m: int) -> float:
    """Return the standard error of ln((a/n) / (b/m)) (Katz and others 1978). Needs ``a, b > 0``."""
    _require((a, n), (b, m))
    if 0 in (a, b):
        raise ValueError("the logarithm of the ratio is undefined without events in both groups")
    return math.sqrt(1 / a - 1 / n + 1 / b - 1 / m)


def katz(a: int, n: int, b: int, m: int) -> Interval:
    """Return the log interval of the ratio ``(a/n) / (b/m)`` (Katz and others 1978), from SciPy.

    For 5 or more events in each group; ``ratio_interval`` chooses. Needs ``a, b > 0``.
    """
    _require((a, n), (b, m))
    if 0 in (a, b):
        raise ValueError("the log interval needs events in both groups")
    interval = relative_risk(a, n, b, m).confidence_interval(0.95)
    return Interval(float(interval.low), float(interval.high))


def cells_ratio(a: int, n: int, b: int, m: int) -> Interval:
    """Return the 95% interval of (a/n) / (b/m), four counts of which none includes another.

    Raises ValueError where a count is zero.
    """
    if min(a, n, b, m) <= 0:
        raise ValueError("every count must be above zero")
    error = Z * math.sqrt(1 / a + 1 / n + 1 / b + 1 / m)
    ratio = a * m / (n * b)
    return Interval(ratio * math.exp(-error), ratio * math.exp(error))


def _ratio_score(log_ratio: float, a: int, n: int, b: int, m: int) -> float:
    """Return the score statistic of the hypothesis that the ratio of rates is exp(log_ratio)."""
    ratio = math.exp(log_ratio)
    # The likeliest rates under the hypothesis: p2 is the smaller root of
    # ratio (n + m) p2^2 - linear p2 + (a + b) = 0, in the form that does not cancel.
    linear = ratio * (n + b) + m + a
    root = math.sqrt(max(linear * linear - 4 * ratio * (n + m) * (a + b), 0.0))
    p2 = 2 * (a + b) / (linear + root)
    p1 = min(ratio * p2, 1.0)
    variance = p1 * (1 - p1) / n + ratio * ratio * p2 * (1 - p2) / m
    return (a / n - ratio * b / m) / math.sqrt(variance)


@lru_cache(maxsize=_CACHE)
def koopman(a: int, n: int, b: int, m: int) -> Interval:
    """Return the asymptotic score interval of the ratio ``(a/n) / (b/m)`` (Koopman 1984).

    Needs ``a, b > 0`` and not both groups full. The statistic falls from infinity to minus
    infinity as the ratio grows, so that each limit is the one root beyond the estimate.
    """
    _require((a, n), (b, m))
    if 0 in (a, b) or (a == n and b == m):
        raise ValueError("the score interval needs events in both groups, and not all in both")
    estimate = math.log(a * m) - math.log(b * n)

    def limit(side: int) -> float:
        def excess(distance: float) -> float:
            return side * _ratio_score(estimate + side * distance, a, n, b, m) + Z

        far = 1.0
        while excess(far) > 0:
            far *= 2
        return math.exp(estimate + side * float(brentq(excess, 0.0, far, xtol=1e-12)))

    return Interval(limit(-1), limit(1))


def ratio_interval(a: int, n: int, b: int, m: int) -> Interval | None:
    """Return the interval of ``(a/n) / (b/m)``: Katz from 5 events in each group, else Koopman.

    None where it is undefined: no events or no base in a group, or all of both groups.
    """
    if 0 in (a, n, b, m) or (a == n and b == m):
        return None
    method = katz if min(a, b) >= FEWEST_EVENTS_FOR_KATZ else koopman
    return method(a, n, b, m)


def _no_likelier(
    observed: int, mode: int, rise: Callable[[int], float], fall: Callable[[int], float]
) -> float:
    """Return the probability of all outcomes that are no likelier than the observed one.

    ``rise(x)`` is P(x + 1) / P(x) and ``fall(x)`` is P(x - 1) / P(x), each 0 at its end of the
    range. The walk begins at the likeliest outcome; a probability under about 1e-20 is 0.
    """
    weights = {mode: 1.0}
    for step, ratio in ((1, rise), (-1, fall)):
        outcome, weight = mode, 1.0
        while weight > _NEGLIGIBLE:
            weight *= ratio(outcome)
            outcome += step
            weights[outcome] = weight
    limit = weights.get(observed, 0.0) * _TIE
    return min(1.0, sum(w for w in weights.values() if w <= limit) / sum(weights.values()))


@lru_cache(maxsize=_CACHE)
def fisher(a: int, n: int, b: int, m: int) -> float:
    """Return the two-sided p of Fisher's exact test of ``a`` of ``n`` against ``b`` of ``m``.

    It sums the tables with the same margins that are no likelier than the one observed.
    """
    _require((a, n), (b, m))
    events = a + b
    spare = m - events  # below zero, the numerator group must hold some of the events
    return _no_likelier(
        a,
        (n + 1) * (events + 1) // (n + m + 2),
        lambda x: (n - x) * (events - x) / ((x + 1) * (spare + x + 1)),
        lambda x: x * (spare + x) / ((n - x + 1) * (events - x + 1)),
    )


@lru_cache(maxsize=_CACHE)
def exact_binomial(k: int, n: int, residents: int, total: int) -> float:
    """Return the two-sided exact p of ``k`` of ``n`` against the fixed share residents / total."""
    _require((k, n), (residents, total))
    others = total - residents
    if residents == 0 or others == 0:
        return 1.0 if k * total == n * residents else 0.0
    return _no_likelier(
        k,
        min((n + 1) * residents // total, n),
        lambda x: (n - x) * residents / ((x + 1) * others),
        lambda x: x * others / ((n - x + 1) * residents),
    )


def part_against_whole(
    k: int, n: int, whole_k: int, whole_n: int
) -> tuple[Interval | None, float | None]:
    """Return interval and p of ``k/n - whole_k/whole_n``, where the part lies within the whole.

    The part is compared with the rest, which is independent of it, and the interval is brought
    back: k/n - K/N = (1 - n/N) (k/n - (K - k)/(N - n)), so it is (1 - n/N) times Newcombe's
    interval of part against rest; p is Fisher's. None, None where the part is the whole.
    """
    _require((k, n), (whole_k, whole_n))
    rest_k, rest_n = whole_k - k, whole_n - n
    if rest_n == rest_k == 0:
        return None, None
    _require((rest_k, rest_n))
    rest = newcombe(k, n, rest_k, rest_n)
    factor = rest_n / whole_n
    return Interval(factor * rest.low, factor * rest.high), fisher(k, n, rest_k, rest_n)


def against_population(k: int, n: int, residents: int, total: int) -> tuple[Interval, float]:
    """Return interval and p of ``k/n - residents/total``, the census share taken as fixed.

    The interval is Wilson's of k/n less the share; p is the exact binomial test's.
    """
    _require((residents, total))
    own, share = wilson(k, n), residents / total
    p_value = exact_binomial(k, n, residents, total)
    return Interval(own.low - share, own.high - share), p_value


def change_of_ratios(rl1: float, se1: float, rl2: float, se2: float) -> tuple[float, float]:
    """Return z and the two-sided p of a change from the ratio ``rl1`` to ``rl2`` of another year.

    z = ln(rl1 / rl2) / sqrt(se1^2 + se2^2), with the standard errors of ``katz_standard_error``.
    """
    z = math.log(rl1 / rl2) / math.hypot(se1, se2)
    return z, math.erfc(abs(z) / math.sqrt(2))


def mantel_haenszel(strata: Iterable[tuple[int, int, int, int]]) -> Fraction | None:
    """Return the Mantel-Haenszel pooled ratio over strata ``(a, n, b, m)``, such as employers.

    Exact. A stratum without a base in either group tells nothing and adds nothing. None where no
    stratum has an event to compare with.
    """
    usable = [(a, n, b, m) for a, n, b, m in strata if n and m]
    above = sum((Fraction(a * m, n + m) for a, n, b, m in usable), Fraction(0))
    below = sum((Fraction(b * n, n + m) for a, n, b, m in usable), Fraction(0))
    return above / below if below else None
