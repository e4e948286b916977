"""Between frames and plain values: what is missing is None, a day is a date, a count an integer."""

from typing import Any

import pandas as pd


def dates_of_days(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame of DuckDB with dates where it has time stamps."""
    days = {name: column.dt.date for name, column in frame.items() if column.dtype.kind == "M"}
    return frame.assign(**{str(name): column for name, column in days.items()})


def plain(column: "pd.Series[Any]") -> list[Any]:
    """Return the values of a column, None where there is none."""
    values = column.astype(object)
    values[column.isna()] = None
    return values.tolist()


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame, keyed by column, None where there is no value."""
    names = [str(name) for name in frame.columns]
    columns = [plain(frame[name]) for name in names]
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]
