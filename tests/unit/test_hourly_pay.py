"""Hourly pay: SI 2017/353, Schedule 1, and the practical guidance on regulations 6 and 7."""

from datetime import date
from decimal import Decimal

import pytest
from extracts import SNAPSHOT, as_text, codes

from pipeline.check import Checked, check
from pipeline.hourly_pay import of
from pipeline.identity import Keys
from pipeline.landing import pay
from pipeline.read import read
from pipeline.receive.inbox import Place

KEYS = Keys(b"1" * 32, b"2" * 32)
PLACE = Place(date(2023, 3, 31), "06F", "pay")


def checked(*lines: list[str]) -> Checked:
    return check(read(as_text(*lines).encode(), "pay.csv", "pay"), "pay", SNAPSHOT)


@pytest.mark.parametrize(
    ("row", "pounds"),
    [
        # The month of 30.44 days: 3600 x 7 / 30.44 / 37.5 = 22.0762 (22.08).
        ({"ordinary_pay": "3600.00", "weekly_hours": "37.5"}, "22.076216"),
        ({"ordinary_pay": "1800.00", "weekly_hours": "18.75"}, "22.076216"),
        ({"ordinary_pay": "£3,600.00", "weekly_hours": "37.5"}, "22.076216"),
        # Four weeks: 2800 x 7 / 28 / 35 = 20.
        ({"ordinary_pay": "2800", "weekly_hours": "35", "pay_period_days": "28"}, "20.000000"),
        # A bonus of a year paid in the period: (2800 + 3650 x 28 / 365) x 7 / 28 / 35 = 22.
        (
            {
                "ordinary_pay": "2800",
                "weekly_hours": "35",
                "pay_period_days": "28",
                "bonus_in_period": "3,650.00",
                "bonus_period_days": "365",
            },
            "22.000000",
        ),
        # A bonus for the pay period itself: (2800 + 280) x 7 / 28 / 35 = 22.
        (
            {
                "ordinary_pay": "2800",
                "weekly_hours": "35",
                "pay_period_days": "28",
                "bonus_in_period": "280",
            },
            "22.000000",
        ),
        # What the row states is not worked out again.
        ({"hourly_rate": "15.1234565", "ordinary_pay": "1", "weekly_hours": "1"}, "15.123457"),
        ({"hourly_rate": "0", "ordinary_pay": "3600", "weekly_hours": "37.5"}, "0.000000"),
    ],
)
def test_pounds_an_hour(row, pounds):
    assert of(row) == Decimal(pounds)


@pytest.mark.parametrize(
    "row",
    [
        {"ordinary_pay": "3600", "weekly_hours": "0"},
        {"ordinary_pay": "3600", "weekly_hours": None},
        {"ordinary_pay": "", "weekly_hours": "37.5"},
        {"ordinary_pay": "3.600,00", "weekly_hours": "37.5"},
        {},
    ],
)
def test_nothing_to_divide(row):
    assert of(row) is None


def test_pay_as_landed():
    result = checked(
        ["Employee No", "Ordinary Pay", "Weekly Hours", "Bonus In Year", "Full Pay"],
        ["1", '"3,600.00"', "37.5", '"£1,234.565"', "Yes"],
        ["2", "3600", "", "100", "No"],
    )
    landed = pay.frame(result.accepted, PLACE, KEYS)
    columns = ["row_number", "hourly_pay", "is_full_pay", "bonus_pay"]
    assert landed.astype(object).where(landed.notna(), None)[columns].values.tolist() == [
        [2, "22.076216", True, "1234.57"],
        [3, None, False, "100.00"],
    ]
    assert landed["employee"].tolist() == [KEYS.person("06F employee", who) for who in ("1", "2")]


def test_a_file_without_any_pay_says_what_was_looked_for():
    result = checked(["Employee Number", "Weekly Hours", "Full Pay"], ["1", "37.5", "Yes"])
    assert result.rejected
    fault = next(fault for fault in result.faults if fault.code == "HEADINGS_ONE_OF")
    assert fault.detail == "looked for Hourly Rate, or Ordinary Pay with Weekly Hours"


def test_hourly_rates_alone():
    names = ["Employee Number", "Hourly Rate", "Full Pay"]
    result = checked(names, ["1", "15", "Yes"], ["2", "", "Yes"])
    assert codes(result) == ["HOURLY_RATE_MISSING"]
    assert len(result.accepted) == 2


def test_a_missing_column_of_a_pay_file_is_named():
    result = checked(["Employee Number", "Hourly Rate"], ["1", "15"])
    assert [(fault.code, fault.column) for fault in result.faults] == [
        ("HEADING_MISSING", "Full Pay")
    ]
