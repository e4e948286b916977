"""Training: one row for each course that somebody completed in the 12 months to the snapshot."""

from datetime import date
from functools import lru_cache

import pandas as pd
from pandera.pandas import DataFrameSchema

from pipeline.codes import course_type
from schemas import checks

DATES = ("completion_date",)
FLAGS: tuple[str, ...] = ()
NUMBERS: tuple[str, ...] = ()

COLUMN_OF_RULE: dict[str, str] = {}
"""The column at which a rule over several columns points."""

MONTHS = 12

TYPES = DataFrameSchema(
    {
        "employee_number": checks.column(blank=False),
        "course_type": checks.column(
            checks.each("COURSE_TYPE_UNLISTED", lambda text: course_type(text) is not None),
            blank=False,
        ),
        "completion_date": checks.date(blank=False),
    },
)
"""First pass, on text: what is there, of the right type and in the code lists."""

# Somebody may complete many courses, several on one day; only equal rows are one.
SHARED: tuple[tuple[str, ...], ...] = ((),)
"""The keys by which rows are judged together: rows that are equal in every field."""
TOGETHER = DataFrameSchema(checks=checks.no_row_twice("employee_number"))
"""The rules over rows that share a key, on text."""


@lru_cache(maxsize=64)
def rules(period_end: date) -> DataFrameSchema:
    """Return the second pass, on typed values, for the snapshot at ``period_end``."""
    window = checks.within_months("COMPLETION_DATE_OUTSIDE", MONTHS, period_end)
    return DataFrameSchema({"completion_date": checks.column(window)})


def derived(typed: pd.DataFrame) -> pd.DataFrame:
    """Return ``typed``: no rule needs more."""
    return typed
