"""ESR staff in post: one row for each assignment at the snapshot."""

from collections import defaultdict
from datetime import date
from functools import lru_cache

import pandas as pd
from pandera.pandas import DataFrameSchema

from pipeline.codes import (
    OUTSIDE_PAY_BANDS,
    assignment_state,
    band_code,
    completed_years,
    person_type,
    staff_group_side,
)
from pipeline.values import of_each, parse_number
from schemas import checks

KEY, PERSON, PRIMARY = "assignment_number", "employee_number", "primary_assignment"
PRIMARIES = "primary_assignments"
DATES = ("date_of_birth", "latest_start_date")
FLAGS = ("primary_assignment",)
NUMBERS = ("fte",)

COLUMN_OF_RULE = {
    "VALUE_MISSING": "pay_scale",
    "PAY_SCALE_UNMAPPED": "pay_scale",
    "ASSIGNMENT_CONFLICT": "assignment_number",
    "PRIMARY_ASSIGNMENT_NONE": "primary_assignment",
    "PRIMARY_ASSIGNMENT_SEVERAL": "primary_assignment",
}
"""The column at which a rule over several columns or rows points."""

YOUNGEST, OLDEST = 15, 100
"""Completed years at the snapshot between which a date of birth is believed."""
MOST_FTE = 1.5
"""Contracts beyond full time exist (extra sessions); more than this is hours or a percentage."""


def _needs_pay_scale(frame: pd.DataFrame) -> "pd.Series[bool]":
    if "assignment_category" not in frame:
        return pd.Series(True, index=frame.index)
    types = of_each(frame["assignment_category"], person_type, "str")
    return ~types.isin(OUTSIDE_PAY_BANDS)


def _has_pay_scale(frame: pd.DataFrame) -> "pd.Series[bool]":
    if "pay_scale" not in frame:
        return pd.Series(True, index=frame.index)
    return frame["pay_scale"].notna() | ~_needs_pay_scale(frame)


def _has_known_pay_scale(frame: pd.DataFrame) -> "pd.Series[bool]":
    if "pay_scale" not in frame:
        return pd.Series(True, index=frame.index)
    scales = frame["pay_scale"]
    known = of_each(scales, band_code, "str").notna()
    return known | scales.isna() | ~_needs_pay_scale(frame)


TYPES = DataFrameSchema(
    {
        "employee_number": checks.column(blank=False),
        "assignment_number": checks.column(blank=False),
        "primary_assignment": checks.flag(),
        "assignment_status": checks.column(
            checks.each("STATUS_UNLISTED", lambda text: assignment_state(text) is not None),
            blank=False,
        ),
        "assignment_category": checks.column(
            checks.each("CATEGORY_UNLISTED", lambda text: person_type(text) is not None),
            blank=False,
        ),
        "staff_group": checks.column(
            checks.each("STAFF_GROUP_UNLISTED", lambda text: staff_group_side(text) is not None),
            blank=False,
        ),
        "fte": checks.column(
            checks.each("FTE_INVALID", lambda text: parse_number(text) is not None),
            blank=False,
        ),
        "date_of_birth": checks.date(blank=False),
        "latest_start_date": checks.date(),
    },
    checks=[
        checks.rule("VALUE_MISSING", _has_pay_scale, blanks=True),
        checks.rule("PAY_SCALE_UNMAPPED", _has_known_pay_scale, blanks=True),
    ],
)
"""First pass, on text: what is there, of the right type and in the code lists."""

SHARED = ((KEY,),)
"""The keys by which rows are judged together: those of one assignment."""
TOGETHER = DataFrameSchema(checks=checks.one_row_for_each(KEY, "ASSIGNMENT_CONFLICT"))
"""The rules over rows that share a key, on text."""
SHARED_BY_RULES = ((PERSON,),)
"""The keys by which rules look at rows together: those of one person."""
LOOKED_AT = (PERSON, PRIMARY)
"""What the rules look at."""
RULES_TOGETHER = DataFrameSchema(
    {
        PRIMARIES: checks.column(
            checks.rule("PRIMARY_ASSIGNMENT_NONE", lambda counts: counts != 0),
            checks.rule("PRIMARY_ASSIGNMENT_SEVERAL", lambda counts: counts <= 1),
        ),
    }
)
"""The rules over rows that share a key, on typed values."""


@lru_cache(maxsize=64)
def rules(period_end: date) -> DataFrameSchema:
    """Return the second pass, on typed values, for the snapshot at ``period_end``."""
    return DataFrameSchema(
        {
            "fte": checks.column(
                checks.rule("FTE_OUT_OF_RANGE", lambda fte: fte.between(0, MOST_FTE))
            ),
            "date_of_birth": checks.column(
                checks.rule(
                    "DATE_OF_BIRTH_IMPLAUSIBLE",
                    lambda births: of_each(
                        births,
                        lambda born: YOUNGEST <= completed_years(born, period_end) <= OLDEST,
                        "bool",
                    ),
                )
            ),
            "latest_start_date": checks.column(
                checks.rule(
                    "START_DATE_AFTER_SNAPSHOT", lambda starts: starts <= pd.Timestamp(period_end)
                )
            ),
        }
    )


def derived(typed: pd.DataFrame) -> pd.DataFrame:
    """Return ``typed``: no rule of one row needs more."""
    return typed


def derived_together(typed: pd.DataFrame, fit: "pd.Series[bool]") -> pd.DataFrame:
    """Return rows that share a key with the column that the rules over several rows need.

    ``primary_assignments`` holds, at the first row of a person with several assignments, how many
    of them are primary. Only rows without a fault (``fit``) count; every other row has 1.
    """
    if not {PERSON, PRIMARY} <= set(typed.columns):
        return typed
    flags: dict[str, list[bool]] = defaultdict(list)
    first_row: dict[str, int] = {}
    people = typed.loc[fit, [PERSON, PRIMARY]]
    for index, person, primary in people.itertuples(name=None):
        flags[person].append(bool(primary))
        first_row.setdefault(person, index)
    counts = {
        first_row[person]: sum(primary) for person, primary in flags.items() if len(primary) > 1
    }
    return typed.assign(**{PRIMARIES: [counts.get(index, 1) for index in typed.index]})
