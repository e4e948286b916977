"""Board or governing body: one row for each member at the snapshot."""

from datetime import date

import pandas as pd
from pandera.pandas import DataFrameSchema

from schemas import checks

KEY = "member_id"
DATES: tuple[str, ...] = ()
FLAGS = ("voting", "executive")
NUMBERS: tuple[str, ...] = ()

COLUMN_OF_RULE = {"MEMBER_CONFLICT": "member_id"}
"""The column at which a rule over several columns points."""

TYPES = DataFrameSchema(
    {
        "member_id": checks.column(blank=False),
        "voting": checks.flag(),
        "executive": checks.flag(),
    },
)
"""First pass, on text: what is there, of the right type and in the code lists."""

SHARED = ((KEY,),)
"""The keys by which rows are judged together: those of one member."""
TOGETHER = DataFrameSchema(checks=checks.one_row_for_each(KEY, "MEMBER_CONFLICT"))
"""The rules over rows that share a key, on text."""


def rules(period_end: date) -> DataFrameSchema | None:
    """Return None: no rule of this source needs typed values."""
    return None


def derived(typed: pd.DataFrame) -> pd.DataFrame:
    """Return ``typed``: no rule needs more."""
    return typed
