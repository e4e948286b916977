"""Late runs of a schedule: the last of a row does the work, and a slow machine still looks."""

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from flows import catch_up


def ago(long: timedelta) -> datetime:
    return datetime.now(UTC) - long


@pytest.mark.parametrize(
    ("own", "others", "gives_way"),
    [
        (timedelta(days=3), [timedelta(days=2), timedelta(days=1)], True),
        (timedelta(days=1), [timedelta(days=3)], False),
        (timedelta(days=1), [], False),
        (timedelta(minutes=3), [timedelta(minutes=2), timedelta(minutes=1)], False),
    ],
)
def test_a_late_run_gives_way_to_a_later_one_that_is_due(monkeypatch, own, others, gives_way):
    id_of_any = "00000000-0000-4000-8000-000000000000"
    runs = [SimpleNamespace(expected_start_time=ago(each)) for each in others]
    monkeypatch.setattr(catch_up, "flow_run", SimpleNamespace(scheduled_start_time=ago(own)))
    monkeypatch.setattr(catch_up, "deployment", SimpleNamespace(id=id_of_any))
    monkeypatch.setattr(catch_up, "get_client", lambda **_: nullcontext())
    monkeypatch.setattr(catch_up, "_runs", lambda *_: runs)
    assert catch_up.is_overtaken() is gives_way


def test_a_run_that_nobody_scheduled_gives_way_to_nothing():
    assert catch_up.is_overtaken() is False


def test_a_server_that_does_not_answer_is_no_reason_to_wait(monkeypatch):
    id_of_any = "00000000-0000-4000-8000-000000000000"
    began = SimpleNamespace(scheduled_start_time=ago(timedelta(days=3)))
    monkeypatch.setattr(catch_up, "flow_run", began)
    monkeypatch.setattr(catch_up, "deployment", SimpleNamespace(id=id_of_any))

    def refuse(**_):
        raise OSError("no answer")

    monkeypatch.setattr(catch_up, "get_client", refuse)
    assert catch_up.is_overtaken() is False
