"""The columns that several sources land in the same way."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd

from pipeline import codes
from pipeline.identity import Keys
from pipeline.receive.inbox import Place


def characteristic_columns(accepted: pd.DataFrame) -> dict[str, pd.Series]:
    """Return each characteristic as received, and the key that its code list is joined on."""
    columns: dict[str, pd.Series] = {}
    for field, characteristic in codes.CHARACTERISTIC_OF_FIELD.items():
        if field in accepted:
            columns[field] = accepted[field]
            meaning = partial(codes.characteristic_key, characteristic)
            columns[f"{characteristic}_key"] = mapped(accepted[field], meaning)
    return columns


def mapped(values: pd.Series, meaning: Callable[[Any], Any]) -> pd.Series:
    """Return the meaning of each value, worked out once for each that occurs."""
    # What is missing is not equal to itself.
    received = [value if value == value else None for value in values.tolist()]  # noqa: PLR0124
    meanings = {value: meaning(value) for value in set(received)}
    return pd.Series([meanings[value] for value in received], index=values.index, dtype="str")


def employees(accepted: pd.DataFrame, place: Place, keys: Keys) -> pd.Series:
    """Return the pseudonym of each row's employee number, which joins the sources of an employer.

    An employee number says who somebody is within one organisation only.
    """
    scope = f"{place.organisation_code} employee"
    numbers = accepted["employee_number"].tolist()
    pseudonyms = {number: keys.person(scope, number) for number in set(numbers)}
    return pd.Series([pseudonyms[n] for n in numbers], index=accepted.index, dtype="str")
