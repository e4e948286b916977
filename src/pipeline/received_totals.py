"""What a file held as it was received, rows in quarantine among them: employees and their FTE.

A sender's control totals are compared with it (``warehouse/alerts/control_total.sql``). Rows that
hold anything are counted by the ledger itself.
"""

from collections import Counter
from math import fsum

import pandas as pd

from pipeline.checked import Checked
from pipeline.together import rows_that_share
from pipeline.values import numbers

EMPLOYEE, FTE = "employee_number", "fte"


def received_totals(checked: Checked) -> pd.DataFrame:
    """Return a row for each measure that can be taken of a file.

    Returns:
        ``measure`` (EMPLOYEES: different employee numbers; FTE: the sum over the rows), ``total``,
        and ``rows_unreadable``: rows whose cell is blank or no number.
    """
    rows: list[tuple[str, float, int]] = []
    received = checked.rows
    if EMPLOYEE in received.fields:
        blank = sum(int(frame[EMPLOYEE].isna().sum()) for frame in received.columns([EMPLOYEE]))
        shared = rows_that_share(received, [(EMPLOYEE,)], [EMPLOYEE], blanks=False)[EMPLOYEE]
        alone = len(received) - blank - int(shared.notna().sum())
        rows.append(("EMPLOYEES", alone + shared.nunique(), blank))
    if FTE in received.fields:
        counts: Counter[float] = Counter()
        for frame in received.columns([FTE]):
            counts.update(numbers(frame[FTE]).dropna().tolist())
        total = fsum(number * times for number, times in counts.items())
        rows.append(("FTE", round(total, 6), len(received) - counts.total()))
    return pd.DataFrame(rows, columns=["measure", "total", "rows_unreadable"])
