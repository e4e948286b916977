"""Survey indicators: counts pooled by what was asked, joint results once, weighted ones never.

Sources: NHS Staff Survey; NHS England, WRES technical guidance, indicators 5 to 8, and WDES
technical guidance, metrics 4 to 9.
"""

import pytest
from counting import figures
from inbox import action_row, survey_row, write_inbox

from pipeline.registry import load_registry

PERIOD = "2022-03-31"
JOINT = {"organisation_codes": "01T/01V"}


def survey(folder, code, *rows, period=PERIOD):
    write_inbox(folder, period, code, "survey", rows)


def told(found, indicator, group, code="01T", standard="WRES", **key):
    own = {"standard": standard, "indicator": indicator, "group_code": group, "measure": "share"}
    return found.only(organisation_code=code, **(own | key))


def counts(row):
    return row["numerator"], row["denominator"]


def test_an_icb_pools_answers_and_not_percentages(tmp_path):
    """10% of 201 and 40% of 20: 28 of 221 are 12.7%; the mean would be 25%."""
    survey(tmp_path, "01T", survey_row("Q14a", "White", 201, percent="10"))
    survey(tmp_path, "01V", survey_row("Q14a", "White", 20, 8))
    pooled = told(figures(tmp_path), "5", "WHITE", "QYG", level="icb")
    assert counts(pooled) == (28, 221)
    assert pooled["value"] == 12.7


def test_a_joint_result_is_each_body_s_and_counts_once_at_the_icb(tmp_path):
    rows = [
        survey_row("Q4b", group, base, 30, **JOINT) for group, base in (("Yes", 60), ("No", 90))
    ]
    survey(tmp_path, "01T", *rows)
    survey(tmp_path, "01V", *rows)
    survey(tmp_path, "01X", survey_row("Q4b", "Yes", 10, 5))
    found = figures(tmp_path)
    for code in ("01T", "01V"):
        assert counts(told(found, "7", "DISABLED", code, "WDES")) == (30, 60)
    assert counts(told(found, "7", "DISABLED", "QYG", "WDES", level="icb")) == (35, 70)


def test_a_joint_result_that_one_body_sent_is_the_other_s_too(tmp_path):
    """And it stands for what that other body may have sent alone, where both are pooled."""
    survey(tmp_path, "01T", survey_row("Q4b", "Yes", 60, 30, **JOINT))
    survey(tmp_path, "01V", survey_row("Q14a", "Yes", 25, 5), survey_row("Q4b", "No", 20, 10))
    found = figures(tmp_path)
    assert counts(told(found, "7", "DISABLED", "01V", "WDES")) == (30, 60)
    survey(tmp_path, "01V", survey_row("Q4b", "Yes", 20, 10))
    found = figures(tmp_path)
    assert counts(told(found, "7", "DISABLED", "01V", "WDES")) == (10, 20)
    assert counts(told(found, "7", "DISABLED", "QYG", "WDES", level="icb")) == (30, 60)


def test_managers_and_colleagues_are_no_substitute_for_staff(tmp_path):
    survey(
        tmp_path, "01T", survey_row("Q14b", "White", 100, 9), survey_row("Q14c", "White", 100, 8)
    )
    row = told(figures(tmp_path), "6", "WHITE")
    assert (row["status"], row["reason"]) == ("missing_source", "MISSING_SOURCE")


def test_a_weighted_percentage_counts_nobody(tmp_path):
    weighted = {"percent": "20", "weighted": "Yes"}
    survey(tmp_path, "01T", survey_row("Q15", "White", 100, **weighted))
    survey(tmp_path, "01V", survey_row("Q15", "White", 50, 30))
    survey(tmp_path, "99A", survey_row("Q15", "BME", 50, **weighted))
    found = figures(tmp_path)
    row = told(found, "7", "WHITE")
    assert (*counts(row), row["status"], row["reason"]) == (
        None,
        None,
        "not_applicable",
        "WEIGHTED",
    )
    assert counts(told(found, "7", "WHITE", "QYG", level="icb")) == (30, 50)
    assert told(found, "7", "BME", "QYG", level="icb")["reason"] == "WEIGHTED"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("item", "indicator", "standard", "direction"),
    [
        ("Q14a", "5", "WRES", "adverse"),
        ("Q15", "7", "WRES", "favourable"),
        ("Q16b", "8", "WRES", "adverse"),
        ("Q14b", "4a_ii", "WDES", "adverse"),
        ("Q14d", "4b", "WDES", "favourable"),
        ("Q11e", "6", "WDES", "adverse"),
        ("Q4b", "7", "WDES", "favourable"),
    ],
)
def test_what_a_higher_share_of_the_first_group_means(
    tmp_path, item, indicator, standard, direction
):
    groups = ("BME", "White") if standard == "WRES" else ("Yes", "No")
    first, second = (
        survey_row(item, group, 100, count) for group, count in zip(groups, (60, 20), strict=True)
    )
    survey(tmp_path, "01T", first, second)
    key = {"standard": standard, "indicator": indicator, "measure": "difference_pp"}
    row = figures(tmp_path).only(organisation_code="01T", **key)
    assert (row["value"], row["direction"]) == (40.0, direction)


def test_adjustments_are_asked_of_disabled_staff_alone(tmp_path):
    survey(tmp_path, "01T", survey_row("Q28b", "Yes", 30, 21), survey_row("Q28b", "No", 30, 10))
    (row,) = figures(tmp_path).select(organisation_code="01T", standard="WDES", indicator="8")
    assert (row.key["group_code"], row.told["value"]) == ("DISABLED", 70.0)


def test_engagement_is_the_mean_over_respondents(tmp_path):
    """(30 x 6.9 + 10 x 5.9) / 40 = 6.65, rounded once."""
    survey(tmp_path, "01T", survey_row("Engagement", "Yes", 30, score="6.9"))
    survey(tmp_path, "01V", survey_row("Engagement", "Yes", 10, score="5.9"))
    survey(tmp_path, "99A", survey_row("Engagement", "All", 200, score="7.36"))
    found = figures(tmp_path)
    pooled = told(found, "9a", "DISABLED", "QYG", "WDES", level="icb", measure="score")
    assert (pooled["denominator"], pooled["value"]) == (40, 6.7)
    overall = told(found, "9a", "ALL", "99A", "WDES", measure="score")
    assert (overall["denominator"], overall["value"]) == (200, 7.4)


def test_actions_for_the_voices_of_disabled_staff(tmp_path):
    rows = [
        action_row("A1", "WDES", indicator="9b", status="Complete"),
        action_row("A2", "WDES", indicator="9b", status="In Progress"),
        action_row("A3", "WDES", indicator="9b", status="Open"),
        action_row("A4", "WDES", indicator="5", status="Complete"),
    ]
    write_inbox(tmp_path, PERIOD, "01T", "actions", rows)
    write_inbox(tmp_path, PERIOD, "01V", "actions", rows[2:])
    found = figures(tmp_path)
    voices = {"group": "ALL", "standard": "WDES", "measure": "count"}
    assert [told(found, "9b", code=code, **voices)["value"] for code in ("01T", "01V")] == [2, 0]
    assert told(found, "9b", code="QYG", level="icb", **voices)["value"] == 2


def test_breaks_of_the_survey_series():
    breaks = {
        (entry.standard, entry.indicator): [str(one.since) for one in entry.breaks]
        for entry in load_registry()
        if "survey" in entry.needs and entry.breaks
    }
    assert breaks == {
        ("WRES", "7"): ["2022-03-31"],
        ("WDES", "5"): ["2022-03-31"],
        ("WDES", "8"): ["2023-03-31"],
    }
