"""What the rules on who has declared look at: parts of the staff, and the snapshot before."""

from dataclasses import replace
from fractions import Fraction

import pandas as pd
import pytest
from quarters import warehouse

from pipeline.errors import UsageError
from pipeline.quality.alert_frames import rule_frames
from pipeline.quality.chance import p_values
from pipeline.quality.declaration import part_rates
from pipeline.quality.rules import load_rules

QUARTERS = ("2021-06-30", "2021-09-30", "2021-12-31", "2022-03-31")
NURSING = 40


def people(period, unknown=(), directorate="Nursing", staff=100):
    """Return staff: the first 40 are Nursing of Band 8a, the others Finance of Band 5."""
    numbers = range(staff)
    return pd.DataFrame(
        {
            "period_end": period,
            "organisation_code": "01T",
            "person": list(numbers),
            "directorate": [directorate if one < NURSING else "Finance" for one in numbers],
            "band_code": ["8a" if one < NURSING else "5" for one in numbers],
            "kind_0": [2 if one in unknown else 0 for one in numbers],
        }
    )


def looked_at(code, *staff, **changes):
    """Return the rows of a rule's frame of the newest snapshot, at parts if ``changes`` say so."""
    rule = next(rule for rule in load_rules() if rule.code == code and rule.part == "all")
    rule = replace(rule, is_on=True, characteristic="", minimum_base=30, **changes)
    frame = rule_frames(warehouse(staff, 1), [rule], p_values)[rule.check_id]
    return frame[frame["period_end"].eq(frame["period_end"].max())].to_dict("records")


@pytest.mark.parametrize(
    ("part", "nursing", "name"),
    [
        ("directorate", "directorate:Nursing", "Nursing"),
        ("band_group", "band_group:cluster_3", "Band 8a, Band 8b"),
    ],
)
def test_a_rule_looks_at_each_part_of_the_staff(part, nursing, name):
    # Ten of forty are not known any more; of the sixty others all are known, then as now.
    staff = people(QUARTERS[2]), people(QUARTERS[3], unknown=range(10))
    at = {"part": part, "told": "employer"}
    rates = {row["part"]: row for row in looked_at("DECLARATION_BELOW_TARGET", *staff, **at)}
    assert sorted(row["value"] for row in rates.values()) == [75.0, 100.0]
    low = rates[nursing]
    assert (low["known"], low["headcount"], low["base"]) == (30, 40, 40)
    assert low["subject"] == f"characteristic 0 in {name}"
    assert low["detail"] == f"30 of 40 staff in {name} have a known characteristic 0"
    fallen = {row["part"]: row for row in looked_at("DECLARATION_FELL", *staff, **at)}
    assert (fallen[nursing]["value"], fallen[nursing]["records_to_target"]) == (25.0, 10)
    lost = {row["part"]: row["value"] for row in looked_at("KNOWN_TO_UNKNOWN", *staff, **at)}
    assert sorted(lost.values()) == [0, 10]
    assert lost[nursing] == 10


@pytest.mark.parametrize(
    "code", ["DECLARATION_BELOW_TARGET", "DECLARATION_FELL", "KNOWN_TO_UNKNOWN"]
)
def test_a_rule_on_all_staff_looks_at_no_part(code):
    staff = people(QUARTERS[2]), people(QUARTERS[3], unknown=range(10))
    (row,) = looked_at(code, *staff)
    assert (row["part"], row["subject"], row["headcount"]) == ("all", "characteristic 0", 100)


def test_a_part_that_was_not_there_did_not_fall():
    staff = people(QUARTERS[2], directorate="Care"), people(QUARTERS[3], unknown=range(10))
    at = {"part": "directorate", "told": "employer"}
    assert [row["part"] for row in looked_at("DECLARATION_FELL", *staff, **at)] == [
        "directorate:Finance"
    ]
    lost = {row["part"]: row["value"] for row in looked_at("KNOWN_TO_UNKNOWN", *staff, **at)}
    assert lost == {"directorate:Finance": 0, "directorate:Nursing": 10}


@pytest.mark.parametrize(
    ("before", "day"), [(QUARTERS[2], "31 December 2021"), (QUARTERS[0], "30 June 2021")]
)
def test_a_quarter_for_which_nothing_was_sent_hides_no_movement(before, day):
    # Ten are not known any more; of twenty joiners fifteen are.
    unknown = {*range(10), *range(100, 105)}
    staff = people(before), people(QUARTERS[3], unknown=unknown, staff=120)
    (lost,) = looked_at("KNOWN_TO_UNKNOWN", *staff)
    assert (lost["value"], lost["period_before"]) == (10, pd.Timestamp(before))
    assert lost["detail"] == (
        f"The characteristic 0 of 10 people was known at {day} and is not now"
    )
    (fallen,) = looked_at("DECLARATION_FELL", *staff)
    assert (fallen["value"], fallen["period_before"]) == (12.5, pd.Timestamp(before))
    assert fallen["detail"] == (
        f"105 of 120 staff have a known characteristic 0, where at {day} 100 of 100 had one"
    )
    (joined,) = looked_at("JOINERS_DECLARE_LESS", *staff)
    assert (joined["events"], joined["trials"]) == (15, 20)
    assert joined["detail"] == (
        f"15 of 20 joiners have a known characteristic 0, where at {day} 100 of 100 staff had one"
    )
    (asked,) = looked_at("NEVER_ASKED_RISING", *staff)
    assert asked["detail"].endswith(f", where at {day} it was 0 of 100")


def test_the_newest_of_the_twelve_months_before_is_compared():
    staff = people("2021-03-31"), people(QUARTERS[1], unknown=range(10)), people(QUARTERS[3])
    (fallen,) = looked_at("DECLARATION_FELL", *staff)
    assert (fallen["value"], fallen["period_before"]) == (-10.0, pd.Timestamp(QUARTERS[1]))
    # A year before is compared with, what is older not.
    (fallen,) = looked_at("DECLARATION_FELL", people("2021-03-31"), people(QUARTERS[3]))
    assert fallen["period_before"] == pd.Timestamp("2021-03-31")
    assert looked_at("DECLARATION_FELL", people("2020-12-31"), people(QUARTERS[3])) == []


@pytest.mark.parametrize(("staff", "is_said"), [(125, False), (126, True)])
def test_joiners_of_more_than_a_fifth_may_be_those_of_another_body(staff, is_said):
    (joined,) = looked_at(
        "JOINERS_DECLARE_LESS", people(QUARTERS[2]), people(QUARTERS[3], staff=staff)
    )
    said = "100 of 100 staff had one"
    if is_said:
        said += "; so many joined that staff of another body may have come in"
    assert joined["detail"].endswith(said)


@pytest.mark.parametrize(
    ("code", "line", "wrong", "lacks"),
    [
        ("JOINERS_DECLARE_LESS", "joiners_declare_less:all", {"is_chance": False}, "value"),
        (
            "DECLARATION_FELL",
            "declaration_fell:all",
            {"is_chance": True, "reaches": None, "below": Fraction(1, 20)},
            "events, other_events, other_trials, test, trials",
        ),
    ],
)
def test_a_line_that_does_not_fit_its_frame_is_named(code, line, wrong, lacks):
    with pytest.raises(UsageError, match=rf"has no {lacks}, which {line} needs") as caught:
        looked_at(code, people(QUARTERS[3]), **wrong)
    assert "alert_rules.csv" in str(caught.value)


def test_the_rates_of_parts_are_kept():
    kept = part_rates(warehouse([people(QUARTERS[3], unknown=range(10))], 1))
    assert dict(zip(kept["part"], kept["rate"], strict=True)) == {
        "band_group:cluster_2": 100.0,
        "band_group:cluster_3": 75.0,
        "directorate:Finance": 100.0,
        "directorate:Nursing": 75.0,
    }
