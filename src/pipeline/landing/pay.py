"""Pay as landed: exact pounds, worked out from text, never by way of a binary fraction."""

from decimal import Decimal

import pandas as pd

from pipeline import hourly_pay
from pipeline.identity import Keys
from pipeline.landing.columns import employees
from pipeline.receive.inbox import Place
from pipeline.values import parse_amount

TABLE = """
    employee pseudonym not null, hourly_pay decimal(18, 6), is_full_pay boolean not null,
    bonus_pay decimal(18, 2) not null
"""

_PENCE = Decimal("0.01")


def frame(accepted: pd.DataFrame, place: Place, keys: Keys) -> pd.DataFrame:
    """Return the rows to land of the accepted ones of a file.

    ``hourly_pay`` (pounds) and ``bonus_pay`` (pounds in the year, 0 where none) are text: DuckDB
    reads a decimal out of text exactly. ``hourly_pay`` is missing where there are no hours or no
    pay; such people count in the headcount and in the base of the bonus.
    """
    rows = accepted.to_dict("records")
    pay = [hourly_pay.of(row) for row in rows]
    return pd.DataFrame(
        {
            "row_number": accepted["row_number"],
            "employee": employees(accepted, place, keys),
            "hourly_pay": _text(pay, accepted.index),
            "is_full_pay": accepted["full_pay"],
            "bonus_pay": _text([_bonus(row["bonus_in_year"]) for row in rows], accepted.index),
        }
    )


def _bonus(received: object) -> Decimal:
    amount = parse_amount(received) if isinstance(received, str) else None
    return hourly_pay.rounded(amount or Decimal(0), _PENCE)


def _text(amounts: "list[Decimal | None] | list[Decimal]", index: pd.Index) -> pd.Series:
    texts = [None if amount is None else format(amount, "f") for amount in amounts]
    return pd.Series(texts, index=index, dtype="str")
