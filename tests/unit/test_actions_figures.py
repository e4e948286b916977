"""Actions of equality plans out of an inbox: their state, and the evidence beside it.

The relative likelihoods of the case of two years are those of the WRES report 2022 of NHS
Bedfordshire, Luton and Milton Keynes, indicator 2: 2.66 and then 2.31, which is no evidence.
"""

import math
from dataclasses import replace
from datetime import date
from pathlib import Path

import counting
import pytest
from counting import Figures, figures
from inbox import (
    BME,
    UNKNOWN,
    WHITE,
    Row,
    action_row,
    application_rows,
    board_rows,
    pay_rows,
    staff_rows,
    write_inbox,
)

from pipeline.assess.change import Distance, change
from pipeline.assess.statistics import Interval
from pipeline.registry import Break, load_registry

BODY, OTHER, ICB = "01T", "01V", "QYG"
MARCH_2021, MARCH_2022, JUNE_2022 = "2021-03-31", "2022-03-31", "2022-06-30"
RESULT = ("value", "ci_low", "ci_high", "p_value", "direction", "status")


def plan(inbox: Path, rows: list[Row], period: str = MARCH_2022, code: str = BODY) -> None:
    write_inbox(inbox, period, code, "actions", rows)


def recruit(inbox: Path, period: str, white: tuple[int, int], bme: tuple[int, int]) -> None:
    """Write applications; ``white`` and ``bme`` are those appointed and those shortlisted."""
    counts = {
        (origin, is_appointed): appointed if is_appointed else shortlisted - appointed
        for origin, (appointed, shortlisted) in ((WHITE, white), (BME, bme))
        for is_appointed in (True, False)
    }
    rows = application_rows(counts | {(UNKNOWN, False): 12})
    write_inbox(inbox, period, BODY, "recruitment", rows)


def numbers(told: Figures, **key: str) -> dict[str, float]:
    rows = told.select(standard="ACTIONS", indicator="status", **key)
    return {row.key["group_code"]: row.told["value"] for row in rows}


def evidence(told: Figures, period: str = MARCH_2022, part: str = "A1") -> tuple[object, ...]:
    row = told.only(indicator="evidence", part=part, level="employer", period_end=period)
    if row["status"] != "ok":
        return row["status"], row["reason"]
    return tuple(row[name] for name in RESULT)


def test_actions_are_counted_by_standard_and_are_overdue_by_their_date(tmp_path):
    plan(
        tmp_path,
        [
            action_row("A1", "WRES", due_date="2022-03-30"),
            action_row("A2", "WRES", due_date=MARCH_2022, status="In Progress"),
            action_row("A3", "WRES", due_date="2021-01-01", status="Complete"),
            action_row("A4", "WDES", due_date="2021-01-01", status="Cancelled"),
        ],
    )
    plan(tmp_path, [action_row("A1", "WDES", due_date="2022-01-01")], code=OTHER)
    told = figures(tmp_path)
    own = {"organisation_code": BODY, "level": "employer"}
    assert numbers(told, part="all", **own) == {
        "ALL": 4, "CANCELLED": 1, "COMPLETE": 1, "OPEN": 2, "OVERDUE": 1,
    }  # fmt: skip
    assert numbers(told, part="WRES", **own)["OPEN"] == 2
    assert numbers(told, part="WDES", **own)["OVERDUE"] == 0
    assert numbers(told, part="WDES", level="icb") == {
        "ALL": 2, "CANCELLED": 1, "COMPLETE": 0, "OPEN": 1, "OVERDUE": 1,
    }  # fmt: skip


def test_a_gap_that_closed_is_told_with_its_interval(tmp_path):
    """From 4.00 to 1.14: ln 4 - ln 1.142857 = 1.25; errors 0.3240 and 0.1832, so z = 3.37."""
    recruit(tmp_path, MARCH_2021, (40, 100), (10, 100))
    recruit(tmp_path, MARCH_2022, (40, 100), (35, 100))
    for period in (MARCH_2021, MARCH_2022):
        plan(tmp_path, [action_row("A1", "WRES", indicator="Indicator 2")], period)
    told = figures(tmp_path)
    assert evidence(told) == (1.25, 0.52, 1.98, 0.001, "favourable", "ok")
    # It began at the first snapshot, at which there is nothing to compare.
    assert evidence(told, MARCH_2021) == ("not_applicable", "NO_EARLIER_FIGURE")
    icb = told.only(indicator="evidence", level="icb", period_end=MARCH_2022)
    assert icb["reason"] == "NOT_ADDITIVE"


@pytest.mark.slow
def test_a_gap_that_widened_is_adverse(tmp_path):
    recruit(tmp_path, MARCH_2021, (40, 100), (35, 100))
    recruit(tmp_path, MARCH_2022, (40, 100), (10, 100))
    for period in (MARCH_2021, MARCH_2022):
        plan(tmp_path, [action_row("A1", "WRES", indicator="2")], period)
    assert evidence(figures(tmp_path)) == (-1.25, -1.98, -0.52, 0.001, "adverse", "ok")


def test_from_2_66_to_2_31_establishes_nothing(tmp_path):
    recruit(tmp_path, MARCH_2021, (6, 22), (4, 39))
    recruit(tmp_path, MARCH_2022, (43, 185), (17, 169))
    for period in (MARCH_2021, MARCH_2022):
        plan(tmp_path, [action_row("A1", "WRES", indicator="2")], period)
    value, low, high, p_value, direction, _ = evidence(figures(tmp_path))
    # ln(2.6591 / 2.3107) = 0.14; errors 0.588 and 0.266, z = 0.22.
    assert (value, p_value, direction) == (0.14, 0.828, "cannot_tell")
    assert low < 0 < high


def test_an_action_begins_at_the_last_figure_before_its_first_update(tmp_path):
    """First sent in June with an update of April, when the figure was that of March."""
    recruit(tmp_path, MARCH_2021, (40, 100), (35, 100))
    recruit(tmp_path, MARCH_2022, (40, 100), (10, 100))
    recruit(tmp_path, JUNE_2022, (40, 100), (35, 100))
    rows = [
        action_row("A1", "WRES", indicator="2", updated="2022-04-12"),
        action_row("A2", "WRES", indicator="2"),
        action_row("A3", "WRES", indicator="2", updated="2022-03-30"),
    ]
    plan(tmp_path, rows, JUNE_2022)
    told = figures(tmp_path)
    assert evidence(told, JUNE_2022, "A1")[0] == 1.25
    assert evidence(told, JUNE_2022, "A2") == ("not_applicable", "NO_EARLIER_FIGURE")
    # On 30 March the last figure was that of March a year before: no change since.
    assert evidence(told, JUNE_2022, "A3")[0] == 0.0


@pytest.mark.slow
def test_an_action_began_before_it_named_its_indicator(tmp_path):
    """First sent in March 2021 without an indicator, and a year later with one."""
    recruit(tmp_path, MARCH_2021, (40, 100), (10, 100))
    recruit(tmp_path, MARCH_2022, (40, 100), (35, 100))
    plan(tmp_path, [action_row("A1", "WRES")], MARCH_2021)
    plan(tmp_path, [action_row("A1", "WRES", indicator="2")], MARCH_2022)
    assert evidence(figures(tmp_path))[0] == 1.25


def test_a_difference_changes_in_percentage_points(tmp_path):
    """From 25.0 points too few to 16.7: board 0 of 20 and 2 of 24 against 25 of 100."""
    for period, board in ((MARCH_2021, {WHITE: 20}), (MARCH_2022, {WHITE: 22, BME: 2})):
        write_inbox(tmp_path, period, BODY, "esr_staff", staff_rows({WHITE: 75, BME: 25}))
        write_inbox(tmp_path, period, BODY, "board", board_rows(board))
        plan(tmp_path, [action_row("A1", "WRES", indicator="9")], period)
    told = figures(tmp_path)
    value, low, high, p_value, direction, _ = evidence(told)
    assert (value, direction) == (8.3, "cannot_tell")
    gaps = [
        told.only(
            indicator="9", measure="difference_pp", part="all", level="employer", period_end=p
        )
        for p in (MARCH_2021, MARCH_2022)
    ]
    before, after = gaps
    assert (before["value"], after["value"]) == (-25.0, -16.7)
    # The two intervals, rounded, give the combined one to a decimal or so.
    down = math.hypot(before["ci_high"] - before["value"], after["value"] - after["ci_low"])
    up = math.hypot(before["value"] - before["ci_low"], after["ci_high"] - after["value"])
    assert low == pytest.approx(value - down, abs=0.15)
    assert high == pytest.approx(value + up, abs=0.15)
    assert p_value > 0.05


@pytest.mark.slow
@pytest.mark.parametrize(
    ("standard", "lower"),
    [
        ("GPG", {"gender": "Female", "ethnic_origin": WHITE}),
        ("EPG", {"gender": "Male", "ethnic_origin": BME}),
    ],
)
def test_a_pay_gap_changes_without_a_claim(tmp_path, standard, lower):
    """Twenty at 15 pounds and twenty at 12, and a year later at 14.25: 20.0%, then 5.0%."""
    staff = [*staff_rows(20, gender="Male"), *staff_rows(20, first=21, **lower)]
    for period, rate in ((MARCH_2021, "12.00"), (MARCH_2022, "14.25")):
        write_inbox(tmp_path, period, BODY, "esr_staff", staff)
        write_inbox(tmp_path, period, BODY, "pay", pay_rows(["15.00"] * 20 + [rate] * 20))
        plan(tmp_path, [action_row("A1", standard, indicator="mean_hourly")], period)
    assert evidence(figures(tmp_path)) == (15.0, None, None, None, "cannot_tell", "ok")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("standard", "indicator", "reason"),
    [
        ("WRES", "2", "NO_CURRENT_FIGURE"),
        ("WRES", "1", "NO_COMPARATOR_BASE"),
        ("WRES", "99", "NO_COMPARATOR_BASE"),
    ],
)
def test_what_cannot_be_compared_says_why(tmp_path, standard, indicator, reason):
    recruit(tmp_path, MARCH_2021, (40, 100), (10, 100))
    write_inbox(tmp_path, MARCH_2022, BODY, "esr_staff", staff_rows({WHITE: 75, BME: 25}))
    for period in (MARCH_2021, MARCH_2022):
        plan(tmp_path, [action_row("A1", standard, indicator=indicator)], period)
    assert evidence(figures(tmp_path)) == ("not_applicable", reason)


@pytest.mark.slow
def test_years_on_each_side_of_a_break_are_not_compared(tmp_path, monkeypatch):
    recruit(tmp_path, MARCH_2021, (40, 100), (10, 100))
    recruit(tmp_path, MARCH_2022, (40, 100), (35, 100))
    for period in (MARCH_2021, MARCH_2022):
        plan(tmp_path, [action_row("A1", "WRES", indicator="2")], period)
    for since, expected in (("2021-04-01", "SERIES_BREAK"), ("2021-03-31", 0.52)):
        broken = Break(date.fromisoformat(since), "another count")
        registry = [
            replace(entry, breaks=(broken,)) if (entry.standard, entry.indicator) == ("WRES", "2")
            else entry
            for entry in load_registry()
        ]  # fmt: skip
        monkeypatch.setattr(counting, "load_registry", lambda registry=registry: registry)
        assert evidence(figures(tmp_path))[1] == expected


def test_why_there_is_no_change_is_told_with_the_counts_that_tell_it(tmp_path):
    """Protection hides a reason that follows from a hidden count, so it must know of the count."""
    recruit(tmp_path, MARCH_2021, (40, 100), (0, 100))
    recruit(tmp_path, MARCH_2022, (40, 100), (35, 100))
    recruit(tmp_path, JUNE_2022, (40, 100), (0, 100))
    for period in (MARCH_2021, MARCH_2022, JUNE_2022):
        plan(tmp_path, [action_row("A1", "WRES", indicator="2")], period)
    told = figures(tmp_path)
    for period, reason, appointed in (
        (MARCH_2022, "NO_EARLIER_FIGURE", 35),
        (JUNE_2022, "NO_CURRENT_FIGURE", 0),
    ):
        row = told.only(indicator="evidence", part="A1", level="employer", period_end=period)
        assert (row["status"], row["reason"]) == ("not_applicable", reason)
        assert row["comparator_numerator"] is None
        all_of_it = told.assessed[told.assessed["period_end"].astype(str).eq(period)]
        counts = all_of_it[all_of_it["indicator"].eq("evidence")]["comparator_numerator"]
        assert appointed in counts.tolist()


@pytest.mark.slow
def test_no_events_have_no_logarithm(tmp_path):
    recruit(tmp_path, MARCH_2021, (0, 100), (10, 100))
    recruit(tmp_path, MARCH_2022, (40, 100), (35, 100))
    for period in (MARCH_2021, MARCH_2022):
        plan(tmp_path, [action_row("A1", "WRES", indicator="2")], period)
    assert evidence(figures(tmp_path)) == ("not_applicable", "NO_EVENTS")


def test_a_reference_keeps_plain_characters_only_and_stays_its_own(tmp_path):
    plan(
        tmp_path,
        [
            action_row("Objective 1,1 (a)", "WRES", indicator="2"),
            action_row("Objective 1.1", "WRES", indicator="2"),
            action_row("Objective 1;1 a", "WRES", indicator="2"),
            action_row("No indicator", "WRES"),
            action_row("/", "WRES", indicator="2"),
        ],
    )
    told = figures(tmp_path).select(indicator="evidence", level="employer")
    assert {row.key["part"] for row in told} == {
        "Objective 11 a", "Objective 1.1", "Objective 11 a__2", "action",
    }  # fmt: skip


def test_a_plan_that_names_no_indicator_has_no_evidence(tmp_path):
    plan(tmp_path, [action_row("A1", "WRES")])
    assert evidence(figures(tmp_path), part="all") == ("not_applicable", "NO_NUMERATOR_BASE")


def test_a_gap_without_an_interval_claims_nothing():
    """A pay gap of 20% that became one of 5%."""
    found = change(Distance(20.0, None, None), Distance(5.0, None, None))
    assert (found.value, found.ci_low, found.p_value) == (15.0, None, None)
    assert found.direction == "cannot_tell"


def test_a_difference_that_did_not_move_is_not_called_near_parity():
    wide = Distance(30.0, Interval(29.9, 30.1), None)
    found = change(wide, wide)
    assert (found.value, found.p_value, found.direction) == (0.0, 1.0, "cannot_tell")
