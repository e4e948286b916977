"""What a home keeps no longer by its settings: received files, then rows; and what stays."""

import json
import shutil

import duckdb
import pytest
from command import equality, files, private_rows
from inbox import BME, UNKNOWN, WHITE, staff_rows, write_inbox

from pipeline import trail
from pipeline.settings import Home

OLD, MIDDLE, NEW = "2018-03-31", "2021-03-31", "2022-03-31"
STAFF = {WHITE: 60, BME: 30, UNKNOWN: 20}


def settings(home, text):
    (home / "settings.toml").write_text(text, encoding="utf-8")


def sealed(home):
    return sorted(path.stem for path in (home / "snapshots").rglob("*.sealed"))


def hashes(home, condition="true"):
    rows = private_rows(home, f"select sha256 from ledger.load where {condition} order by 1")
    return [digest for (digest,) in rows]


def periods(home):
    rows = json.loads(equality("figures", "--home", home, "--json").out)
    return {row["period_end"] for row in rows}


@pytest.fixture(scope="module")
def standing(module_folders):
    """A home of three snapshots, the oldest with a row in quarantine."""
    home = module_folders.mktemp("standing") / "home"
    for number, period in enumerate((OLD, MIDDLE, NEW)):
        rows = staff_rows(STAFF, first=1 + 10 * number)
        if period == OLD:
            rows[0]["FTE"] = "a lot"
        write_inbox(home / "inbox", period, "01T", "esr_staff", rows)
    result = equality("run", "--home", home)
    assert result.exit_code == 0, result.out + result.err
    return home


@pytest.fixture
def home(standing, tmp_path):
    return shutil.copytree(standing, tmp_path / "home")


def test_received_files_go_and_the_figures_stay(home):
    (old,) = hashes(home, f"period_end = '{OLD}'")
    figures = equality("figures", "--home", home, "--json").out
    assert private_rows(home, "select count(*) from ledger.quarantine") == [(1,)]
    settings(home, "keep_snapshots_years = 3\n")
    run = equality("run", "--home", home)
    assert run.exit_code == 0, run.out + run.err
    assert run.out.startswith("Nothing new: release ")
    assert equality("figures", "--home", home, "--json").out == figures
    assert old not in sealed(home)
    assert len(sealed(home)) == 2
    assert hashes(home, f"period_end = '{OLD}' and status = 'landed'") == [old]
    assert private_rows(home, "select count(*) from ledger.quarantine") == [(0,)]
    (entry,) = [one for one in trail.entries(Home(home)) if one.action == "retention"]
    assert entry.detail == {"snapshots": [old], "rows_of_periods": []}
    # The inbox still has it: it is not sealed again, and nothing more is noted.
    assert equality("run", "--home", home).exit_code == 0
    assert old not in sealed(home)
    assert len([one for one in trail.entries(Home(home)) if one.action == "retention"]) == 1
    assert equality("verify", "--home", home).exit_code == 0
    refused = equality("rebuild", "--home", home)
    assert refused.exit_code == 2
    assert "holds the rows of 1 files that are kept no longer" in refused.err


def test_rows_go_and_later_releases_begin_later_and_say_so(home):
    first = files(home / "releases")
    settings(home, "keep_rows_years = 3\n")
    run = equality("run", "--home", home)
    assert run.exit_code == 0, run.out + run.err
    assert periods(home) == {MIDDLE, NEW}
    assert files(home / "releases").items() >= first.items()
    query = "select count(*) from landing.esr_staff as staff inner join ledger.load as received"
    query += f" on staff.load_id = received.load_id where period_end = '{OLD}'"
    assert private_rows(home, query) == [(0,)]
    current = (home / "published" / "current.txt").read_text(encoding="ascii").strip()
    manifest = json.loads((home / "releases" / current / "manifest.json").read_bytes())
    assert [entry[:3] for entry in manifest["not_kept"]] == [[OLD, "01T", "esr_staff"]]

    path = home / "releases" / current / "equality.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        told = connection.execute(
            f"select distinct change, reason from revision where period_end = '{OLD}'"
        ).fetchall()
    assert {reason for _, reason in told} == {"NOT_KEPT"}
    assert not (home / "feedback" / OLD).exists()
    again = equality("run", "--home", home)
    assert (again.exit_code, again.out.startswith("Nothing new: release ")) == (0, True)
    write_inbox(home / "inbox", "2018-06-30", "01T", "esr_staff", staff_rows(STAFF))
    late = equality("run", "--home", home)
    assert late.exit_code == 3
    assert "2018-06-30/01T/esr_staff.csv: The snapshot is older than this home keeps" in late.out


def test_a_wrong_setting_is_told(home):
    settings(home, "keep_rows_years = 0\n")
    result = equality("run", "--home", home)
    assert result.exit_code == 2
    assert "keep_rows_years must be a whole number of years, 1 or more." in result.err
