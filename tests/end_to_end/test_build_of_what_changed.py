"""A build after a change gives what a whole build gives, in every table."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random

import duckdb
import pytest

from pipeline import build as building
from pipeline.changed import build_changed
from pipeline.errors import ProductError
from pipeline.identity import load_keys
from pipeline.models import load_models
from pipeline.settings import Home
from pipeline.store import open_private

MODELS = load_models()
TABLES = [model.name for model in MODELS]
BASE_TABLES = [model.name for model in MODELS if model.kind == "table"]
FORGET = "delete from ledger.about where name = 'built_from'"


@pytest.fixture
def home(demo_home: Path, tmp_path: Path) -> Home:
    """A copy of the demo's private database, built as the run left it."""
    copied = Home(tmp_path / "home")
    copied.root.mkdir()
    for name in ("keys", "private.duckdb"):
        of = demo_home / name
        (shutil.copytree if of.is_dir() else shutil.copy)(of, copied.root / name)
    return copied


@contextmanager
def opened(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_private(home, load_keys(home)) as connection:
        yield connection


def rows_of(connection: duckdb.DuckDBPyConnection) -> dict[str, object]:
    """Return of each table how many rows it has, and the sum of their hashes."""
    return {
        name: connection.execute(
            f"select count(*), sum(hash(own)::hugeint) from {name} as own"
        ).fetchone()
        for name in TABLES
    }


@pytest.fixture
def by_parts(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each build so far was of what changed alone."""
    told: list[bool] = []

    def noted(*arguments: object) -> bool:
        told.append(build_changed(*arguments))
        return told[-1]

    monkeypatch.setattr(building, "build_changed", noted)
    return told


def build(connection: duckdb.DuckDBPyConnection) -> None:
    building.build(connection, MODELS)


def whole(connection: duckdb.DuckDBPyConnection) -> dict[str, object]:
    """Return the rows that a whole build gives."""
    connection.execute(FORGET)
    build(connection)
    return rows_of(connection)


def some_load(connection: duckdb.DuckDBPyConnection, source: str, period_end: str) -> int:
    (load,) = connection.execute(
        "select min(load_id) from ledger.load where status = 'landed' and source = ? "
        "and period_end = cast(? as date)",
        [source, period_end],
    ).fetchone()
    return int(load)


def fewer_rows(source: str, period_end: str) -> Callable[[duckdb.DuckDBPyConnection], None]:
    def change(connection: duckdb.DuckDBPyConnection) -> None:
        load = some_load(connection, source, period_end)
        connection.execute(
            f"delete from landing.{source} where load_id = {load} and row_number % 7 = 2"
        )

    return change


def no_more(status: str, where: str) -> Callable[[duckdb.DuckDBPyConnection], None]:
    def change(connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute(f"update ledger.load set status = '{status}' where {where}")

    return change


def another_name(connection: duckdb.DuckDBPyConnection) -> None:
    """Give most staff of one employer and quarter a spelling that then names the directorate."""
    load = some_load(connection, "esr_staff", "2021-09-30")
    connection.execute(
        f"update landing.esr_staff set directorate = 'A New Name' where load_id = {load}"
    )


CHANGES = {
    "fewer staff in the first quarter": fewer_rows("esr_staff", "2021-03-31"),
    "fewer staff in the newest quarter": fewer_rows("esr_staff", "2022-03-31"),
    "fewer movers": fewer_rows("movers", "2021-03-31"),
    "fewer actions": fewer_rows("actions", "2021-03-31"),
    "fewer duties": fewer_rows("duties", "2021-03-31"),
    "no pay at all": no_more("superseded", "source = 'pay'"),
    "one extract less": no_more("superseded", "load_id = 1"),
    "a quarter less": no_more("expired", "period_end = date '2021-06-30'"),
    "the first quarter less": no_more("expired", "period_end = date '2021-03-31'"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_build_of_what_changed_gives_what_a_whole_build_gives(home, by_parts, change):
    with opened(home) as connection:
        before = rows_of(connection)
        CHANGES[change](connection)
        build(connection)
        assert by_parts == [True]
        now = rows_of(connection)
        assert now != before
        assert now == whole(connection)
        assert by_parts == [True]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_builds_of_what_changed_one_after_the_other_give_what_a_whole_build_gives(home, seed):
    choose = Random(seed)
    with opened(home) as connection:
        loads = connection.execute(
            "select load_id, source, period_end from ledger.load where status = 'landed' order by 1"
        ).fetchall()
        for _ in range(6):
            load, source, day = choose.choice(loads)
            turn = choose.randrange(4)
            if turn == 0:
                cut = f"delete from landing.{source} where load_id = {load} and row_number % 5 = 2"
                connection.execute(cut)
            elif turn == 1:
                no_more("superseded", f"load_id = {load}")(connection)
            elif turn == 2:
                no_more("expired", f"period_end = date '{day}'")(connection)
            else:
                no_more("landed", f"period_end = date '{day}' and status = 'expired'")(connection)
            build(connection)
        assert rows_of(connection) == whole(connection)


@pytest.mark.parametrize("change", [another_name, no_more("expired", "organisation_code = '01T'")])
def test_what_names_parts_in_every_quarter_has_all_built_anew(home, by_parts, change):
    with opened(home) as connection:
        change(connection)
        build(connection)
        assert by_parts == [False]
        assert rows_of(connection) == whole(connection)


def last_row(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    """Return the number of the last row: what is put in the place of others comes after all."""
    (number,) = connection.execute(f"select coalesce(max(rowid), -1) from {table}").fetchone()
    return int(number)


@pytest.mark.parametrize(
    ("source", "same", "other"),
    [
        ("eds", ("core.counted_person", "core.pay_group", "measures.board"), "core.eds_score"),
        ("pay", ("core.workforce_group", "measures.eds"), "core.pay_group"),
        ("esr_staff", ("core.appointment", "measures.eds"), "core.counted_person"),
    ],
)
def test_what_does_not_depend_on_an_extract_stays_as_it_is(home, by_parts, source, same, other):
    with opened(home) as connection:
        before = {name: last_row(connection, name) for name in (*same, other)}
        # The last load of a source, so that other rows would come after all in any case.
        fewer_rows(source, "2022-03-31")(connection)
        build(connection)
        assert by_parts == [True]
        assert {name: last_row(connection, name) for name in same} == {
            name: before[name] for name in same
        }
        assert last_row(connection, other) > before[other]


def test_nothing_new_builds_nothing(home, by_parts):
    with opened(home) as connection:
        before = {name: last_row(connection, name) for name in BASE_TABLES}
        build(connection)
        assert by_parts == [True]
        assert {name: last_row(connection, name) for name in BASE_TABLES} == before


def test_another_rule_builds_all_anew(home, by_parts, monkeypatch, tmp_path):
    reference = tmp_path / "reference"
    shutil.copytree(building.REFERENCE, reference)
    path = reference / "inclusion_rule.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(",in_if_paid,", ",out,"), encoding="utf-8")
    with opened(home) as connection:
        monkeypatch.setattr(building, "REFERENCE", reference)
        before = rows_of(connection)
        build(connection)
        assert by_parts == []
        now = rows_of(connection)
        assert now["core.relevant_employee"] != before["core.relevant_employee"]
        build(connection)
        assert by_parts == [True]
        assert rows_of(connection) == now


def test_a_database_that_lacks_a_table_is_built_whole(home, by_parts):
    with opened(home) as connection:
        before = rows_of(connection)
        connection.execute("drop table measures.flow")
        build(connection)
        assert by_parts == [False]
        assert rows_of(connection) == before


def test_a_build_that_fails_leaves_everything_as_it_was(home, by_parts, monkeypatch):
    broken = [
        replace(model, sql=f"{model.sql} and error('no') is null")
        if model.name == "measures.likelihood"
        else model
        for model in MODELS
    ]
    read = building.built.source
    with opened(home) as connection:
        before, noted = rows_of(connection), building.built.last(connection)
        fewer_rows("training", "2022-03-31")(connection)
        # By the same rules as before, though a query of theirs now fails.
        with monkeypatch.context() as patch:
            patch.setattr(building.built, "source", lambda one, _, *rest: read(one, MODELS, *rest))
            with pytest.raises(ProductError, match=r"measures\.likelihood"):
                building.build(connection, broken)
        assert by_parts == []
        assert rows_of(connection) == before
        assert building.built.last(connection) == noted
        build(connection)
        assert by_parts == [True]
        assert rows_of(connection) == whole(connection)
