"""From the all-text frame of a source to typed columns, and to every column that it has."""

from collections.abc import Callable
from itertools import accumulate
from types import ModuleType
from typing import Any

import pandas as pd

from pipeline import values
from pipeline.read import ROW_NUMBER
from pipeline.read.headings import fields, heading_list


def at_once(
    frames: list[pd.DataFrame], convert: Callable[[pd.DataFrame], pd.DataFrame]
) -> list[pd.DataFrame]:
    """Return what ``convert`` makes of each frame, row by row; the frames have the same columns.

    A conversion costs most of what it costs however few the rows are, so they go through it as
    one. An empty frame has no say in the types of the others.
    """
    whole = convert(pd.concat([frame for frame in frames if len(frame)] or frames[:1]))
    ends = list(accumulate(len(frame) for frame in frames))
    return [whole.iloc[start:end] for start, end in zip([0, *ends[:-1]], ends, strict=True)]


def typed_columns(text: pd.DataFrame, schema: ModuleType) -> pd.DataFrame:
    """Return the frame with typed columns; what cannot be read is missing in it."""
    kinds: list[tuple[tuple[str, ...], Callable[[pd.Series[str]], pd.Series[Any]]]] = [
        (schema.DATES, values.dates),
        (schema.FLAGS, values.flags),
        (schema.NUMBERS, values.numbers),
    ]
    typed: dict[str, pd.Series[Any]] = {
        field: convert(text[field])
        for names, convert in kinds
        for field in names
        if field in text.columns
    }
    return text.assign(**typed)


def completed(typed: pd.DataFrame, schema: ModuleType, source: str) -> pd.DataFrame:
    """Return the accepted rows with every field of the source in its final type."""
    blank = pd.Series([None] * len(typed), index=typed.index, dtype="str")
    missing = {field: blank for field in fields(source) if field not in typed.columns}
    whole = typed.assign(**missing)
    late: dict[str, pd.Series[Any]] = {
        field: values.dates(blank) for field in schema.DATES if field in missing
    }
    late |= {field: values.flags(blank) for field in schema.FLAGS if field in missing}
    required = set(heading_list(source).required) - set(missing)
    sure = {field: typed[field].astype("bool") for field in schema.FLAGS if field in required}
    final = whole.assign(**late, **sure)
    return final[[ROW_NUMBER, *fields(source)]].reset_index(drop=True)
