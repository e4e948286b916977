"""The checks that the sources share. The name of each is a code of ``faults.csv``.

A check gets a column without its blanks unless it is about blanks, and gives a truth for each
row. No check repeats a value: the place of a fault is all that leaves pandera.
"""

from collections.abc import Callable

import pandas as pd
from pandera.pandas import Check, Column

from pipeline.values import parse_date, parse_flag, parse_number

SENDER = "sender"
"""Column that the second pass finds beside those of the file: the code of who sent it."""

MOST_PEOPLE = 100_000_000
"""More than anybody can have counted; a longer number is a slip or a telephone."""


def rule(code: str, holds: Callable[..., object], *, blanks: bool = False) -> Check:
    """Return a check whose name and message are a fault code."""
    return Check(holds, name=code, error=code, ignore_na=not blanks)


def column(*checks: Check, blank: bool = True) -> Column:
    """Return a column of any type; a column that was not sent is no fault here.

    Args:
        checks: the checks of each value that is not blank.
        blank: whether a value may be blank; where not, pandera's own check says so.
    """
    return Column(None, checks=list(checks), nullable=blank, required=False)


def each(code: str, holds: Callable[[str], bool]) -> Check:
    """Return a check of each value that is not blank; equal values are judged once."""

    def judge(values: "pd.Series[str]") -> "pd.Series[bool]":
        texts = values.tolist()
        verdict = {text: holds(text) for text in set(texts)}
        return pd.Series([verdict[text] for text in texts], index=values.index, dtype="bool")

    return rule(code, judge)


def flag() -> Column:
    """Return a column of Yes and No."""
    return column(each("FLAG_INVALID", lambda text: parse_flag(text) is not None), blank=False)


def date(*, blank: bool = True) -> Column:
    """Return a column of dates."""
    valid = each("DATE_INVALID", lambda text: parse_date(text) is not None)
    return column(valid, blank=blank)


def whole_number(code: str) -> Check:
    """Return a check of counts: whole numbers from 0 on, without separators of thousands."""
    return each(code, lambda text: (found := parse_number(text)) is not None and _is_count(found))


def _is_count(number: float) -> bool:
    return 0 <= number <= MOST_PEOPLE and number.is_integer()


def _whole_row(frame: pd.DataFrame) -> pd.DataFrame:
    return frame


def one_row_for_each(
    key: str, conflict: str, of: Callable[[pd.DataFrame], pd.DataFrame] = _whole_row
) -> list[Check]:
    """Return the checks that no row is repeated and that ``key`` stands in one row.

    Of rows that are equal in every field the first one is kept. Where they differ, nobody knows
    which is right: all of them fail.

    Args:
        key: the column that says what a row is about; rows without it are not judged by it.
        conflict: the fault of rows that differ.
        of: gives the columns that count as the row, the key among them, of the rows to judge.
    """

    def none_of(found: Callable[[pd.DataFrame, str], "pd.Series[bool]"]) -> Callable[..., object]:
        return lambda frame: ~found(of(frame), key).reindex(frame.index, fill_value=False)

    return [
        rule("DUPLICATE_ROW", none_of(_repeats), blanks=True),
        rule(conflict, none_of(_conflicts), blanks=True),
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
