"""The columns that several sources land in the same way."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd

from pipeline import codes
from pipeline.identity import Keys
from pipeline.read.batches import shared
from pipeline.receive.inbox import Place
from pipeline.values import of_each


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
    found = of_each(values, meaning, "str")
    blank = values.isna()
    return found.mask(blank, meaning(None)) if blank.any() else found


def employees(accepted: pd.DataFrame, place: Place, keys: Keys) -> pd.Series:
    """Return the pseudonym of each row's employee number, which joins the sources of an employer.

    An employee number says who somebody is within one organisation only.
    """
    scope = f"{place.organisation_code} employee"
    return pseudonyms(accepted["employee_number"], scope, keys)


def pseudonyms(identifiers: pd.Series, scope: str, keys: Keys) -> pd.Series:
    """Return the pseudonym of each identifier, worked out once for each that occurs."""
    places, different = pd.factorize(identifiers)
    return shared((places, keys.people(scope, different.tolist()))).set_axis(identifiers.index)
