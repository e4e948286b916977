"""Spark gives what DuckDB gives wherever their SQL could part, and says as little when it fails."""

from dataclasses import replace

import duckdb
import pytest
from two_engines import LOCAL, columns, differences

from pipeline.build import build
from pipeline.engines.spark import Spark
from pipeline.errors import ProductError
from pipeline.models import load_models
from pipeline.settings import Home

pytestmark = pytest.mark.slow

GRAIN = "-- Grain: one row for each of a test.\n"
ROWS = """
create schema landing;
create table landing.item as select * from (values
    (1, 'Band 5', 7, -7, 2, date '2020-02-29', true, 'b', 1.25, cast(0.5 as double)),
    (2, 'band_5', -7, 7, 2, date '2021-03-31', false, 'B', 2.35, 1.5),
    (3, null, 7, 7, -3, date '2021-12-31', null, 'é', -2.35, 2.5),
    (4, 'a  b\t c ', null, -9, 4, null, true, 'É', null, -0.5),
    (5, '', 0, 1, 1, date '2024-02-29', false, null, 0.05, null),
    (6, 'Band\\5', 1, 2, 3, date '2023-01-30', true, 'ß', 10.00, 0.1)
) as item (id, text, n, m, d, day, is_it, letter, amount, weight);
create table landing.nobody (id integer, text varchar, day date);
"""
QUERIES = {
    "whole_division": "select id, n // d as a, m // d as b, (n + 5) // 4 as c, n % d as e from {}",
    "division": "select id, cast(n as double) / d as a, cast(n as double) / nullif(m - 7, 0) as b "
    "from {}",
    "rounding": "select id, cast(floor(weight) as integer) as a, "
    "cast(ceil(weight) as bigint) as b, "
    "cast(floor(cast(n as double) / d) as integer) as c from {}",
    "decimals": "select id, cast(amount as decimal(18, 2)) as a, "
    "cast(amount * (1000 - 10 * amount) as decimal(18, 4)) as b, "
    "cast(sum(amount) over () as decimal(18, 2)) as c from {}",
    "order_of_nulls": "select id, row_number() over (order by n asc, id asc) as a, "
    "row_number() over (order by n desc, id asc) as b, "
    "lag(id) over (order by day, id) as c, lead(id) over (order by letter desc, id) as d from {}",
    "order_of_letters": "select id, row_number() over (order by letter, id) as a, "
    "rank() over (order by text) as b, min(letter) over () as c, max(text) over () as d from {}",
    "nothing_in_texts": "select id, concat(text, '/', letter) as a, coalesce(text, letter) as b, "
    "nullif(trim(text), '') as c from {}",
    "least_of_nothing": "select id, least(n, m, d) as a, greatest(n, m) as b, "
    "least(day, date '2021-01-01') as c, greatest(0, n) as e from {}",
    "days": "select id, cast(day + interval 1 year - interval 1 day as date) as a, "
    "cast(day - interval 12 month as date) as b, last_day(day) as c, "
    "extract(year from day) * 12 + extract(month from day) as e, "
    "last_day(cast(day - interval 3 month as date)) as f from {}",
    "days_of_turns": "select id, "
    "cast(day + d * 2 * interval 1 year - d * interval 1 day as date) as a, "
    "day + interval 31 day <= date '2021-05-01' as b, "
    "strftime(day, '%-d %B %Y') as c from {}",
    "patterns": "select id, text like 'band\\_%' escape '\\' as a, text like 'Band%' as b, "
    "concat('/', letter, '/') like concat('%/', letter, '/%') as c from {}",
    "replacing": "select id, "
    "trim(regexp_replace(coalesce(text, ''), '[ \\t\\n\\f\\r]+', ' ', 'g')) as a, "
    "regexp_replace(text, '[^A-Za-z0-9 ._-]', '', 'g') as b, "
    "translate(text, ' _', '-:') as c, lower(letter) as d, replace(text, '_', ' ') as e from {}",
    "counts": "select count(*) as a, count(n) as b, count(*) filter (where is_it) as c, "
    "count(*) filter (where not is_it) as d, count(distinct d) as e, bool_or(is_it) as f, "
    "bool_and(is_it) as g, cast(sum(n) as bigint) as h, max(is_it) as i from {}",
    "lists": "select d, string_agg(letter, ', ' order by id) as a from {} group by d",
    "casts": "select id, cast(is_it as integer) as a, cast(n as varchar) as b, "
    "cast(is_it as varchar) as c, cast(day as varchar) as e, cast(id > 3 as integer) as f from {}",
    "comparing": "select id, n is not distinct from m as a, letter < 'c' as b, "
    "text = 'BAND 5' as c, is_it and n > 0 as d, is_it or n > 0 as e from {}",
    "names": "select Item.ID as id, item.Text as text from {}",
    "nobody": "select id, text, day from landing.nobody",
}


@pytest.fixture
def connection():
    with duckdb.connect() as connection:
        connection.execute(ROWS)
        yield connection


@pytest.fixture
def engine(session, tmp_path):
    return Spark(Home(tmp_path / "home"), LOCAL)


def models(folder, **queries):
    path = folder / "core"
    path.mkdir()
    for name, sql in queries.items():
        text = sql.format("landing.item as item")
        (path / f"{name}.sql").write_text(GRAIN + text, encoding="utf-8")
    return load_models(folder=folder)


def test_what_every_engine_must_do_alike(tmp_path, connection, engine):
    assert differences(connection, models(tmp_path, **QUERIES), engine) == {}


def test_a_table_without_an_alias_keeps_its_name(tmp_path, connection, engine):
    made = models(
        tmp_path,
        a="select id, n from landing.item",
        b="with item as (select * from core.a) select a.id, item.n from core.a "
        "inner join item on a.id = item.id",
    )
    assert differences(connection, made, engine) == {}


def test_a_view_stays_a_view_that_reads_what_spark_made(tmp_path, connection, engine):
    text = "select id, n * 2 as twice from landing.item"
    made = models(tmp_path, a=text, b="-- A view: it is short.\nselect twice from core.a")
    build(connection, made, engine)
    kinds = "select table_name, table_type from information_schema.tables where table_schema = ?"
    assert dict(connection.execute(kinds, ["core"]).fetchall()) == {"a": "BASE TABLE", "b": "VIEW"}
    assert connection.execute("select sum(twice) from core.b").fetchall() == [(16,)]


def test_a_sum_that_duckdb_keeps_in_128_bits_comes_back_in_them(tmp_path, connection, engine):
    made = models(tmp_path, a="select d, sum(id) as total from landing.item group by d")
    build(connection, made, engine)
    assert columns(connection, "core.a")[1] == ("total", "HUGEINT")


def test_a_number_that_would_change_its_kind_is_a_fault(tmp_path, connection, engine):
    made = models(tmp_path, a="select id, round(amount, 1) / 3 as third from landing.item")
    with pytest.raises(ProductError, match=r"core\.a gives other columns on Spark: third"):
        build(connection, made, engine)


@pytest.mark.parametrize(
    "sql",
    [
        "select cast(text as integer) as n from landing.item",
        "select cast(concat(text, 'x') as date) as n from landing.item",
        "select n % (id - 1) as n from landing.item",
    ],
)
def test_a_query_that_fails_repeats_no_value_and_leaves_what_was(
    tmp_path, connection, engine, capfd, sql
):
    (tmp_path / "1").mkdir()
    (tmp_path / "2").mkdir()
    build(connection, models(tmp_path / "1", a="select 1 as one"))
    with pytest.raises(ProductError) as caught:
        build(connection, models(tmp_path / "2", a=sql), engine)
    assert str(caught.value).startswith("The warehouse file core.a (a.sql) failed on Spark: ")
    said = str(caught.value) + "".join(capfd.readouterr())
    assert "Band" not in said and "band" not in said
    assert connection.execute("select * from core.a").fetchall() == [(1,)]
    assert not engine._home.exchange.exists()


def test_a_file_that_duckdb_refuses_is_told_with_its_line(tmp_path, connection, engine):
    made = models(tmp_path, a="select\n    one\nfrom landing.item")
    with pytest.raises(ProductError, match=r"core\.a \(a\.sql line 3\) failed: Binder Error"):
        build(connection, made, engine)


@pytest.mark.parametrize("folder", ["", "elsewhere", "file://{}/of-hadoop"])
def test_tables_go_by_any_folder_and_none_is_left(tmp_path, connection, session, folder):
    named = folder.format(tmp_path)
    if folder == "elsewhere":
        named = str(tmp_path / named)
    engine = Spark(Home(tmp_path / "home"), replace(LOCAL, folder=named))
    (tmp_path / "sql").mkdir()
    assert differences(connection, models(tmp_path / "sql", a=QUERIES["days"]), engine) == {}
    left = [path for path in tmp_path.rglob("*.parquet") if path.is_file()]
    assert left == []


def test_a_folder_of_rows_is_its_owners_alone(tmp_path, connection, session, monkeypatch):
    seen = {}

    class Watched(Spark):
        def _run(self, session, folder, model):
            super()._run(session, folder, model)
            seen[model.name] = oct(self._home.exchange.stat().st_mode)[-3:]

    engine = Watched(Home(tmp_path / "home"), LOCAL)
    (tmp_path / "sql").mkdir()
    build(connection, models(tmp_path / "sql", a="select id from landing.item"), engine)
    assert seen == {"core.a": "700"}
