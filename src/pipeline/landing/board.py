"""Board members as landed, each under a pseudonym of their number."""

import pandas as pd

from pipeline.identity import Keys
from pipeline.landing.columns import characteristic_columns, pseudonyms
from pipeline.receive.inbox import Place

TABLE = """
    member pseudonym not null,
    is_voting boolean not null, is_executive boolean not null,
    ethnic_origin varchar, ethnicity_key varchar not null,
    disability varchar, disability_key varchar not null,
    gender varchar, sex_key varchar not null
"""


def frame(accepted: pd.DataFrame, place: Place, keys: Keys) -> pd.DataFrame:
    """Return the rows to land of the accepted ones of a file."""
    scope = f"{place.organisation_code} member"
    return pd.DataFrame(
        {
            "row_number": accepted["row_number"],
            "member": pseudonyms(accepted["member_id"], scope, keys),
            "is_voting": accepted["voting"],
            "is_executive": accepted["executive"],
            **characteristic_columns(accepted),
        }
    )
