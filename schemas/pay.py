"""Pay: one row for each employee in the pay period in which the snapshot falls."""

from datetime import date
from decimal import Decimal

import pandas as pd
from pandera.pandas import Check, Column, DataFrameSchema

from pipeline import hourly_pay
from pipeline.values import parse_amount, parse_decimal
from schemas import checks

DATES: tuple[str, ...] = ()
FLAGS = ("full_pay",)
NUMBERS: tuple[str, ...] = ()  # pay is exact, so it stays text until it is a decimal
ONE_OF = (("hourly_rate",), ("ordinary_pay", "weekly_hours"))
"""The sets of columns of which a file needs one."""
MAY_BE_BLANK = (
    *("hourly_rate", "ordinary_pay", "weekly_hours"),
    *("bonus_in_period", "pay_period_days", "bonus_period_days", "bonus_in_year"),
)

COLUMN_OF_RULE = {
    "PAY_CONFLICT": "employee_number",
    "WEEKLY_HOURS_MISSING": "weekly_hours",
    "ORDINARY_PAY_MISSING": "ordinary_pay",
    "HOURLY_RATE_MISSING": "hourly_rate",
    "HOURLY_RATE_OUT_OF_RANGE": "hourly_rate",
    "HOURLY_PAY_OUT_OF_RANGE": "ordinary_pay",
}
"""The column at which a rule over several columns points."""

LEAST_HOURLY, MOST_HOURLY = Decimal(1), Decimal(1000)
"""Pounds an hour between which pay is believed; less is so only of people on reduced pay."""
MOST_AMOUNT = Decimal(1_000_000)
"""Pounds above which no pay and no bonus is believed."""
MOST_HOURS, MOST_DAYS = Decimal(168), Decimal(366)
"""Hours of a week, and days of the longest pay or bonus period."""

_GIVEN, _WORKED_OUT = "given_hourly_pay", "worked_out_hourly_pay"


def _is_amount(text: str) -> bool:
    return parse_amount(text) is not None


def _amount() -> Column:
    def plausible(text: str) -> bool:
        amount = parse_amount(text)
        return amount is None or 0 <= amount <= MOST_AMOUNT

    return checks.column(
        checks.each("AMOUNT_INVALID", _is_amount),
        checks.each("AMOUNT_OUT_OF_RANGE", plausible),
    )


def _days() -> Column:
    def plausible(text: str) -> bool:
        days = parse_decimal(text)
        return days is not None and 0 < days <= MOST_DAYS

    return checks.column(checks.each("PERIOD_DAYS_INVALID", plausible))


def _plausible_hours(text: str) -> bool:
    hours = parse_decimal(text)
    return hours is not None and 0 <= hours <= MOST_HOURS


def _field(frame: pd.DataFrame, name: str) -> "pd.Series[str]":
    if name in frame:
        return frame[name]
    return pd.Series([None] * len(frame), index=frame.index, dtype="str")


def _no_hours(frame: pd.DataFrame) -> "pd.Series[bool]":
    """Return where weekly hours were asked for and are blank or 0."""
    hours = _field(frame, "weekly_hours")
    none = [not isinstance(text, str) or parse_decimal(text) == 0 for text in hours.tolist()]
    return pd.Series(none, index=frame.index, dtype="bool") & ("weekly_hours" in frame)


def _unknown(frame: pd.DataFrame, code: str) -> "pd.Series[bool]":
    """Return where an hourly pay is unknown for the want that ``code`` names, one a row."""
    no_rate = _field(frame, "hourly_rate").isna()
    no_hours = _no_hours(frame)
    no_pay = _field(frame, "ordinary_pay").isna() & ~no_hours
    by_parts = "weekly_hours" in frame
    wants = {
        "WEEKLY_HOURS_MISSING": no_hours,
        "ORDINARY_PAY_MISSING": no_pay & by_parts,
        "HOURLY_RATE_MISSING": no_pay & (not by_parts) & ("hourly_rate" in frame),
    }
    return no_rate & wants[code]


def _known(code: str) -> Check:
    return checks.rule(code, lambda frame: ~_unknown(frame, code), blanks=True)


TYPES = DataFrameSchema(
    {
        "employee_number": checks.column(blank=False),
        "hourly_rate": checks.column(checks.each("AMOUNT_INVALID", _is_amount)),
        "ordinary_pay": _amount(),
        "weekly_hours": checks.column(checks.each("WEEKLY_HOURS_INVALID", _plausible_hours)),
        "bonus_in_period": _amount(),
        "pay_period_days": _days(),
        "bonus_period_days": _days(),
        "bonus_in_year": _amount(),
        "full_pay": checks.flag(),
    },
    checks=[
        _known("WEEKLY_HOURS_MISSING"),
        _known("ORDINARY_PAY_MISSING"),
        _known("HOURLY_RATE_MISSING"),
    ],
)
"""First pass, on text: what is there, of the right type and in the code lists."""

SHARED = (("employee_number",),)
"""The keys by which rows are judged together: those of one employee."""
TOGETHER = DataFrameSchema(checks=checks.one_row_for_each("employee_number", "PAY_CONFLICT"))
"""The rules over rows that share a key, on text."""

_RULES = DataFrameSchema(
    {
        _GIVEN: checks.column(checks.rule("HOURLY_RATE_OUT_OF_RANGE", lambda fits: fits)),
        _WORKED_OUT: checks.column(checks.rule("HOURLY_PAY_OUT_OF_RANGE", lambda fits: fits)),
    }
)


def rules(period_end: date) -> DataFrameSchema:
    """Return the second pass, on typed values: the same for every snapshot."""
    return _RULES


def derived(typed: pd.DataFrame) -> pd.DataFrame:
    """Return ``typed`` with whether each hourly pay, given or worked out, can be.

    A row with another fault is told of its hourly pay too. A rate that is given makes the one that
    could be worked out of no account.
    """
    given, components = [], []
    for row in typed.to_dict("records"):
        rate = hourly_pay.given(row)
        pay = hourly_pay.worked_out(row) if rate is None else None
        # Only people on leave for which pay is reduced can have next to nothing an hour.
        least = LEAST_HOURLY if row.get("full_pay") is True else Decimal(0)
        given.append(rate is None or least <= rate <= MOST_HOURLY)
        components.append(pay is None or least <= pay <= MOST_HOURLY)
    return typed.assign(**{_GIVEN: given, _WORKED_OUT: components})
