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


def of_keys(frame: pd.DataFrame, key: Sequence[str]) -> "np.ndarray[Any, Any]":
    """Return a number for each row: equal where the key is, but for case; blank cells count."""
    columns = [_folded(frame[name]) for name in key]
    return np.fromiter(map(hash, zip(*columns, strict=True)), dtype="int64", count=len(frame))


def _folded(column: "pd.Series[str]") -> list[str]:
    places, different = pd.factorize(column)
    folded = np.array([*(value.lower() for value in different), ""], dtype=object)
    found: list[str] = folded[places].tolist()
    return found


def sharing(numbers: "np.ndarray[Any, Any]") -> "np.ndarray[Any, Any]":
    """Return of each number whether it occurs again."""
    ordered = np.sort(numbers)
    repeated = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    return np.isin(numbers, repeated)


def rows_that_share(
    rows: Batches, keys: Sequence[Sequence[str]], names: Sequence[str] | None = None
) -> pd.DataFrame:
    """Return the rows of a file that share one of ``keys`` with another row, in their order.

    Args:
        rows: the rows of the file.
        keys: the columns of each key.
        names: the columns that are returned, beside the number of the row; all where None.
    """
    names = rows.fields if names is None else names
    chosen = [key_columns(rows.fields, key) for key in keys]
    needed = sorted({name for key in chosen for name in key})
    found: list[list[np.ndarray[Any, Any]]] = [
        [of_keys(frame, key) for key in chosen] for frame in rows.columns(needed)
    ]
    shares = np.zeros(len(rows), dtype=bool)
    for each in zip(*found, strict=True):
        shares |= sharing(np.concatenate(each))
    frames, start = [], 0
    for frame in rows.columns([ROW_NUMBER, *names]):
        frames.append(frame[shares[start : start + len(frame)]])
        start += len(frame)
    return pd.concat(frames, ignore_index=True) if frames else rows.whole()[[ROW_NUMBER, *names]]
