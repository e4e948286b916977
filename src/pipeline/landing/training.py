"""Completed courses as landed, each under the pseudonym of its person."""

import pandas as pd

from pipeline import codes
from pipeline.identity import Keys
from pipeline.landing.columns import employees, mapped
from pipeline.receive.inbox import Place

TABLE = """
    employee pseudonym not null, course_type varchar not null, completion_date date not null
"""


def frame(accepted: pd.DataFrame, place: Place, keys: Keys) -> pd.DataFrame:
    """Return the rows to land of the accepted ones of a file."""
    return pd.DataFrame(
        {
            "row_number": accepted["row_number"],
            "employee": employees(accepted, place, keys),
            "course_type": mapped(accepted["course_type"], codes.course_type),
            "completion_date": accepted["completion_date"],
        }
    )
