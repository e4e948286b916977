"""Control totals: one row for each count that the sender made of its own extracts.

Rows of any source, employees of those that are about employees, and full-time equivalents of the
staff extract.
"""

import re
from datetime import date
from functools import lru_cache
from math import isnan

import pandas as pd
from pandera.pandas import DataFrameSchema

from pipeline.codes import listed_code, plain
from pipeline.receive.inbox import CONTROL_TOTALS, SOURCES
from pipeline.values import parse_number
from schemas import checks

KEY = "counted"
DATES: tuple[str, ...] = ()
FLAGS: tuple[str, ...] = ()
NUMBERS = ("total",)

IS_JUDGED_WHOLE = True
"""Rules look at all rows of a file, which are few, at once."""

COLUMN_OF_RULE = {
    "CONTROL_MEASURE_OTHER": "measure",
    "CONTROL_TOTAL_INVALID": "total",
    "CONTROL_TOTAL_CONFLICT": "measure",
}
"""The column at which a rule over several columns points."""

FTE = "FTE"
_STAFF = "esr_staff"
_OF_EMPLOYEES = {_STAFF, "pay", "employee_relations", "training", "movers"}


def source_code(text: str) -> str | None:
    """Return the source that a cell names, also as ``ESR Staff`` or ``esr_staff.csv``."""
    name = re.sub(r"[ _-]+", "_", plain(text).rsplit(".", 1)[0])
    return name if name in SOURCES and name != CONTROL_TOTALS else None


def measure_code(text: str) -> str | None:
    """Return ROWS, EMPLOYEES or FTE, or None for a measure that is not listed."""
    return listed_code("control_measure", text)


def _is_total(text: str) -> bool:
    number = parse_number(text)
    return number is not None and 0 <= number <= checks.MOST_PEOPLE


TYPES = DataFrameSchema(
    {
        "source": checks.column(
            checks.each("CONTROL_SOURCE_UNLISTED", lambda text: source_code(text) is not None),
            blank=False,
        ),
        "measure": checks.column(
            checks.each("CONTROL_MEASURE_UNLISTED", lambda text: measure_code(text) is not None),
            blank=False,
        ),
        "total": checks.column(checks.each("CONTROL_TOTAL_INVALID", _is_total), blank=False),
    }
)
"""First pass, on text: what is there, of the right type and in the code lists."""


@lru_cache(maxsize=64)
def rules(period_end: date) -> DataFrameSchema:
    """Return the second pass, on typed values; no rule depends on the snapshot."""
    return DataFrameSchema(
        checks=[
            checks.rule("CONTROL_MEASURE_OTHER", lambda frame: frame["is_of_source"], blanks=True),
            checks.rule("CONTROL_TOTAL_INVALID", lambda frame: frame["is_whole"], blanks=True),
            *checks.one_row_for_each(KEY, "CONTROL_TOTAL_CONFLICT", of=_told),
        ]
    )


def derived(typed: pd.DataFrame) -> pd.DataFrame:
    """Return ``typed`` with what each row counts and whether that can be counted of its source."""
    meanings = [
        _meaning(*row) for row in typed.reindex(columns=["source", "measure", "total"]).to_numpy()
    ]
    names = (KEY, "is_of_source", "is_whole")
    columns = pd.DataFrame(meanings, columns=list(names), index=typed.index)
    return typed.assign(**{name: columns[name] for name in names}).astype({KEY: "str"})


def _meaning(source: object, measure: object, total: float) -> tuple[str | None, bool, bool]:
    of = source_code(source) if isinstance(source, str) else None
    what = measure_code(measure) if isinstance(measure, str) else None
    if of is None or what is None:
        return None, True, True
    sources = {"EMPLOYEES": _OF_EMPLOYEES, FTE: {_STAFF}}.get(what, {of})
    # What is no number has a fault of its own.
    return f"{of} {what}", of in sources, what == FTE or isnan(total) or total.is_integer()


def _told(frame: pd.DataFrame) -> pd.DataFrame:
    """Return what each row that is understood counts, not how it was written."""
    return frame.loc[frame[KEY].notna(), [name for name in (KEY, "total") if name in frame]]
