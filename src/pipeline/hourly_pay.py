"""Hourly pay from what a payroll knows of a pay period.

Source: Equality Act 2010 (Specific Duties and Public Authorities) Regulations 2017 (SI 2017/353),
Schedule 1, and the practical guidance on its regulations 6 and 7; a month has 30.44 days.
"""

from collections.abc import Hashable, Mapping
from decimal import ROUND_HALF_UP, Decimal

from pipeline.values import parse_amount, parse_decimal

DAYS_OF_A_MONTH = Decimal("30.44")
"""Days of a monthly pay period, where a row does not say how many it has."""
_PLACES = Decimal("0.000001")
_DAYS_OF_A_WEEK = 7
_MOST_DIGITS = 18


def worked_out(row: Mapping[Hashable, object]) -> Decimal | None:
    """Return the pounds an hour that the components of a row of ``pay`` give, to six places.

    (ordinary pay + bonus in the period x pay period days / bonus period days) x 7 / pay period
    days / weekly hours. Where a row does not say for how many days a bonus was paid, it was for
    the pay period.

    Args:
        row: ``ordinary_pay``, ``weekly_hours``, ``bonus_in_period``, ``pay_period_days`` and
            ``bonus_period_days`` as text; what is blank may be missing.

    Returns:
        None where pay or hours are blank, none or unreadable.
    """
    pay = _amount(row.get("ordinary_pay"))
    hours = _number(row.get("weekly_hours"))
    days = _number(row.get("pay_period_days")) or DAYS_OF_A_MONTH
    bonus = _amount(row.get("bonus_in_period")) or Decimal(0)
    bonus_days = _number(row.get("bonus_period_days")) or days
    if pay is None or not hours:
        return None
    # Divided once, at the end: a quotient on the way would already be a rounded one.
    weekly = (pay * bonus_days + bonus * days) * _DAYS_OF_A_WEEK
    return rounded(weekly / (bonus_days * days * hours))


def given(row: Mapping[Hashable, object]) -> Decimal | None:
    """Return the pounds an hour that a row of ``pay`` states, to six places; None where blank."""
    rate = _amount(row.get("hourly_rate"))
    return None if rate is None else rounded(rate)


def of(row: Mapping[Hashable, object]) -> Decimal | None:
    """Return the pounds an hour of a row of ``pay``: the rate that it states, else worked out."""
    rate = given(row)
    return worked_out(row) if rate is None else rate


def rounded(amount: Decimal, places: Decimal = _PLACES) -> Decimal:
    """Return an amount of pounds, halves away from zero; one beyond all belief as it is."""
    return amount if amount.adjusted() > _MOST_DIGITS else amount.quantize(places, ROUND_HALF_UP)


def _amount(text: object) -> Decimal | None:
    return parse_amount(text) if isinstance(text, str) else None


def _number(text: object) -> Decimal | None:
    return parse_decimal(text) if isinstance(text, str) else None
