"""`equality rebuild`: a home that lost its private database, and releases, made anew."""

import csv
import json
import shutil
from unittest.mock import patch

import pytest
from command import GateHere, equality, files, private_rows
from inbox import BME, UNKNOWN, WHITE, board_rows, pay_rows, staff_rows, write_inbox

pytestmark = pytest.mark.slow

PERIOD, BEFORE = "2022-03-31", "2021-12-31"
STAFF = {WHITE: 60, BME: 30, UNKNOWN: 20}
LEDGER = (
    "select period_end, organisation_code, source, file_name, sha256, status, rows_received, "
    "rows_landed, rows_quarantined, rows_warned from ledger.load order by all"
)


def rebuild(*arguments):
    with patch("pipeline.rebuild.rebuild.Companion", GateHere):
        return equality("rebuild", *arguments)


def outcomes(result):
    return [row["outcome"] for row in json.loads(result.out)]


def released(home):
    """Return the releases in order, by the manifest of the newest."""
    current = (home / "published" / "current.txt").read_text(encoding="ascii").strip()
    manifest = json.loads((home / "releases" / current / "manifest.json").read_bytes())
    return [*manifest["earlier_releases"], current]


def kept_of(home):
    """Return what of a home a rebuild must leave, or bring back, to the byte."""
    folders = ("releases", "feedback", "published", "snapshots", "decisions")
    return {folder: files(home / folder) for folder in folders}


def decide(home):
    (home / "decisions").mkdir(mode=0o700, exist_ok=True)
    with (home / "decisions" / "code_decision.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["list", "received_key", "code", "decided_on", "decided_by_role", "note"])
        writer.writerow(["ethnicity", "martian", "S", "2022-04-30", "analyst", ""])


@pytest.fixture(scope="module")
def standing(module_folders):
    """A home of four releases: what came is one after another new, mended, late and decided on."""
    home = module_folders.mktemp("standing") / "home"
    inbox = home / "inbox"
    odd = staff_rows(STAFF)
    for row in odd[:12]:
        row["Ethnic Origin"] = "Martian"
    write_inbox(inbox, PERIOD, "01T", "esr_staff", odd)
    write_inbox(inbox, PERIOD, "01T", "pay", pay_rows(["15.00"] * 115))
    assert equality("run", "--home", home).exit_code == 0
    put_right = [dict(row) for row in odd]
    put_right[-1]["Ethnic Origin"] = BME
    write_inbox(inbox, PERIOD, "01T", "esr_staff", put_right)
    broken = write_inbox(inbox, PERIOD, "01T", "board", board_rows({WHITE: 8, BME: 5}))
    broken.write_bytes(broken.read_bytes()[:-20])
    assert equality("run", "--home", home).exit_code == 3
    write_inbox(inbox, BEFORE, "01T", "esr_staff", odd)
    (home / "inbox" / PERIOD / "01T" / "board.csv").unlink()
    write_inbox(inbox, PERIOD, "01T", "board", board_rows({WHITE: 8, BME: 5}))
    assert equality("run", "--home", home).exit_code == 0
    decide(home)
    assert equality("run", "--home", home).exit_code == 0
    code = json.loads(equality("alerts", "--home", home, "--json").out)[0]["code"]
    command = ("alerts", "acknowledge", "--home", home, "--organisation", "01T", "--code", code)
    assert equality(*command).exit_code == 0
    assert len(released(home)) == 4
    return home


@pytest.fixture
def home(standing, tmp_path):
    return shutil.copytree(standing, tmp_path / "home")


def test_a_home_whose_private_database_is_lost_is_the_same_again(home):
    before, ledger = kept_of(home), private_rows(home, LEDGER)
    known = private_rows(home, "select * from ledger.acknowledgement")
    people = private_rows(home, "select count(*), count(distinct person) from landing.esr_staff")
    quarantined = private_rows(home, "select codes, row_number from ledger.quarantine order by all")
    (home / "private.duckdb").unlink()
    result = rebuild("--home", home, "--json")
    assert (result.exit_code, result.err) == (0, "")
    assert outcomes(result) == ["same"] * 4
    assert kept_of(home) == before
    assert private_rows(home, LEDGER) == ledger
    assert private_rows(home, "select * from ledger.acknowledgement") == known != []
    assert (
        private_rows(home, "select codes, row_number from ledger.quarantine order by all")
        == quarantined
        != []
    )
    assert (
        private_rows(home, "select count(*), count(distinct person) from landing.esr_staff")
        == people
    )
    assert not (home / ".rebuild").exists()
    again = equality("run", "--home", home)
    assert (again.exit_code, again.err) == (0, "")
    assert again.out.startswith("Nothing new: release ")


def test_releases_that_are_lost_or_damaged_are_made_again(home):
    first, second, third, fourth = released(home)
    figures = {name: (home / "releases" / name / "figure.csv").read_bytes() for name in (first,
               third)}  # fmt: skip
    tables = equality("figures", "--home", home, "--json").out
    shutil.rmtree(home / "releases" / first)
    database = home / "releases" / third / "equality.duckdb"
    database.write_bytes(database.read_bytes()[:50_000])
    (home / "private.duckdb").write_bytes(b"no database")
    (home / "feedback" / PERIOD / "01T" / "pay.jsonl").unlink()
    shutil.rmtree(home / "published")
    result = rebuild("--home", home)
    assert (result.exit_code, result.err) == (0, "")
    lost = "was lost or damaged; made again, the same to the byte, and put back"
    assert result.out.splitlines()[1:] == [
        f"  {first}: {lost}",
        f"  {second}: the same to the byte",
        f"  {third}: {lost}",
        f"  {fourth}: the same to the byte",
    ]
    for name, content in figures.items():
        assert (home / "releases" / name / "figure.csv").read_bytes() == content
    assert (home / "feedback" / PERIOD / "01T" / "pay.jsonl").exists()
    assert equality("figures", "--home", home, "--json").out == tables
    verified = equality("verify", "--home", home)
    assert verified.exit_code == 0, verified.out
    assert equality("run", "--home", home).out.startswith("Nothing new: release ")


def test_a_home_of_a_version_without_receipts(home):
    """Its manifests say from which files each release was made."""
    ledger = private_rows(home, LEDGER.replace("file_name, ", ""))
    shutil.rmtree(home / "snapshots" / "receipts")
    (home / "private.duckdb").unlink()
    result = rebuild("--home", home, "--json")
    assert result.exit_code == 0, result.err
    # What the team had decided before each of the first three releases is nothing, and so it says.
    assert outcomes(result) == ["same"] * 4
    assert private_rows(home, LEDGER.replace("file_name, ", "")) == ledger


def test_a_file_that_is_gone_is_told_and_its_releases_stay_as_they_are(home):
    first, *_ = released(home)
    before = kept_of(home)["releases"]
    (digest,) = private_rows(
        home, "select min(sha256) from ledger.load where source = 'pay'"
    )[0]  # fmt: skip
    (home / "snapshots" / digest[:2] / f"{digest}.sealed").unlink()
    (home / "private.duckdb").unlink()
    result = rebuild("--home", home)
    assert result.exit_code == 0, result.err
    assert (
        f"  {first}: not made again, taken over as it is (of its files 1 is kept no longer, or "
        "damaged)" in result.out.splitlines()
    )
    assert kept_of(home)["releases"] == before
    # The inbox still has it, so that the next run lands it, and all is as before.
    again = equality("run", "--home", home)
    assert again.exit_code == 0
    assert "Received 1 file from 1 organisation" in again.out
    assert private_rows(home, "select count(*) from landing.pay") != [(0,)]


@pytest.mark.parametrize("name", ["pseudonym", "store"])
def test_another_key_rebuilds_nothing(home, monkeypatch, name):
    (home / "private.duckdb").unlink()
    before = files(home)
    monkeypatch.setenv(f"EQUALITY_{name.upper()}_KEY", "0123456789abcdef" * 4)
    result = rebuild("--home", home)
    assert result.exit_code == 2
    assert "key" in result.err
    monkeypatch.delenv(f"EQUALITY_{name.upper()}_KEY")
    after = {name: content for name, content in files(home).items() if ".rebuild" not in name}
    assert after.keys() - before.keys() <= {"run.holder"}
    assert all(after[name] == content for name, content in before.items() if "run." not in name)
    assert rebuild("--home", home).exit_code == 0
