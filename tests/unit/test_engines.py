"""Which engine builds, what the settings say of Spark, and what somebody is told who lacks it."""

import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.engines import engine_of, session
from pipeline.engines.duckdb import DuckDB
from pipeline.engines.settings import SparkSettings
from pipeline.engines.spark import in_spark
from pipeline.errors import UsageError
from pipeline.settings import load_settings


def toml(home: Path, text: str) -> Path:
    home.mkdir(parents=True, exist_ok=True)
    (home / "settings.toml").write_text(text, encoding="utf-8")
    return home


# --- settings -------------------------------------------------------------------------------


def test_without_settings_duckdb_builds(tmp_path):
    settings = load_settings(tmp_path)
    assert isinstance(engine_of(settings), DuckDB)
    assert settings.spark == SparkSettings("local[*]", "", {})


def test_the_option_outranks_the_file(tmp_path):
    home = toml(tmp_path, 'engine = "spark"\n')
    assert load_settings(home).engine == "spark"
    assert load_settings(home, engine="duckdb").engine == "duckdb"


def test_every_setting_is_read(tmp_path):
    home = toml(
        tmp_path,
        '[spark]\nmaster = "yarn"\nfolder = "hdfs://name/equality"\n'
        '[spark.options]\n"spark.executor.memory" = "8g"\n',
    )
    assert load_settings(home).spark == SparkSettings(
        "yarn", "hdfs://name/equality", {"spark.executor.memory": "8g"}
    )


def test_a_path_is_taken_from_the_home_and_an_address_is_left(tmp_path):
    assert load_settings(toml(tmp_path, '[spark]\nfolder = "work"\n')).spark.folder == str(
        tmp_path / "work"
    )
    home = toml(tmp_path, '[spark]\nfolder = "s3a://bucket/equality"\n')
    assert load_settings(home).spark.folder == "s3a://bucket/equality"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('engine = "sparc"', 'engine must be "duckdb" or "spark"'),
        ("spark = 1", "spark must be a table"),
        ("[spark]\nmaster = 1", "master must be a text"),
        ("[spark]\nfolders = 'x'", "holds what is not known: folders"),
        ("[spark]\nmaster = 'yarn'", "folder must name a folder that every machine"),
        ("[spark.options]\n'spark.executor.cores' = 2", "holds names of Spark and texts"),
        ("[spark.options]\n'executor.memory' = '2g'", "holds names of Spark and texts"),
        (
            "[spark.options]\n'spark.hadoop.fs.s3a.secret.key' = 'hunter2'",
            "names a secret; give that to Hadoop",
        ),
    ],
)
def test_a_fault_of_the_settings_is_told_and_no_secret_repeated(tmp_path, text, fault):
    with pytest.raises(UsageError, match=fault) as caught:
        load_settings(toml(tmp_path, text + "\n"))
    assert str(tmp_path / "settings.toml") in str(caught.value)
    assert "hunter2" not in str(caught.value)


# --- what is missing ------------------------------------------------------------------------


def run(home: Path, capsys) -> tuple[int, str]:
    (home / "inbox").mkdir(parents=True)
    (home / "inbox" / "stray.txt").write_text("x")
    code = main(["run", "--home", str(home), "--engine", "spark"])
    return code, capsys.readouterr().err


def test_without_pyspark_it_is_said_what_to_install(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(session.importlib.util, "find_spec", lambda name: None)
    code, told = run(tmp_path / "home", capsys)
    assert code == 2
    assert "pip install 'icb-equality[spark]'" in told
    assert not (tmp_path / "home" / "private.duckdb").exists()


@pytest.mark.parametrize("variable", ["PATH", "JAVA_HOME"])
def test_without_java_it_is_said_what_to_install(tmp_path, capsys, monkeypatch, variable):
    monkeypatch.setattr(session.importlib.util, "find_spec", lambda name: object())
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv(variable, str(tmp_path / "nothing here"))
    code, told = run(tmp_path / "home", capsys)
    assert code == 2
    assert "needs Java 17 or 21" in told


def test_a_run_without_spark_imports_nothing_of_it():
    wanted = "import pipeline.cli, pipeline.run, pipeline.build, pipeline.workspace, sys"
    said = f"{wanted}; print(sorted({{'pyspark', 'py4j', 'sqlglot'}} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


# --- the dialect ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sql", "wanted"),
    [
        ("select a from core.b", "SELECT a FROM core__b AS b"),
        ("select c.a from core.b as c", "SELECT c.a FROM core__b AS c"),
        (
            "with b as (select 1 as a) select b.a from b inner join core.b as d on b.a = d.a",
            "WITH b AS (SELECT 1 AS a) SELECT b.a FROM b INNER JOIN core__b AS d ON b.a = d.a",
        ),
        ("select n // 2 as a from core.b", "SELECT n DIV 2 AS a FROM core__b AS b"),
        (
            "select row_number() over (order by a) as c from core.b",
            "SELECT ROW_NUMBER() OVER (ORDER BY a NULLS LAST) AS c FROM core__b AS b",
        ),
    ],
)
def test_a_query_in_the_dialect_of_spark(sql, wanted):
    assert in_spark(sql) == wanted
