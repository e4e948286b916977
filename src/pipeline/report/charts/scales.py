"""Ends and ticks of scales."""

import math
from collections.abc import Sequence

_RATIOS = tuple(
    leading * 10.0**power for power in range(-2, 3) for leading in (1, 2, 5)
)  # 0.01, 0.02, 0.05 ... 500


def steps(low: float, high: float, most: int = 5) -> list[float]:
    """Return round numbers in even steps, at most ``most + 1``, from ``low`` or below to ``high``.

    The first is at most ``low`` and the last at least ``high``. Where both are equal the scale runs
    one step on.
    """
    width = max(high - low, 1e-9 * max(abs(low), abs(high)), 1e-9)
    power = 10.0 ** math.floor(math.log10(width / most))
    for leading in (1, 2, 5, 10, 20):
        step = leading * power
        first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
        if last - first <= most:
            break
    last = max(last, first + 1)
    return [float(f"{place * step:.10g}") for place in range(first, last + 1)]


def reach(
    values: Sequence[float], least: float, bounds: tuple[float, float] = (-math.inf, math.inf)
) -> list[float]:
    """Return the ticks of a scale with some room around the values.

    Args:
        values: one or more.
        least: how much it reaches over at least, so that small movements look small.
        bounds: what it never goes beyond, and what values lie within; multiples of 100 or infinite.
    """
    low, high = min(values), max(values)
    room = max((high - low) * 0.05, (least - (high - low)) / 2)
    low, high = low - room, high + room
    if low < bounds[0]:
        low, high = bounds[0], max(high, min(bounds[0] + least, bounds[1]))
    if high > bounds[1]:
        low, high = min(low, max(bounds[1] - least, bounds[0])), bounds[1]
    return steps(low, high)


def ratio_ticks(values: Sequence[float], least: float, most: float) -> list[float]:
    """Return the ticks of a log scale around 1 that reaches over the values, from 0.5-2 upwards.

    It ends at ``least`` and ``most``, whatever lies beyond.
    """
    low = max(min([value for value in values if value > 0], default=1.0), least)
    high = min(max(values, default=1.0), most)
    first = max((tick for tick in _RATIOS if tick <= min(low, 0.5) * (1 + 1e-9)), default=least)
    last = min((tick for tick in _RATIOS if tick >= max(high, 2.0) * (1 - 1e-9)), default=most)
    return [tick for tick in _RATIOS if first <= tick <= last]
