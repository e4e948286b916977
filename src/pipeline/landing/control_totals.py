"""The sender's own totals as landed: of which source, of what, and how many."""

import pandas as pd

from pipeline.identity import Keys
from pipeline.landing.columns import mapped
from pipeline.receive.inbox import Place
from schemas.control_totals import measure_code, source_code

TABLE = """
    counted_source varchar not null, measure varchar not null, total double not null
"""


def frame(accepted: pd.DataFrame, place: Place, keys: Keys) -> pd.DataFrame:
    """Return the rows to land of the accepted ones of a file."""
    return pd.DataFrame(
        {
            "row_number": accepted["row_number"],
            "counted_source": mapped(accepted["source"], source_code),
            "measure": mapped(accepted["measure"], measure_code),
            "total": accepted["total"],
        }
    )
