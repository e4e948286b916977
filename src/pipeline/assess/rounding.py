"""Rounding as the standards ask: half away from zero, on exact numbers, once and last."""

from decimal import Decimal
from fractions import Fraction


def round_half_away(value: Fraction | Decimal | float | int, places: int) -> float:
    """Return ``value`` to ``places`` decimals (0 or more), a half going away from zero.

    Fractions, Decimals and integers are exact; a float counts as the decimal number that it is
    shown as, so 2.675 gives 2.68 although its binary value lies below. Never returns -0.0.
    Raises ValueError for not-a-number and OverflowError for an infinity.
    """
    exact = Decimal(repr(float(value))) if isinstance(value, float) else value
    numerator, denominator = exact.as_integer_ratio()
    scale: int = 10**places
    units = (2 * abs(numerator) * scale + denominator) // (2 * denominator)
    return (-units if numerator < 0 else units) / scale


def percent(numerator: int, denominator: int) -> Fraction:
    """Return ``numerator`` of ``denominator`` as an exact percentage, 0-100 for a part of a whole.

    Subtract these, never rounded ones. Raises ZeroDivisionError where the denominator is 0.
    """
    return Fraction(100 * numerator, denominator)
