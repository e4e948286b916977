"""The attack on the demo's published file: what of it is read, and what is found."""

import duckdb
import pytest
from sqlglot import exp, parse_one

from pipeline.attack.published import NUMBERS, READ

NUMBER = ("INT", "DOUBLE", "DECIMAL", "FLOAT", "REAL")


@pytest.fixture(scope="module")
def database(demo_home):
    return demo_home / "published" / "equality.duckdb"


@pytest.fixture(scope="module")
def columns(database):
    """Return table, column and type of every column that does not belong to a view."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(
            "select table_name, column_name, data_type from duckdb_columns() inner join "
            "duckdb_tables() using (database_name, schema_name, table_name) "
            "where not duckdb_tables.internal"
        ).fetchall()


def test_the_attack_knows_what_every_number_of_every_table_tells(columns):
    numbers = {
        (table, column) for table, column, kind in columns if any(name in kind for name in NUMBER)
    }
    assert ("figure", "numerator") in numbers
    assert numbers == set(NUMBERS)


def test_the_attack_reads_every_column_that_tells_anything(columns):
    assert {(table, column) for table in READ for column in READ[table]} <= {
        (table, column) for table, column, _ in columns
    }
    for (table, column), use in NUMBERS.items():
        assert (column in READ.get(table, ())) == (not use.startswith("nothing: ")), (table, column)


def test_no_view_tells_more_than_the_tables(database, columns):
    tables = {table for table, _, _ in columns}
    with duckdb.connect(str(database), read_only=True) as connection:
        views = connection.execute(
            "select view_name, sql from duckdb_views() where not internal"
        ).fetchall()
    assert views
    for view, sql in views:
        query = parse_one(sql, dialect="duckdb").expression
        named = {table.name for table in query.find_all(exp.Table)}
        steps = {step.alias for step in query.find_all(exp.CTE)}
        assert named - steps <= tables, view
