from datetime import date
from decimal import Decimal

import pandas as pd
import pytest

from pipeline import values
from pipeline.values import parse_amount, parse_decimal


@pytest.mark.parametrize(
    "text",
    [
        *("2023-03-31", "20230331", "31/03/2023", "31/3/2023", "31-Mar-2023", "31-MAR-2023"),
        *("31 mar 2023", "2023-03-31 00:00:00", "2023-03-31T00:00", "31/03/2023 00:00"),
    ],
)
def test_dates(text):
    assert values.parse_date(text) == date(2023, 3, 31)


@pytest.mark.parametrize(
    "text",
    [
        *("31/02/1980", "2023-13-01", "03/31/2023", "31-03-2023", "31/03/23", "45016", "n/a"),
        *("2023", "0000-01-01", "31-Foo-2023", "2023-03-31x", "1/1/20233", "٣١/٠٣/٢٠٢٣"),
    ],
)
def test_no_dates(text):
    assert values.parse_date(text) is None


@pytest.mark.parametrize(
    ("text", "number"), [("1", 1), ("0.8", 0.8), (".5", 0.5), ("-1", -1), ("1.", 1), ("+0.20", 0.2)]
)
def test_numbers(text, number):
    assert values.parse_number(text) == number


@pytest.mark.parametrize("text", ["nan", "inf", "1e3", "1,0", "0,8", "1 0", "", "½", "٣", "80%"])
def test_no_numbers(text):
    assert values.parse_number(text) is None


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        *(("Yes", True), ("y", True), ("TRUE", True), ("NO", False), ("n", False)),
        *(("false", False), ("1", None), ("maybe", None), ("", None)),
    ],
)
def test_flags(text, flag):
    assert values.parse_flag(text) is flag


def test_columns_keep_their_index_and_what_is_missing():
    text = pd.Series(["2023-03-31", None, "x"], index=[5, 7, 9], dtype="str")
    found = values.dates(text)
    assert found.dtype == "datetime64[us]"
    assert found.index.tolist() == [5, 7, 9]
    assert found.isna().tolist() == [False, True, True]
    assert values.flags(pd.Series(["Yes", None], dtype="str")).dtype == "boolean"
    assert values.numbers(pd.Series([None], dtype="str")).dtype == "float64"


@pytest.mark.parametrize(
    ("text", "pounds"),
    [
        ("3600", "3600"),
        ("3600.00", "3600.00"),
        ("3,600.00", "3600.00"),
        ("3,600", "3600"),
        ("£1,234,567.89", "1234567.89"),
        ("£ 12.5", "12.5"),
        ("-£12.50", "-12.50"),
    ],
)
def test_amounts(text, pounds):
    assert parse_amount(text) == Decimal(pounds)


@pytest.mark.parametrize(
    "text",
    ["", "3,60", "36,00.00", "3.600,00", "1e3", "nan", "$5", "3 600", "5p", ",600", "1" * 41, "٣"],
)
def test_no_amounts(text):
    assert parse_amount(text) is None


@pytest.mark.parametrize("text", ["", "1e3", "nan", "1,000", "£5", "1" * 41])
def test_no_decimals(text):
    assert parse_decimal(text) is None


def test_decimals_are_exact():
    assert parse_decimal("30.44") == Decimal("30.44")
