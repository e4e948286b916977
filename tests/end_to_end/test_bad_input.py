"""Bad input: a clear message, the right exit code, nothing lost."""

import hashlib
import io
import json
import subprocess
import sys

import openpyxl
import pytest
from command import equality, files, private_rows
from go2_file import assignment, go2_text, person
from inbox import BME, UNKNOWN, WHITE, board_rows, csv_text, staff_rows, write_inbox

from pipeline.assess.columns import KEY
from pipeline.identity import load_keys
from pipeline.receive.snapshots import Snapshots, unseal
from pipeline.settings import Home

PERIOD = "2022-03-31"
STAFF = staff_rows({WHITE: 60, BME: 20, UNKNOWN: 20})
GOOD = csv_text(STAFF)


def _workbook(rows):
    book = openpyxl.Workbook()
    for line in [list(rows[0]), *[list(row.values()) for row in rows]]:
        book.active.append(line)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


REJECTED = {
    "empty": (b"", "csv", "The file is empty. Run the extract again"),
    "blank lines": (b"\r\n \r\n", "csv", "The file is empty. Run the extract again"),
    "truncated": (
        GOOD.encode()[:-60], "csv",
        "row 101: The file breaks off, so rows at its end are missing (17 cells, where the "
        "heading row has 21). Export it again",
    ),
    "truncated workbook": (
        _workbook(STAFF)[:-400], "xlsx", "The file breaks off, so rows at its end are missing.",
    ),
    "no workbook": (b"<html>", "xlsx", "The workbook is damaged or is no Excel workbook. Open it"),
    "binary": (
        bytes(range(256)) * 8, "csv", "The file is neither text nor an Excel workbook",
    ),
    "no header": (
        GOOD.split("\r\n", 1)[1].encode(), "csv",
        "No row with the expected headings was found in the first 50 rows (looked for Employee "
        "Number, Assignment Number, ",
    ),
    "no rows": (csv_text(STAFF).splitlines()[0].encode(), "csv", "The file has headings and no"),
    "formula errors": (
        csv_text([row | {"Pay Scale": "#N/A"} for row in STAFF[:2]] + STAFF[2:]).encode(), "csv",
        "column 'Pay Scale': A column holds formula errors such as #N/A (rows 2, 3)",
    ),
    "formula errors in a workbook": (
        _workbook([row | {"FTE": "#REF!"} for row in STAFF[:1]] + STAFF[1:]), "xlsx",
        "column 'FTE': A column holds formula errors such as #N/A (rows 2). Mend the formulas",
    ),
    "missing column": (
        csv_text(STAFF, [name for name in STAFF[0] if name != "Pay Scale"]).encode(), "csv",
        "column 'Pay Scale': A column that must be there is missing. Add the column",
    ),
    "column twice": (
        GOOD.replace("Job Role", "FTE", 1).encode(), "csv",
        "row 1, column 'FTE': Two columns stand for the same thing",
    ),
}  # fmt: skip

ACCEPTED = {
    "01T": (GOOD.encode("utf-8-sig"), []),
    "01V": (GOOD.replace("Officer", "Attaché").encode("cp1252"), ["ENCODING_GUESSED"]),
    "01X": (GOOD.encode("utf-16"), []),
    "99A": (f"Staff in post\r\nRun on,1 April 2022\r\n\r\n{GOOD}".encode(), ["PREAMBLE"]),
    "01J": (f"{GOOD.splitlines()[0]}\r\n{GOOD}".encode(), ["HEADER_REPEATED"]),
    "01F": (
        csv_text([row | {f"Spare {n}": "x" for n in range(200)} for row in STAFF]).encode(),
        ["COLUMNS_IGNORED"],
    ),
}
"""By organisation: byte order mark, cp1252, UTF-16, preamble, header twice, 200 more columns."""


def _send(inbox, code, content, suffix="csv"):
    path = inbox / PERIOD / code / f"esr_staff.{suffix}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def _is_sealed(home, content):
    """Whether the snapshot gives back the very bytes that were received."""
    kept = Snapshots(Home(home).snapshots, load_keys(Home(home)))
    return kept.content(hashlib.sha256(content).hexdigest()) == content


@pytest.fixture(scope="module")
def released(module_folders):
    """A home with a release of six files that need some tolerance, and one with row faults."""
    home = module_folders.mktemp("released") / "home"
    for code, (content, _) in ACCEPTED.items():
        _send(home / "inbox", code, content)
    faulty = board_rows({WHITE: 8, BME: 5})
    faulty[3]["Voting"] = "ZZ-PERHAPS"
    write_inbox(home / "inbox", PERIOD, "01T", "board", faulty)
    return home, equality("run", "--home", home)


@pytest.mark.parametrize("case", REJECTED)
def test_a_file_that_cannot_be_used_is_rejected_with_the_reason(case, tmp_path):
    content, suffix, message = REJECTED[case]
    path = _send(tmp_path / "inbox", "01V", content, suffix)
    result = equality("run", "--home", tmp_path)
    assert result.exit_code == 3
    assert f"  {PERIOD}/01V/{path.name}: {message}" in result.out
    assert "Nothing could be released: no file was accepted." in result.out
    assert result.err == ""
    assert path.read_bytes() == content
    assert _is_sealed(tmp_path, content)
    feedback = files(tmp_path / "feedback" / PERIOD / "01V")
    assert set(feedback) == {"esr_staff.jsonl", "esr_staff.xlsx"}
    severities = [json.loads(line)["severity"] for line in feedback["esr_staff.jsonl"].splitlines()]
    assert "file" in severities


def test_files_that_can_be_understood_are_accepted(released):
    home, result = released
    assert (result.exit_code, result.err) == (0, "")
    rows = private_rows(
        home,
        "select organisation_code, status, rows_received, rows_landed, "
        "(select list(distinct code) from ledger.fault where fault.load_id = received.load_id) "
        "from ledger.load as received where source = 'esr_staff'",
    )
    assert {code: (*rest, faults or []) for code, *rest, faults in rows} == {
        code: ("landed", 100, 100, faults) for code, (_, faults) in ACCEPTED.items()
    }
    listed = private_rows(home, "select distinct job_role from landing.esr_staff")
    assert sorted(listed) == [("Attaché",), ("Officer",)]


def test_a_row_with_a_fault_is_kept_sealed_with_its_reason(released):
    home, result = released
    assert "2022-03-31/01T/board: 1 in quarantine" in result.out
    ((row_number, codes, sealed, sha256),) = private_rows(
        home,
        "select row_number, codes, row_sealed, sha256 from ledger.quarantine "
        "inner join ledger.load using (load_id)",
    )
    assert (row_number, codes) == (5, "FLAG_INVALID")
    assert b"ZZ-PERHAPS" not in sealed
    row = json.loads(unseal(load_keys(Home(home)).sealing_key(), sealed, f"{sha256}/{row_number}"))
    assert (row["member_id"], row["voting"]) == ("M004", "ZZ-PERHAPS")


@pytest.mark.slow
def test_bad_files_beside_good_ones_take_nothing_from_them(released, tmp_path):
    home, _ = released
    standing = files(home / "releases")
    before = equality("figures", "--home", home, "--json")
    codes = ["02E", "12F", "27D", "01D", "01E", "01G", "01H", "01K", "01W", "01Y", "02A", "02H"]
    for code, (content, suffix, _) in zip(codes, REJECTED.values(), strict=True):
        _send(tmp_path, code, content, suffix)
    result = equality("run", "--home", home, "--inbox", tmp_path)
    assert result.exit_code == 3
    for code, (_, _, message) in zip(codes, REJECTED.values(), strict=True):
        assert f"{PERIOD}/{code}/esr_staff" in result.out
        assert message in result.out
    assert files(home / "releases").items() > standing.items(), "a release never changes"
    after = equality("figures", "--home", home, "--json", "--where", "level = 'employer'")
    stood, stands = _figures(before), _figures(after)
    told = {key: row for key, row in stood.items() if row["status"] != "suppressed"}
    assert any(row["status"] == "ok" for row in told.values())
    # Which other counts are hidden for the sake of small ones can differ, since what the release
    # before told can be hidden no more.
    assert {key: stands[key] for key in told} == told
    assert stood.keys() <= stands.keys()


def _figures(result):
    return {
        tuple(row[name] for name in KEY): {**row, "release_id": ""}
        for row in json.loads(result.out)
        if row["level"] == "employer"
    }


def test_an_empty_inbox_in_a_new_home(tmp_path):
    (tmp_path / "inbox").mkdir()
    result = equality("run", "--home", tmp_path / "home", "--inbox", tmp_path / "inbox")
    assert (result.exit_code, result.out) == (2, "")
    assert result.err == (
        f"equality: The inbox {tmp_path / 'inbox'} is empty. Put the extracts in it as "
        "<period end>/<organisation code>/<source>.csv, for example 2022-03-31/01T/esr_staff.csv, "
        "and run again.\n"
    )
    assert not (tmp_path / "home").exists()


def test_no_inbox_at_all(tmp_path):
    result = equality("run", "--home", tmp_path / "home")
    assert result.exit_code == 2
    assert f"There is no inbox at {tmp_path / 'home' / 'inbox'}." in result.err
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("folder", "message"),
    [
        (f"{PERIOD}/01Z", "not the ODS code of an organisation ('01Z'; did you mean"),
        ("2022-03-30/01T", "not a quarter end ('2022-03-30'; the nearest quarter end is 2022"),
        ("spring/01T", "not a quarter end (the folder is called 'spring')"),
    ],
)
def test_a_folder_that_is_named_wrongly(tmp_path, folder, message):
    path = tmp_path / "inbox" / folder / "esr_staff.csv"
    path.parent.mkdir(parents=True)
    path.write_text(GOOD, encoding="utf-8")
    command = [sys.executable, "-m", "pipeline", "run", "--home", str(tmp_path)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 3
    name = folder if folder.startswith(PERIOD) else folder.split("/")[0]
    assert f"  {name}: The folder's name is {message}" in result.stdout
    assert result.stderr == ""
    assert path.read_text(encoding="utf-8") == GOOD.replace("\r\n", "\n")


@pytest.mark.slow
def test_an_outbound_file_that_breaks_off_is_landed_and_said_to_be_cut(tmp_path):
    """Whole records count; the cut one is in quarantine, and an alert says that more may lack."""
    people = [record for number in range(1, 61) for record in (person(number), assignment(number))]
    text = go2_text(*people)
    path = tmp_path / "inbox" / PERIOD / "01T" / "esr_staff.dat"
    path.parent.mkdir(parents=True)
    path.write_text(text[: text.rindex("ASG") + 40], encoding="utf-8")
    result = equality("run", "--home", tmp_path)
    assert (result.exit_code, result.err) == (0, "")
    assert f"{PERIOD}/01T/esr_staff: 1 in quarantine" in result.out
    ((landed,),) = private_rows(tmp_path, "select rows_landed from ledger.load")
    assert landed == 59
    told = json.loads(equality("alerts", "--home", tmp_path, "--json").out)
    assert [row["message"] for row in told if row["code"] == "SOURCE_MAY_BE_CUT"] == [
        "esr_staff has no last line, so records at its end may be missing"
    ]
