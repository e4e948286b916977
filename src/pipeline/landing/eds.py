"""Outcomes of the Equality Delivery System as landed."""

import pandas as pd

from pipeline import eds
from pipeline.identity import Keys
from pipeline.receive.inbox import Place

TABLE = """
    framework varchar not null, outcome varchar not null, service varchar,
    score integer, characteristics_evidenced integer
"""


def frame(accepted: pd.DataFrame, place: Place, keys: Keys) -> pd.DataFrame:
    """Return the rows to land of the accepted ones of a file.

    A score is kept for EDS 2022 and a number of characteristics for EDS2, whose grade is derived;
    a service where the outcome is scored for each service, written in one way throughout.
    """
    received = zip(accepted["framework"], accepted["outcome"], strict=True)
    codes = [
        (eds.framework_code(f) or "", eds.outcome_code(f, outcome) or "") for f, outcome in received
    ]
    frameworks = pd.Series([framework for framework, _ in codes], index=accepted.index)
    has_services = pd.Series([eds.takes_services(*code) for code in codes], index=accepted.index)
    scores = pd.to_numeric(accepted["score"]).astype("Int64")
    counts = pd.to_numeric(accepted["characteristics_evidenced"]).astype("Int64")
    return pd.DataFrame(
        {
            "row_number": accepted["row_number"],
            "framework": frameworks,
            "outcome": [outcome for _, outcome in codes],
            "service": _services(accepted["service"]).where(has_services.astype(bool)),
            "score": scores.where(frameworks.eq(eds.EDS2022)),
            "characteristics_evidenced": counts.where(frameworks.eq(eds.EDS2)),
        }
    )


def _services(received: pd.Series) -> pd.Series:
    """Return each service under one spelling, whatever its case and spaces in this row."""
    names = received.map(lambda name: " ".join(name.split()), na_action="ignore")
    spelling = {name.casefold(): name for name in sorted(names.dropna(), reverse=True)}
    one = names.map(lambda name: spelling[name.casefold()], na_action="ignore")
    return one.astype("str")
