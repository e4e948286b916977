"""Alerts out of what a rule's check found, in words, and what of them is public."""

import math
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pandas as pd
import pytest
from cells import policy

from pipeline.quality.alerts import ALERT, PRIVATE_ALERT, alerts, private_frame, public_alerts
from pipeline.quality.declaration import declaration_rates, published_rates
from pipeline.quality.gate import run_checks
from pipeline.quality.rules import alert_rules

QUARTERS = [date(2021, 3, 31), date(2021, 6, 30), date(2021, 9, 30), date(2021, 12, 31)]
TARGET, FELL = (
    next(rule for rule in alert_rules() if rule.code == code)
    for code in ("DECLARATION_BELOW_TARGET", "DECLARATION_FELL")
)


def row(known, headcount, period=QUARTERS[0], code="01T", **columns):
    """Return a row of the frame ``declaration_rate``."""
    return {
        "period_end": pd.Timestamp(period),
        "organisation_code": code,
        "characteristic": "ethnicity",
        "part": "all",
        "subject": "ethnicity",
        "base": headcount,
        "known": known,
        "headcount": headcount,
        "period_before": pd.NaT,
        "value": 100.0 * known / headcount,
        "records_to_target": None,
        "detail": f"{known} of {headcount}",
        "aim": "reach {limit}%",
    } | columns


def fallen(known, headcount, before, period=QUARTERS[1]):
    """Return a row of the frame ``declaration_fall``: ``before`` were known of as many."""
    value = 100.0 * (before - known) / headcount
    return row(known, headcount, period, value=value, period_before=pd.Timestamp(QUARTERS[0]),
               records_to_target=before - known, aim=None)  # fmt: skip


def rates(*rows, hidden=()):
    """Return the rates of rows as published, those at the places in ``hidden`` hidden."""
    figures = pd.DataFrame(
        {
            "period_end": one["period_end"].date(), "level": "employer",
            "organisation_code": one["organisation_code"], "organisation_name": "NHS",
            "standard": "DECLARATION", "indicator": one["characteristic"], "group_code": "KNOWN",
            "numerator": one["known"], "denominator": one["headcount"],
            "value": round(100 * one["known"] / one["headcount"], 1), "status": "ok",
            "measure": "share", "reason": None,
        }
        for one in rows
    ).astype({"numerator": "Int64", "denominator": "Int64"})  # fmt: skip
    shown = figures.copy()
    shown.loc[list(hidden), ["numerator", "value"]] = [pd.NA, None]
    return published_rates(declaration_rates(figures), shown, policy())


def found(*rows, rule=TARGET, shown=None):
    """Return the alerts of one rule, found by Great Expectations."""
    frame = pd.DataFrame(rows)
    names = frame[["period_end", "organisation_code"]].assign(organisation_name="NHS X")
    results = run_checks([rule.check], {rule.check_id: frame})
    shown = rates(*rows) if shown is None else shown
    return alerts([rule], results, {rule.check_id: frame}, names, shown)


def public(*rows, rule=TARGET, hidden=(), told=None):
    shown = rates(*(told or rows), hidden=hidden)
    return public_alerts(found(*rows, rule=rule, shown=shown), shown)


def test_an_alert_says_how_far_it_is_to_the_target():
    (alert,) = found(row(150, 163)).to_dict("records")
    assert pd.isna(alert.pop("tested"))
    assert alert == {
        "organisation_code": "01T",
        "organisation_name": "NHS X",
        "period_end": QUARTERS[0],
        "code": "DECLARATION_BELOW_TARGET",
        "severity": "warning",
        "characteristic": "ethnicity",
        "part": "all",
        "message": "fewer than 95% of staff have a known ethnicity",
        "detail": "150 of 163; 5 more records would reach 95%",
        "to_do": "People team: ask the staff whose ethnicity is not known to record it in ESR "
        "Self Service",
        "value": 92.0,
        "target": 95.0,
        "records_to_target": 5,
        "quarters_running": 1,
        "acknowledged": False,
        "is_public": True,
    }


@pytest.mark.parametrize("headcount", [20, 100, 163, 1999])
@pytest.mark.parametrize("percent", ["95", "92.5", "99.9", "100"])
def test_the_records_to_the_target_are_exact(headcount, percent):
    target = Fraction(percent)
    rule = replace(TARGET, below=target)
    least = math.ceil(target * headcount / 100)
    known = {"A": 0, "B": least // 2, "C": least - 1, "D": least}
    rows = [row(number, headcount, code=code) for code, number in known.items()]
    needed = found(*rows, rule=rule)["records_to_target"].tolist()
    assert needed == [least, least - least // 2, 1]


def test_the_check_sees_the_rate_unrounded():
    # 94.96% is shown as 95.0, and is not 95%.
    assert found(row(1884, 1984))["value"].tolist() == [95.0]


def test_an_alert_of_chance_says_how_many_were_tested():
    rule = next(rule for rule in alert_rules() if rule.code == "JOINERS_DECLARE_LESS")
    one = row(3, 9, value=0.00012345, records_to_target=6, tested=63, aim="match the staff")
    (alert,) = found(one, rule=rule).to_dict("records")
    assert alert["detail"] == (
        "3 of 9; 6 more records would match the staff; p 0.00012; 63 series were tested"
    )
    assert (alert["value"], alert["tested"], alert["is_public"]) == (0.00012, 63, False)
    assert pd.isna(alert["target"])


def test_quarters_running_counts_snapshots_in_a_row():
    below = [row(50, 100, period) for period in (QUARTERS[0], QUARTERS[1], QUARTERS[3])]
    better, other = row(98, 100, QUARTERS[2]), row(50, 100, QUARTERS[1], code="01V")
    rows = found(*below, better, other).sort_values(["organisation_code", "period_end"])
    assert rows[["organisation_code", "quarters_running"]].values.tolist() == [
        ["01T", 1], ["01T", 2], ["01T", 1], ["01V", 1],
    ]  # fmt: skip


def test_quarters_running_passes_the_turn_of_the_year():
    quarters = [*QUARTERS, date(2022, 3, 31)]
    rows = found(*(row(90 - place, 100, period) for place, period in enumerate(quarters)))
    assert rows["quarters_running"].tolist() == [1, 2, 3, 4, 5]


def test_each_part_runs_by_itself():
    parts = [row(50, 100, QUARTERS[0], part="directorate:A"), row(50, 100, QUARTERS[1], part="b:B")]
    shown = rates(row(50, 100))
    assert found(*parts, shown=shown)["quarters_running"].tolist() == [1, 1]


def test_no_alerts_make_an_empty_table_with_all_columns():
    none = found(row(100, 100))
    assert (len(none), list(none)) == (0, list(PRIVATE_ALERT))
    table = public_alerts(private_frame([]), rates(row(100, 100)))
    assert (len(table), list(table)) == (0, list(ALERT))


def test_an_alert_on_a_part_of_the_staff_is_never_published():
    assert public(row(50, 100)).shape[0] == 1
    assert public(row(50, 100, part="directorate:A"), told=[row(50, 100)]).empty


# --- what is public -------------------------------------------------------------------------

_NUMBERS = ["value", "target", "records_to_target", "quarters_running"]


def test_an_alert_on_a_shown_rate_is_published_with_its_numbers():
    alert = public(row(150, 163)).iloc[0]
    assert alert[_NUMBERS].tolist() == [92.0, 95.0, 5, 1]


def test_an_alert_on_a_hidden_rate_is_not_published_without_its_band():
    # Nine unknown of 163 are below the target; the alert alone would tell that they are nine.
    assert public(row(154, 163), hidden=[0]).empty


def test_an_alert_on_a_hidden_rate_with_a_band_has_no_numbers():
    # Thirty unknown of 270 are hidden for the sake of another count.
    table = public(row(15, 25), row(240, 270, code="01V"), hidden=[1])
    assert table["organisation_code"].tolist() == ["01T", "01V"]
    assert table.loc[1, ["value", "records_to_target"]].isna().all()
    assert table.loc[1, "message"] == "fewer than 95% of staff have a known ethnicity"


def test_another_target_is_not_told_by_the_band_at_95():
    assert public(row(240, 270), rule=replace(TARGET, below=Fraction(99)), hidden=[0]).empty


def test_published_quarters_running_count_published_alerts_alone():
    # The first quarter is hidden without a band, so the second is the first that a reader sees.
    rows = row(154, 163, QUARTERS[0]), row(140, 163, QUARTERS[1])
    assert found(*rows)["quarters_running"].tolist() == [1, 2]
    assert public(*rows, hidden=[0])["quarters_running"].tolist() == [1]


@pytest.mark.parametrize(("hidden", "published"), [((), 1), ((0,), 0), ((1,), 0), ((0, 1), 0)])
def test_a_fall_is_published_where_both_rates_are(hidden, published):
    told = row(260, 270), row(240, 270, QUARTERS[1])
    table = public(fallen(240, 270, before=260), rule=FELL, hidden=hidden, told=told)
    assert len(table) == published
    if published:
        # The rate of the quarter; the points follow from the two.
        assert table.loc[0, "value"] == 88.9
        assert table.loc[0, ["target", "records_to_target"]].isna().all()


def test_what_only_the_employer_is_told_is_never_published():
    rule = next(rule for rule in alert_rules() if rule.code == "KNOWN_TO_UNKNOWN")
    assert public(row(150, 163, value=9.0, records_to_target=9, aim=None), rule=rule).empty


def test_a_hidden_alert_silences_no_public_one():
    # Both rates of 01T are told; of 01V only that it is below 95%, and not that it is below 90%.
    low = replace(TARGET, code="DECLARATION_LOW", below=Fraction(90))
    rules = [replace(TARGET, unless=low.code), low]
    rows = row(15, 25), row(240, 270, code="01V")
    frame = pd.DataFrame(rows)
    frames = {rule.check_id: frame for rule in rules}
    names = frame[["period_end", "organisation_code"]].assign(organisation_name="NHS X")
    results = run_checks([rule.check for rule in rules], frames)
    told = alerts(rules, results, frames, names, rates(*rows, hidden=[1]))
    assert sorted(zip(told["organisation_code"], told["code"], told["is_public"], strict=True)) == [
        ("01T", "DECLARATION_LOW", True),
        ("01V", "DECLARATION_BELOW_TARGET", True),
        ("01V", "DECLARATION_LOW", False),
    ]
