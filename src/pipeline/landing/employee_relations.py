"""Formal cases as landed, each under a pseudonym of its number, with its person's."""

import pandas as pd

from pipeline import codes
from pipeline.identity import Keys
from pipeline.landing.columns import characteristic_columns, employees, mapped, pseudonyms
from pipeline.receive.inbox import Place

TABLE = """
    employee pseudonym not null, case_id pseudonym not null, case_type varchar not null,
    formal_start_date date not null,
    ethnic_origin varchar, ethnicity_key varchar not null,
    disability varchar, disability_key varchar not null
"""


def frame(accepted: pd.DataFrame, place: Place, keys: Keys) -> pd.DataFrame:
    """Return the rows to land of the accepted ones of a file."""
    scope = f"{place.organisation_code} case"
    return pd.DataFrame(
        {
            "row_number": accepted["row_number"],
            "employee": employees(accepted, place, keys),
            "case_id": pseudonyms(accepted["case_id"], scope, keys),
            "case_type": mapped(accepted["case_type"], codes.case_type),
            "formal_start_date": accepted["formal_start_date"],
            **characteristic_columns(accepted),
        }
    )
