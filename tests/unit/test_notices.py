"""Which alerts are told, and for how long one that was acknowledged is known."""

from datetime import date

import duckdb
import pandas as pd
import pytest
from counting import KEYS

from pipeline.alert.acknowledgements import Wanted, acknowledge, with_acknowledged, withdraw
from pipeline.alert.notices import private_notices
from pipeline.errors import UsageError
from pipeline.faults import Fault
from pipeline.quality.alerts import with_quarters_running
from pipeline.receive.inbox import Place
from pipeline.receive.ledger import Ledger, Load

QUARTERS = [
    date(2021, 3, 31), date(2021, 6, 30), date(2021, 9, 30), date(2021, 12, 31), date(2022, 3, 31)
]  # fmt: skip


def alert(quarter, code="DECLARATION_BELOW_TARGET", **changes):
    """A row of the alert frame, of the 01T at one of ``QUARTERS``."""
    row = {
        "organisation_code": "01T", "organisation_name": "NHS South Sefton CCG",
        "period_end": QUARTERS[quarter], "code": code, "severity": "warning",
        "characteristic": "ethnicity", "part": "all", "message": "few are known", "detail": "",
        "to_do": "Ask each of them.", "value": 80.0, "target": 95.0, "records_to_target": 15,
        "tested": None, "acknowledged": False, "is_public": True,
    }  # fmt: skip
    return row | changes


@pytest.fixture
def connection():
    with duckdb.connect() as opened:
        Ledger(opened).prepare(KEYS)
        opened.execute("create schema marts")
        yield opened


def keep(connection, *rows, without=()):
    """Keep alerts as a run does, and figures up to the newest quarter."""
    frame = with_quarters_running(pd.DataFrame(list(rows))).drop(columns=list(without))
    frame = with_acknowledged(connection, frame)
    connection.execute("create or replace table marts.alert as select * from frame")
    connection.execute(
        "create or replace table marts.figure as select max(period_end) as period_end from frame"
    )
    return dict(zip(frame["period_end"], frame["acknowledged"], strict=True))


def told(connection):
    return private_notices(connection, Ledger(connection))


def test_the_newest_snapshot_alone_is_told_with_what_the_frame_holds(connection):
    keep(
        connection,
        alert(3),
        alert(4),
        alert(4, "JOINERS_DECLARE_LESS", part="directorate:Finance", target=None, tested=63,
              records_to_target=None, characteristic=None),
    )  # fmt: skip
    low, joiners = sorted(told(connection), key=lambda notice: notice.code)
    assert (low.period_end, low.quarters_running) == (QUARTERS[4], 2)
    assert (low.part, low.to_do, low.target) == (None, "Ask each of them.", 95.0)
    assert (low.records_to_target, low.tested) == (15, None)
    assert (joiners.part, joiners.tested, joiners.quarters_running) == (
        "directorate:Finance", 63, 1
    )  # fmt: skip
    assert (joiners.characteristic, joiners.target, joiners.records_to_target) == (None,) * 3


def test_a_frame_without_the_later_columns_is_told_too(connection):
    numbers = "few are known; 15 more records would reach the target"
    later = ("part", "detail", "to_do", "tested", "is_public")
    keep(connection, alert(4, message=numbers), without=later)
    (notice,) = told(connection)
    assert (notice.message, notice.part, notice.to_do) == ("few are known", None, "")
    assert notice.records_to_target == 15


def test_a_file_that_is_rejected_is_told_until_it_is_mended(connection):
    keep(connection, alert(4), alert(4, "SOURCE_REJECTED", message="board was rejected"))
    ledger = Ledger(connection)
    place = Place(QUARTERS[2], "01T", "board")
    faults = [Fault("FILE_EMPTY"), Fault("FTE_INVALID", 7, "FTE", "a detail")]
    ledger.record(Load(1, place, "board.csv", "0" * 64, "rejected", 9, 0, 9, 0), faults)
    (file,) = [notice for notice in told(connection) if notice.code == "SOURCE_REJECTED"]
    assert file.message == "board of 30 September 2021 was rejected: The file is empty"
    assert (file.organisation_name, file.quarters_running) == ("NHS South Sefton CCG", 3)
    ledger.record(Load(2, place, "board.csv", "1" * 64, "landed", 9, 9, 0, 0), [])
    assert [notice.code for notice in told(connection)] == ["DECLARATION_BELOW_TARGET"]


def test_an_acknowledgement_holds_from_its_quarter_until_the_alert_breaks(connection):
    keep(connection, alert(0), alert(1))
    (subject,) = acknowledge(connection, Wanted("01T", "DECLARATION_BELOW_TARGET"), "known")
    assert subject.clause == "few are known"
    assert keep(connection, alert(0), alert(1), alert(2)) == {
        QUARTERS[0]: False, QUARTERS[1]: True, QUARTERS[2]: True,
    }  # fmt: skip
    assert [notice.is_acknowledged for notice in told(connection)] == [True]
    assert keep(connection, alert(1), alert(2), alert(4)) == {
        QUARTERS[1]: True, QUARTERS[2]: True, QUARTERS[4]: False,
    }  # fmt: skip


def test_an_acknowledgement_is_of_its_own_alert_alone(connection):
    rows = [
        alert(4),
        alert(4, characteristic="disability"),
        alert(4, part="directorate:Finance"),
        alert(4, organisation_code="01V"),
        alert(4, message="few are known in another way"),
    ]
    keep(connection, *rows)
    wanted = Wanted("01T", "DECLARATION_BELOW_TARGET", "disability")
    assert len(acknowledge(connection, wanted, "")) == 1
    flags = [notice.is_acknowledged for notice in told(connection)]
    assert sum(flags) == 1
    assert len(acknowledge(connection, Wanted("01T", "DECLARATION_BELOW_TARGET"), "")) == 4
    assert sum(notice.is_acknowledged for notice in told(connection)) == 4
    part = Wanted("01T", "DECLARATION_BELOW_TARGET", part="directorate:Finance")
    assert len(withdraw(connection, part)) == 1
    assert sum(notice.is_acknowledged for notice in told(connection)) == 3
    with pytest.raises(UsageError, match=r"no acknowledgement for .*directorate:Finance\. 01T has"):
        withdraw(connection, part)


def test_what_is_acknowledged_twice_is_kept_once(connection):
    keep(connection, alert(4))
    wanted = Wanted("01t", "declaration_below_target")
    acknowledge(connection, wanted, "first")
    acknowledge(connection, wanted, "second")
    rows = connection.execute("select part, note from ledger.acknowledgement").fetchall()
    assert rows == [(None, "second")]
