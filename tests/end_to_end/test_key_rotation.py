"""Figures and who is who after a rotation, with and without the snapshots."""

import shutil
from pathlib import Path

import duckdb
import pytest
from command import equality, files, private_rows
from inbox import (
    BME,
    UNKNOWN,
    WHITE,
    application_rows,
    board_rows,
    case_rows,
    mover_rows,
    pay_rows,
    staff_row,
    staff_rows,
    training_rows,
    write_inbox,
)  # fmt: skip

from pipeline.identity import load_keys
from pipeline.land import pseudonym_columns
from pipeline.settings import Home
from pipeline.store import open_private

EARLIER, LATER = "2022-03-31", "2022-06-30"
MOVED = 3
"""Somebody who leaves one employer for the other between the two snapshots."""


def _extracts(inbox: Path, period: str) -> Path:
    staff = staff_rows({WHITE: 60, BME: 30, UNKNOWN: 20})
    stayed = [row for number, row in enumerate(staff, start=1) if number != MOVED]
    moved = staff_row(
        MOVED, employee_number="20900001", assignment_number="20900001", ethnic_origin=BME
    )
    other = staff_rows({WHITE: 40, BME: 20}, first=400)
    is_later = period == LATER
    broken = staff_row(390, fte="a few")
    write_inbox(inbox, period, "01T", "esr_staff", [*(stayed if is_later else staff), broken])
    write_inbox(inbox, period, "01V", "esr_staff", [*other, *([moved] if is_later else [])])
    write_inbox(inbox, period, "01T", "pay", pay_rows(["14.50", "17.25"] * 20, first=10))
    write_inbox(
        inbox, period, "01T", "recruitment", application_rows({(WHITE, True): 20, (BME, False): 30})
    )
    write_inbox(inbox, period, "01T", "board", board_rows({WHITE: 11, BME: 4}))
    write_inbox(
        inbox, period, "01T", "employee_relations", case_rows({"Disciplinary": 12}, first=20)
    )
    write_inbox(inbox, period, "01T", "training", training_rows({"Non-Mandatory": 30}, first=20))
    write_inbox(inbox, period, "01T", "movers", mover_rows({("Leaver", WHITE): 12}, first=20))
    return inbox


@pytest.fixture(scope="module")
def homes(module_folders):
    """Three homes of one first quarter, after the second: as it was, rotated, without snapshots."""
    folder = module_folders.mktemp("rotated")
    first = _extracts(folder / "first", EARLIER)
    second = _extracts(folder / "second", LATER)
    kept = {name: folder / name for name in ("plain", "rotated", "without snapshots")}
    ended = equality("run", "--home", kept["plain"], "--inbox", first)
    assert ended.exit_code == 0, ended.err
    shutil.copytree(kept["plain"], kept["rotated"])
    shutil.copytree(kept["plain"], kept["without snapshots"])
    shutil.rmtree(kept["without snapshots"] / "snapshots")
    for name, times in (("rotated", 2), ("without snapshots", 1)):
        for _ in range(times):
            assert equality("key", "rotate", "--home", kept[name]).exit_code == 0
    nothing_new = equality("run", "--home", kept["rotated"], "--inbox", first)
    assert nothing_new.out.startswith("Nothing new: ")
    for home in kept.values():
        ended = equality("run", "--home", home, "--inbox", second)
        assert ended.exit_code == 0, ended.err
    return kept


ROTATED = ["rotated", "without snapshots"]


@pytest.mark.slow
@pytest.mark.parametrize("name", ROTATED)
def test_figures_are_equal_byte_for_byte(homes, name):
    released = [files(homes[each] / "releases") for each in ("plain", name)]
    assert len(released[0]) == len(released[1]) > 5
    for place, content in released[0].items():
        if place.endswith(("figure.csv", "manifest.json")):
            assert released[1][place] == content, place
    tables = [_tables(homes[each]) for each in ("plain", name)]
    assert tables[0] == tables[1]


def _tables(home: Path) -> dict[str, list[tuple]]:
    with duckdb.connect(str(home / "published" / "equality.duckdb"), read_only=True) as published:
        names = published.execute("select table_name from duckdb_tables() order by all").fetchall()
        return {name: published.execute(f"from {name}").fetchall() for (name,) in names}


def _people(home: Path) -> list[tuple]:
    """Return the person and employee of every landed row, in the order of receipt."""
    return private_rows(
        home,
        "select load_id, row_number, person, employee from landing.esr_staff "
        "union all select load_id, row_number, employee, employee from landing.movers "
        "union all select load_id, row_number, employee, employee from landing.pay "
        "union all select load_id, row_number, employee, case_id from landing.employee_relations "
        "union all select load_id, row_number, employee, employee from landing.training "
        "union all select load_id, row_number, application, application from landing.recruitment "
        "union all select load_id, row_number, member, member from landing.board "
        "order by load_id, row_number",
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", ROTATED)
def test_who_is_who_is_as_without_a_rotation(homes, name):
    """One pseudonym stands for one pseudonym, in every row of either quarter."""
    plain, rotated = _people(homes["plain"]), _people(homes[name])
    assert [row[:2] for row in plain] == [row[:2] for row in rotated]
    pairs = {pair for one, other in zip(plain, rotated, strict=True)
             for pair in zip(one[2:], other[2:], strict=True)}  # fmt: skip
    assert len(pairs) == len({old for old, _ in pairs}) == len({new for _, new in pairs}) > 300
    assert not {old for old, _ in pairs} & {new for _, new in pairs}


@pytest.mark.slow
@pytest.mark.parametrize("name", ROTATED)
def test_a_person_is_recognised_across_time_and_employers(homes, name):
    keys = load_keys(Home(homes[name]))
    person = keys.person("NHS", str(70_000_000 + MOVED))
    seen = private_rows(
        homes[name],
        "select received.organisation_code, cast(received.period_end as varchar) "
        "from landing.esr_staff as staff inner join ledger.load as received "
        f"on staff.load_id = received.load_id where person = '{person}' order by all",
    )
    assert seen == [("01T", EARLIER), ("01V", LATER)]


@pytest.mark.slow
def test_a_rotated_home_is_made_anew_from_its_snapshots(homes, tmp_path):
    home = Path(shutil.copytree(homes["rotated"], tmp_path / "home"))
    (home / "private.duckdb").unlink()
    ended = equality("rebuild", "--home", home)
    assert ended.exit_code == 0, ended.err
    assert _people(home) == _people(homes["rotated"])
    assert equality("key", "rotate", "--home", home).exit_code == 0
    assert len(load_keys(Home(home)).links) == 4


def _texts(home: Path, values: str) -> dict[tuple[str, str], set[str]]:
    """Return the values of each text column of the private database, as ``values`` selects them."""
    kept = Home(home)
    with open_private(kept, load_keys(kept), read_only=True) as connection:
        columns = connection.execute(
            "select schema_name || '.' || table_name, column_name from duckdb_columns() "
            "where database_name = 'private' and data_type = 'VARCHAR' order by all"
        ).fetchall()
        return {
            (table, column): {
                value
                for (value,) in connection.execute(
                    f'select distinct "{column}" from {table} {values.format(column=column)}'
                ).fetchall()
            }
            for table, column in columns
        }


@pytest.mark.slow
def test_no_pseudonym_of_the_older_key_is_left_in_any_table(homes):
    before = {value for row in _people(homes["plain"]) for value in row[2:]}
    texts = _texts(homes["rotated"], "")
    assert len(texts) > 100
    assert {place: values & before for place, values in texts.items() if values & before} == {}


@pytest.mark.slow
def test_the_tables_that_hold_pseudonyms_are_those_that_declare_them(demo_home):
    """Sixty-four hexadecimal digits stand in declared columns, and elsewhere only as hashes."""
    hashes = {
        ("ledger.load", "sha256"), ("ledger.release", "fingerprint"),
        ("ledger.release_hash", "sums_sha256"), ("ledger.about", "value"),
    }  # fmt: skip
    texts = _texts(demo_home, "where regexp_full_match(\"{column}\", '[0-9a-f]{{64}}')")
    found = {place for place, values in texts.items() if values}
    assert {column for _, column in found - hashes} == pseudonym_columns()
