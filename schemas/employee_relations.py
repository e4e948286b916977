"""Employee relations: one row for each formal case that began in the 24 months to the snapshot."""

from datetime import date
from functools import lru_cache

import pandas as pd
from pandera.pandas import DataFrameSchema

from pipeline.codes import case_type
from schemas import checks

DATES = ("formal_start_date",)
FLAGS: tuple[str, ...] = ()
NUMBERS: tuple[str, ...] = ()
MAY_BE_BLANK = ("ethnic_origin", "disability")
"""Told of people who have left alone: of the others the staff file says it."""
PEOPLE = MAY_BE_BLANK
"""What a row has to tell of somebody who is not in the staff file."""

COLUMN_OF_RULE = {"CASE_CONFLICT": "case_id"}
"""The column at which a rule over several columns points."""

MONTHS = 24

TYPES = DataFrameSchema(
    {
        "case_id": checks.column(blank=False),
        "employee_number": checks.column(blank=False),
        "case_type": checks.column(
            checks.each("CASE_TYPE_UNLISTED", lambda text: case_type(text) is not None),
            blank=False,
        ),
        "formal_start_date": checks.date(blank=False),
    },
)
"""First pass, on text: what is there, of the right type and in the code lists."""

SHARED = (("case_id",),)
"""The keys by which rows are judged together: those of one case."""
TOGETHER = DataFrameSchema(checks=checks.one_row_for_each("case_id", "CASE_CONFLICT"))
"""The rules over rows that share a key, on text."""


@lru_cache(maxsize=64)
def rules(period_end: date) -> DataFrameSchema:
    """Return the second pass, on typed values, for the snapshot at ``period_end``."""
    window = checks.within_months("FORMAL_START_DATE_OUTSIDE", MONTHS, period_end)
    return DataFrameSchema({"formal_start_date": checks.column(window)})


def derived(typed: pd.DataFrame) -> pd.DataFrame:
    """Return ``typed``: no rule needs more."""
    return typed
