"""``equality attack`` on small published files."""

import json
import re

import duckdb
import pytest
from command import equality
from released import profiles

COUNTS = {"WHITE": 60, "BME": 5, "UNKNOWN": 20, "ALL": 85}


@pytest.fixture
def written(tmp_path):
    """Return a function that writes a release to a file and returns its path."""

    def write(name, counts):
        path = tmp_path / name
        with duckdb.connect(str(path)) as connection:
            for table, frame in profiles(counts).items():
                connection.register("arriving", frame)
                connection.execute(f'create table "{table}" as select * from arriving')
                connection.unregister("arriving")
        return path

    return write


def test_a_file_that_hides_enough_ends_with_0(written, tmp_path):
    path = written("hidden.duckdb", {"01T": COUNTS | {"BME": None, "UNKNOWN": None}})
    result = equality("attack", path, "--home", tmp_path)
    assert (result.exit_code, result.err) == (0, "")
    assert "2 hidden counts of 4 attacked" in result.out
    assert "no breaches of the policy default" in result.out


def test_a_breach_is_named_without_its_number_and_ends_with_1(written, tmp_path):
    path = written("told.duckdb", {"01T": COUNTS | {"BME": None}})
    result = equality("attack", path, "--home", tmp_path)
    assert result.exit_code == 1
    (breach,) = [line for line in result.out.splitlines() if "ethnicity/BME" in line]
    name = "2022-03-31 employer 01T workforce/all/ethnicity/BME"
    assert breach == f"{name}: a reader can tell it, or nearly so"
    assert re.findall(r"\d+", breach.removeprefix(name)) == []


def test_json_is_one_array_of_breaches_without_numbers(written, tmp_path):
    path = written("told.duckdb", {"01T": COUNTS | {"BME": None}})
    result = equality("attack", path, "--json", "--home", tmp_path)
    assert result.exit_code == 1
    assert json.loads(result.out) == [
        {
            "period": "2022-03-31", "level": "employer", "organisation": "01T",
            "population": "workforce", "part": "all", "characteristic": "ethnicity",
            "group": "BME", "kind": "interval", "message": "a reader can tell it, or nearly so",
        }
    ]  # fmt: skip


def test_an_earlier_file_tells_what_the_newest_hides(written, tmp_path):
    newest = {"WHITE": 60, "BME": None, "UNKNOWN": None, "ALL": 79}
    earlier = written("a.duckdb", {"01T": COUNTS | {"BME": 13, "UNKNOWN": None, "ALL": None}})
    later = written("b.duckdb", {"01T": newest})
    assert equality("attack", later, "--home", tmp_path).exit_code == 0
    result = equality("attack", earlier, later, "--home", tmp_path)
    assert result.exit_code == 1
    assert "a.duckdb: what it tells is known to the attack" in result.out
    assert "b.duckdb: 1 hidden counts of 4 attacked" in result.out


@pytest.mark.parametrize("content", [None, b"no database", b""])
def test_a_file_that_is_no_published_database_ends_with_2(tmp_path, content):
    path = tmp_path / "equality.duckdb"
    if content is not None:
        path.write_bytes(content)
    result = equality("attack", path, "--home", tmp_path)
    assert result.exit_code == 2
    assert str(path) in result.err


HEADINGS = "Table,Group,Count,Percent\n"


def test_a_printed_table_tells_its_one_hole(tmp_path):
    path = tmp_path / "report.csv"
    path.write_text(HEADINGS + "Sex,Female,338,\nSex,Male,75,\nSex,(blank),*,\nSex,Total,414,\n")
    result = equality("attack", path, "--home", tmp_path)
    assert result.exit_code == 1
    assert "(blank): 1 (told)" in result.out
    assert "1 hidden counts, 1 of them not protected" in result.out
    rows = json.loads(equality("attack", path, "--json", "--home", tmp_path).out)
    assert [(row["group"], row["low"], row["high"]) for row in rows] == [("(blank)", 1, 1)]


def test_a_printed_table_is_attacked_alone(tmp_path):
    paths = [tmp_path / name for name in ("a.csv", "b.csv")]
    result = equality("attack", *paths, "--home", tmp_path)
    assert result.exit_code == 2
    assert "name one file" in result.err
