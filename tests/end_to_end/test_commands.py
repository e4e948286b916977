"""Every command that looks: what it prints, in which form, and its exit code."""

import json
import shutil
import subprocess
import sys
from datetime import date

import pytest
from command import equality, files
from inbox import BME, UNKNOWN, WHITE, application_rows, board_rows, staff_rows, write_inbox

from pipeline.settings import Home
from pipeline.trail import entries

PERIOD = "2022-03-31"


@pytest.fixture(scope="module")
def released(module_folders):
    """A home with two employers, one row in quarantine, one file rejected and one stray."""
    home = module_folders.mktemp("released") / "home"
    inbox = home / "inbox"
    staff = staff_rows({WHITE: 60, BME: 20, UNKNOWN: 20})
    staff[7]["FTE"] = "37.5"
    write_inbox(inbox, PERIOD, "01T", "esr_staff", staff)
    counts = {(WHITE, True): 43, (WHITE, False): 142, (BME, True): 17, (BME, False): 152}
    write_inbox(inbox, PERIOD, "01T", "recruitment", application_rows(counts))
    write_inbox(inbox, PERIOD, "01V", "esr_staff", staff_rows({WHITE: 30, BME: 20}, first=500))
    path = write_inbox(inbox, PERIOD, "01V", "board", board_rows({WHITE: 9, BME: 4}))
    path.write_bytes(b"")
    (inbox / "notes.txt").write_text("notes", encoding="ascii")
    assert equality("run", "--home", home).exit_code == 3
    return home


@pytest.fixture
def copy(released, tmp_path):
    return shutil.copytree(released, tmp_path / "home")


def _array(*arguments):
    """Return what a command prints with --json, which is one array of objects and nothing else."""
    result = equality(*arguments, "--json")
    assert (result.exit_code, result.err) == (0, "")

    def no_constant(text):
        pytest.fail(f"{text} is no JSON")

    rows = json.loads(result.out, parse_constant=no_constant)
    assert isinstance(rows, list)
    assert all(isinstance(row, dict) and row.keys() == rows[0].keys() for row in rows)
    for row in rows:
        assert date.fromisoformat(row["period_end"]).isoformat() == PERIOD
    return rows


def test_the_summary_of_a_run(released):
    result = equality("run", "--home", released)
    assert (result.exit_code, result.err) == (3, "")
    lines = result.out.splitlines()
    assert lines[0] == "Rejected (2):"
    assert lines[1].startswith(f"  {PERIOD}/01V/board.csv: The file is empty.")
    assert lines[2].startswith("  notes.txt: ")
    assert lines[2].split(": ")[1].startswith("Something lies where no file belongs")
    assert lines[3].startswith(f"Nothing new: release {PERIOD}-")
    assert lines[4] == f"Published: {released / 'published' / 'equality.duckdb'}"


def test_status_lists_what_became_of_each_place(released):
    rows = _array("status", "--home", released)
    assert [
        (row["organisation_code"], row["source"], row["status"], row["rows_received"],
         row["rows_landed"], row["rows_quarantined"])
        for row in rows
    ] == [
        ("01T", "esr_staff", "landed", 100, 99, 1),
        ("01T", "recruitment", "landed", 354, 354, 0),
        ("01V", "board", "rejected", 0, 0, 0),
        ("01V", "esr_staff", "landed", 50, 50, 0),
    ]  # fmt: skip
    table = equality("status", "--home", released)
    assert table.out.splitlines()[0].split() == list(rows[0])
    assert table.out.splitlines()[-1].startswith(f"Newest release: {PERIOD}-")


def test_feedback_names_place_reason_and_remedy(released):
    rows = _array("feedback", "--home", released)
    (fault,) = [row for row in rows if row["code"] == "FTE_OUT_OF_RANGE"]
    assert fault["organisation_code"] == "01T"
    assert (fault["severity"], fault["row_number"], fault["column_name"]) == ("row", 9, "FTE")
    assert "below 0 or above 1.5" in fault["meaning"]
    assert fault["mend"].startswith("Send the contracted share of full time")
    assert "37.5" not in json.dumps(rows)
    only = _array("feedback", "--home", released, "--organisation", "01V")
    assert [(row["file_name"], row["code"]) for row in only] == [("board.csv", "FILE_EMPTY")]
    assert _array("feedback", "--home", released, "--organisation", "QOP") == []


def test_figures_are_the_published_ones(released):
    rows = _array("figures", "--home", released)
    assert {row["organisation_code"] for row in rows} == {"01T", "01V", "QYG"}
    assert {row["disclosure"] for row in rows} <= {"NONE", "SUPPRESSED", "PERCENT_ONLY", "ROUNDED"}
    counts = {value for row in rows for name, value in row.items() if name.endswith("numerator")}
    assert counts.isdisjoint(range(1, 10))


def test_a_condition_chooses_among_the_figures(released):
    condition = "standard = 'WRES' and indicator = '2' and measure = 'relative_likelihood'"
    rows = _array("figures", "--home", released, "--where", f"{condition} and level = 'employer'")
    (row,) = [row for row in rows if row["organisation_code"] == "01T"]
    assert (row["numerator"], row["denominator"]) == (43, 185)
    assert (row["comparator_numerator"], row["comparator_denominator"]) == (17, 169)
    assert (row["value"], row["ci_low"], row["ci_high"]) == (2.31, 1.37, 3.89)
    table = equality("figures", "--home", released, "--where", f"{condition} -- and nothing else")
    assert table.exit_code == 0
    assert len(table.out.splitlines()) > 1


@pytest.mark.parametrize("look", [[], ["--unprotected"]])
@pytest.mark.parametrize(
    ("condition", "reason"),
    [
        ("nonsense = 1", "nonsense"),
        ("no_function(1)", "no_function"),
        ("standard =", "syntax error"),
        ("true; drop table ledger.load; select 1", "it is more than one"),
    ],
)
def test_a_condition_that_is_none_is_wrong_usage_and_changes_nothing(
    released, look, condition, reason
):
    result = equality("figures", "--home", released, *look, "--where", condition)
    assert (result.exit_code, result.out) == (2, "")
    assert result.err.startswith("equality: The condition --where is not understood: ")
    assert reason in result.err
    assert result.err.count("\n") == 1
    assert len(_array("status", "--home", released)) == 4


def test_a_look_at_true_counts_is_recorded(copy):
    condition = "organisation_code = '01T' and standard = 'DECLARATION'"
    rows = _array("figures", "--home", copy, "--unprotected", "--where", condition)
    assert {row["status"] for row in rows} <= {"ok", "not_applicable", "missing_source"}
    assert {row["denominator"] for row in rows if row["part"] == "all"} == {99}
    equality("figures", "--home", copy, "--unprotected")
    looks = [(entry.action, entry.detail["where"]) for entry in entries(Home(copy))[-2:]]
    assert looks == [("figures --unprotected", condition), ("figures --unprotected", "all")]


def test_alerts_say_what_somebody_should_look_at(released):
    rows = _array("alerts", "--home", released)
    found = {(row["organisation_code"], row["code"]) for row in rows}
    assert ("01V", "SOURCE_REJECTED") in found
    assert ("01T", "DECLARATION_BELOW_TARGET") in found
    (ethnicity,) = [
        row
        for row in rows
        if (row["organisation_code"], row["characteristic"]) == ("01T", "ethnicity")
    ]
    assert (ethnicity["value"], ethnicity["target"]) == (79.8, 95.0)


def test_the_registry_fits_the_warehouse(tmp_path):
    result = equality("check-registry", "--home", tmp_path / "none")
    assert (result.exit_code, result.err) == (0, "")
    assert result.out.endswith("no fault found\n")
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("command", ["status", "feedback", "alerts"])
def test_there_is_nothing_to_see_in_a_new_home(tmp_path, command):
    result = equality(command, "--home", tmp_path / "new")
    assert (result.exit_code, result.out) == (2, "")
    assert result.err.startswith(f"equality: {tmp_path / 'new'} holds nothing yet. Run: equality")
    assert not (tmp_path / "new").exists()


def test_there_are_no_figures_before_a_release(tmp_path):
    result = equality("figures", "--home", tmp_path)
    assert result.exit_code == 2
    assert "Nothing has been released yet" in result.err
    write_inbox(tmp_path / "inbox", PERIOD, "01T", "board", board_rows({WHITE: 9})).write_bytes(b"")
    assert equality("run", "--home", tmp_path).exit_code == 3
    for command in (["figures"], ["figures", "--unprotected"], ["alerts"]):
        result = equality(*command, "--home", tmp_path)
        assert result.exit_code == 2
        assert result.err.endswith("Run: equality run\n")
    assert len(_array("status", "--home", tmp_path)) == 1


def test_a_reader_may_stop_reading(released):
    command = [sys.executable, "-m", "pipeline", "figures", "--home", str(released), "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout.read(12) == b'[{"release_i'
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_a_sample_goes_into_a_new_or_empty_folder_alone(tmp_path, released):
    before = files(released / "inbox")
    result = equality("sample", released / "inbox")
    assert (result.exit_code, result.out) == (2, "")
    assert "holds other data, and the sample is not mixed with it. Name a new" in result.err
    assert files(released / "inbox") == before
    (tmp_path / "file").touch()
    assert equality("sample", tmp_path / "file").exit_code == 2
    (tmp_path / "empty").mkdir()
    result = equality("sample", tmp_path / "empty", "--seed", 7)
    assert result.exit_code == 0
    assert result.out == f"232 files of invented people in {tmp_path / 'empty'} (seed 7)\n"
    assert len(files(tmp_path / "empty")) == 232


def test_a_demo_is_never_mixed_with_other_data(copy, tmp_path):
    before = files(copy)
    result = equality("demo", "--home", copy)
    assert (result.exit_code, result.out) == (2, "")
    assert result.err.startswith(f"equality: {copy} holds other data, and the sample is not mixed")
    assert files(copy) == before
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "sample.txt").write_text("seed 7\n", encoding="ascii")
    result = equality("demo", "--home", tmp_path / "demo", "--seed", 8)
    assert result.exit_code == 2
    assert "holds the sample of another seed" in result.err
