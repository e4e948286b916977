"""Staff survey: one row for each item and group of the survey of the year before the snapshot.

Source: NHS England, WRES and WDES technical guidance, indicators 5 to 8 and metrics 4 to 9a.
"""

from datetime import date
from functools import lru_cache
from math import isnan

import pandas as pd
from pandera.pandas import DataFrameSchema

from pipeline import organisations, survey
from pipeline.read.rows import listed
from pipeline.values import parse_flag, parse_number
from schemas import checks

KEY = "result"
YEAR = "year_asked"
DATES: tuple[str, ...] = ()
FLAGS: tuple[str, ...] = ()
NUMBERS = ("survey_year", "base", "count", "percent", "score")

IS_JUDGED_WHOLE = True
"""Rules look at all rows of a file, which are few, at once."""

COLUMN_OF_RULE = {
    "SURVEY_YEAR_OTHER": "survey_year",
    "VALUE_MISSING": "base",
    "PERCENT_WITHOUT_BASE": "base",
    "SURVEY_RESULT_MISSING": "item",
    "SURVEY_RESULT_KIND": "item",
    "SURVEY_ITEM_OTHER_YEAR": "item",
    "SURVEY_ITEM_UNLISTED": "item",
    "SURVEY_GROUP_UNLISTED": "group",
    "SURVEY_RESULT_CONFLICT": "item",
    "COUNT_ABOVE_BASE": "count",
    "COUNT_PERCENT_DISAGREE": "count",
    "JOINT_CODES_OTHERS": "organisation_codes",
}
"""The column at which a rule over several columns points."""

BEST_SCORE = 10
"""Scores of the survey run from 0 to 10."""
ROUNDING_PERCENT = 0.5
"""How far a percentage printed without decimals may lie from the count over the base."""
FEWEST_TO_JUDGE = 3
"""Percentages of which it can be said that they are all fractions of 1."""
RESULTS = ("count", "percent", "score")


def _column(frame: pd.DataFrame, field: str) -> pd.Series:
    return frame[field] if field in frame else pd.Series(None, index=frame.index, dtype="float64")


def _has_a_result(frame: pd.DataFrame) -> "pd.Series[bool]":
    return pd.concat([_column(frame, field).notna() for field in RESULTS], axis=1).any(axis=1)


def _percent_has_base(frame: pd.DataFrame) -> "pd.Series[bool]":
    return _column(frame, "percent").isna() | _column(frame, "base").notna()


def _other_has_base(frame: pd.DataFrame) -> "pd.Series[bool]":
    return _column(frame, "percent").notna() | _column(frame, "base").notna()


def _is_year(text: str) -> bool:
    return len(text) == 4 and text.isascii() and text.isdecimal()


TYPES = DataFrameSchema(
    {
        "survey_year": checks.column(
            checks.each("SURVEY_YEAR_INVALID", _is_year),
            blank=False,
        ),
        "item": checks.column(blank=False),
        "breakdown": checks.column(
            checks.each("SURVEY_BREAKDOWN_UNLISTED", survey.is_breakdown), blank=False
        ),
        "group": checks.column(blank=False),
        "base": checks.column(checks.whole_number("COUNT_INVALID")),
        "count": checks.column(checks.whole_number("COUNT_INVALID")),
        "percent": checks.column(
            checks.each("PERCENT_INVALID", lambda text: parse_number(text) is not None)
        ),
        "score": checks.column(
            checks.each("SCORE_INVALID", lambda text: parse_number(text) is not None)
        ),
        "weighted": checks.column(
            checks.each("FLAG_INVALID", lambda text: parse_flag(text) is not None)
        ),
        "organisation_codes": checks.column(
            checks.each(
                "JOINT_CODES_UNKNOWN",
                lambda text: all(map(organisations.is_known, survey.organisation_set(text))),
            )
        ),
    },
    checks=[
        checks.rule("VALUE_MISSING", _other_has_base, blanks=True),
        checks.rule("PERCENT_WITHOUT_BASE", _percent_has_base, blanks=True),
        checks.rule("SURVEY_RESULT_MISSING", _has_a_result, blanks=True),
    ],
)
"""First pass, on text: what is there, of the right type and in the code lists."""


@lru_cache(maxsize=64)
def rules(period_end: date) -> DataFrameSchema:
    """Return the second pass, on typed values, for the snapshot at ``period_end``."""
    year = survey.survey_year_of(period_end)
    return DataFrameSchema(
        {
            YEAR: checks.column(checks.rule("SURVEY_YEAR_OTHER", lambda years: years == year)),
            "percent": checks.column(
                checks.rule("PERCENT_OUT_OF_RANGE", lambda percents: percents.between(0, 100)),
                checks.rule("PERCENT_AS_FRACTION", _are_no_fractions),
            ),
            "score": checks.column(
                checks.rule("SCORE_OUT_OF_RANGE", lambda scores: scores.between(0, BEST_SCORE))
            ),
        },
        checks=[
            checks.rule("SURVEY_ITEM_OTHER_YEAR", lambda f: ~_item_in(f, "OTHER"), blanks=True),
            checks.rule("SURVEY_ITEM_UNLISTED", lambda f: ~_item_in(f, "UNLISTED"), blanks=True),
            checks.rule("SURVEY_GROUP_UNLISTED", lambda f: f["is_group"], blanks=True),
            checks.rule("SURVEY_RESULT_KIND", _has_the_result_of_its_kind, blanks=True),
            checks.rule("COUNT_ABOVE_BASE", _fits_in_base, blanks=True),
            checks.rule("COUNT_PERCENT_DISAGREE", _count_is_percent, blanks=True),
            checks.rule("JOINT_CODES_OTHERS", _sender_is_among_codes, blanks=True),
            *checks.one_row_for_each(KEY, "SURVEY_RESULT_CONFLICT", of=_told),
        ],
    )


def details(period_end: date) -> dict[str, str]:
    """Return what was looked for, by the code of the rule, at the snapshot."""
    year = survey.survey_year_of(period_end)
    numbers = survey.numbers_of(year)
    asked = f"the survey of {year} has {listed(numbers, len(numbers))}" if numbers else (
        f"no item of the survey of {year} is listed"
    )  # fmt: skip
    return {
        "SURVEY_YEAR_OTHER": f"the snapshot of {period_end} takes the survey of {year}",
        "SURVEY_ITEM_OTHER_YEAR": asked,
        "SURVEY_ITEM_UNLISTED": asked,
    }


def derived(typed: pd.DataFrame) -> pd.DataFrame:
    """Return ``typed`` with what its items and groups mean.

    ``year_asked`` is the year where it is one of four digits, ``item_status`` LISTED, OTHER (a
    number of another year), UNLISTED or missing, ``is_score`` whether the item is a score,
    ``is_group`` whether the group is listed and ``result`` the key: year, item and group as they
    are understood, so that ``Q14a`` and ``q 14A`` are one.
    """
    blank = pd.Series(None, index=typed.index, dtype="str")
    years = pd.to_numeric(typed.get("survey_year", blank))
    years = years.where(years.between(1000, 9999))
    parts = [years, *(typed.get(field, blank) for field in ("item", "breakdown", "group"))]
    meanings = [_meaning(*values) for values in zip(*parts, strict=True)]
    names = ("item_status", "is_score", "is_group", KEY)
    columns = pd.DataFrame(meanings, columns=list(names), index=typed.index)
    found = {name: columns[name] for name in names} | {YEAR: years}
    return typed.assign(**found).astype({KEY: "str"})


def _meaning(
    year: object, item: object, breakdown: object, group: object
) -> tuple[str | None, bool, bool, str | None]:
    is_group, code = True, None
    if isinstance(breakdown, str) and isinstance(group, str) and survey.is_breakdown(breakdown):
        code = survey.group_code(breakdown, group)
        is_group = code is not None
    if not isinstance(year, float) or isnan(year) or not isinstance(item, str):
        return None, False, is_group, None
    asked = survey.item_code(int(year), item)
    if asked is None:
        other = survey.is_of_another_year(int(year), item)
        return "OTHER" if other else "UNLISTED", False, is_group, None
    key = f"{int(year)} {asked} {code}" if code else None
    return "LISTED", survey.is_score(int(year), item), is_group, key


def _item_in(frame: pd.DataFrame, status: str) -> "pd.Series[bool]":
    return frame["item_status"].eq(status).fillna(False).astype(bool)


def _are_no_fractions(percents: "pd.Series[float]") -> "pd.Series[bool]":
    """Return False throughout where all are below 1: a cell formatted as 41% holds 0.41."""
    fractions = len(percents) >= FEWEST_TO_JUDGE and bool(
        percents.le(1).all() and percents.between(0, 1, inclusive="neither").any()
    )
    return pd.Series(not fractions, index=percents.index)


def _has_the_result_of_its_kind(frame: pd.DataFrame) -> "pd.Series[bool]":
    score = _column(frame, "score").notna()
    share = _column(frame, "count").notna() | _column(frame, "percent").notna()
    right = score.where(frame["is_score"].astype(bool), share)
    return right | ~_item_in(frame, "LISTED") | ~(score | share)


def _fits_in_base(frame: pd.DataFrame) -> "pd.Series[bool]":
    return ~(_column(frame, "count") > _column(frame, "base"))


def _count_is_percent(frame: pd.DataFrame) -> "pd.Series[bool]":
    """Return False where a count and an unweighted percentage of one row contradict each other."""
    weighted = frame.get("weighted", pd.Series(None, index=frame.index, dtype="str"))
    is_weighted = weighted.map(parse_flag, na_action="ignore").eq(True)
    base = _column(frame, "base")
    share = 100 * _column(frame, "count") / base.where(base > 0)
    apart = (share - _column(frame, "percent")).abs() > ROUNDING_PERCENT + 1e-9
    return ~apart | is_weighted


def _sender_is_among_codes(frame: pd.DataFrame) -> "pd.Series[bool]":
    if "organisation_codes" not in frame or checks.SENDER not in frame:
        return pd.Series(True, index=frame.index)
    pairs = zip(frame["organisation_codes"], frame[checks.SENDER], strict=True)
    among = [
        not isinstance(codes, str) or sender in survey.organisation_set(codes)
        for codes, sender in pairs
    ]
    return pd.Series(among, index=frame.index)


def _told(frame: pd.DataFrame) -> pd.DataFrame:
    """Return what each row that is understood is about and tells, not how it was written."""
    fields = [field for field in ("base", *RESULTS) if field in frame]
    return frame.loc[frame[KEY].notna(), [KEY, *fields]]
