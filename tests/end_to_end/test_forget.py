"""`equality forget`: a person out of a home, whoever kills it, and out of what comes later."""

import csv
import io
import json
import os
import shutil
import signal
import subprocess
import sys
from unittest.mock import patch

import pytest
from command import GateHere, equality, files, private_rows
from inbox import (
    BME,
    UNKNOWN,
    WHITE,
    case_rows,
    csv_text,
    pay_rows,
    staff_row,
    staff_rows,
    training_rows,
    write_inbox,
)

from pipeline import trail
from pipeline.identity import load_keys
from pipeline.receive.snapshots import Snapshots, sha256_of
from pipeline.settings import Home

PERIOD, BEFORE = "2022-03-31", "2021-12-31"
STAFF = {WHITE: 60, BME: 30, UNKNOWN: 20}
GONE = 5
EMPLOYEE, NHS_ID = str(20_000_000 + GONE), str(70_000_000 + GONE)
"""Both as ``inbox.staff_row`` writes them."""
WHO = f"Kind,Organisation Code,Identifier\r\nNHS Unique Id,,{NHS_ID}\r\n"
COUNTED = "select source, count(*) from ({}) group by all order by all".format(
    " union all ".join(
        f"select '{source}' as source from landing.{source}"
        for source in ("esr_staff", "pay", "training", "employee_relations")
    )
)


def people(first=1):
    rows = staff_rows(STAFF, first=first)
    rows[GONE - 1] |= {"Religious Belief": "A faith of one alone"}
    return rows


def write(home, *, without=None):
    """Write an inbox of two snapshots, of which one extract is UTF-16 with a preamble."""
    inbox = home / "inbox"
    kept = [row for row in people() if row["Employee Number"] != without]
    pay = [row for row in pay_rows(["15.00"] * 110) if row["Employee Number"] != without]
    courses = training_rows({"Mandatory": 40}) + training_rows({"CPD": 10})
    courses = [row for row in courses if row["Employee Number"] != without]
    cases = [row for row in case_rows({"Grievance": 8}) if row["Employee Number"] != without]
    write_inbox(inbox, PERIOD, "01T", "esr_staff", kept)
    text = "Staff in post;;;\r\n\r\n" + csv_text(kept).replace(",", ";")
    path = inbox / BEFORE / "01T" / "esr_staff.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-16"))
    write_inbox(inbox, PERIOD, "01T", "pay", pay)
    write_inbox(inbox, PERIOD, "01T", "training", courses)
    write_inbox(inbox, PERIOD, "01T", "employee_relations", cases)
    others = staff_rows(STAFF, first=1000)
    # The same person has a post with another employer.
    if without is None:
        others += [staff_row(1, **{"employee_number": "33000001",
                   "assignment_number": "33000001", "nhs_unique_id": NHS_ID})]  # fmt: skip
    write_inbox(inbox, PERIOD, "01V", "esr_staff", others)


def forget(home, text=WHO):
    folder = home.parent
    (folder / "who.csv").write_text(text, encoding="utf-8")
    return equality("forget", folder / "who.csv", "--home", home)


def contents(home):
    """Return what every sealed snapshot holds."""
    kept = Home(home)
    snapshots = Snapshots(kept.snapshots, load_keys(kept))
    names = [path.stem for path in (home / "snapshots").rglob("*.sealed")]
    return [snapshots.content(name) for name in names]


def holds(home, *identifiers):
    """Return whether a received file that is kept holds one of some identifiers."""
    encodings = ("utf-8", "utf-16-le")
    wanted = [name.encode(encoding) for name in identifiers for encoding in encodings]
    return any(one in content for content in contents(home) for one in wanted)


def figures(home):
    """Return the true figures; what of them is hidden depends on what releases have told."""
    rows = json.loads(equality("figures", "--home", home, "--unprotected", "--json").out)
    left_out = {"release_id", "disclosure"}
    return sorted(json.dumps({n: row[n] for n in row if n not in left_out}) for row in rows)


@pytest.fixture(scope="module")
def standing(module_folders):
    home = module_folders.mktemp("standing") / "home"
    write(home)
    result = equality("run", "--home", home)
    assert result.exit_code == 0, result.out + result.err
    return home


@pytest.fixture(scope="module")
def after(standing, module_folders):
    """The home after the person was forgotten and it was run again, with what both said."""
    home = shutil.copytree(standing, module_folders.mktemp("after") / "home")
    assert holds(home, NHS_ID, EMPLOYEE, "33000001")
    done = forget(home)
    state = private_rows(home, COUNTED)
    return home, done, state, equality("run", "--home", home)


@pytest.mark.slow
def test_every_row_goes_whichever_identifier_names_them(after, standing):
    home, done, state, _ = after
    assert (done.exit_code, done.err) == (0, "")
    assert done.out.startswith("Forgotten: six received files replaced and destroyed.")
    assert dict(private_rows(standing, COUNTED)) == {
        "employee_relations": 8, "esr_staff": 331, "pay": 110, "training": 50,
    }  # fmt: skip
    assert dict(state) == {"employee_relations": 7, "esr_staff": 328, "pay": 109, "training": 48}
    assert not holds(home, NHS_ID, EMPLOYEE, "33000001")
    keys = load_keys(Home(home))
    for scope, number in (
        ("NHS", NHS_ID),
        ("01T employee", EMPLOYEE),
        ("01V employee", "33000001"),
    ):
        person = keys.person(scope, number)
        for table, column in (
            ("landing.esr_staff", "person"),
            ("landing.esr_staff", "employee"),
            ("landing.pay", "employee"),
            ("core.workforce", "person"),
        ):
            query = f"select count(*) from {table} where {column} = '{person}'"
            assert private_rows(home, query) == [(0,)], (scope, table)
    assert private_rows(home, "select * from ledger.unknown_code") == []


@pytest.mark.slow
def test_no_identifier_is_told_anywhere(after):
    home, done, _, run = after
    for text in (done.out, done.err, run.out, run.err):
        assert not {NHS_ID, EMPLOYEE, "33000001"} & set(text.replace(".", " ").split())
    for name, content in files(home).items():
        if not name.startswith("inbox/"):
            assert NHS_ID.encode() not in content, name
            assert b"a faith of one alone" not in content.lower(), name


@pytest.mark.slow
def test_the_figures_are_those_of_a_home_that_never_had_them(after, tmp_path):
    home, _, _, run = after
    assert (run.exit_code, run.err) == (0, "")
    write(tmp_path, without=EMPLOYEE)
    assert equality("run", "--home", tmp_path).exit_code == 0
    assert figures(home) == figures(tmp_path)


@pytest.mark.slow
def test_the_inbox_does_not_bring_them_back(after):
    _, done, _, run = after
    assert "Still in the inbox, with these people in them; they are not received again:" in done.out
    assert f"  {PERIOD}/01T/pay.csv" in done.out
    assert "Received" not in run.out
    assert "Release " in run.out


@pytest.mark.slow
def test_releases_that_are_out_stay_and_the_next_one_says_why_it_differs(after, standing):
    home, *_ = after
    before = files(standing / "releases")
    assert files(home / "releases").items() >= before.items()
    current = (home / "published" / "current.txt").read_text(encoding="ascii").strip()
    manifest = json.loads((home / "releases" / current / "manifest.json").read_bytes())
    assert len(manifest["replaced"]) == 6
    told = equality("explain", "DECLARATION", "sex", "--home", home, "--organisation", "01T",
                    "--period", PERIOD)  # fmt: skip
    assert told.exit_code == 0


@pytest.mark.slow
def test_the_trail_says_which_hash_took_the_place_of_which(after):
    home, *_ = after
    (entry,) = [one for one in trail.entries(Home(home)) if one.action == "forget"]
    assert len(entry.detail["replaced"]) == 6
    path = home / "inbox" / PERIOD / "01T" / "pay.csv"
    old = sha256_of(path.read_bytes())
    (pay,) = [one for one in entry.detail["replaced"] if one["place"] == f"{PERIOD}/01T/pay"]
    assert pay["old_sha256"] == old
    assert not (home / "snapshots" / old[:2] / f"{old}.sealed").exists()
    new = pay["new_sha256"]
    assert (home / "snapshots" / new[:2] / f"{new}.sealed").exists()
    assert trail.faults_of(Home(home)) == []


@pytest.mark.slow
def test_a_successor_that_is_lost_is_found_out(after, tmp_path):
    home = shutil.copytree(after[0], tmp_path / "home")
    assert equality("verify", "--home", home).exit_code == 0
    (entry,) = [one for one in trail.entries(Home(home)) if one.action == "forget"]
    new = next(one["new_sha256"] for one in entry.detail["replaced"] if one["is_kept"])
    (home / "snapshots" / new[:2] / f"{new}.sealed").unlink()
    found = equality("verify", "--home", home)
    assert found.exit_code == 1
    assert f"{new}.sealed" in found.out


@pytest.mark.slow
def test_a_new_file_with_them_comes_in_without_them(after, tmp_path):
    home = shutil.copytree(after[0], tmp_path / "home")
    write_inbox(home / "inbox", PERIOD, "01T", "pay", pay_rows(["16.00"] * 110))
    run = equality("run", "--home", home)
    assert run.exit_code == 0, run.out + run.err
    assert "Received 1 file from 1 organisation: 109 rows landed" in run.out
    assert not holds(home, EMPLOYEE)
    again = equality("run", "--home", home)
    assert again.out.startswith("Nothing new: release ")


@pytest.mark.slow
def test_once_more_changes_nothing_and_a_mistyped_one_neither(after, tmp_path):
    home = shutil.copytree(after[0], tmp_path / "home")
    assert forget(home).out.startswith("Forgotten: no received files")
    before = private_rows(home, COUNTED)
    wrong = forget(home, WHO.replace(NHS_ID, "99999999"))
    assert wrong.exit_code == 2
    assert "No file of this home holds the identifier of line 2." in wrong.err
    assert "99999999" not in wrong.err
    bad = forget(home, "Kind,Organisation Code,Identifier\nPassport,,1\nEmployee Number,,2\n")
    assert bad.exit_code == 2
    assert "line 2 has a kind that is none of" in bad.err
    assert "line 3 names no organisation" in bad.err
    assert private_rows(home, COUNTED) == before


@pytest.mark.slow
def test_a_rebuild_does_not_bring_them_back(after, tmp_path):
    home = shutil.copytree(after[0], tmp_path / "home")
    state, now = private_rows(home, COUNTED), figures(home)
    (home / "private.duckdb").unlink()
    with patch("pipeline.rebuild.rebuild.Companion", GateHere):
        result = equality("rebuild", "--home", home, "--json")
    assert result.exit_code == 0, result.err
    first, second = json.loads(result.out)
    assert (first["outcome"], second["outcome"]) == ("taken over", "same")
    assert "replaced, because somebody in them is forgotten" in first["reason"]
    assert private_rows(home, COUNTED) == state
    assert figures(home) == now


KILL = """
import os, signal, sys
from pipeline.cli import main
left, home = int(sys.argv.pop(1)), sys.argv[-1]
def watch(event, arguments):
    global left
    if event not in ("os.rename", "os.remove", "open") or home not in str(arguments[0]):
        return
    if event != "open" or isinstance(arguments[1], str) and "w" in arguments[1]:
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(watch)
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    "at",
    [
        *(2, 8, 14, 22),
        *(pytest.param(at, marks=pytest.mark.long) for at in (1, 4, 7, 9, 11, 17, 20, 24)),
    ],
)
def test_killed_at_any_file_it_writes_it_is_done_by_the_next_run(standing, after, tmp_path, at):
    home = shutil.copytree(standing, tmp_path / "home")
    (tmp_path / "who.csv").write_text(WHO, encoding="utf-8")
    command = ["forget", str(tmp_path / "who.csv"), "--home", str(home)]
    killed = subprocess.run([sys.executable, "-c", KILL, str(at), *command], check=False,
                            capture_output=True, env=dict(os.environ))  # fmt: skip
    assert killed.returncode in (-signal.SIGKILL, 0)
    decided = any("replaced" in name for name in files(home / "snapshots"))
    run = equality("run", "--home", home)
    assert run.exit_code == 0, run.out + run.err
    if not decided:
        assert private_rows(home, COUNTED) == private_rows(standing, COUNTED)
        assert forget(home).exit_code == 0
        assert equality("run", "--home", home).exit_code == 0
    assert not holds(home, NHS_ID, EMPLOYEE, "33000001")
    assert private_rows(home, COUNTED) == after[2]
    assert figures(home) == figures(after[0])


def test_a_list_in_another_form_is_refused(tmp_path, monkeypatch):
    (tmp_path / "private.duckdb").touch()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"12345678\n")))
    result = equality("forget", "-", "--home", tmp_path)
    assert result.exit_code == 2
    assert "12345678" not in result.err


@pytest.mark.slow
def test_successors_are_plain_csv_that_the_same_readers_read(after):
    home, *_ = after
    texts = [content.decode() for content in contents(home) if content.startswith(b"Employee")]
    headings = {next(csv.reader(io.StringIO(text)))[0] for text in texts}
    assert headings == {"Employee Number"}
