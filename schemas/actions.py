"""Actions: one row for each action of an equality plan."""

from datetime import date

import pandas as pd
from pandera.pandas import DataFrameSchema

from pipeline.codes import listed_code
from pipeline.equality_plans import standard_code
from pipeline.values import parse_number
from schemas import checks
from schemas.published import STANDARDS

KEY = "reference"
DATES = ("due_date", "updated")
FLAGS: tuple[str, ...] = ()
NUMBERS = ("percent_complete",)

COLUMN_OF_RULE = {"ACTION_CONFLICT": "reference"}
"""The column at which a rule over several columns points."""


def _is_whole_percent(text: str) -> bool:
    number = parse_number(text)
    return number is not None and number in range(101)


TYPES = DataFrameSchema(
    {
        "reference": checks.column(blank=False),
        "title": checks.column(blank=False),
        "standard": checks.column(
            checks.each(
                "ACTION_STANDARD_UNLISTED", lambda text: bool(standard_code(text, STANDARDS))
            ),
            blank=False,
        ),
        "due_date": checks.date(blank=False),
        "status": checks.column(
            checks.each(
                "ACTION_STATUS_UNLISTED", lambda text: bool(listed_code("action_status", text))
            ),
            blank=False,
        ),
        "percent_complete": checks.column(checks.each("ACTION_PERCENT_INVALID", _is_whole_percent)),
        "updated": checks.date(),
    },
    checks=checks.one_row_for_each(KEY, "ACTION_CONFLICT"),
)
"""First pass, on text: what is there, of the right type and in the code lists."""


def rules(period_end: date) -> DataFrameSchema | None:
    """Return None: no rule of this source needs typed values."""
    return None


def derived(typed: pd.DataFrame, fit: "pd.Series[bool]") -> pd.DataFrame:
    """Return ``typed``: no rule of this source is over several rows."""
    return typed
