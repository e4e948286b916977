"""Text to typed values: dates, Yes and No, numbers. What cannot be read is None, never a guess."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from math import inf, isfinite
from typing import Any

import pandas as pd

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TIME = r"(?:[ T]\d{2}:\d{2}(?::\d{2})?)?"  # a date cell of a spreadsheet may carry a time
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})" + _TIME, re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_BRITISH = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})" + _TIME, re.ASCII)
_NAMED_MONTH = re.compile(r"(\d{1,2})[- ]([A-Za-z]{3})[- ](\d{4})" + _TIME, re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII)
_AMOUNT = re.compile(r"([+-]?)£? ?(\d+|\d{1,3}(?:,\d{3})+)(\.\d*)?", re.ASCII)
_LONGEST = 40  # characters; no sum of money and no number of hours is as long
_FLAGS = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}


def parse_date(text: str) -> date | None:
    """Return the date of ``2023-03-31``, ``20230331``, ``31/03/2023`` or ``31-Mar-2023``."""
    try:
        if found := _ISO.fullmatch(text) or _COMPACT.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _BRITISH.fullmatch(text):
            return date(int(found[3]), int(found[2]), int(found[1]))
        if found := _NAMED_MONTH.fullmatch(text):
            return date(int(found[3]), _MONTHS.index(found[2].lower()) + 1, int(found[1]))
    except ValueError:  # no such day or month
        pass
    return None


def parse_flag(text: str) -> bool | None:
    """Return whether ``text`` says Yes (Yes, Y, TRUE) or No, or None where it says neither."""
    return _FLAGS.get(text.lower())


def parse_number(text: str) -> float | None:
    """Return a plain decimal number; None for exponents, ``nan``, separators of thousands.

    None too where it is beyond every number that a computer counts with, as a row of 400 nines is.
    """
    number = float(text) if _NUMBER.fullmatch(text) else inf
    return number if isfinite(number) else None


def parse_decimal(text: str) -> Decimal | None:
    """Return a plain decimal number exactly; None for exponents, ``nan``, separators."""
    return Decimal(text) if len(text) <= _LONGEST and _NUMBER.fullmatch(text) else None


def parse_amount(text: str) -> Decimal | None:
    """Return an amount of pounds exactly: ``3600``, ``3,600.00``, ``£3,600.00``, ``-£12.50``.

    A comma stands for thousands where it sets off full groups of three digits before the point,
    as British payrolls write them; pounds have no thousandths, so it can mean nothing else. Any
    other comma (``3,60``, ``36,00.00``) may be a decimal one, and the amount is None.
    """
    found = _AMOUNT.fullmatch(text)
    if not found or len(text) > _LONGEST:
        return None
    sign, whole, fraction = found.groups(default="")
    return Decimal(f"{sign}{whole.replace(',', '')}{fraction}")


def of_each(column: "pd.Series[Any]", meaning: Callable[[Any], Any], kind: str) -> "pd.Series[Any]":
    """Return the meaning of each value, worked out once for each that occurs.

    Args:
        column: values, some of which may be missing: then the meaning is missing too, and False
            where ``kind`` is ``bool``.
        meaning: gives the meaning of a value that is not missing.
        kind: the type of the column that is returned.
    """
    places, different = pd.factorize(column)
    missing = False if kind == "bool" else None
    found = pd.Series([*map(meaning, different.tolist()), missing], dtype=kind).array
    return pd.Series(found[places], index=column.index)  # -1, for missing, is the last


def dates(text: "pd.Series[str]") -> "pd.Series[pd.Timestamp]":
    """Return the dates of a text column, missing where it is blank or no date."""
    return of_each(text, parse_date, "datetime64[us]")


def flags(text: "pd.Series[str]") -> "pd.Series[bool]":
    """Return a nullable ``boolean`` column, missing where the text is blank or no flag."""
    return of_each(text, parse_flag, "boolean")


def numbers(text: "pd.Series[str]") -> "pd.Series[float]":
    """Return the numbers of a text column, missing where it is blank or no number."""
    return of_each(text, parse_number, "float64")
