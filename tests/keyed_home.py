"""A small home that holds something under each of its keys, made without a run.

Two employers, each with courses of fifty people, one of whom works for both under one number; rows
in quarantine, snapshots, a digest that was told, and a table and a view made of the landed rows.
"""

import json
import os
from datetime import date
from pathlib import Path

from pipeline.identity import Keys, load_keys
from pipeline.land import prepare
from pipeline.receive.inbox import Place
from pipeline.receive.ledger import LANDED, Ledger, Load
from pipeline.receive.snapshots import Snapshots, seal, unseal
from pipeline.settings import Home
from pipeline.store import open_private

CODES = ("01T", "01V")
PEOPLE = 50
ADDRESS = "people-team@example.org"
PERIOD = date(2022, 3, 31)


def extract(code: str) -> bytes:
    """Return the received file of an employer."""
    return f"Employee Number,Course Type of {code}\r\n".encode() * 40


def make(root: Path) -> Home:
    """Make the home and return it."""
    home = Home(root)
    keys = load_keys(home)
    with open_private(home, keys) as connection:
        ledger = Ledger(connection)
        ledger.prepare(keys)
        prepare(connection)
        for load_id, code in enumerate(CODES, start=1):
            digest = Snapshots(home.snapshots, keys).keep(extract(code))
            place = Place(PERIOD, code, "training")
            rows = (PEOPLE + 1, PEOPLE, 1, 0)
            ledger.record(Load(load_id, place, "training.csv", digest, LANDED, *rows), [])
            connection.executemany(
                "insert into landing.training values (?, ?, ?, 'MANDATORY', date '2022-02-01')",
                [[load_id, row, person(keys, row)] for row in range(1, PEOPLE + 1)],
            )
            sealed = seal(keys.sealing_key(), _quarantined(code), f"{digest}/{PEOPLE + 1}")
            connection.execute(
                "insert into ledger.quarantine values (?, ?, 'VALUE_MISSING', ?)",
                [load_id, PEOPLE + 1, sealed],
            )
        connection.execute(
            "insert into ledger.delivery values (1, '01T', ?, ?, 'subject', 'text', 'html', "
            "'sent', 1, '', timestamp '2022-04-01 06:00:00')",
            [f"email:{keys.name('channel', ADDRESS)}", "d" * 64],
        )
        connection.execute(
            "create schema core; create table core.employee as "
            "select distinct employee as person from landing.training; "
            "create view core.workforce as select person from core.employee"
        )
    return home


def person(keys: Keys, number: int) -> str:
    """Return the pseudonym of a person of either employer."""
    return keys.person("NHS", str(70_000_000 + number))


def _quarantined(code: str) -> bytes:
    return json.dumps({"row_number": PEOPLE + 1, "employee_number": f"{code}-1"}).encode()


def check(home: Home) -> None:
    """Check that everybody is known under the keys of the home, and that nothing is lost."""
    keys = load_keys(home)
    with open_private(home, keys, read_only=True) as connection:
        links = keys.links[: Ledger(connection).links_known(keys)]
        known = Keys(links[-1], keys.store, earlier_links=links[:-1])
        expected = [(person(known, row),) for row in range(1, PEOPLE + 1)]
        for load_id in (1, 2):
            landed = connection.execute(
                f"select employee from landing.training where load_id = {load_id} "
                "order by row_number"
            ).fetchall()
            assert landed == expected
        for made in ("core.employee", "core.workforce"):
            rows = connection.execute(f"select person from {made} order by person").fetchall()
            assert rows == sorted(expected)
        channel = connection.execute("select channel, digest from ledger.delivery").fetchall()
        assert channel == [(f"email:{known.name('channel', ADDRESS)}", "d" * 64)]
        snapshots = Snapshots(home.snapshots, keys)
        loads = connection.execute(
            "select organisation_code, sha256, row_number, row_sealed from ledger.load "
            "inner join ledger.quarantine on load.load_id = quarantine.load_id order by all"
        ).fetchall()
    assert [code for code, *_ in loads] == list(CODES)
    for code, digest, row_number, row_sealed in loads:
        if any(home.snapshots.rglob("*.sealed")):
            assert snapshots.content(digest) == extract(code)
        label = f"{digest}/{row_number}"
        assert _opened(keys, row_sealed, label) == _quarantined(code)


def check_under_the_newest_alone(home: Home) -> None:
    """Check that no older store key opens anything, and that nothing is left half-done."""
    check(home)
    keys = load_keys(home)
    assert keys.earlier_stores == ()
    left = [
        path.name for path in home.root.rglob("*") if path.name.endswith((".unfinished", "wal"))
    ]
    assert left == []


def _opened(keys: Keys, sealed: bytes, label: str) -> bytes:
    from pipeline.errors import ProductError

    for key in keys.sealing_keys():
        try:
            return unseal(key, sealed, label)
        except ProductError:
            continue
    raise AssertionError(f"{label} opens under no key")


def cleared_environment(**settings: str) -> dict[str, str]:
    """Return the environment of a child without the variables of this product, and with others."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("EQUALITY_")}
    return kept | settings
