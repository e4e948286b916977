"""What an ICB's figures do not cover is said."""

import json

import pytest
from command import equality
from inbox import BME, WHITE, staff_rows, write_inbox

from pipeline.resources import reference

PERIOD = "2022-03-31"


@pytest.fixture(scope="module")
def alerts(module_folders):
    home = module_folders.mktemp("coverage") / "home"
    write_inbox(home / "inbox", PERIOD, "01T", "esr_staff", staff_rows({WHITE: 60, BME: 30}))
    assert equality("run", "--home", home).exit_code == 0
    return json.loads(equality("alerts", "--home", home, "--json").out)


def test_one_ccg_is_not_the_icb(alerts):
    """Nine CCGs made up Cheshire and Merseyside, whether the home ever heard of them or not."""
    (alert,) = [
        alert
        for alert in alerts
        if alert["organisation_code"] == "QYG" and "esr_staff" in alert["message"]
    ]
    assert alert["code"] == "COVERAGE_INCOMPLETE"
    assert alert["message"].endswith("1 of 9 sent it")


def test_what_is_expected_in_march_is_missed(alerts):
    missed = {
        alert["message"]
        for alert in alerts
        if (alert["organisation_code"], alert["code"]) == ("01T", "SOURCE_MISSING")
    }
    expected = {row["source"] for row in reference("source") if row["expected_months"]}
    yearly = expected - {"esr_staff"}
    assert yearly >= {"recruitment", "board", "pay"}
    assert missed == {f"{source} was not received" for source in yearly}
