"""The checks that the sources share. The name of each is a code of ``faults.csv``.

A check gets a column without its blanks unless it is about blanks, and gives a truth for each
row. No check repeats a value: the place of a fault is all that leaves pandera.
"""

from collections.abc import Callable

import pandas as pd
from pandera.pandas import Check, Column, DataFrameSchema

from pipeline.codes import BLANK_KEY, UNLISTED_KEY
from pipeline.values import parse_date, parse_flag


def rule(code: str, holds: Callable[..., object], *, blanks: bool = False) -> Check:
    """Return a check whose name and message are a fault code."""
    return Check(holds, name=code, error=code, ignore_na=not blanks)


def column(*checks: Check) -> Column:
    """Return a column of any type; a column that was not sent is no fault here."""
    return Column(None, checks=list(checks), nullable=True, required=False)


def each(code: str, holds: Callable[[str], bool]) -> Check:
    """Return a check of each value that is not blank; equal values are judged once."""

    def judge(values: "pd.Series[str]") -> "pd.Series[bool]":
        texts = values.tolist()
        verdict = {text: holds(text) for text in set(texts)}
        return pd.Series([verdict[text] for text in texts], index=values.index, dtype="bool")

    return rule(code, judge)


def present() -> Check:
    """Return the check that no value is blank."""
    return rule("VALUE_MISSING", lambda values: values.notna(), blanks=True)


def flag() -> Column:
    """Return a column of Yes and No."""
    return column(present(), each("FLAG_INVALID", lambda text: parse_flag(text) is not None))


def date(*checks: Check) -> Column:
    """Return a column of dates."""
    return column(*checks, each("DATE_INVALID", lambda text: parse_date(text) is not None))


CHARACTERISTICS = DataFrameSchema(
    {
        "key": column(
            rule("VALUE_BLANK", lambda keys: ~keys.str.endswith(f":{BLANK_KEY}")),
            rule("VALUE_UNLISTED", lambda keys: ~keys.str.endswith(f":{UNLISTED_KEY}")),
            rule("ETHNIC_CODE_LEGACY", lambda keys: ~keys.str.fullmatch(r"ethnicity:[0-9]")),
        )
    }
)
"""Protected characteristics, of which no value stops a row.

It checks the distinct values of all of them in one column: ``key`` is the characteristic, a colon
and the key of its code list. (pandera takes a millisecond for each column, and several for each
that has a fault.)
"""


def one_row_for_each(key: str, conflict: str) -> list[Check]:
    """Return the checks that no row is repeated and that ``key`` stands in one row.

    Of rows that are equal in every field the first one is kept. Where they differ, nobody knows
    which is right: all of them fail.
    """
    return [
        rule("DUPLICATE_ROW", lambda frame: ~_repeats(frame, key), blanks=True),
        rule(conflict, lambda frame: ~_conflicts(frame, key), blanks=True),
    ]


def _sharing_a_key(frame: pd.DataFrame, key: str) -> pd.DataFrame:
    """Return the rows whose key stands in other rows too, which are few."""
    if key not in frame:
        return frame
    folded = frame[key].str.lower()
    return frame.assign(**{key: folded})[folded.duplicated(keep=False)]


def _repeats(frame: pd.DataFrame, key: str) -> "pd.Series[bool]":
    found = _sharing_a_key(frame, key).duplicated()
    return found.reindex(frame.index, fill_value=False)


def _conflicts(frame: pd.DataFrame, key: str) -> "pd.Series[bool]":
    if key not in frame:
        return pd.Series(False, index=frame.index)
    sharing = _sharing_a_key(frame, key)
    different = sharing.drop_duplicates()[key].value_counts()
    found = sharing[key].map(different).fillna(0) > 1
    return found.reindex(frame.index, fill_value=False)
