"""Every check of the gate is seen to fail on figures made wrong, and to pass on right ones."""

import os
import socket
from dataclasses import replace
from datetime import date, timedelta

import duckdb
import pandas as pd
import pytest
from cells import ICB, PERIOD, figure, frame, members, policy

from pipeline import companion
from pipeline.assess.columns import COUNTS
from pipeline.assess.rounding import percent, round_half_away
from pipeline.errors import ProductError
from pipeline.protect.figures import protect
from pipeline.quality import chance
from pipeline.quality.checks import DECLARATION, RELEASE, Check, figure_checks
from pipeline.quality.frames import check_frames, checked_tables
from pipeline.quality.gate import CheckResult, run_checks, stop_reasons
from pipeline.quality.rules import alert_rules
from pipeline.registry import load_registry
from pipeline.resources import WAREHOUSE

EMPLOYERS = {"01T": (120, 30, 13), "01V": (60, 25, 15)}
POOLED = {ICB: (180, 55, 28)}
FIFTEEN_JOINERS = ("binomial", 9, 15, 150, 160)
GROUPS = ("WHITE", "BME", "UNKNOWN")
REGISTERED = {
    ("PSED", "ethnicity"): ("share", "headcount"),
    ("DECLARATION", "ethnicity"): ("share",),
    ("WRES", "1"): ("share",),
    ("CENSUS", "ethnicity"): ("ratio",),
}


def row(code, key, numerator, denominator=None):
    names = dict(zip(("standard", "indicator", "part", "measure", "group_code"), key, strict=True))
    people = {"numerator": numerator}
    if denominator:
        people["denominator"] = denominator
    value = 50.0
    if names["measure"] == "share":
        value = round_half_away(percent(numerator[1], denominator[1]), 1)
    return figure(code, value, **people) | names


def rows_of(code, white, bme, unknown):
    """Return the figures of one organisation: profile, declaration, pay rows and a ratio."""
    everybody = ("workforce/all//ALL", white + bme + unknown)
    known = ("workforce/all/ethnicity/KNOWN", white + bme)
    groups = dict(zip(GROUPS, (white, bme, unknown), strict=True))
    named = {name: (f"workforce/all/ethnicity/{name}", number) for name, number in groups.items()}
    yield row(code, ("PSED", "ethnicity", "all", "headcount", "ALL"), everybody)
    for name, people in named.items():
        yield row(code, ("PSED", "ethnicity", "all", "share", name), people, everybody)
        for part in ("all", "non_clinical:all", "non_clinical:5"):
            own = [(p.replace("/all/", f"/{part}/", 1), n) for p, n in (people, everybody)]
            yield row(code, ("WRES", "1", part, "share", name), *own)
    key = ("DECLARATION", "ethnicity", "all", "share")
    yield row(code, (*key, "KNOWN"), known, everybody)
    yield row(code, (*key, "UNKNOWN"), named["UNKNOWN"], everybody)
    yield row(code, ("CENSUS", "ethnicity", "boundary", "ratio", "BME"), named["BME"], known)


@pytest.fixture(scope="module")
def connection():
    """Return a database with the few tables that the checks read beside the figures."""
    connection = duckdb.connect()
    codes = [*EMPLOYERS, *POOLED]
    levels = {code: "icb" if code == ICB else "employer" for code in codes}
    tables = {
        "coverage": [(PERIOD, levels[code], code, "esr_staff", True) for code in codes],
        "membership": [(PERIOD, "employer", code, code) for code in EMPLOYERS]
        + [(PERIOD, "icb", ICB, code) for code in EMPLOYERS],
        "population": [(code, "ethnicity") for code in codes],
    }
    columns = {
        "coverage": "period_end date, level text, organisation_code text, source text, "
        "is_sent boolean",
        "membership": "period_end date, level text, organisation_code text, employer_code text",
        "population": "organisation_code text, characteristic text",
    }
    connection.execute("create schema core")
    for name, rows in tables.items():
        connection.execute(f"create table core.{name} ({columns[name]})")
        places = ", ".join("?" * len(rows[0]))
        connection.executemany(f"insert into core.{name} values ({places})", rows)
    return connection


@pytest.fixture
def figures():
    """Return figures that agree with each other, with their true counts and as published."""
    made = [r for code, counts in (EMPLOYERS | POOLED).items() for r in rows_of(code, *counts)]
    decided, published = protect(frame(made), members(EMPLOYERS | POOLED), policy())
    assert published["status"].eq("ok").all()
    return decided, published


FIGURE_CHECKS = figure_checks()
# One of each; that a standard is looked at alone has a test of its own.
CHECKS = {check.check_id: replace(check, is_of_standard=False) for check in FIGURE_CHECKS}


def frame_of(check_id, connection, *figures, **registered):
    """Return what one check looks at."""
    return frames(connection, *figures, checks=[CHECKS[check_id]], **registered)[check_id]


def frames(connection, *figures, checks=FIGURE_CHECKS, census_since=None, needs=("esr_staff",)):
    """Return the frames of the checks where a few measures of the registry are all there is."""
    registry = [
        replace(
            entry,
            measures={name: entry.measures[name] for name in REGISTERED[key]},
            needs=needs,
            valid_from=(entry.standard == "CENSUS" and census_since) or entry.valid_from,
        )
        for entry in load_registry()
        if (key := (entry.standard, entry.indicator)) in REGISTERED
    ]
    return check_frames(connection, checked_tables(*figures, registry, policy()), checks)


def outcome(check, its_frame):
    (result,) = run_checks([check], {check.check_id: its_frame})
    return result


def places(table, standard, code="01T", **key):
    """Return which rows of ``table`` are figures of one standard and organisation."""
    chosen = table["standard"].eq(standard) & table["organisation_code"].eq(code)
    for name, value in key.items():
        chosen &= table[name].eq(value)
    assert chosen.any()
    return chosen


def add(table, chosen, number=1, column="numerator"):
    table.loc[chosen, column] += number


def put(table, chosen, column, value):
    table.loc[chosen, column] = value


def put_people(table, chosen, count, number):
    put(table, chosen, count, number)
    put(table, chosen, f"{count}_people", "workforce/all/ethnicity/BME")


def compare(table, measure, value, other=25):
    """Make one figure a comparison of 30 of 163 with some of 166."""
    chosen = places(table, "PSED", **ONE_SHARE)
    put(table, chosen, "measure", measure)
    put(table, chosen, "comparator_numerator", other)
    put(table, chosen, "comparator_denominator", 166)
    put(table, chosen, "value", value)


def drop(table, chosen):
    return table[~chosen]


ONE_SHARE = {"measure": "share", "group_code": "BME", "part": "all"}
# For each check what makes it fail. Each is given the true figures and the published ones and
# changes them, or returns other true figures.
WRONG = {
    "share_in_range": {
        "above 100": lambda d, p: put(d, places(d, "PSED", **ONE_SHARE), "value", 100.1),
        "below 0": lambda d, p: put(d, places(d, "PSED", **ONE_SHARE), "value", -0.1),
    },
    "groups_add_up": {
        "one too many": lambda d, p: add(d, places(d, "PSED", **ONE_SHARE)),
        "one too few": lambda d, p: add(d, places(d, "WRES", **ONE_SHARE), -1),
        "a group missing": lambda d, p: drop(d, places(d, "PSED", **ONE_SHARE)),
        "two bases": lambda d, p: add(d, places(d, "PSED", **ONE_SHARE), 9, "denominator"),
        "of the icb": lambda d, p: add(d, places(d, "PSED", ICB, **ONE_SHARE)),
    },
    "same_workforce_everywhere": {
        "another base of WRES": lambda d, p: add(
            d, places(d, "WRES", part="all"), 16, "denominator"
        ),
        "another base of a characteristic": lambda d, p: add(
            d, places(d, "DECLARATION"), 16, "denominator"
        ),
    },
    "pay_rows_add_up": {
        "a person in no row": lambda d, p: add(
            d, places(d, "WRES", part="non_clinical:5", group_code="BME"), -1
        ),
        "a row missing": lambda d, p: drop(d, places(d, "WRES", part="non_clinical:5")),
    },
    "measures_present": {
        "a measure missing": lambda d, p: drop(d, places(d, "CENSUS")),
        "an organisation missing": lambda d, p: drop(d, d["organisation_code"].eq("01V")),
        "said to be missing": lambda d, p: put(d, places(d, "CENSUS"), "reason", "MISSING_SOURCE"),
    },
    "only_registered": {
        "a group that no registry names": lambda d, p: put(
            d, places(d, "PSED", **ONE_SHARE), "group_code", "GREEN"
        ),
        "a measure that no registry names": lambda d, p: put(
            d, places(d, "WRES", **ONE_SHARE), "measure", "ratio"
        ),
        "a snapshot before the definition": lambda d, p: put(
            d, places(d, "CENSUS"), "period_end", date(1999, 12, 31)
        ),
    },
    "decimals_as_registered": {
        "a second decimal": lambda d, p: put(d, places(d, "PSED", **ONE_SHARE), "value", 12.25),
        "part of a person": lambda d, p: put(
            d, places(d, "PSED", measure="headcount"), "value", 12.5
        ),
    },
    "status_fits_value": {
        "ok without a value": lambda d, p: put(d, places(d, "WRES", **ONE_SHARE), "value", None),
        "ok with a reason": lambda d, p: put(d, places(d, "CENSUS"), "reason", "NO_EVENTS"),
        "not applicable with a value": lambda d, p: put(
            d, places(d, "CENSUS"), "status", "not_applicable"
        ),
    },
    "interval_holds_value": {
        "below": lambda d, p: put(d, places(d, "CENSUS"), "ci_low", 50.1),
        "above": lambda d, p: put(d, places(d, "CENSUS"), "ci_high", 49.9),
        "with one end": lambda d, p: put(d, places(d, "CENSUS"), "ci_high", None),
        "of nothing": lambda d, p: put(d, places(d, "CENSUS"), "value", None),
    },
    "direction_is_supported": {
        "by a high p-value": lambda d, p: claim(d, p_value=0.051),
        "without a p-value": lambda d, p: claim(d, p_value=None),
        "with parity in the interval": lambda d, p: claim(d, ci_low=0.9),
        "without an interval": lambda d, p: claim(d, ci_low=None),
    },
    "people_counted_alike": {
        "another headcount in one standard": lambda d, p: add(
            d, places(d, "WRES", part="all"), 16, "denominator"
        ),
        "another number of the known": lambda d, p: add(d, places(d, "CENSUS"), 1, "denominator"),
    },
    "percent_and_count": {
        "a tenth too many": lambda d, p: put(d, places(d, "PSED", **ONE_SHARE), "value", 18.5),
        "a count of another base": lambda d, p: add(d, places(d, "WRES", **ONE_SHARE), -1),
    },
    "count_above_base": {
        "more than there are": lambda d, p: put(
            d, places(d, "PSED", **ONE_SHARE), "numerator", 164
        ),
        "somebody of nobody": lambda d, p: put(d, places(d, "PSED", **ONE_SHARE), "denominator", 0),
    },
    "shares_add_up": {
        "a whole percentage too many": lambda d, p: put(
            d, places(d, "PSED", **ONE_SHARE), "value", 19.4
        ),
        "a group twice": lambda d, p: pd.concat([d, d[places(d, "PSED", **ONE_SHARE)]]),
    },
    "combined_within_parts": {
        "more than every band": lambda d, p: put(
            d, places(d, "WRES", part="non_clinical:all", group_code="BME"), "value", 18.6
        ),
        "less than every band": lambda d, p: put(
            d, places(d, "WRES", part="non_clinical:5", group_code="WHITE"), "value", 74.0
        ),
    },
    "ratio_recomputed": {
        "a hundredth too few": lambda d, p: compare(d, "relative_likelihood", 1.21),
        "the other way round": lambda d, p: compare(d, "relative_likelihood", 0.82),
        "of nothing": lambda d, p: compare(d, "relative_likelihood", 1.22, other=0),
    },
    "difference_recomputed": {
        "a tenth too few": lambda d, p: compare(d, "difference_pp", 3.2),
        "with the other sign": lambda d, p: compare(d, "difference_pp", -3.3),
    },
    "period_format": {
        "a day too early": lambda d, p: put(
            d, places(d, "CENSUS") | places(d, "PSED"), "period_end", date(2022, 3, 30)
        ),
        "a month that ends no quarter": lambda d, p: put(
            d, places(d, "PSED"), "period_end", date(2022, 4, 30)
        ),
    },
    "pooled_at_most_sum": {
        "more people than all employers have": lambda d, p: put(
            d, places(d, "PSED", ICB, measure="headcount"), "numerator", 264
        ),
    },
    "no_small_count_published": {
        f"{number} as {count}": lambda d, p, count=count, number=number: put_people(
            p, places(p, "CENSUS"), count, number
        )
        for count in COUNTS
        for number in (1, 9)
    },
    "hidden_means_hidden": {
        f"a {column}": lambda d, p, column=column, value=value: suppress(p, column, value)
        for column, value in {
            "value": 12.5,
            "ci_low": 1.0,
            "ci_high": 99.0,
            "p_value": 0.04,
            "direction": "adverse",
            "reason": "NO_EVENTS",
        }.items()
    }
    | {
        "no reason": lambda d, p: suppress(p, "reason", None),
        "a value without its count": lambda d, p: put(p, places(p, "CENSUS"), "numerator", pd.NA),
        "a value without its base": lambda d, p: put(p, places(p, "PSED"), "denominator", pd.NA),
        "a status that forgets": lambda d, p: put(p, places(p, "PSED"), "disclosure", "SUPPRESSED"),
    },
}


def claim(decided, **wrong):
    """Call one ratio adverse with numbers that support it, but for those that are wrong."""
    right = {"value": 50.0, "ci_low": 1.1, "ci_high": 60.0, "p_value": 0.05, "direction": "adverse"}
    for name, number in (right | wrong).items():
        put(decided, places(decided, "CENSUS"), name, number)


def suppress(published, column, value):
    """Hide one figure as the product does, and then tell something of it."""
    chosen = places(published, "CENSUS")
    for name in ("value", "ci_low", "ci_high", "p_value", "direction", "numerator"):
        put(published, chosen, name, None)
    put(published, chosen, "status", "suppressed")
    put(published, chosen, "disclosure", "SUPPRESSED")
    put(published, chosen, "reason", "SUPPRESSED")
    put(published, chosen, column, value)


def test_every_registered_check_is_made_to_fail_here():
    # What the attack finds is no fault of the figures, and has a test of its own below.
    assert set(WRONG) | {"attack"} == set(CHECKS)


def test_every_registered_check_has_its_query_and_every_query_its_check():
    queries = {path.stem for path in (WAREHOUSE / "checks").glob("*.sql")}
    detectors = {path.stem for path in (WAREHOUSE / "audit").glob("*.sql")}
    assert not queries & detectors
    assert queries | (detectors & set(CHECKS)) == set(CHECKS)
    assert all(check.severity == "critical" for check in FIGURE_CHECKS)


def test_every_standard_of_the_registry_has_a_suite():
    standards = {entry.standard for entry in load_registry()}
    suites = {check.suite for check in FIGURE_CHECKS}
    assert suites == standards | {RELEASE}
    named = [(check.suite, check.check_id) for check in FIGURE_CHECKS]
    assert len(named) == len(set(named))
    of_actions = {check.check_id for check in FIGURE_CHECKS if check.suite == "ACTIONS"}
    # Its counts are no shares and its changes claim no direction.
    assert of_actions.isdisjoint({"groups_add_up", "share_in_range", "direction_is_supported"})
    assert {"measures_present", "only_registered", "hidden_means_hidden"} <= of_actions


def test_right_figures_pass_every_check(connection, figures):
    made = frames(connection, *figures)
    # What has no claimed direction has claimed ones of its own here.
    claim(figures[0])
    made["direction_is_supported"] = frame_of("direction_is_supported", connection, *figures)
    results = run_checks(FIGURE_CHECKS, made)
    assert [result.check for result in results] == list(FIGURE_CHECKS)
    assert [r.check for r in results if not r.passed or r.rows_failing] == []
    looked_at = {result.check.check_id for result in results if result.rows}
    of_none = {check.check_id for check in FIGURE_CHECKS if check.expectation == "none"}
    assert looked_at == set(CHECKS) - of_none
    assert stop_reasons(FIGURE_CHECKS, results) == []


def test_a_standard_is_checked_by_its_own_rows(connection, figures):
    decided, published = figures
    WRONG["groups_add_up"]["one too few"](decided, published)
    made = frames(connection, decided, published)
    add_up = [check for check in FIGURE_CHECKS if check.check_id == "groups_add_up"]
    results = run_checks(add_up, made)
    assert [result.check.suite for result in results if not result.passed] == ["WRES"]
    (wres,) = [result for result in results if not result.passed]
    assert (wres.rows, wres.rows_failing) == (9, 1)  # three parts of three organisations
    (reason,) = stop_reasons(add_up, results)
    assert reason.startswith("WRES groups_add_up failed in 1 of 9 rows")


@pytest.mark.parametrize(
    ("check_id", "wrong"), [(check_id, name) for check_id, cases in WRONG.items() for name in cases]
)
def test_a_check_fails_on_wrong_figures(connection, figures, check_id, wrong):
    decided, published = figures
    other = WRONG[check_id][wrong](decided, published)
    decided = decided if other is None else other
    result = outcome(CHECKS[check_id], frame_of(check_id, connection, decided, published))
    assert not result.passed
    (reason,) = stop_reasons([CHECKS[check_id]], [result])
    assert f" {check_id} failed in " in reason
    assert CHECKS[check_id].description in reason


def test_each_count_that_the_attack_works_out_fails_the_check_of_the_attack(connection, figures):
    names = ["2022-03-31 employer 01T workforce/all/ethnicity/BME (interval)"]
    tables = checked_tables(*figures, load_registry(), policy(), names)
    made = check_frames(connection, tables, [CHECKS["attack"]])
    result = outcome(CHECKS["attack"], made["attack"])
    assert (result.passed, result.rows_failing) == (False, 1)
    (reason,) = stop_reasons([CHECKS["attack"]], [result])
    assert reason.startswith("release attack failed in 1 of 1 rows (No hidden count can be worked")


def test_figures_that_are_missing_for_a_reason_do_not_fail(connection, figures):
    # An employer without an extract has rows without counts; the ICB has none here at all.
    made = [table[table["organisation_code"].ne(ICB)].copy() for table in figures]
    for table in made:
        gone = table["organisation_code"].eq("01V")
        put(table, gone, [*COUNTS], pd.NA)
        put(table, gone, ["value", "ci_low", "ci_high", "p_value", "direction"], None)
        put(table, gone, "status", "missing_source")
        put(table, gone, "reason", "MISSING_SOURCE")
    connection.execute("update core.coverage set is_sent = false where organisation_code <> '01T'")
    try:
        results = run_checks(FIGURE_CHECKS, frames(connection, *made))
    finally:
        connection.execute("update core.coverage set is_sent = true")
    assert {r.check.check_id: r.failing for r in results if not r.passed} == {}


def test_an_indicator_that_is_not_yet_defined_is_not_missed(connection, figures):
    decided, published = figures
    decided = drop(decided, decided["standard"].eq("CENSUS"))
    there = "measures_present"
    for since, passes in ((PERIOD, False), (PERIOD + timedelta(days=1), True)):
        its_frame = frame_of(there, connection, decided, published, census_since=since)
        assert outcome(CHECKS[there], its_frame).passed is passes


def test_an_indicator_that_lacks_one_of_its_sources_is_not_missed(connection, figures):
    decided, published = figures
    decided = drop(decided, decided["standard"].eq("CENSUS"))
    connection.execute(
        "insert into core.coverage by name "
        "select * replace ('pay' as source, false as is_sent) from core.coverage"
    )
    try:
        figures_and_needs = (connection, decided, published)
        two = {"needs": ("esr_staff", "pay")}
        assert frame_of("measures_present", *figures_and_needs, **two).empty
        connection.execute("update core.coverage set is_sent = true")
        its_frame = frame_of("measures_present", *figures_and_needs, **two)
        assert not outcome(CHECKS["measures_present"], its_frame).passed
    finally:
        connection.execute("delete from core.coverage where source = 'pay'")


def test_few_answers_to_the_survey_may_be_told_where_their_base_is_not_small(connection, figures):
    # The owner of the survey hides a result by its base and not by who answered so.
    decided, published = figures
    one = places(published, "CENSUS")
    put(published, one, "numerator", 3)
    put(published, one, "numerator_people", "survey/harassment_public/ethnicity/BME")
    put(published, one, "comparator_numerator", 4)  # residents, who are public
    query = "no_small_count_published"
    assert outcome(CHECKS[query], frame_of(query, connection, decided, published)).passed
    put(published, one, "denominator", 9)
    assert not outcome(CHECKS[query], frame_of(query, connection, decided, published)).passed


# --- alert rules ----------------------------------------------------------------------------


@pytest.mark.parametrize("rule", alert_rules(), ids=lambda rule: rule.check_id)
def test_an_alert_rule_finds_the_rows_beyond_its_limit(rule):
    limit = float(rule.limit)
    step = limit / 100
    values = pd.DataFrame({"value": [limit - step, limit, limit + step]})
    failing = (0,) if rule.reaches is None else (1, 2)
    result = outcome(rule.check, values)
    assert (result.passed, result.rows, result.failing) == (False, 3, failing)
    assert outcome(rule.check, values.drop(index=list(failing))).passed
    assert outcome(rule.check, values.iloc[:0]).passed


def test_a_warning_never_stops_a_release():
    checks = [rule.check for rule in alert_rules()]
    results = [CheckResult(check, False, 9, tuple(range(9))) for check in checks]
    assert stop_reasons(checks, results) == []


# --- what stops -----------------------------------------------------------------------------


def check(check_id="one", suite=RELEASE):
    return Check(check_id, suite, "none", "There is nothing wrong")


@pytest.mark.parametrize("suite", [RELEASE, DECLARATION, "WRES"])
def test_a_check_that_did_not_run_stops_the_release(suite):
    registered = [check("one", suite), check("two", suite)]
    reasons = stop_reasons(registered, [CheckResult(registered[0], True, 3)])
    assert reasons == [f"{suite} two did not run (There is nothing wrong)"]


def test_a_check_without_a_frame_has_no_result():
    one, two = check("one"), check("two")
    results = run_checks([one, two], {"two": pd.DataFrame({"a": []})})
    assert [result.check for result in results] == [two]


def test_every_failed_check_is_a_reason():
    registered = [check("one"), check("two"), check("three")]
    results = [
        CheckResult(registered[0], False, 7, (2, 5)),
        CheckResult(registered[1], True, 7),
        CheckResult(registered[2], False, 1),
    ]
    assert stop_reasons(registered, results) == [
        "release one failed in 2 of 7 rows (There is nothing wrong)",
        "release three failed in 1 of 1 rows (There is nothing wrong)",
    ]


def test_an_unequal_pair_with_a_missing_side_fails():
    equal = Check("one", RELEASE, "equal", "They are the same")
    pairs = pd.DataFrame({"found": [1, 2, None], "expected": [1, None, 3]}, dtype="Int64")
    assert not outcome(equal, pairs).passed
    assert outcome(equal, pairs.iloc[:1]).passed


# --- the process of its own -----------------------------------------------------------------


def test_the_process_answers_as_the_function_does(connection, figures, capfd):
    decided, published = figures
    WRONG["groups_add_up"]["one too many"](decided, published)
    made = frames(connection, decided, published)
    with companion.Companion() as gate:
        there = gate.run_checks(FIGURE_CHECKS, made)
        rules = [rule.check for rule in alert_rules()]
        values = {rule.check_id: pd.DataFrame({"value": [1.0]}) for rule in rules}
        assert [r.failing for r in gate.run_checks(rules, values)] == [
            (0,) if (rule.low or 0) > 1 or (rule.high or 2) <= 1 else () for rule in rules
        ]
        counts = pd.DataFrame([FIFTEEN_JOINERS], columns=list(chance.COUNTS))
        assert gate.p_values(counts) == chance.p_values(counts)
        # A frame that is not there is a check that did not run, not a fault.
        assert gate.run_checks(FIGURE_CHECKS, {}) == []
    assert there == run_checks(FIGURE_CHECKS, made)
    assert [r.check.check_id for r in there if not r.passed] == [
        "groups_add_up",
        "percent_and_count",
        "people_counted_alike",
    ]
    # No progress bar, no warning, nothing.
    assert capfd.readouterr() == ("", "")


def test_a_process_that_ends_early_is_an_error(monkeypatch):
    monkeypatch.setattr(companion.sys, "executable", "/bin/true")
    with companion.Companion() as gate, pytest.raises(ProductError, match="nothing is released"):
        gate.run_checks([check()], {"one": pd.DataFrame({"a": [date(2022, 3, 31)]})})


def test_nothing_is_sent_anywhere(monkeypatch):
    def refuse(*address):
        raise AssertionError(f"something connects to {address}")

    monkeypatch.delenv("GX_ANALYTICS_ENABLED", raising=False)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert outcome(check(), pd.DataFrame({"a": []})).passed
    assert os.environ["GX_ANALYTICS_ENABLED"] == "false"
