"""Movers: one row for each starter and each leaver of the 12 months to the snapshot."""

from datetime import date
from functools import lru_cache

import pandas as pd
from pandera.pandas import DataFrameSchema

from pipeline.codes import band_code, leaving_reason, movement
from pipeline.values import of_each
from schemas import checks

DATES = ("movement_date",)
FLAGS = ("exit_interview",)
NUMBERS: tuple[str, ...] = ()
MAY_BE_BLANK = ("leaving_reason", "exit_interview", "pay_scale")

COLUMN_OF_RULE = {
    "MOVEMENT_CONFLICT": "employee_number",
    "LEAVING_REASON_MISSING": "leaving_reason",
    "LEAVING_REASON_UNLISTED": "leaving_reason",
}
"""The column at which a rule over several columns points."""

MONTHS = 12


def _leavers(frame: pd.DataFrame) -> "pd.Series[bool]":
    if not {"movement", "leaving_reason"} <= set(frame.columns):
        return pd.Series(False, index=frame.index)
    return of_each(frame["movement"], movement, "str") == "LEAVER"


def _has_reason(frame: pd.DataFrame) -> "pd.Series[bool]":
    leavers = _leavers(frame)
    return ~leavers | frame.get("leaving_reason", leavers).notna()


def _has_listed_reason(frame: pd.DataFrame) -> "pd.Series[bool]":
    leavers = _leavers(frame)
    reasons = frame.get("leaving_reason", leavers)
    listed = of_each(reasons, leaving_reason, "str").notna()
    return ~leavers | reasons.isna() | listed


TYPES = DataFrameSchema(
    {
        "employee_number": checks.column(blank=False),
        "movement": checks.column(
            checks.each("MOVEMENT_UNLISTED", lambda text: movement(text) is not None),
            blank=False,
        ),
        "movement_date": checks.date(blank=False),
        "exit_interview": checks.flag(blank=True),
        "pay_scale": checks.column(
            checks.each("BAND_UNKNOWN", lambda text: band_code(text) is not None)
        ),
    },
    checks=[
        checks.rule("LEAVING_REASON_MISSING", _has_reason, blanks=True),
        checks.rule("LEAVING_REASON_UNLISTED", _has_listed_reason, blanks=True),
    ],
)
"""First pass, on text: what is there, of the right type and in the code lists."""

KEY = ("employee_number", "movement", "movement_date")
SHARED = (KEY,)
"""The keys by which rows are judged together: those of one movement."""
TOGETHER = DataFrameSchema(checks=checks.one_row_for_each(KEY, "MOVEMENT_CONFLICT"))
"""The rules over rows that share a key, on text."""


@lru_cache(maxsize=64)
def rules(period_end: date) -> DataFrameSchema:
    """Return the second pass, on typed values, for the snapshot at ``period_end``."""
    window = checks.within_months("MOVEMENT_DATE_OUTSIDE", MONTHS, period_end)
    return DataFrameSchema({"movement_date": checks.column(window)})


def derived(typed: pd.DataFrame) -> pd.DataFrame:
    """Return ``typed``: no rule needs more."""
    return typed
