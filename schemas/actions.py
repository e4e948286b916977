"""Actions: one row for each action of an equality plan."""

from collections.abc import Hashable, Mapping
from datetime import date
from functools import lru_cache

import pandas as pd
from pandera.pandas import DataFrameSchema

from pipeline.codes import listed_code
from pipeline.equality_plans import indicator_code, indicators_of, standard_code
from pipeline.read.rows import listed
from pipeline.values import parse_number
from schemas import checks
from schemas.published import STANDARDS

KEY = "reference"
DATES = ("due_date", "updated")
FLAGS: tuple[str, ...] = ()
NUMBERS = ("percent_complete",)

COLUMN_OF_RULE = {"ACTION_CONFLICT": "reference", "ACTION_INDICATOR_UNLISTED": "indicator"}
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
)
"""First pass, on text: what is there, of the right type and in the code lists."""

SHARED = ((KEY,),)
"""The keys by which rows are judged together: those of one action."""
TOGETHER = DataFrameSchema(checks=checks.one_row_for_each(KEY, "ACTION_CONFLICT"))
"""The rules over rows that share a key, on text."""


@lru_cache(maxsize=1)
def rules(period_end: date) -> DataFrameSchema:
    """Return the second pass: what an action names is an indicator of its standard."""
    known = checks.rule("ACTION_INDICATOR_UNLISTED", _has_listed_indicator, blanks=True)
    return DataFrameSchema(checks=[known])


def details(period_end: date) -> dict[str, checks.Detail]:
    """Return what was looked for, by the code of the rule."""
    return {"ACTION_INDICATOR_UNLISTED": _names_of_its_standard}


def _has_listed_indicator(frame: pd.DataFrame) -> "pd.Series[bool]":
    """Return whether each row names nothing or what the registry has; a fault of one cell only."""
    if not {"standard", "indicator"} <= set(frame.columns):
        return pd.Series(True, index=frame.index)
    verdict = [
        not isinstance(indicator, str)
        or (standard := _standard(text)) is None
        or (code := indicator_code(indicator, standard)) is None
        or code in indicators_of(standard)
        for text, indicator in zip(frame["standard"], frame["indicator"], strict=True)
    ]
    return pd.Series(verdict, index=frame.index, dtype="bool")


def _standard(text: object) -> str | None:
    return standard_code(text, STANDARDS) if isinstance(text, str) else None


def _names_of_its_standard(row: Mapping[Hashable, object]) -> str:
    standard = _standard(row["standard"])
    names = indicators_of(standard) if standard else ()
    return f"{standard} has {listed(names, len(names))}"


def derived(typed: pd.DataFrame) -> pd.DataFrame:
    """Return ``typed``: no rule needs more."""
    return typed
