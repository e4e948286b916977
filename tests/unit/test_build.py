"""The warehouse: files in the order of their references, and clear words where they do not fit."""

import duckdb
import pytest
import sqlglot
from sqlglot import ErrorLevel, expressions

from pipeline.build import build, load_reference
from pipeline.errors import ProductError
from pipeline.models import STAGES, load_models
from pipeline.resources import WAREHOUSE
from pipeline.store import bounded_memory
from schemas.published import TABLES

# Each is one table; the questions beside the folders are many, and have tests of their own.
FILES = sorted(WAREHOUSE.glob("*/**/*.sql"))
GRAIN = "-- Grain: one row.\n"


def write(folder, **files):
    """Write files of a warehouse; ``core__a`` is ``core/a.sql``."""
    for name, sql in files.items():
        path = folder / f"{name.replace('__', '/')}.sql"
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(sql if sql.startswith("--") else GRAIN + sql, encoding="utf-8")
    return folder


def names(models):
    return [model.name for model in models]


def fault(folder, **files):
    with pytest.raises(ProductError) as caught:
        load_models(folder=write(folder, **files))
    return str(caught.value)


@pytest.fixture
def connection():
    with duckdb.connect() as connection:
        yield connection


# --- order ----------------------------------------------------------------------------------


def test_files_come_after_what_they_read(tmp_path):
    write(
        tmp_path,
        core__a="select * from core.z",
        core__z="select * from staging.m",
        staging__m="select 1 as one from landing.esr_staff",
        measures__b="select * from core.a inner join core.z on true",
    )
    assert names(load_models(folder=tmp_path)) == ["staging.m", "core.z", "core.a", "measures.b"]


def test_files_that_do_not_read_each_other_come_by_name(tmp_path):
    write(tmp_path, core__b="select 1 as one", core__a="select 1 as one")
    assert names(load_models(folder=tmp_path)) == ["core.a", "core.b"]


def test_a_common_table_expression_is_no_reference(tmp_path):
    write(
        tmp_path,
        core__a="with own as (select 1 as one), other as (select * from own) select * from other",
        core__own="select * from core.a",
    )
    assert names(load_models(folder=tmp_path)) == ["core.a", "core.own"]


def test_references_are_found_wherever_they_stand(tmp_path):
    write(
        tmp_path,
        core__z="select 1 as one",
        core__y="select 1 as one",
        core__x="select 1 as one",
        core__a="select one from core.x where one in (select one from core.y) "
        "union all select (select max(one) from core.z) as one",
    )
    (model,) = [model for model in load_models(folder=tmp_path) if model.name == "core.a"]
    assert model.reads == {"core.x", "core.y", "core.z"}


def test_a_circle_is_told_with_its_names(tmp_path):
    told = fault(
        tmp_path,
        core__a="select * from core.c",
        core__b="select * from core.a",
        core__c="select * from core.b",
    )
    assert "goes in a circle" in told
    for name in ("core.a", "core.b", "core.c"):
        assert name in told


def test_an_unknown_name_is_told_with_who_reads_it(tmp_path):
    told = fault(tmp_path, core__a="select * from core.nowhere")
    assert told == (
        "The warehouse cannot be built: core.a reads core.nowhere, which no file makes."
    )


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("select 1 as one; select 2 as two", "core/a.sql: holds something else than one select"),
        ("create table b as select 1 as one", "core/a.sql: holds something else than one select"),
        ("", "core/a.sql: holds something else than one select"),
        ("select from where", "core/a.sql: "),
        ("-- What it is\nselect 1 as one", "core/a.sql line 1: does not begin with '-- Grain: '"),
        ("-- Grain: \nselect 1 as one", "core/a.sql line 1: does not begin with '-- Grain: '"),
    ],
)
def test_a_file_that_is_no_query_is_told_by_name(tmp_path, sql, words):
    assert words in fault(tmp_path, core__a=sql)


def test_all_faults_are_told_at_once(tmp_path):
    told = fault(
        tmp_path,
        core__a="select * from core.nowhere",
        core__b="drop table core.a",
        measures__c="-- no grain\nselect 1 as one",
    )
    for words in ("core.nowhere", "core/b.sql", "measures/c.sql line 1"):
        assert words in told


# --- building -------------------------------------------------------------------------------


def test_tables_are_built_and_built_again(tmp_path, connection):
    models = load_models(folder=write(tmp_path, core__a="select 1 as one"))
    build(connection, models)
    build(connection, models)
    assert connection.execute("select * from core.a").fetchall() == [(1,)]


def kinds(connection):
    return dict(
        connection.execute(
            "select table_name, table_type from information_schema.tables "
            "where table_schema = 'core'"
        ).fetchall()
    )


SORTED = """
select number, md5(cast(number as varchar)) as text from range(2000000) as t (number) order by text
"""
"""A query that needs more than fifty megabytes."""


def limit_of(connection):
    return connection.execute("select current_setting('memory_limit')").fetchone()


def test_what_does_not_fit_into_the_memory_of_a_build_is_built_in_all_that_there_is(
    tmp_path, connection, monkeypatch
):
    models = load_models(folder=write(tmp_path, core__a=SORTED))
    before = limit_of(connection)
    connection.execute("set temp_directory = ''")  # nowhere to spill to
    monkeypatch.setattr("pipeline.build.MOST_MEMORY", 50)
    with pytest.raises(duckdb.OutOfMemoryException), bounded_memory(connection, 50):
        connection.execute(f"create temp table sorted as {SORTED}")
    build(connection, models)
    assert connection.execute("select count(*) from core.a").fetchone() == (2_000_000,)
    # DuckDB tells its limit rounded.
    assert limit_of(connection)[0].split()[1] == before[0].split()[1]
    assert float(limit_of(connection)[0].split()[0]) == pytest.approx(
        float(before[0].split()[0]), rel=0.02
    )


def test_a_build_has_bounded_memory_unless_the_machine_has_less(connection):
    with bounded_memory(connection, 1_500):
        assert limit_of(connection) == ("1.3 GiB",)
    connection.execute("set memory_limit = '100MB'")
    with bounded_memory(connection, 1_500):
        assert limit_of(connection) == ("95.3 MiB",)


def test_a_model_is_kept_as_a_view_where_its_comment_says_so(tmp_path, connection):
    write(tmp_path, core__a=f"{GRAIN}-- A view: it is short.\nselect one from core.b")
    models = load_models(folder=write(tmp_path, core__b="select 1 as one"))
    build(connection, models)
    assert kinds(connection) == {"a": "VIEW", "b": "BASE TABLE"}
    assert connection.execute("select * from core.a").fetchall() == [(1,)]


def test_what_an_earlier_version_built_otherwise_or_builds_no_more_goes(tmp_path, connection):
    earlier = write(tmp_path / "1", core__a="select 1 as one", core__gone="select 2 as two")
    build(connection, load_models(folder=earlier))
    now = write(tmp_path / "2", core__a=f"{GRAIN}-- A view: it is short.\nselect 3 as one")
    build(connection, load_models(folder=now))
    assert kinds(connection) == {"a": "VIEW"}
    assert connection.execute("select * from core.a").fetchall() == [(3,)]


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("select\n    1 as one,\n    two\nfrom core.b", "(a.sql line 4) failed: Binder Error"),
        ("select\n    no_such(1) as one", "(a.sql line 3) failed: Catalog Error"),
        ("select one\nfrom reference.none", "(a.sql line 3) failed: Catalog Error"),
    ],
)
def test_a_query_that_fails_is_told_with_its_line(tmp_path, connection, sql, words):
    models = load_models(folder=write(tmp_path, core__a=sql, core__b="select 1 as one"))
    with pytest.raises(ProductError) as caught:
        build(connection, models)
    assert str(caught.value).startswith("The warehouse file core.a ")
    assert words in str(caught.value)


def test_a_query_that_fails_on_a_value_does_not_repeat_it(tmp_path, connection):
    connection.execute("create schema landing")
    connection.execute("create table landing.staff as select 'Ms A Nother' as name")
    models = load_models(
        folder=write(tmp_path, core__a="select cast(name as integer) as n from landing.staff")
    )
    with pytest.raises(ProductError) as caught:
        build(connection, models)
    assert "core.a" in str(caught.value)
    assert "Nother" not in str(caught.value)


def test_a_failed_build_leaves_the_tables_of_the_last_one(tmp_path, connection):
    build(connection, load_models(folder=write(tmp_path, core__a="select 1 as one")))
    wrong = write(tmp_path, core__a="select 2 as one", core__b="select two from core.a")
    with pytest.raises(ProductError):
        build(connection, load_models(folder=wrong))
    assert connection.execute("select * from core.a").fetchall() == [(1,)]


def test_reference_tables_are_text_and_empty_is_null(tmp_path, connection):
    (tmp_path / "code.csv").write_text(
        'code,name\n01,"A, ""B"""\n,1\n', encoding="utf-8", newline=""
    )
    load_reference(connection, tmp_path)
    rows = connection.execute("select * from reference.code").fetchall()
    assert rows == [("01", 'A, "B"'), (None, "1")]


# --- the files that ship --------------------------------------------------------------------


def test_the_warehouse_that_ships_has_an_order():
    ordered = names(load_models())
    assert len(ordered) == sum(path.parent.name in STAGES for path in FILES)
    place = {name: index for index, name in enumerate(ordered)}
    for model in load_models():
        assert all(place[name] < place[model.name] for name in model.reads if name in place)


def test_the_views_read_the_published_tables_alone():
    for model in load_models(("marts",), given=frozenset(TABLES)):
        assert "figure" in model.reads
        assert model.reads <= TABLES.keys()
        assert model.comment.startswith("Grain: one row for each")


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
class TestEveryFile:
    def test_it_states_its_grain(self, path):
        assert path.read_text(encoding="utf-8").startswith("-- Grain: one row for each ")

    def test_it_says_the_same_in_spark_and_postgres(self, path):
        for dialect in ("spark", "postgres"):
            (sql,) = sqlglot.transpile(
                path.read_text(encoding="utf-8"),
                read="duckdb",
                write=dialect,
                unsupported_level=ErrorLevel.RAISE,
            )
            sqlglot.parse_one(sql, read=dialect)

    def test_it_keeps_to_what_every_engine_does_alike(self, path):
        query = sqlglot.parse_one(path.read_text(encoding="utf-8"), read="duckdb")
        refused = (
            expressions.Pivot,
            expressions.Qualify,
            expressions.CurrentDate,
            expressions.CurrentTimestamp,
            expressions.PercentileCont,
            expressions.PercentileDisc,
            expressions.ApproxQuantile,
            expressions.Quantile,
            expressions.Median,
            expressions.List,
            expressions.Array,
        )
        assert list(query.find_all(*refused)) == []
        assert not any(join.args.get("using") for join in query.find_all(expressions.Join))
        for star in query.find_all(expressions.Star):
            assert not any(star.args.get(kind) for kind in ("except_", "except", "replace"))
        for window in query.find_all(expressions.Window):
            if isinstance(window.this, expressions.RowNumber):
                assert window.args.get("order"), "row_number without an order"
