"""Declaration rates, their alerts, and what may be published of both."""

import math
from datetime import date
from fractions import Fraction

import pandas as pd
import pytest
from cells import policy

from pipeline.publish.tables import alert_table
from pipeline.quality.checks import DECLARATION
from pipeline.quality.declaration import (
    ALERT,
    AlertRule,
    alert_rules,
    alerts,
    declaration_rates,
    published_rates,
    rule_frame,
    with_quarters_running,
)
from pipeline.quality.gate import CheckResult

QUARTERS = [date(2021, 3, 31), date(2021, 6, 30), date(2021, 9, 30), date(2021, 12, 31)]
RULE = AlertRule("LOW", "warning", "ethnicity", Fraction(95), "too few are known")


def figure(known, headcount, period=QUARTERS[0], code="01T", **columns):
    return {
        "period_end": period,
        "level": "employer",
        "organisation_code": code,
        "organisation_name": f"NHS {code}",
        "standard": "DECLARATION",
        "indicator": "ethnicity",
        "group_code": "KNOWN",
        "numerator": known,
        "denominator": headcount,
        "value": round(100 * known / headcount, 1) if headcount else None,
        "status": "ok" if headcount else "not_applicable",
    } | columns


def frame(*figures):
    return pd.DataFrame(figures).astype({"numerator": "Int64", "denominator": "Int64"})


def missing():
    return pd.DataFrame(columns=list(ALERT))


def published(figures, hidden=()):
    """Return ``figures`` as published: count and value of the rows in ``hidden`` are not told."""
    shown = figures.copy()
    shown.loc[list(hidden), ["numerator", "value"]] = [pd.NA, None]
    return shown


def found(figures, rule=RULE):
    """Return the alerts of one rule, with the rows that are below its target found here."""
    rates = declaration_rates(figures)
    rows = rule_frame(rates, rule)
    below = tuple(int(n) for n in rows.index[rows["value"] < float(rule.target_percent)])
    result = CheckResult(rule.check, not below, len(rows), below)
    return alerts([rule], [result], rates)


# --- rates ----------------------------------------------------------------------------------


def test_a_rate_is_the_known_of_all_staff():
    rates = declaration_rates(frame(figure(155, 163), figure(160, 163, indicator="sex")))
    assert rates[["characteristic", "known", "headcount", "rate", "status"]].values.tolist() == [
        ["ethnicity", 155, 163, 95.1, "ok"],
        ["sex", 160, 163, 98.2, "ok"],
    ]


@pytest.mark.parametrize(
    ("known", "headcount", "band"),
    [(95, 100, "95% or more"), (94, 100, "below 95%"), (155, 163, "95% or more"),
     (154, 163, "below 95%"), (0, 5, "below 95%"), (19, 20, "95% or more")],
)  # fmt: skip
def test_the_band_is_decided_on_the_counts_not_on_the_rounded_rate(known, headcount, band):
    # 94.96% reads 95.0 and is below.
    assert declaration_rates(frame(figure(known, headcount)))["band"].tolist() == [band]
    assert declaration_rates(frame(figure(1884, 1984)))["band"].tolist() == ["below 95%"]


def test_only_known_rows_with_a_value_are_rates():
    others = [
        figure(5, 163) | {"group_code": "UNKNOWN"},
        figure(5, 163) | {"standard": "PSED"},
        figure(0, 0, code="01V"),
        figure(0, 0, code="01X") | {"status": "missing_source"},
    ]
    rates = declaration_rates(frame(figure(155, 163), *others))
    assert rates["organisation_code"].tolist() == ["01T"]


# --- alerts ---------------------------------------------------------------------------------


def test_the_rules_that_ship_are_on_rates_and_never_critical():
    for rule in alert_rules():
        assert 0 < rule.target_percent <= 100
        assert (rule.check.suite, rule.check.severity) == (DECLARATION, "warning")
    checks = [rule.check.check_id for rule in alert_rules()]
    assert len(checks) == len(set(checks))
    wanted = [rule for rule in alert_rules() if rule.characteristic == "ethnicity"]
    assert [rule.target_percent for rule in wanted] == [95]


def test_an_alert_says_how_far_it_is_to_the_target():
    row = found(frame(figure(150, 163))).to_dict("records")[0]
    assert row == {
        "organisation_code": "01T",
        "organisation_name": "NHS 01T",
        "period_end": QUARTERS[0],
        "code": "LOW",
        "severity": "warning",
        "characteristic": "ethnicity",
        "message": "too few are known; 5 more records would reach the target",
        "value": 92.0,
        "target": 95.0,
        "records_to_target": 5,
        "quarters_running": 1,
        "acknowledged": False,
    }


@pytest.mark.parametrize("headcount", [1, 7, 19, 20, 100, 163, 235, 1999, 2000])
@pytest.mark.parametrize("percent", ["95", "92.5", "99.9", "100"])
def test_the_records_to_the_target_are_exact(headcount, percent):
    target = Fraction(percent)
    rule = AlertRule("LOW", "warning", "ethnicity", target, "too few are known")
    least = math.ceil(target * headcount / 100)
    for known in {0, least // 2, least - 1}:
        needed = found(frame(figure(known, headcount)), rule)["records_to_target"].tolist()
        assert needed == [least - known]
        assert Fraction(known + needed[0], headcount) >= target / 100
        assert Fraction(known + needed[0] - 1, headcount) < target / 100


def test_employers_are_asked_and_their_icb_is_not():
    rows = frame(figure(50, 100), figure(500, 1000, code="QYG", level="icb"))
    assert found(rows)["organisation_code"].tolist() == ["01T"]


def test_a_rule_looks_at_its_own_characteristic_alone():
    rows = frame(figure(50, 100), figure(40, 100, indicator="religion"))
    assert found(rows)["value"].tolist() == [50.0]


def test_the_check_sees_the_rate_unrounded():
    # 94.96% is shown as 95.0, and is not 95%.
    rates = declaration_rates(frame(figure(1884, 1984)))
    assert rates["rate"].tolist() == [95.0]
    assert rule_frame(rates, RULE)["value"].tolist() == [pytest.approx(94.9596774)]


def test_quarters_running_counts_snapshots_in_a_row():
    below = [figure(50, 100, period) for period in (QUARTERS[0], QUARTERS[1], QUARTERS[3])]
    better = figure(98, 100, QUARTERS[2])
    other = figure(50, 100, QUARTERS[1], code="01V")
    rows = found(frame(*below, better, other)).sort_values(["organisation_code", "period_end"])
    assert rows[["organisation_code", "quarters_running"]].values.tolist() == [
        ["01T", 1], ["01T", 2], ["01T", 1], ["01V", 1],
    ]  # fmt: skip


def test_quarters_running_passes_the_turn_of_the_year_and_ignores_the_count_in_the_message():
    quarters = [*QUARTERS, date(2022, 3, 31)]
    rows = found(frame(*(figure(90 - place, 100, period) for place, period in enumerate(quarters))))
    assert rows["quarters_running"].tolist() == [1, 2, 3, 4, 5]


def test_no_alerts_make_an_empty_table_with_all_columns():
    rows = found(frame(figure(100, 100)))
    assert (len(rows), list(rows)) == (0, list(ALERT))
    table = alert_table(rows, published_rates_of([(100, 100)]), with_quarters_running(missing()))
    assert (len(table), list(table)) == (0, list(ALERT))


# --- what is published of them --------------------------------------------------------------


def published_rates_of(counts, hidden=()):
    figures = frame(
        *(figure(known, all_, code=f"C{place}") for place, (known, all_) in enumerate(counts))
    )
    return published_rates(declaration_rates(figures), published(figures, hidden), policy())


def test_shown_rates_are_published_with_their_band():
    rates = published_rates_of([(150, 163), (163, 163)])
    assert rates[["known", "headcount", "rate", "band", "status"]].values.tolist() == [
        [150, 163, 92.0, "below 95%", "ok"],
        [163, 163, 100.0, "95% or more", "ok"],
    ]


def test_of_hidden_rates_at_most_the_band_is_told():
    row = published_rates_of([(265, 270)], hidden=[0]).iloc[0]
    assert pd.isna(row["known"])
    assert pd.isna(row["rate"])
    assert row[["headcount", "band", "status"]].tolist() == [270, "95% or more", "suppressed"]


def test_the_band_or_its_absence_leaves_enough_small_counts():
    # 163 staff: 1 to 8 unknown are 95% or more, 9 are below. Told only where the count is not 9,
    # the missing band would say that it is.
    counts = [
        (headcount - unknown, headcount)
        for headcount in range(10, 420)
        for unknown in range(1, policy().threshold)
    ]
    rates = published_rates_of(counts, hidden=range(len(counts)))
    answers = rates.assign(band=rates["band"].fillna("nothing")).groupby(["headcount", "band"])
    assert answers.size().min() >= policy().minimum_band_candidates


def test_many_staff_have_a_band_whatever_the_small_count():
    rates = published_rates_of([(171, 180), (179, 180)], hidden=[0, 1])
    assert rates["band"].tolist() == ["95% or more"] * 2


def test_a_band_is_not_told_where_the_headcount_is_hidden():
    figures = frame(figure(265, 270))
    shown = published(figures, [0])
    shown["denominator"] = pd.array([pd.NA], dtype="Int64")
    row = published_rates(declaration_rates(figures), shown, policy()).iloc[0]
    assert row[["known", "headcount", "rate", "band"]].isna().all()
    assert row["status"] == "suppressed"


def published_alerts(figures, hidden=()):
    rates = published_rates(declaration_rates(figures), published(figures, hidden), policy())
    return alert_table(found(figures), rates, with_quarters_running(missing()))


def test_an_alert_on_a_shown_rate_is_published_with_its_numbers():
    row = published_alerts(frame(figure(150, 163))).iloc[0]
    told = ["message", "value", "target", "records_to_target", "quarters_running"]
    assert row[told].tolist() == ["too few are known", 92.0, 95.0, 5, 1]


def test_an_alert_on_a_hidden_rate_is_not_published_without_its_band():
    # Nine unknown of 163 are below the target; the alert alone would tell that they are nine.
    assert len(published_alerts(frame(figure(154, 163)), hidden=[0])) == 0


def test_an_alert_on_a_hidden_rate_with_a_band_has_no_numbers():
    # Thirty unknown of 270 are hidden for the sake of another count.
    figures = frame(figure(7, 12), figure(240, 270, code="01V"))
    rows = published_alerts(figures, hidden=[1])
    assert rows["organisation_code"].tolist() == ["01T", "01V"]
    assert rows.loc[1, ["value", "records_to_target"]].isna().all()
    assert rows.loc[1, "message"] == "too few are known"


def test_another_target_is_not_told_by_the_band_at_95():
    rule = AlertRule("LOW", "warning", "ethnicity", Fraction(99), "too few are known")
    figures = frame(figure(240, 270))
    rates = published_rates(declaration_rates(figures), published(figures, [0]), policy())
    table = alert_table(found(figures, rule), rates, with_quarters_running(missing()))
    assert len(table) == 0


def test_published_quarters_running_count_published_alerts_alone():
    # The first quarter is hidden without a band, so the second is the first that a reader sees.
    figures = frame(figure(154, 163, QUARTERS[0]), figure(140, 163, QUARTERS[1]))
    assert found(figures)["quarters_running"].tolist() == [1, 2]
    assert published_alerts(figures, hidden=[0])["quarters_running"].tolist() == [1]
