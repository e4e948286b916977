"""Duties: one row for each document or impact assessment that the law or the contract asks for.

Source: Equality Act 2010 (Specific Duties and Public Authorities) Regulations 2017; NHS Standard
Contract, service condition on equality.
"""

from datetime import date
from functools import lru_cache

import pandas as pd
from pandera.pandas import DataFrameSchema

from pipeline import organisations
from pipeline.codes import listed_code
from pipeline.equality_plans import characteristics_considered
from schemas import checks

KEY = "reference"
DATES = ("due_date", "completed_date", "decision_date")
FLAGS: tuple[str, ...] = ()
NUMBERS: tuple[str, ...] = ()

COLUMN_OF_RULE = {"DUTY_CONFLICT": "reference"}
"""The column at which a rule over several columns points."""

TYPES = DataFrameSchema(
    {
        "reference": checks.column(blank=False),
        "kind": checks.column(
            checks.each("DUTY_KIND_UNLISTED", lambda text: bool(listed_code("duty_kind", text))),
            blank=False,
        ),
        "organisation_code": checks.column(
            checks.each(
                "DUTY_ORGANISATION_UNKNOWN", lambda text: organisations.is_known(text.upper())
            ),
            blank=False,
        ),
        "due_date": checks.date(),
        "completed_date": checks.date(),
        "decision_date": checks.date(),
        "characteristics_considered": checks.column(
            checks.each(
                "DUTY_CHARACTERISTICS_INVALID",
                lambda text: characteristics_considered(text) is not None,
            )
        ),
    },
)
"""First pass, on text: what is there, of the right type and in the code lists."""

SHARED = ((KEY,),)
"""The keys by which rows are judged together: those of one duty."""
TOGETHER = DataFrameSchema(checks=checks.one_row_for_each(KEY, "DUTY_CONFLICT"))
"""The rules over rows that share a key, on text."""


@lru_cache(maxsize=64)
def rules(period_end: date) -> DataFrameSchema:
    """Return the second pass, on typed values, for the snapshot at ``period_end``."""
    return DataFrameSchema(
        {
            "completed_date": checks.column(
                checks.rule(
                    "DUTY_COMPLETED_AFTER_SNAPSHOT", lambda days: days <= pd.Timestamp(period_end)
                )
            ),
        }
    )


def derived(typed: pd.DataFrame) -> pd.DataFrame:
    """Return ``typed``: no rule needs more."""
    return typed
