"""The copies of the demo's release: the same rows everywhere, described, and traced to headings."""

import csv
import hashlib
import json
import re
from xml.etree import ElementTree

import duckdb
import pandas as pd
import polars
import pytest

from pipeline.errors import ProductError
from pipeline.publish.database import write_database
from pipeline.publish.plain_csv import copy_csv
from pipeline.registry import load_registry
from pipeline.report.copies import write_copies
from pipeline.report.source import read_release
from pipeline.settings import Home
from schemas.published import TABLES
from schemas.published_keys import REFERENCES, UNIQUE
from schemas.published_views import VIEW_COLUMNS

TYPES = {"string": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "date": "DATE",
         "boolean": "BOOLEAN"}  # fmt: skip
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def release(demo_home):
    return read_release(Home(demo_home))


@pytest.fixture(scope="module")
def copies(release, module_folders):
    folder = module_folders.mktemp("copies") / "data"
    paths = write_copies(release, folder)
    assert paths == sorted(path for path in folder.rglob("*") if path.is_file())
    return folder


@pytest.fixture(scope="module")
def package(copies):
    return json.loads((copies / "datapackage.json").read_text(encoding="utf-8"))


@pytest.fixture
def published(release):
    with duckdb.connect(str(release.database), read_only=True) as connection:
        yield connection


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_same_release_gives_the_same_bytes(release, copies, tmp_path):
    again = write_copies(release, tmp_path)
    for path in again:
        assert path.read_bytes() == (copies / path.relative_to(tmp_path)).read_bytes(), path.name
    assert len(again) == 2 * len(TABLES) + 7


@pytest.mark.parametrize("table", TABLES)
def test_parquet_and_csv_hold_every_row_in_its_order(published, copies, package, table):
    expected = published.execute(f"from {table}").fetchall()
    parquet = f"read_parquet('{copies}/parquet/{table}.parquet')"
    assert published.execute(f"from {parquet}").fetchall() == expected
    (resource,) = [one for one in package["resources"] if one["name"] == table]
    columns = {field["name"]: TYPES[field["type"]] for field in resource["schema"]["fields"]}
    texts = [one["name"] for one in resource["schema"]["fields"] if one.get("missingValues") == []]
    read = published.execute(
        f"from read_csv('{copies}/csv/{table}.csv', header = true, auto_detect = false, "
        "delim = ',', quote = '\"', escape = '\"', columns = $columns, force_not_null = $texts)",
        {"columns": columns, "texts": texts},
    )
    assert read.fetchall() == expected


def test_the_package_describes_every_file_with_its_hash(copies, package, release):
    assert package["name"] == f"workforce-equality-{release.release_id}"
    assert package["licenses"][0]["name"] == "OGL-UK-3.0"
    assert "Office for National Statistics" in package["sources"][0]["title"]
    names = [resource["name"] for resource in package["resources"]]
    assert names == [*TABLES, *(f"{table}-parquet" for table in TABLES)]
    for resource in package["resources"]:
        content = (copies / resource["path"]).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert re.fullmatch(r"[a-z0-9._-]+", resource["name"])


def test_its_schemas_are_those_of_the_database(package, published):
    for resource in package["resources"][: len(TABLES)]:
        described = published.execute(
            "select column_name, data_type, comment from duckdb_columns() "
            "where table_name = $table order by column_index",
            {"table": resource["name"]},
        ).fetchall()
        fields = resource["schema"]["fields"]
        assert [
            (one["name"], TYPES[one["type"]], one["description"]) for one in fields
        ] == described


@pytest.mark.parametrize("table", TABLES)
def test_no_two_rows_have_the_same_key(published, table):
    names = ", ".join(UNIQUE[table])
    twice = published.execute(f"select {names} from {table} group by all having count(*) > 1")
    assert twice.fetchall() == []


@pytest.mark.parametrize("table", REFERENCES)
def test_what_a_row_refers_to_is_there(published, package, table):
    (resource,) = [one for one in package["resources"] if one["name"] == table]
    keys = resource["schema"]["foreignKeys"]
    assert len(keys) == len(REFERENCES[table])
    for key in keys:
        target = key["reference"]
        pairs = zip(key["fields"], target["fields"], strict=True)
        same = " and ".join(f"one.{name} = other.{other}" for name, other in pairs)
        lost = f"from {table} as one anti join {target['resource']} as other on {same}"
        assert published.execute(lost).fetchall() == []


def test_pandas_and_polars_read_both(copies, release):
    expected = len(release.figure)
    by_pandas = pd.read_csv(copies / "csv" / "figure.csv", parse_dates=["period_end"])
    by_polars = polars.read_parquet(copies / "parquet" / "figure.parquet")
    assert (len(by_pandas), by_polars.height) == (expected, expected)
    assert by_pandas["value"].sum() == pytest.approx(by_polars["value"].sum())
    assert by_polars.schema["period_end"] == polars.Date
    assert by_polars.schema["numerator"] == polars.Int64
    assert (
        polars.read_csv(copies / "csv" / "figure.csv", infer_schema_length=None).height == expected
    )


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "－1"])  # noqa: RUF001
def test_a_text_that_a_spreadsheet_would_run_has_an_apostrophe(tmp_path, text):
    with duckdb.connect() as connection:
        connection.execute("create table action (reference varchar, value double)")
        connection.execute("insert into action values ($text, -1.5), ('A1', null)", {"text": text})
        copy_csv(connection, "action", tmp_path / "action.csv")
        connection.execute(f"copy action to '{tmp_path}/action.parquet' (format parquet)")
    assert rows_of(tmp_path / "action.csv") == [
        {"reference": f"'{text}", "value": "-1.5"}, {"reference": "A1", "value": ""},
    ]  # fmt: skip
    assert polars.read_parquet(tmp_path / "action.parquet")["reference"].to_list() == [text, "A1"]


def test_no_cell_of_any_csv_begins_as_a_formula(copies):
    for path in copies.rglob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.reader(file):
                for cell in row:
                    is_number = re.fullmatch(r"-?\d+(\.\d+)?(e-?\d+)?", cell)
                    assert is_number or not cell.startswith(("=", "+", "-", "@", "\t", "\r"))


def test_the_dictionary_has_every_column_of_every_table_and_view(copies, published):
    rows = rows_of(copies / "dictionary.csv")
    described = published.execute(
        "select table_name, column_name, comment from duckdb_columns() where not internal"
    ).fetchall()
    assert sorted((row["table"], row["column"], row["description"]) for row in rows) == sorted(
        described
    )
    assert {row["table"] for row in rows if row["kind"] == "view"} == set(VIEW_COLUMNS)
    assert all(row["made_from"] for row in rows)
    page = (copies / "dictionary.html").read_text(encoding="utf-8")
    for table in {row["table"] for row in rows}:
        assert f'<h2 id="{table}">' in page
    assert page.count('<th scope="row">') == len(rows)
    assert "http" not in page


def test_every_column_has_an_origin(copies):
    rows = rows_of(copies / "lineage.csv")
    found = {(row["table"], row["column"]) for row in rows}
    expected = {(table, name) for table, schema in TABLES.items() for name in schema.columns}
    expected |= {(view, name) for view, names in VIEW_COLUMNS.items() for name in names}
    assert found == expected
    # What a view reads is a column of a table.
    columns = {(row["source"], row["name"]) for row in rows if row["kind"] == "column"}
    assert columns <= expected


def headings_of(copies, standard, indicator, column):
    return {
        f"{row['source']}: {row['name']}"
        for row in rows_of(copies / "lineage.csv")
        if (row["standard"], row["indicator"], row["column"]) == (standard, indicator, column)
        and row["kind"] == "heading"
    }


def test_likelihoods_hang_on_the_headings_that_their_definition_names(copies):
    """WRES 2 and WDES 2: applications appointed, of those shortlisted, by group."""
    ethnicity, disability = "recruitment: Ethnic Origin", "recruitment: Disability"
    shortlisted, appointed = "recruitment: Shortlisted", "recruitment: Appointed"
    assert headings_of(copies, "WRES", "2", "numerator") == {ethnicity, shortlisted, appointed}
    assert headings_of(copies, "WRES", "2", "denominator") == {ethnicity, shortlisted}
    assert headings_of(copies, "WDES", "2", "comparator_numerator") == {
        disability, shortlisted, appointed,
    }  # fmt: skip


def test_the_parts_of_a_profile_hang_on_the_directorate(copies):
    assert "esr_staff: Directorate" in headings_of(copies, "PSED", "sex", "part")
    assert "esr_staff: Directorate" not in headings_of(copies, "WRES", "1", "part")


def test_pay_gaps_hang_on_pay_and_on_sex_and_on_no_other_characteristic(copies):
    value = headings_of(copies, "GPG", "median_hourly", "value")
    assert {"pay: Hourly Rate", "pay: Full Pay", "pay: Weekly Hours", "esr_staff: Gender"} <= value
    for name in ("Ethnic Origin", "Disability", "Religious Belief", "Marital Status"):
        assert f"esr_staff: {name}" not in value
    assert "esr_staff: Ethnic Origin" in headings_of(copies, "EPG", "median_hourly", "value")


def test_every_indicator_hangs_on_headings_of_the_extracts_that_it_needs(copies):
    rows = rows_of(copies / "lineage.csv")
    for entry in load_registry():
        sources = {
            row["source"]
            for row in rows
            if (row["standard"], row["indicator"]) == (entry.standard, entry.indicator)
            and row["kind"] == "heading"
        }
        assert entry.needs[0] in sources, (entry.standard, entry.indicator)
        assert sources <= set(entry.needs)


def test_every_heading_has_the_names_that_are_read_as_it(copies):
    named = {(row["source"], row["heading"]) for row in rows_of(copies / "headings.csv")}
    rows = rows_of(copies / "lineage.csv")
    used = {(row["source"], row["name"]) for row in rows if row["kind"] == "heading"}
    assert used <= named


def test_the_picture_is_svg_that_says_what_it_shows(copies):
    root = ElementTree.parse(copies / "lineage.svg").getroot()
    assert root.tag == f"{SVG}svg"
    assert "WRES from" in root.find(f"{SVG}desc").text
    texts = {element.text for element in root.iter(f"{SVG}text")}
    assert set(TABLES) | set(VIEW_COLUMNS) | {"esr_staff", "recruitment", "WRES"} <= texts


def test_the_views_say_what_their_own_columns_hold(published):
    """A name that stands for something else in another table has the comment of its own."""
    comments = {
        (view, name): text
        for view, name, text in published.execute(
            "select table_name, column_name, comment from duckdb_columns() where not internal"
        ).fetchall()
    }
    assert comments["workforce_profile", "headcount"].startswith("Staff of the part in this")
    assert comments["trend", "status"] == comments["figure", "status"]
    assert comments["trend", "value"] == comments["figure", "value"]
    for view in ("trend", "workforce_profile", "census_comparison"):
        assert comments[view, "status"] != comments["load", "status"]


def test_a_view_with_a_column_that_nobody_describes_is_not_published(
    release, tmp_path, monkeypatch
):
    columns = {name: text for name, text in VIEW_COLUMNS["wres"].items() if name != "bme_base"}
    monkeypatch.setitem(VIEW_COLUMNS, "wres", columns)
    with pytest.raises(ProductError, match=r"view wres and their comments .* differ: bme_base"):
        write_database(tmp_path / "silent.duckdb", release.tables)
