from dataclasses import replace
from datetime import date

import pytest

from pipeline.errors import UsageError
from pipeline.faults import Fault
from pipeline.identity import Keys
from pipeline.receive.inbox import Place, Stray
from pipeline.receive.ledger import EMPTY, LANDED, REJECTED, SUPERSEDED, Ledger, Load
from pipeline.settings import Home
from pipeline.store import open_private

KEYS = Keys(pseudonym=b"p" * 32, store=b"s" * 32)
PLACE = Place(date(2022, 3, 31), "01T", "esr_staff")


@pytest.fixture
def connection(tmp_path):
    with open_private(Home(tmp_path), KEYS) as opened:
        yield opened


@pytest.fixture
def ledger(connection):
    made = Ledger(connection)
    made.prepare(KEYS)
    return made


def _load(ledger, status, place=PLACE, faults=()):
    number = ledger.next_load_id()
    load = Load(number, place, "esr_staff.csv", f"{number:064x}", status, 10, 9, 1, 2)
    ledger.record(load, faults)
    return load


def _statuses(ledger):
    return [load.status for load in ledger.loads()]


def test_a_received_file_comes_back_as_recorded(ledger):
    load = _load(ledger, LANDED)
    assert ledger.loads() == [load]
    assert ledger.newest() == {PLACE: load}


@pytest.mark.parametrize("second", [LANDED, EMPTY])
@pytest.mark.parametrize("first", [LANDED, EMPTY, REJECTED])
def test_a_resubmission_supersedes_what_its_place_held(ledger, first, second):
    old = _load(ledger, first)
    new = _load(ledger, second)
    assert ledger.loads() == [replace(old, status=SUPERSEDED), new]
    assert ledger.newest() == {PLACE: new}


def test_a_rejected_resubmission_leaves_the_accepted_one_in_force(ledger):
    _load(ledger, LANDED)
    _load(ledger, REJECTED)
    assert _statuses(ledger) == [LANDED, REJECTED]
    _load(ledger, REJECTED)
    assert _statuses(ledger) == [LANDED, SUPERSEDED, REJECTED]
    _load(ledger, LANDED)
    assert _statuses(ledger) == [SUPERSEDED, SUPERSEDED, SUPERSEDED, LANDED]


@pytest.mark.parametrize(
    "other",
    [
        replace(PLACE, period_end=date(2021, 3, 31)),
        replace(PLACE, organisation_code="01V"),
        replace(PLACE, source="board"),
    ],
)
def test_other_places_are_left_alone(ledger, other):
    _load(ledger, LANDED, other)
    _load(ledger, LANDED)
    assert _statuses(ledger) == [LANDED, LANDED]


def test_faults_come_back_in_their_order(ledger):
    faults = [
        Fault("VALUE_BLANK", 7, "Gender"),
        Fault("DATE_INVALID", 3, "Date Of Birth"),
        Fault("COLUMNS_IGNORED", detail="1 in all: 'Notes'"),
    ]
    load = _load(ledger, LANDED, faults=faults)
    assert ledger.faults(load.load_id) == [faults[2], faults[1], faults[0]]
    assert ledger.faults(load.load_id + 1) == []


def test_strays_are_those_of_the_last_look(ledger):
    ledger.record_strays([Stray("a", Fault("STRAY_FILE")), Stray("a", Fault("STRAY_FILE"))])
    assert [name for name, _ in ledger.strays()] == ["a"]
    ledger.record_strays([Stray("b", Fault("PERIOD_UNKNOWN", detail="'b'"))])
    assert ledger.strays() == [("b", Fault("PERIOD_UNKNOWN", detail="'b'").message())]
    ledger.record_strays([])
    assert ledger.strays() == []


def test_releases_are_told_the_oldest_first(ledger):
    ledger.record_release("2022-03-31-b", "f1", '{"figures": 1}')
    ledger.record_release("2022-03-31-a", "f2", '{"figures": 2}')
    assert ledger.releases() == [
        {"release_id": "2022-03-31-b", "fingerprint": "f1", "manifest": {"figures": 1}},
        {"release_id": "2022-03-31-a", "fingerprint": "f2", "manifest": {"figures": 2}},
    ]


def test_what_an_earlier_version_noted_in_the_database_is_read_once(ledger, connection):
    assert ledger.trail_of_before() == []
    connection.execute(
        "create table ledger.trail as select timestamp '2022-04-01 09:30:00' as noted_at, "
        "'figures --unprotected' as action, 'all' as detail"
    )
    assert ledger.trail_of_before() == [("2022-04-01 09:30:00", "figures --unprotected", "all")]
    ledger.drop_trail_of_before()
    assert ledger.trail_of_before() == []


def test_a_home_knows_its_pseudonym_key_again_without_holding_it(ledger, connection):
    ledger.prepare(KEYS)
    other = Keys(pseudonym=b"q" * 32, store=KEYS.store)
    with pytest.raises(UsageError, match="The pseudonym key is not the one of this home") as error:
        ledger.prepare(other)
    stored = str(connection.execute("from ledger.about").fetchall())
    for key in (KEYS, other):
        assert key.pseudonym.hex() not in stored + str(error.value)
