"""Rows of a file that share a key, such as an assignment number: the few that are judged together.

Of each row only a number of 64 bits is kept for each key, however long the file is. Rows whose
numbers are equal are looked at again as they were read, so that it does not matter if two keys
give one number: what is found among them is found by their texts.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from pipeline.read.batches import ROW_NUMBER, Batches


def key_columns(fields: Sequence[str], key: Sequence[str]) -> list[str]:
    """Return the columns of a key: all of a file where it is empty, or a column was not sent."""
    return list(key) if key and set(key) <= set(fields) else list(fields)


def of_keys(
    frame: pd.DataFrame, key: Sequence[str], *, blanks: bool = True
) -> "np.ndarray[Any, Any]":
    """Return a number for each row: equal where the key is, but for case.

    Args:
        frame: the rows.
        key: the columns of the key.
        blanks: whether rows whose key is blank are equal, and not each by itself.
    """
    columns = [_folded(frame[name]) for name in key]
    found = map(hash, zip(*columns, strict=True))
    numbers = np.fromiter(found, dtype="int64", count=len(frame))
    if blanks:
        return numbers
    is_blank = frame[list(key)].isna().all(axis=1).to_numpy()
    return np.where(is_blank, frame[ROW_NUMBER].to_numpy(), numbers)


def _folded(column: "pd.Series[str]") -> list[str]:
    return [cell.lower() if isinstance(cell, str) else "" for cell in column.tolist()]


def sharing(numbers: "np.ndarray[Any, Any]") -> "np.ndarray[Any, Any]":
    """Return of each number whether it occurs again."""
    ordered = np.sort(numbers)
    repeated = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    return np.isin(numbers, repeated)


def rows_that_share(
    rows: Batches,
    keys: Sequence[Sequence[str]],
    names: Sequence[str] | None = None,
    *,
    blanks: bool = True,
) -> pd.DataFrame:
    """Return the rows of a file that share one of ``keys`` with another row, in their order.

    Args:
        rows: the rows of the file.
        keys: the columns of each key.
        names: the columns that are returned, beside the number of the row; all where None.
        blanks: whether rows whose key is blank share it.
    """
    names = rows.fields if names is None else names
    shares = np.zeros(len(rows), dtype=bool)
    for key in keys:
        columns = key_columns(rows.fields, key)
        found = [
            of_keys(frame, columns, blanks=blanks) for frame in rows.columns([ROW_NUMBER, *columns])
        ]
        shares |= sharing(np.concatenate([np.array([], dtype="int64"), *found]))
    frames, start = [rows.nothing()[[ROW_NUMBER, *names]]], 0
    for frame in rows.columns([ROW_NUMBER, *names]) if shares.any() else ():
        frames.append(frame[shares[start : start + len(frame)]])
        start += len(frame)
    return pd.concat(frames, ignore_index=True)
