"""Starters and leavers as landed, each under the pseudonym of its person."""

import pandas as pd

from pipeline import codes
from pipeline.identity import Keys
from pipeline.landing.columns import characteristic_columns, employees, mapped
from pipeline.receive.inbox import Place

TABLE = """
    employee pseudonym not null, movement varchar not null, movement_date date not null,
    leaving_reason varchar not null, had_exit_interview boolean,
    ethnic_origin varchar, ethnicity_key varchar not null,
    disability varchar, disability_key varchar not null,
    gender varchar, sex_key varchar not null, pay_scale varchar, band_code varchar
"""


def frame(accepted: pd.DataFrame, place: Place, keys: Keys) -> pd.DataFrame:
    """Return the rows to land of the accepted ones of a file.

    A reason that is blank or not listed is UNKNOWN, that of a starter too.
    """
    return pd.DataFrame(
        {
            "row_number": accepted["row_number"],
            "employee": employees(accepted, place, keys),
            "movement": mapped(accepted["movement"], codes.movement),
            "movement_date": accepted["movement_date"],
            "leaving_reason": mapped(accepted["leaving_reason"], codes.leaving_reason).fillna(
                codes.REASON_UNKNOWN
            ),
            "had_exit_interview": accepted["exit_interview"],
            **characteristic_columns(accepted),
            "pay_scale": accepted["pay_scale"],
            "band_code": mapped(accepted["pay_scale"], codes.band_code),
        }
    )
