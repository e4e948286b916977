"""What a file held as it was received, rows in quarantine among them: employees and their FTE.

A sender's control totals are compared with it (``warehouse/alerts/control_total.sql``). Rows that
hold anything are counted by the ledger itself.
"""

import pandas as pd

from pipeline.checked import Checked
from pipeline.values import numbers


def received_totals(checked: Checked) -> pd.DataFrame:
    """Return a row for each measure that can be taken of a file.

    Returns:
        ``measure`` (EMPLOYEES: different employee numbers; FTE: the sum over the rows), ``total``,
        and ``rows_unreadable``: rows whose cell is blank or no number.
    """
    rows: list[tuple[str, float, int]] = []
    if "employee_number" in checked.read:
        employees = checked.read["employee_number"]
        rows.append(("EMPLOYEES", employees.nunique(), int(employees.isna().sum())))
    if "fte" in checked.read:
        fte = numbers(checked.read["fte"])
        rows.append(("FTE", round(float(fte.sum()), 6), int(fte.isna().sum())))
    return pd.DataFrame(rows, columns=["measure", "total", "rows_unreadable"])
