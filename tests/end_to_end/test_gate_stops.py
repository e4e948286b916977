"""A run whose figures contradict each other releases nothing, and says why."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
from command import Result, equality, files, private_rows
from inbox import BME, UNKNOWN, WHITE, staff_rows, write_inbox

from pipeline import release_stages
from pipeline.quality import gate

PERIOD = "2022-03-31"
Wrong = Callable[[pd.DataFrame], None]


@dataclass(frozen=True)
class Stopped:
    """A home with one release whose next run was stopped."""

    home: Path
    before: dict[str, bytes]
    run: Result


def released(home):
    """Return every file that a reader or a filing can see."""
    return {
        f"{folder}/{name}": content
        for folder in ("published", "releases")
        for name, content in files(home / folder).items()
    }


def one_too_many(figures):
    profile = figures["standard"].eq("PSED") & figures["group_code"].eq("BME")
    figures.loc[profile, "numerator"] += 1


def run_with(home, wrong: Wrong):
    """Run with figures made wrong on their way from assessment to protection."""
    right = release_stages.assess

    def assess(*arguments):
        figures = right(*arguments)
        wrong(figures)
        return figures

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(release_stages, "assess", assess)
        return equality("run", "--home", home)


@pytest.fixture(scope="module")
def stopped(module_folders):
    home = module_folders.mktemp("stopped")
    write_inbox(home / "inbox", PERIOD, "01T", "esr_staff", staff_rows({WHITE: 60, BME: 30}))
    write_inbox(home / "inbox", PERIOD, "01V", "esr_staff", staff_rows({WHITE: 40}, first=500))
    assert equality("run", "--home", home).exit_code == 0
    before = released(home)
    later = staff_rows({WHITE: 60, BME: 30, UNKNOWN: 20})
    write_inbox(home / "inbox", PERIOD, "01T", "esr_staff", later)
    (home / "inbox" / PERIOD / "01V" / "board.csv").write_bytes(b"")
    return Stopped(home, before, run_with(home, one_too_many))


def test_the_run_says_what_contradicts_itself(stopped):
    # One more file is rejected; that the gate stopped outranks it.
    assert stopped.run.exit_code == 1
    assert stopped.run.err == ""
    assert "The gate stopped the release; the one before stays:" in stopped.run.out
    assert "groups_add_up failed in " in stopped.run.out
    assert "add up to the headcount" in stopped.run.out
    assert "01V/board.csv" in stopped.run.out
    assert "Published:" not in stopped.run.out


def test_the_last_release_stays_byte_for_byte(stopped):
    assert released(stopped.home) == stopped.before
    assert private_rows(stopped.home, "select count(*) from ledger.release") == [(1,)]


def test_what_landed_is_kept(stopped):
    rows = private_rows(
        stopped.home,
        "select rows_landed from ledger.load where status = 'landed' order by load_id",
    )
    assert rows == [(40,), (110,)]


def test_private_figures_and_alerts_answer_after_the_stop(stopped):
    shown = equality(
        "figures", "--home", stopped.home, "--unprotected", "--json", "--where",
        "standard = 'PSED' and group_code = 'BME' and part = 'all' and level = 'employer'",
    )  # fmt: skip
    assert shown.exit_code == 0
    figures = {row["organisation_code"]: row for row in json.loads(shown.out)}
    # The figures that contradict each other, for whoever looks into it.
    assert (figures["01T"]["numerator"], figures["01T"]["denominator"]) == (31, 110)

    alerts = equality("alerts", "--home", stopped.home, "--json")
    assert alerts.exit_code == 0
    (low,) = [row for row in json.loads(alerts.out) if row["code"] == "DECLARATION_BELOW_TARGET"]
    assert (low["organisation_code"], low["records_to_target"]) == ("01T", 15)

    failed = private_rows(stopped.home, "select check_id from marts.check_result where not passed")
    assert ("groups_add_up",) in failed


def test_the_published_figures_are_those_of_the_release(stopped):
    shown = equality(
        "figures", "--home", stopped.home, "--json", "--where", "measure = 'headcount'"
    )
    counts = {row["organisation_code"]: row["numerator"] for row in json.loads(shown.out)}
    assert counts["01T"] == 90


def test_the_pages_of_the_checks_say_what_failed(stopped):
    index = (stopped.home / "quality" / "index.html").read_text(encoding="utf-8")
    assert "The gate stopped this release" in index
    assert "PSED groups_add_up failed in" in index
    rows = private_rows(
        stopped.home, "select suite, count(*) from marts.check_result group by suite"
    )
    for suite, _ in rows:
        assert (stopped.home / "quality" / f"{suite.lower()}.html").exists()
    assert {"WRES", "PSED", "release", "declaration"} <= {suite for suite, _ in rows}


@pytest.mark.parametrize(
    "check_id",
    [
        "share_in_range",
        pytest.param("declaration_below_target:ethnicity", marks=pytest.mark.slow),
    ],
)
def test_a_check_that_does_not_run_stops_the_release(stopped, monkeypatch, check_id):
    right = gate.run_checks

    def without_one(*arguments):
        return [result for result in right(*arguments) if result.check.check_id != check_id]

    monkeypatch.setattr(gate, "run_checks", without_one)
    result = equality("run", "--home", stopped.home)
    assert result.exit_code == 1
    assert f"{check_id} did not run" in result.out
    assert released(stopped.home) == stopped.before


@pytest.mark.slow
def test_a_stop_in_a_new_home_leaves_nothing_to_read(tmp_path):
    write_inbox(tmp_path / "inbox", PERIOD, "01T", "esr_staff", staff_rows(40))
    assert run_with(tmp_path, one_too_many).exit_code == 1
    assert released(tmp_path) == {}
    nothing = equality("figures", "--home", tmp_path)
    assert (nothing.exit_code, nothing.out) == (2, "")
    assert "Nothing has been released yet" in nothing.err
    assert equality("figures", "--home", tmp_path, "--unprotected").exit_code == 0


@pytest.mark.slow
def test_poor_declaration_never_stops_the_others(tmp_path):
    for code, counts in {"01T": {UNKNOWN: 50}, "01V": {WHITE: 50, BME: 20}}.items():
        rows = staff_rows(counts, first=1000 if code == "01V" else 1)
        write_inbox(tmp_path / "inbox", PERIOD, code, "esr_staff", rows)
    assert equality("run", "--home", tmp_path).exit_code == 0


def test_the_next_run_with_right_figures_releases(stopped):
    """Last in this module: it moves the home on."""
    result = equality("run", "--home", stopped.home)
    assert result.exit_code == 3
    assert "Release " in result.out
    shown = equality(
        "figures", "--home", stopped.home, "--json", "--where", "measure = 'headcount'"
    )
    counts = {row["organisation_code"]: row["numerator"] for row in json.loads(shown.out)}
    assert counts["01T"] == 110
