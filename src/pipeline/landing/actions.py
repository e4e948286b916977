"""Actions of equality plans as landed: the status as typed and the due date, side by side."""

import pandas as pd

from pipeline.codes import listed_code
from pipeline.equality_plans import indicator_code, standard_code
from pipeline.identity import Keys
from pipeline.landing.columns import mapped
from pipeline.receive.inbox import Place
from schemas.published import STANDARDS

TABLE = """
    reference varchar not null, title varchar not null, standard varchar not null,
    indicator varchar, owner_role varchar, due_date date not null, status varchar not null,
    percent_complete integer, updated date
"""


def frame(accepted: pd.DataFrame, place: Place, keys: Keys) -> pd.DataFrame:
    """Return the rows to land of the accepted ones of a file."""
    standards = [standard_code(text, STANDARDS) or "" for text in accepted["standard"]]
    indicators = [
        indicator_code(indicator, standard) if isinstance(indicator, str) else None
        for indicator, standard in zip(accepted["indicator"], standards, strict=True)
    ]
    return pd.DataFrame(
        {
            "row_number": accepted["row_number"],
            "reference": accepted["reference"],
            "title": accepted["title"],
            "standard": standards,
            "indicator": pd.Series(indicators, index=accepted.index, dtype="str"),
            "owner_role": accepted["owner_role"],
            "due_date": accepted["due_date"],
            "status": mapped(accepted["status"], lambda text: listed_code("action_status", text)),
            "percent_complete": pd.to_numeric(accepted["percent_complete"]).astype("Int64"),
            "updated": accepted["updated"],
        }
    )
