from datetime import date

import pytest

from pipeline.periods import is_quarter_end, nearest_quarter_end, parse_period


@pytest.mark.parametrize("text", ["2022-03-31", "2022-06-30", "2022-09-30", "2022-12-31"])
def test_a_quarter_end_is_a_snapshot(text):
    assert parse_period(text) == date.fromisoformat(text)
    assert is_quarter_end(date.fromisoformat(text))


@pytest.mark.parametrize(
    "text",
    ["2022-03-30", "2022-02-28", "2022-13-31", "20220331", "2022-W13-4", "31/03/2022", "", "March"],
)
def test_anything_else_is_none(text):
    assert parse_period(text) is None


@pytest.mark.parametrize(
    ("day", "nearest"),
    [
        (date(2022, 3, 30), date(2022, 3, 31)),
        (date(2022, 1, 10), date(2021, 12, 31)),
        (date(2022, 12, 31), date(2022, 12, 31)),
        (date(2022, 8, 15), date(2022, 6, 30)),  # as far from 30 September: the earlier one
    ],
)
def test_the_nearest_quarter_end_is_named(day, nearest):
    assert nearest_quarter_end(day) == nearest
