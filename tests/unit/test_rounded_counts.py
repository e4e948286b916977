"""Counts to the nearest five, and what follows from them."""

import pandas as pd
import pytest
from cells import figure, frame

from pipeline.assess.methods import answer
from pipeline.disclosure import load_policy
from pipeline.protect.figures import protect
from pipeline.protect.rounded import rounded
from pipeline.registry import load_registry
from pipeline.resources import REFERENCE

POLICIES = {"default": REFERENCE / "disclosure.yml"} | {
    path.stem: path for path in (REFERENCE / "disclosure").glob("*.yml")
}


def told(rows: list[dict], name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    policy = load_policy(POLICIES[name])
    both = protect(frame(rows), {}, policy)
    return rounded(*both, policy, load_registry(), answer)


def share(count: int, of: int) -> dict:
    people = {"numerator": ("workforce/all/ethnicity/BME", count),
              "denominator": ("workforce/all//ALL", of)}  # fmt: skip
    about = {"standard": "WRES", "indicator": "1", "measure": "share", "group_code": "BME"}
    return figure(**people) | about | {"comparator_code": None}


@pytest.mark.parametrize(
    ("count", "of", "shown", "percent"),
    [
        (3, 42, (5, 40), 12.5),
        (2, 42, (0, 40), 0.0),
        (7, 43, (5, 45), 11.1),
        (8, 47, (10, 45), 22.2),
    ],
)
def test_percentages_follow_from_rounded_counts(count, of, shown, percent):
    decided, published = told([share(count, of)], "round5")
    row = published.iloc[0]
    assert (row["numerator"], row["denominator"]) == shown
    assert (row["value"], row["status"], row["disclosure"]) == (percent, "ok", "ROUNDED")
    # In private the true counts stay, and what they give.
    kept = decided.iloc[0]
    assert (kept["numerator"], kept["denominator"], kept["value"]) == (count, of, 1.0)
    assert kept["disclosure"] == "ROUNDED"


def test_a_base_that_rounds_to_nobody_gives_no_percentage():
    row = told([share(1, 2)], "round5")[1].iloc[0]
    assert (row["denominator"], row["status"], row["reason"]) == (0, "not_applicable",
                                                                  "NO_NUMERATOR_BASE")  # fmt: skip


def test_a_headcount_of_two_years_is_twice_the_rounded_one():
    staff = "workforce_two_year:employee_relations/all/ethnicity/BME"
    people = {
        "numerator": ("disciplinary/two_year/ethnicity/BME", 12),
        "denominator": (staff, 86),
    }
    about = {"standard": "WRES", "indicator": "3", "measure": "rate", "group_code": "BME"}
    row = told([figure(**people) | about | {"comparator_code": None}], "round5")[1].iloc[0]
    # 43 people are 45; 10 cases of twice 45 are 11.1%.
    assert (row["numerator"], row["denominator"], row["value"]) == (10, 90, 11.1)


def test_what_does_not_follow_from_its_counts_is_not_told():
    people = {"numerator": ("workforce/band_8a/ethnicity/BME", 40),
              "denominator": ("workforce/band_8a//ALL", 90)}  # fmt: skip
    about = {"standard": "MODEL_EMPLOYER", "indicator": "parity", "measure": "score",
             "part": "band_8a", "shows_counts": False}  # fmt: skip
    row = told([figure(**people) | about], "round5")[1].iloc[0]
    assert (row["status"], row["reason"]) == ("suppressed", "DETAIL_NOT_PUBLISHED")
    assert row[["numerator", "denominator", "value"]].isna().all()


def test_small_counts_are_hidden_and_others_rounded_where_the_policy_says_so():
    rows = told([share(7, 43)], "secondary_care")[1]
    assert pd.isna(rows.loc[0, "numerator"])
    assert (rows.loc[0, "denominator"], rows.loc[0, "status"]) == (45, "suppressed")
    assert told([share(8, 43)], "secondary_care")[1].loc[0, "numerator"] == 10


def test_a_percentage_of_few_people_is_not_told_where_the_policy_says_so():
    assert told([share(10, 22)], "hesa")[1].loc[0, "status"] == "suppressed"
    assert told([share(10, 23)], "hesa")[1].loc[0, "status"] == "ok"


def test_a_policy_may_tell_the_percentage_of_a_hidden_count():
    row = told([share(3, 42)], "stockport")[1].iloc[0]
    assert pd.isna(row["numerator"])
    assert (row["value"], row["status"], row["disclosure"]) == (1.0, "ok", "PERCENT_ONLY")
    assert told([share(3, 42)], "blmk")[1].loc[0, "status"] == "suppressed"


def test_the_default_rounds_nothing():
    row = told([share(13, 43)], "default")[1].iloc[0]
    assert (row["numerator"], row["denominator"], row["disclosure"]) == (13, 43, "NONE")
