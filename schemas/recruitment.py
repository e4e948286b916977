"""Recruitment: one row for each application in the twelve months to the snapshot."""

from datetime import date
from functools import lru_cache

import pandas as pd
from pandera.pandas import DataFrameSchema

from schemas import checks

KEY = "application_id"
DATES = ("shortlisted_date",)
FLAGS = ("shortlisted", "appointed")
NUMBERS: tuple[str, ...] = ()

COLUMN_OF_RULE = {
    "APPLICATION_CONFLICT": "application_id",
    "APPOINTED_NOT_SHORTLISTED": "appointed",
}
"""The column at which a rule over several columns points."""

TYPES = DataFrameSchema(
    {
        "application_id": checks.column(blank=False),
        "shortlisted": checks.flag(),
        "appointed": checks.flag(),
        "shortlisted_date": checks.date(),
    },
)
"""First pass, on text: what is there, of the right type and in the code lists."""

SHARED = ((KEY,),)
"""The keys by which rows are judged together: those of one application."""
TOGETHER = DataFrameSchema(checks=checks.one_row_for_each(KEY, "APPLICATION_CONFLICT"))
"""The rules over rows that share a key, on text."""


@lru_cache(maxsize=64)
def rules(period_end: date) -> DataFrameSchema:
    """Return the second pass, on typed values, for the snapshot at ``period_end``."""
    return DataFrameSchema(
        {
            "shortlisted_date": checks.column(
                checks.within_months("SHORTLISTED_DATE_OUTSIDE", 12, period_end)
            ),
        },
        checks=[checks.rule("APPOINTED_NOT_SHORTLISTED", _shortlisted_first, blanks=True)],
    )


def _shortlisted_first(frame: pd.DataFrame) -> "pd.Series[bool]":
    if not {"shortlisted", "appointed"} <= set(frame.columns):
        return pd.Series(True, index=frame.index)
    skipped = frame["appointed"] & ~frame["shortlisted"]
    return ~skipped.fillna(False).astype(bool)


def derived(typed: pd.DataFrame) -> pd.DataFrame:
    """Return ``typed``: no rule needs more."""
    return typed
