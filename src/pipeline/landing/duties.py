"""Documents and impact assessments as landed, each with the body whose duty it is."""

import pandas as pd

from pipeline.codes import listed_code
from pipeline.equality_plans import characteristics_considered
from pipeline.identity import Keys
from pipeline.landing.columns import mapped
from pipeline.receive.inbox import Place

TABLE = """
    reference varchar not null, kind varchar not null, subject_code varchar not null,
    due_date date, completed_date date, decision_date date, is_published boolean not null,
    characteristics_considered integer
"""


def frame(accepted: pd.DataFrame, place: Place, keys: Keys) -> pd.DataFrame:
    """Return the rows to land of the accepted ones of a file."""
    considered = accepted["characteristics_considered"]
    return pd.DataFrame(
        {
            "row_number": accepted["row_number"],
            "reference": accepted["reference"],
            "kind": mapped(accepted["kind"], lambda kind: listed_code("duty_kind", kind)),
            "subject_code": accepted["organisation_code"].str.upper(),
            "due_date": accepted["due_date"],
            "completed_date": accepted["completed_date"],
            "decision_date": accepted["decision_date"],
            "is_published": accepted["published_address"].notna(),
            "characteristics_considered": pd.Series(
                [characteristics_considered(c) if isinstance(c, str) else None for c in considered],
                index=accepted.index,
                dtype="Int64",
            ),
        }
    )
