"""The checks that the sources share. The name of each is a code of ``faults.csv``.

A check gets a column without its blanks unless it is about blanks, and gives a truth for each
row. No check repeats a value: the place of a fault is all that leaves pandera.
"""

import datetime
from collections.abc import Callable, Hashable, Mapping

import pandas as pd
from pandera.pandas import Check, Column

from pipeline.values import of_each, parse_date, parse_flag, parse_number

SENDER = "sender"
"""Column that the second pass finds beside those of the file: the code of who sent it."""

FILE = "file_number"
"""The column that tells apart files that are checked together: a row is compared in its own."""
Detail = str | Callable[[Mapping[Hashable, object]], str]
"""What a rule looked for: one text for the snapshot, or one that follows from the row."""

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
        return of_each(values, holds, "bool")

    return rule(code, judge)


def flag(*, blank: bool = False) -> Column:
    """Return a column of Yes and No."""
    return column(each("FLAG_INVALID", lambda text: parse_flag(text) is not None), blank=blank)


def date(*, blank: bool = True) -> Column:
    """Return a column of dates."""
    valid = each("DATE_INVALID", lambda text: parse_date(text) is not None)
    return column(valid, blank=blank)


def no_row_twice(*key: str) -> Check:
    """Return the check that no row is equal to an earlier one in every field.

    Args:
        key: fields that equal rows of a file share, by which they are found.
    """
    return rule("DUPLICATE_ROW", lambda frame: ~_repeats(frame, key), blanks=True)


def within_months(code: str, months: int, period_end: datetime.date) -> Check:
    """Return the check that a date lies in the ``months`` to the snapshot (whole years).

    Args:
        code: the code of the fault.
        months: 12 or 24: the window begins on the day after the same date of an earlier year.
        period_end: the snapshot, the last day of the window.
    """
    before = pd.Timestamp(period_end.replace(year=period_end.year - months // 12))
    last = pd.Timestamp(period_end)
    return rule(code, lambda days: days.between(before, last, inclusive="right"))


def whole_number(code: str) -> Check:
    """Return a check of counts: whole numbers from 0 on, without separators of thousands."""
    return each(code, lambda text: (found := parse_number(text)) is not None and _is_count(found))


def _is_count(number: float) -> bool:
    return 0 <= number <= MOST_PEOPLE and number.is_integer()


_Finder = Callable[[pd.DataFrame, tuple[str, ...]], "pd.Series[bool]"]


def _whole_row(frame: pd.DataFrame) -> pd.DataFrame:
    return frame


def one_row_for_each(
    key: str | tuple[str, ...],
    conflict: str,
    of: Callable[[pd.DataFrame], pd.DataFrame] = _whole_row,
) -> list[Check]:
    """Return the checks that no row is repeated and that ``key`` stands in one row.

    Of rows that are equal in every field the first one is kept. Where they differ, nobody knows
    which is right: all of them fail.

    Args:
        key: the columns that say what a row is about; rows without them are not judged by it.
        conflict: the fault of rows that differ.
        of: gives the columns that count as the row, the key among them, of the rows to judge.
    """
    keys = (key,) if isinstance(key, str) else key

    def none_of(found: _Finder) -> Callable[..., object]:
        def holds(frame: pd.DataFrame) -> "pd.Series[bool]":
            rows = of(frame).assign(**{FILE: frame[FILE]})
            return ~found(rows, keys).reindex(frame.index, fill_value=False)

        return holds

    return [
        rule("DUPLICATE_ROW", none_of(_repeats), blanks=True),
        rule(conflict, none_of(_conflicts), blanks=True),
    ]


def _sharing_a_key(frame: pd.DataFrame, key: tuple[str, ...]) -> pd.DataFrame:
    """Return the rows whose key stands in other rows too, which are few."""
    if not set(key) <= set(frame.columns):
        return frame
    folded = frame.assign(**{name: frame[name].str.lower() for name in key})
    return folded[folded.duplicated([FILE, *key], keep=False)]


def _repeats(frame: pd.DataFrame, key: tuple[str, ...]) -> "pd.Series[bool]":
    found = _sharing_a_key(frame, key).duplicated()
    return found.reindex(frame.index, fill_value=False)


def _conflicts(frame: pd.DataFrame, key: tuple[str, ...]) -> "pd.Series[bool]":
    if not set(key) <= set(frame.columns):
        return pd.Series(False, index=frame.index)
    # A row without a whole key is no other row's equal; its own fault names it.
    names = [FILE, *key]
    sharing = _sharing_a_key(frame, key).dropna(subset=names)
    kinds = sharing.drop_duplicates()
    several = kinds.loc[kinds.duplicated(names, keep=False), names]
    found = pd.MultiIndex.from_frame(sharing[names]).isin(pd.MultiIndex.from_frame(several))
    return pd.Series(found, index=sharing.index).reindex(frame.index, fill_value=False)
