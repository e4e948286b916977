"""What the Prefect interface shows of a run: names and places, and no number of people."""

import logging
import re
from datetime import date

import pytest

from flows.shown import Progress, outcome_page
from pipeline.outcome import Outcome, Rejection
from pipeline.receive.inbox import Place
from pipeline.receive.ledger import LANDED, Load
from pipeline.schedule.decision import Decision, Verdict
from pipeline.schedule.expected import Lack, Outstanding
from pipeline.schedule.run import Looked
from pipeline.settings import load_settings

MARCH = date(2022, 3, 31)
LOAD = Load(
    1, Place(MARCH, "01T", "esr_staff"), "esr_staff.csv", "0" * 64, LANDED,
    77701, 77702, 77703, 77704,
)  # fmt: skip
MISSING = (
    Outstanding(Place(MARCH, "01V", "esr_staff"), Lack.NOT_RECEIVED),
    Outstanding(Place(MARCH, "01V", "pay"), Lack.REJECTED),
)


def decision(verdict=Verdict.WAITS):
    return Decision(verdict, MARCH, date(2022, 4, 20), (), MISSING)


@pytest.fixture
def settings(tmp_path):
    (tmp_path / "feedback").mkdir()
    return load_settings(tmp_path)


def test_who_is_missing_is_named_with_what_was_received_and_where_to_look(settings):
    rejected = (
        Rejection("2022-03-31/01V/pay.csv", ("Why",), ("2022-03-31", "01V", "pay")),
        Rejection("a name that somebody gave", ("Why",)),
    )
    outcome = Outcome(None, settings.home.feedback, loads=(LOAD,), rejections=rejected)
    page = outcome_page(settings, Looked(decision(), (outcome,)))
    assert (
        page
        == f"""# Waiting for extracts

Waiting for extracts of 31 March 2022 until 20 April 2022. Nobody is known to be expected; \
settings.toml may say.

## Missing at 31 March 2022

- NHS Southport and Formby CCG (01V): esr_staff, pay (rejected)

## Received

- 2022-03-31/01T/esr_staff

## Rejected

- 2022-03-31/01V/pay
- 1 without a place in the inbox

## Where to look

| What | Where |
| --- | --- |
| Feedback for each submitter | `{settings.home.feedback}` |
"""
    )


def test_no_number_of_rows_is_shown(settings):
    outcome = Outcome("2022-03-31-0123456789ab", settings.home.feedback, loads=(LOAD,))
    page = outcome_page(settings, Looked(decision(Verdict.DEADLINE), (outcome,)))
    assert re.findall(r"777\d\d", page) == []
    assert page.startswith("# Nothing new: release 2022-03-31-0123456789ab\n")
    assert "it runs with what came" in page


def test_a_stop_is_told_with_its_reasons_and_without_their_figures(settings):
    outcome = Outcome(
        None, settings.home.feedback, stop_reasons=("shares add to 90 in 7 of 9 rows | `x`",)
    )
    page = outcome_page(settings, Looked(None, (outcome,)))
    assert page.startswith("# The gate stopped the release; the one before stays\n")
    assert "- shares add to 90 \\| 'x'\n" in page


def test_progress_that_no_server_takes_does_not_stop_a_run(monkeypatch, caplog):
    def refuse(*_):
        raise OSError("a server's words")

    monkeypatch.setattr("flows.shown.create_progress_artifact", refuse)
    monkeypatch.setattr("flows.shown.get_run_logger", lambda: logging.getLogger("run"))
    progress = Progress()
    for stage in ("receive", "build"):
        progress.begin(stage)
    progress.end()
    assert [record.message for record in caplog.records] == ["Progress is not shown: OSError"]


def test_progress_only_grows(monkeypatch):
    shown = []

    def create(percent, *_):
        shown.append(percent)
        return "its id"

    def update(_, percent, words):
        shown.append(percent)

    monkeypatch.setattr("flows.shown.create_progress_artifact", create)
    monkeypatch.setattr("flows.shown.update_progress_artifact", update)
    progress = Progress()
    for stage in ("receive", "read", "build", "protect", "attack", "protect", "gate", "another"):
        progress.begin(stage)
    progress.end()
    assert shown == [0, 5, 30, 55, 65, 80, 100]
