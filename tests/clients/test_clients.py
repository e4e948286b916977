"""The published database, opened by clients that we did not write, older and newer than its own."""

import json
import shutil
import sys
from pathlib import Path

import duckdb
import pytest
from installed import node_package, python_package, ran

from pipeline.report.copies import write_copies
from pipeline.report.copies.examples import EXAMPLES, load_examples
from pipeline.report.source import read_release
from pipeline.settings import Home
from schemas.published import TABLES
from schemas.published_views import VIEW_COLUMNS

pytestmark = pytest.mark.slow

NAMES = [*TABLES, *VIEW_COLUMNS]
COUNTS = " union all ".join(
    f"select '{name}' as name, count(*) as row_count from {name}" for name in NAMES
)
COMMENTS = (
    "select table_name, column_name, comment from duckdb_columns() where not internal order by all"
)


@pytest.fixture(scope="module")
def path(demo_home, module_folders):
    """A copy that nobody may write to, as on a share."""
    copy = module_folders.mktemp("share") / "equality.duckdb"
    shutil.copyfile(demo_home / "published" / "equality.duckdb", copy)
    copy.chmod(0o444)
    return copy


@pytest.fixture(scope="module")
def expected(path):
    """Rows of each table and view, comments and answers, as the version that wrote it has them."""
    with duckdb.connect(str(path), read_only=True) as connection:
        return {
            "rows": dict(connection.execute(COUNTS).fetchall()),
            "comments": [list(row) for row in connection.execute(COMMENTS).fetchall()],
            "answers": [
                json.loads(json.dumps(connection.execute(one.sql).fetchall(), default=str))
                for one in load_examples()
            ],
        }


PYTHON_READER = """
import json, sys, duckdb
given = json.load(sys.stdin)
with duckdb.connect(given["path"], read_only=True) as connection:
    found = {
        "version": duckdb.__version__,
        "rows": dict(connection.execute(given["counts"]).fetchall()),
        "comments": connection.execute(given["comments"]).fetchall(),
        "answers": [connection.execute(sql).fetchall() for sql in given["questions"]],
    }
    try:
        connection.execute("create table mine (a integer)")
        found["written"] = True
    except Exception as error:
        found["written"] = "refused" if "read-only" in str(error) else str(error)
print(json.dumps(found, default=str))
"""


# 1.1.3 is the oldest line that tools still carry inside; 2.0.0 the newest.
@pytest.mark.parametrize("version", ["1.1.3", "2.0.0"])
def test_python_wheels_of_other_versions_read_all_of_it(path, expected, tmp_path, version):
    folder = python_package(f"duckdb=={version}")
    given = {
        "path": str(path), "counts": COUNTS, "comments": COMMENTS,
        "questions": [one.sql for one in load_examples()],
    }  # fmt: skip
    (tmp_path / "given.json").write_text(json.dumps(given))
    (tmp_path / "reader.py").write_text(PYTHON_READER)
    shell = ["sh", "-c", 'exec "$0" "$1" < "$2"']
    out = ran(
        [*shell, sys.executable, tmp_path / "reader.py", tmp_path / "given.json"],
        PYTHONPATH=str(folder),
    )
    found = json.loads(out)
    assert found["version"] == version
    assert found["written"] == "refused"
    assert {name: found[name] for name in expected} == expected


def test_the_command_line_at_its_newest_release(path, expected):
    folder = python_package("duckdb-cli")
    (program,) = [one for one in folder.rglob("duckdb*") if one.is_file() and _is_program(one)]
    program.chmod(0o755)
    out = ran([program, "-readonly", "-json", path, COUNTS])
    assert {row["name"]: row["row_count"] for row in json.loads(out)} == expected["rows"]
    # The questions as they ship, pasted whole.
    answers = ran([program, "-readonly", "-csv", "-bail", path, f".read {EXAMPLES}"])
    headers = sum(len(rows) for rows in expected["answers"]) + len(expected["answers"])
    assert len(answers.splitlines()) == headers
    comments = json.loads(ran([program, "-readonly", "-json", path, COMMENTS]))
    assert [list(row.values()) for row in comments] == expected["comments"]


def _is_program(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) in (b"\x7fELF", b"\xcf\xfa\xed\xfe", b"MZ\x90\x00")


NODE_READER = """
const { DuckDBInstance } = require("@duckdb/node-api");
(async () => {
  const [path, ...queries] = process.argv.slice(2);
  const instance = await DuckDBInstance.create(path, { access_mode: "READ_ONLY" });
  const connection = await instance.connect();
  const found = [];
  for (const query of queries) {
    found.push((await connection.runAndReadAll(query)).getRowsJson());
  }
  console.log(JSON.stringify(found));
})();
"""


def test_the_node_client(path, expected):
    folder = node_package("@duckdb/node-api")
    (folder / "reader.cjs").write_text(NODE_READER)
    queries = [COUNTS, COMMENTS, *(one.sql for one in load_examples())]
    counts, comments, *answers = json.loads(ran(["node", folder / "reader.cjs", path, *queries]))
    assert {name: int(rows) for name, rows in counts} == expected["rows"]
    assert comments == expected["comments"]
    assert [len(rows) for rows in answers] == [len(rows) for rows in expected["answers"]]


FRICTIONLESS_READER = """
import json, sys
from frictionless import Package, system
with system.use_context(trusted=True):
    package = Package(sys.argv[1])
    # Parquet needs an extra of Frictionless with a second copy of pandas; others read it here.
    for name in [one.name for one in package.resources if one.format == "parquet"]:
        package.remove_resource(name)
    report = package.validate()
print(json.dumps({"valid": report.valid, "tables": [
    [task.name, task.valid, task.stats.get("rows") or 0, [one.message for one in task.errors[:3]]]
    for task in report.tasks], "errors": [error.message for error in report.errors]}))
"""


def test_frictionless_finds_the_package_and_all_its_tables_valid(demo_home, tmp_path, expected):
    """Types, enumerations, keys, references, sizes and hashes, by the reference implementation."""
    folder = python_package("frictionless")
    write_copies(read_release(Home(demo_home)), tmp_path / "data")
    out = ran(
        [sys.executable, "-c", FRICTIONLESS_READER, tmp_path / "data" / "datapackage.json"],
        PYTHONPATH=str(folder),
    )
    report = json.loads(out)
    assert report["errors"] == []
    assert [table for table in report["tables"] if not table[1]] == []
    rows = {name: number for name, _, number, _ in report["tables"] if name in TABLES}
    assert rows == {name: expected["rows"][name] for name in TABLES}
