"""Staff survey results as landed: one row for each item and group."""

from typing import Any

import pandas as pd

from pipeline import survey
from pipeline.identity import Keys
from pipeline.receive.inbox import Place
from pipeline.values import parse_flag

TABLE = """
    organisation_codes varchar not null, survey_year integer not null, item varchar not null,
    group_code varchar not null, base bigint not null, events bigint,
    percent decimal(9, 6), score decimal(4, 2), is_weighted boolean not null
"""


def frame(accepted: pd.DataFrame, place: Place, keys: Keys) -> pd.DataFrame:
    """Return the rows to land of the accepted ones of a file.

    ``organisation_codes`` are the bodies that one figure belongs to, sorted and joined with ``/``:
    the sender alone where the row names none. ``events`` are the respondents that the result
    counts: missing for a score, and for a weighted result, whose percentage counts nobody.
    """
    weighted = [isinstance(flag, str) and parse_flag(flag) is True for flag in accepted["weighted"]]
    years = accepted["survey_year"].astype("int64").tolist()
    codes = [
        "/".join(survey.organisation_set(cell)) if isinstance(cell, str) else ""
        for cell in accepted["organisation_codes"]
    ]
    return pd.DataFrame(
        {
            "row_number": accepted["row_number"],
            "organisation_codes": [joint or place.organisation_code for joint in codes],
            "survey_year": years,
            "item": [
                survey.item_code(*asked) for asked in zip(years, accepted["item"], strict=True)
            ],
            "group_code": [
                survey.group_code(*group)
                for group in zip(accepted["breakdown"], accepted["group"], strict=True)
            ],
            "base": accepted["base"].astype("int64"),
            "events": _events(accepted, weighted),
            "percent": _numbers(accepted, "percent"),
            "score": _numbers(accepted, "score"),
            "is_weighted": weighted,
        }
    )


def _numbers(accepted: pd.DataFrame, field: str) -> "pd.Series[Any]":
    """Return a column of numbers; where the file has none it is missing throughout."""
    return pd.to_numeric(accepted[field]).astype("Float64")


def _events(accepted: pd.DataFrame, weighted: list[bool]) -> "pd.Series[Any]":
    counts = _numbers(accepted, "count").tolist()
    percents = _numbers(accepted, "percent").tolist()
    bases = accepted["base"].astype("int64").tolist()
    found: list[int | None] = []
    for is_weighted, count, percent, base in zip(weighted, counts, percents, bases, strict=True):
        if is_weighted or (pd.isna(count) and pd.isna(percent)):
            found.append(None)
        else:
            found.append(survey.events(percent, base) if pd.isna(count) else int(count))
    return pd.Series(found, index=accepted.index, dtype="Int64")
