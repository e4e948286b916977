"""Applications as landed, each under a pseudonym of its number."""

import pandas as pd

from pipeline.identity import Keys
from pipeline.landing.columns import characteristic_columns, pseudonyms
from pipeline.receive.inbox import Place

TABLE = """
    application pseudonym not null,
    is_shortlisted boolean not null, is_appointed boolean not null,
    ethnic_origin varchar, ethnicity_key varchar not null,
    disability varchar, disability_key varchar not null,
    gender varchar, sex_key varchar not null, shortlisted_date date
"""


def frame(accepted: pd.DataFrame, place: Place, keys: Keys) -> pd.DataFrame:
    """Return the rows to land of the accepted ones of a file."""
    scope = f"{place.organisation_code} application"
    return pd.DataFrame(
        {
            "row_number": accepted["row_number"],
            "application": pseudonyms(accepted["application_id"], scope, keys),
            "is_shortlisted": accepted["shortlisted"],
            "is_appointed": accepted["appointed"],
            **characteristic_columns(accepted),
            "shortlisted_date": accepted["shortlisted_date"],
        }
    )
