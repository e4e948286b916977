"""The published file as its readers find it, and what every release is made from."""

import csv
import hashlib
import json
import os
import struct
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from command import equality, private_rows
from inbox import BME, UNKNOWN, WHITE, application_rows, board_rows, staff_rows, write_inbox

from pipeline.assess.frames import dates_of_days
from pipeline.errors import ProductError
from pipeline.publish.database import write_database
from pipeline.publish.reasons import Reasons
from pipeline.publish.revisions import Previous, revision_table
from pipeline.quality.alerts import private_frame, public_alerts
from pipeline.registry import METHODS, load_registry
from pipeline.resources import REFERENCE
from schemas.published import TABLES

# The contract with every reader: names and order.
FIGURE = [
    "release_id", "period_end", "organisation_code", "organisation_name", "level", "standard",
    "indicator", "part", "measure", "group_code", "comparator_code", "numerator", "denominator",
    "comparator_numerator", "comparator_denominator", "value", "ci_low", "ci_high", "p_value",
    "status", "reason", "disclosure", "direction",
]  # fmt: skip
KEY = FIGURE[1:3] + FIGURE[4:11]
COUNTS = FIGURE[11:15]
ALERT = {
    "organisation_code", "period_end", "code", "severity", "characteristic", "message", "value",
    "target", "records_to_target", "quarters_running", "acknowledged",
}  # fmt: skip
ORGANISATION = {
    "organisation_code", "organisation_name", "kind", "icb_code", "gss_code", "valid_from",
    "valid_to",
}  # fmt: skip
VIEWS = {"wres", "wdes", "gender_pay_gap", "workforce_profile", "census_comparison", "trend"}


# --- the demo's file ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def path(demo_home):
    return demo_home / "published" / "equality.duckdb"


@pytest.fixture(scope="module")
def published(path):
    with duckdb.connect(str(path), read_only=True) as connection:
        yield connection


def column(connection, query):
    return [row[0] for row in connection.execute(query).fetchall()]


def test_the_demo_releases_quietly_and_writes_nothing_beside_its_home(demo):
    assert demo.exit_code == 0
    # No progress bar, no warning.
    assert demo.errors == ""
    assert "\r" not in demo.output
    assert "\x1b" not in demo.output
    assert demo.left_elsewhere == ()


def test_a_reader_needs_nothing_but_the_duckdb_client(path, tmp_path):
    code = (
        "import sys, duckdb\n"
        "connection = duckdb.connect(sys.argv[1], read_only=True)\n"
        "print(connection.execute(\"select count(*) from figure where standard = 'WRES'\")"
        ".fetchone()[0])\n"
        "print(len(connection.execute('from wres').fetchall()))\n"
        "print([name for name in sys.modules if name.split('.')[0] in ('pipeline', 'schemas')])\n"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", code, str(path)],
        capture_output=True, text=True, cwd=tmp_path, check=True,
    )  # fmt: skip
    figures, rows, modules = done.stdout.splitlines()
    assert int(figures) > int(rows) > 100
    assert modules == "[]"
    assert list(tmp_path.iterdir()) == []


def test_a_reader_cannot_change_it(published):
    with pytest.raises(duckdb.InvalidInputException, match="read-only"):
        published.execute("delete from figure")


def test_old_clients_can_open_it(path, published):
    with path.open("rb") as file:
        head = file.read(20)
    # The layout of DuckDB 0.10 to 1.1; that of 1.2 is 65.
    assert (head[8:12], struct.unpack("<Q", head[12:])) == (b"DUCK", (64,))
    tags = column(published, "select tags from duckdb_databases() where not internal")
    assert [tag["storage_version"] for tag in tags] == ["v1.0.0+"]


def test_it_is_one_file_that_everybody_may_read_and_one_may_write(path):
    assert sorted(file.name for file in path.parent.iterdir()) == ["current.txt", path.name]
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o644, 0o755)
    release = path.parent.with_name("releases") / path.with_name("current.txt").read_text().strip()
    assert release.stat().st_mode & 0o077 == 0
    assert {file.stat().st_mode & 0o077 for file in release.iterdir()} == {0}


def test_tables_views_and_all_their_columns_have_comments(published):
    named = dict(
        published.execute(
            "select table_name, comment from duckdb_tables() union all "
            "select view_name, comment from duckdb_views() where not internal"
        ).fetchall()
    )
    assert set(named) == set(TABLES) | VIEWS
    columns = published.execute(
        "select table_name, column_name, comment from duckdb_columns() where not internal"
    ).fetchall()
    assert {table for table, _, _ in columns} == set(named)
    comments = {(name,): text for name, text in named.items()}
    comments |= {(table, name): text for table, name, text in columns}
    for place, text in comments.items():
        assert text, place
        assert text.strip(), place


def test_figure_has_the_columns_of_the_contract_in_order(published):
    assert column(published, "describe figure") == FIGURE
    assert column(published, "select column_name from (describe figure)") == FIGURE


@pytest.mark.parametrize(
    ("table", "columns"), [("alert", ALERT), ("organisation", ORGANISATION)]
)  # fmt: skip
def test_its_companions_have_the_columns_of_the_contract(published, table, columns):
    assert columns <= set(column(published, f"describe {table}"))


def test_the_key_of_figure_is_unique(published):
    key = ", ".join(KEY)
    assert (
        column(published, f"select count(*) from figure group by {key} having count(*) > 1") == []
    )
    assert column(published, "select count(distinct release_id) from figure") == [1]


def test_figure_is_sorted_by_its_key(published):
    rows = published.execute(f"select {', '.join(KEY)} from figure").fetchall()
    texts = [tuple("" if value is None else str(value) for value in row) for row in rows]
    assert texts == sorted(texts)


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("level", {"employer", "icb", "system"}),
        ("status", {"ok", "not_applicable", "suppressed", "missing_source"}),
        ("disclosure", {"NONE", "SUPPRESSED", "PERCENT_ONLY", "ROUNDED"}),
        ("direction", {"favourable", "adverse", "near_parity", "cannot_tell", "neutral", None}),
        (
            "measure",
            {"share", "rate", "headcount", "count", "relative_likelihood", "difference_pp", "ratio",
             "score", "gap_percent"},
        ),
        (
            "standard",
            {"WRES", "WDES", "GPG", "EPG", "DPG", "RDR", "MODEL_EMPLOYER", "PSED", "DECLARATION",
             "CENSUS", "FLOW", "EDS", "ACTIONS", "DUTIES"},
        ),
        (
            "reason",
            {"NO_NUMERATOR_BASE", "NO_COMPARATOR_BASE", "NO_EVENTS", "COMPARATOR_RATE_ZERO",
             "SERIES_BREAK", "NO_EARLIER_FIGURE", "NO_CURRENT_FIGURE", "BELOW_MINIMUM",
             "MISSING_SOURCE", "NOT_ADDITIVE", "NO_BASELINE", "NOT_RECORDED", "PARITY_BELOW_ONE",
             "WEIGHTED", "SUPPRESSED", "DETAIL_NOT_PUBLISHED", None},
        ),
    ],
)  # fmt: skip
def test_coded_columns_hold_their_codes(published, name, allowed):
    assert set(column(published, f"select distinct {name} from figure")) <= allowed


def test_a_value_stands_where_the_status_is_ok_and_nowhere_else(published):
    rows = published.execute(
        "select status, value is null, ci_low is null, p_value is null, direction is null, "
        "reason is null from figure"
    ).fetchall()
    for status, value, low, p_value, direction, reason in rows:
        assert value == (status != "ok")
        assert direction == (status != "ok")
        assert reason == (status == "ok")
        assert status == "ok" or (low and p_value)


def test_adverse_and_favourable_are_claimed_with_p_and_interval_alone(published):
    claimed = published.execute(
        "select p_value, ci_low, ci_high, measure from figure "
        "where direction in ('adverse', 'favourable')"
    ).fetchall()
    assert claimed
    for p_value, low, high, measure in claimed:
        parity = 1 if measure in ("ratio", "relative_likelihood") else 0
        assert p_value < 0.05 or (p_value, measure) == (0.05, "difference_pp")
        assert high <= parity or low >= parity


def test_every_group_of_figure_is_in_the_registry(published):
    groups = defaultdict(set)
    for standard, indicator, measure, text in published.execute(
        "select standard, indicator, measure, groups from indicator"
    ).fetchall():
        groups[standard, indicator, measure] = {entry.split(":")[0] for entry in text.split("; ")}
    for standard, indicator, measure, group in published.execute(
        "select distinct standard, indicator, measure, group_code from figure"
    ).fetchall():
        assert group in groups[standard, indicator, measure], (standard, indicator, group)


def test_every_organisation_of_figure_is_described(published):
    unknown = column(
        published,
        "select distinct organisation_code from figure anti join organisation "
        "using (organisation_code)",
    )
    assert unknown == []
    named = column(
        published,
        "select figure.organisation_code from figure anti join organisation "
        "on figure.organisation_code = organisation.organisation_code "
        "and figure.organisation_name = organisation.organisation_name "
        "where figure.level = 'employer'",
    )
    assert named == []


def test_the_file_says_what_it_is(published, demo):
    about = dict(published.execute("from about").fetchall())
    assert about["release_id"] in demo.output
    assert about["is_sample"] == "yes: invented people"
    policy = (REFERENCE / "disclosure.yml").read_bytes()
    assert about["disclosure_policy_sha256"] == hashlib.sha256(policy).hexdigest()
    assert "Office for National Statistics" in about["population"]
    # Nothing in it came from a clock.
    assert not any("202" in value for name, value in about.items() if name not in (
        "release_id", "population", "disclosure_policy_sha256", "code_version",
    ))  # fmt: skip


def test_the_load_table_says_what_was_rejected(published):
    rejected = published.execute(
        "select cast(period_end as varchar), organisation_code, source from load "
        "where status = 'rejected' order by all"
    ).fetchall()
    assert rejected == [
        ("2021-09-30", "01J", "recruitment"),
        ("2021-09-30", "27D", "board"),
    ]


def test_partitions_add_up_on_the_true_figures(demo_home):
    """Each person is in one group: the shares of one indicator and part are a partition."""
    rows = private_rows(
        demo_home,
        "select period_end, level, organisation_code, standard, indicator, part, "
        "list(group_code), sum(numerator), min(denominator), max(denominator) from marts.figure "
        "where measure = 'share' and numerator is not null group by all",
    )
    partitions = {
        (entry.standard, entry.indicator)
        for entry in load_registry()
        if "share" in entry.measures and METHODS[entry.measures["share"].method].is_partition
    }
    rows = [row for row in rows if row[3:5] in partitions]
    assert len(rows) > 5000
    assert {row[3] for row in rows} == {
        "WRES",
        "WDES",
        "PSED",
        "DECLARATION",
        "GPG",
        "EPG",
        "DPG",
    } | {"FLOW"}
    for row in rows:
        groups, total, least, most = row[6:]
        assert total == least == most, row
        assert len(groups) == len(set(groups))
        assert "ALL" not in groups


# --- one release after another --------------------------------------------------------------

PERIOD = "2022-03-31"
READER = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1], read_only=True)
print("open", flush=True)
sys.stdin.readline()
print(connection.execute("select count(*), max(release_id) from figure").fetchone(), flush=True)
"""


def write_first(inbox):
    for code, first in (("01T", 1), ("01V", 5001)):
        rows = staff_rows({WHITE: 60, BME: 25, UNKNOWN: 15}, first=first)
        write_inbox(inbox, PERIOD, code, "esr_staff", rows)
    applications = application_rows({(WHITE, True): 20, (WHITE, False): 40, (BME, False): 30})
    write_inbox(inbox, PERIOD, "01T", "recruitment", applications)
    write_inbox(inbox, PERIOD, "01T", "board", board_rows({WHITE: 12}))
    (inbox / PERIOD / "01V" / "board.csv").write_bytes(b"")


def write_second(inbox):
    """Resubmit one extract and send another organisation's."""
    rows = staff_rows({WHITE: 70, BME: 35, UNKNOWN: 10})
    write_inbox(inbox, PERIOD, "01T", "esr_staff", rows)
    write_inbox(inbox, PERIOD, "01X", "esr_staff", staff_rows({WHITE: 90, BME: 30}, first=9001))


@dataclass(frozen=True)
class History:
    """Two releases of one home, and the first of them again in another home."""

    home: Path
    other: Path
    first: str
    second: str
    reader: tuple[str, str]

    def read(self, name, release, home=None):
        return ((home or self.home) / "releases" / release / name).read_bytes()

    def manifest(self, release):
        return json.loads(self.read("manifest.json", release))

    def figures(self, release):
        text = self.read("figure.csv", release).decode()
        return {tuple(row[name] for name in KEY): row for row in csv.DictReader(text.splitlines())}


def current(home):
    return (home / "published" / "current.txt").read_text().strip()


@pytest.fixture(scope="module")
def history(module_folders):
    home, other = module_folders.mktemp("one"), module_folders.mktemp("other")
    for place in (home, other):
        write_first(place / "inbox")
        assert equality("run", "--home", place).exit_code == 3
    first = current(home)
    database = home / "published" / "equality.duckdb"
    with subprocess.Popen(
        [sys.executable, "-I", "-c", READER, str(database)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as reader:  # fmt: skip
        assert reader.stdout.readline() == "open\n"
        before = database.stat().st_ino
        write_second(home / "inbox")
        assert equality("run", "--home", home).exit_code == 3
        assert os.name == "nt" or database.stat().st_ino != before
        answer, _ = reader.communicate("\n", timeout=60)
        assert reader.returncode == 0
    return History(home, other, first, current(home), (answer.strip(), ""))


@pytest.mark.slow
def test_the_same_inputs_give_the_same_release_whatever_the_key_and_the_clock(history):
    assert current(history.other) == history.first
    for name in ("figure.csv", "manifest.json"):
        assert history.read(name, history.first) == history.read(
            name, history.first, history.other
        ), name
    keys = [
        (place / "keys" / "pseudonym.key").read_bytes() for place in (history.home, history.other)
    ]
    assert keys[0] != keys[1]


@pytest.mark.slow
def test_the_file_of_figures_is_the_table_of_figures(history):
    with duckdb.connect(str(history.home / "published" / "equality.duckdb")) as connection:
        rows = connection.execute("select * from figure").fetchall()
    lines = list(csv.reader(history.read("figure.csv", history.second).decode().splitlines()))
    assert lines[0] == FIGURE
    assert len(lines) - 1 == len(rows)
    for line, row in zip(lines[1:], rows, strict=True):
        texts = ["" if value is None else str(value) for value in row]
        assert line == texts


@pytest.mark.slow
def test_a_reader_keeps_its_release_while_another_is_published(history):
    figures = len(history.figures(history.first))
    assert history.reader[0] == f"({figures}, '{history.first}')"
    assert history.second != history.first
    with duckdb.connect(
        str(history.home / "published" / "equality.duckdb"), read_only=True
    ) as connection:
        assert column(connection, "select distinct release_id from figure") == [history.second]


@pytest.mark.slow
def test_the_manifest_names_every_input_by_its_hash(history):
    manifest = history.manifest(history.second)
    inbox = history.home / "inbox"
    sent = {
        (*path.relative_to(inbox).parts[:2], path.stem): hashlib.sha256(
            path.read_bytes()
        ).hexdigest()
        for path in inbox.rglob("*.csv")
    }
    named = {
        (entry["period_end"], entry["organisation_code"], entry["source"]): entry
        for entry in manifest["inputs"]
    }
    assert {place: entry["sha256"] for place, entry in named.items()} == sent
    staff = named[PERIOD, "01T", "esr_staff"]
    assert (staff["received"], staff["landed"], staff["quarantined"]) == (115, 115, 0)
    assert staff["status"] == "landed"
    assert named[PERIOD, "01V", "board"]["status"] == "rejected"


@pytest.mark.slow
def test_the_manifest_names_code_policy_and_the_releases_before(history):
    policy = hashlib.sha256((REFERENCE / "disclosure.yml").read_bytes()).hexdigest()
    earlier = {history.first: [], history.second: [history.first]}
    for release, before in earlier.items():
        manifest = history.manifest(release)
        assert manifest["release_id"] == release
        assert manifest["earlier_releases"] == before
        assert manifest["policy_sha256"] == policy
        assert manifest["policy"]["threshold"] == 10
        assert manifest["policy"]["detail"]["employer"]["detail"] == [3]
        assert manifest["code_version"].startswith("0.1.0+")
        assert manifest["figures"] == len(history.figures(release))
        assert manifest["is_sample"] is False
        assert release.startswith(f"{PERIOD}-")
        words = " ".join(manifest)
        assert "time" not in words
        assert "date" not in words


@pytest.mark.slow
def test_the_first_release_revises_nothing(history):
    path = history.home / "releases" / history.first / "equality.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        assert column(connection, "select count(*) from revision") == [0]


def tells_of_few(before, now):
    """Return whether a figure is hidden in one release, or a count changed by 1 to 9 people."""
    if "suppressed" in {before["status"], now["status"]}:
        return True
    pairs = [(before[name], now[name]) for name in COUNTS if before[name] and now[name]]
    return any(0 < abs(int(one) - int(other)) < 10 for one, other in pairs)


def indicator_of(key):
    """Return snapshot, organisation, level, standard and indicator of a figure."""
    return key[: KEY.index("indicator") + 1]


@pytest.mark.slow
def test_the_revision_lists_figures_that_read_otherwise_but_for_few_people(history):
    """In the second release 01T sent its staff again, and 01X came."""
    before, now = history.figures(history.first), history.figures(history.second)
    told = [name for name in FIGURE if name not in {"release_id", *KEY, "organisation_name"}]
    known = {indicator_of(key) for key in before} & {indicator_of(key) for key in now}
    expected = {
        key: "appeared"
        for key in now.keys() - before.keys()
        if now[key]["status"] != "suppressed" or indicator_of(key) not in known
    } | {
        key: "changed"
        for key in now.keys() & before.keys()
        if any(now[key][name] != before[key][name] for name in told)
        and not tells_of_few(before[key], now[key])
    }
    assert "appeared" in expected.values()
    path = history.home / "published" / "equality.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        rows = connection.execute(
            f"select {', '.join(KEY)}, change, previous_release_id from revision "
            "where change <> 'not_listed'"
        ).fetchall()
    found = {
        tuple("" if value is None else str(value) for value in row[: len(KEY)]): row[len(KEY)]
        for row in rows
    }
    assert found == expected
    assert {row[-1] for row in rows} == {history.first}


@pytest.mark.slow
def test_a_figure_that_is_gone_is_listed_as_withdrawn(history):
    path = history.home / "releases" / history.first / "equality.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        figure = dates_of_days(connection.execute("from figure").df())
    same = Reasons(history.manifest(history.first), history.manifest(history.first), {})
    previous = Previous(history.first, path, same)
    gone = figure[figure["status"].eq("ok")].iloc[0]
    rows = revision_table(figure.drop(index=gone.name), previous, {}, 10)
    assert rows["change"].tolist() == ["withdrawn"]
    listed = rows.iloc[0]
    for name in [*KEY, "organisation_name"]:
        assert (pd.isna(gone[name]) and pd.isna(listed[name])) or gone[name] == listed[name], name


@pytest.mark.slow
def test_another_policy_is_another_release(history):
    """Last to look at the other home: it moves it on."""
    policy = history.other / "disclosure.yml"
    text = (REFERENCE / "disclosure.yml").read_text(encoding="utf-8")
    policy.write_text(text.replace("threshold: 10", "threshold: 30"), encoding="utf-8")
    (history.other / "settings.toml").write_text('disclosure = "disclosure.yml"\n')
    assert equality("run", "--home", history.other).exit_code == 3
    release = current(history.other)
    assert release != history.first
    manifest = json.loads(history.read("manifest.json", release, history.other))
    assert manifest["policy_sha256"] == hashlib.sha256(policy.read_bytes()).hexdigest()
    path = history.other / "published" / "equality.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        for name in ("numerator", "denominator"):
            small = f"select count(*) from figure where {name} between 1 and 29"
            assert column(connection, small) == [0]
        assert column(connection, "select value from about where name = 'threshold'") == ["30"]


# --- what is refused ------------------------------------------------------------------------


@pytest.fixture
def frames(history):
    path = history.home / "published" / "equality.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        return {name: connection.execute(f"from {name}").df() for name in TABLES}


def test_what_was_published_can_be_published(frames, tmp_path):
    write_database(tmp_path / "again.duckdb", frames)
    assert (tmp_path / "again.duckdb").exists()


@pytest.mark.parametrize(
    ("table", "name", "value"),
    [
        ("figure", "level", "planet"),
        ("figure", "disclosure", "PRIMARY"),
        ("figure", "reason", "because"),
        ("figure", "organisation_code", None),
        ("declaration_rate", "status", "fine"),
        ("load", "status", "lost"),
    ],
)
def test_a_table_that_breaks_the_contract_is_not_published(frames, tmp_path, table, name, value):
    frames[table].loc[0, name] = value
    with pytest.raises(ProductError, match=f"Table {table} would not be published") as caught:
        write_database(tmp_path / "wrong.duckdb", frames)
    assert name in str(caught.value)


def test_a_release_without_alerts_is_published(frames, tmp_path):
    frames["alert"] = public_alerts(private_frame([]), frames["declaration_rate"])
    write_database(tmp_path / "calm.duckdb", frames)
    with duckdb.connect(str(tmp_path / "calm.duckdb"), read_only=True) as connection:
        assert column(connection, "select count(*) from alert") == [0]
        assert ("value", "DOUBLE") in [
            row[:2] for row in connection.execute("describe alert").fetchall()
        ]


def test_what_other_bodies_published_stands_beside_the_figures(published):
    """NHS Staff Survey 2024, item 31b, and the filings of snapshot 31 March 2021."""
    rows = published.execute(
        "select standard, indicator, cast(period_end as varchar), peer_group, organisations, base, "
        "value, is_weighted from benchmark where peer_group <> 'OWN_FILING' "
        "and indicator in ('8', 'median_hourly') and standard <> 'WRES' "
        "and (peer_code is null) order by all"
    ).fetchall()
    assert rows == [
        ("GPG", "median_hourly", "2021-03-31", "NHS_EMPLOYERS", 254, None, 9.7, False),
        ("WDES", "8", "2025-03-31", "ENGLAND", 263, 118545, 75.3, True),
        ("WDES", "8", "2025-03-31", "ICBS", 41, 2602, 78.7, False),
    ]
