import io
import json
import re
import stat
import zipfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from extracts import SNAPSHOT, STAFF, as_text, headings, read_rows, rows, workbook

from pipeline import feedback
from pipeline.check import Checked, check
from pipeline.faults import Fault
from pipeline.read import read


@dataclass(frozen=True)
class Place:
    period_end: date = SNAPSHOT
    organisation_code: str = "06F"
    organisation_name: str = "NHS Bedfordshire CCG"
    file_name: str = "esr_staff.csv"


def checked(*changes: dict[str, str]) -> Checked:
    return check(read_rows(*changes), "esr_staff", SNAPSHOT)


def written(folder: Path, result: Checked) -> tuple[openpyxl.Workbook, list[dict]]:
    book, lines = feedback.write(folder, "esr_staff", Place(), result)
    faults = [json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines()]
    return openpyxl.load_workbook(book), faults


def cells(book: openpyxl.Workbook, sheet: str) -> list[tuple]:
    """The table of a sheet, its headings first."""
    (table,) = book[sheet].tables.values()
    return [tuple(cell.value for cell in row) for row in book[sheet][table.ref]]


def test_summary_by_rule_and_by_row(tmp_path):
    book, lines = written(tmp_path, checked({"FTE": "x", "Gender": ""}, {"Gender": ""}, {}))
    assert book.sheetnames == ["Summary", "By rule", "By row"]
    assert dict(cells(book, "Summary")) == {
        "About the file": "Answer",
        "Result": "Accepted",
        "Organisation": "NHS Bedfordshire CCG (06F)",
        "Snapshot": "2023-03-31",
        "Source": "esr_staff",
        "File": "esr_staff.csv",
        "Rows received": 3,
        "Rows accepted": 2,
        "Rows with a fault": 1,
        "Rows with a warning": 2,
        "What to do next": (
            "The rows with a fault were left out of every figure. Mend them as By row says and "
            "send the whole file again: it takes the place of this one."
        ),
        "Sheet By rule": (
            "One row for each kind of fault: those that reject the file first, then those that "
            "cost most rows, then warnings."
        ),
        "Sheet By row": (
            "One row for each place of a fault, in the order of By rule; the rows are numbered as "
            "in the file received, of which no content is repeated here."
        ),
    }
    assert cells(book, "By rule") == [
        ("Code", "What it does", "What is wrong", "What was expected", "How many rows",
         "How to mend it"),
        ("FTE_INVALID", "the row is left out", "The full-time equivalent is not a number",
         "A number such as 0.8", 1, "Send a number such as 0.8."),
        ("VALUE_BLANK", "a warning",
         "The characteristic is blank and the person counts as unknown",
         "A value; also Not Stated or Prefer not to say where that is the answer", 2,
         "Ask the person to complete the record in ESR."),
    ]  # fmt: skip
    header, *by_row = cells(book, "By row")
    assert header == (
        "Row", "Column", "Code", "What it does", "What is wrong", "What was expected",
        "How to mend it", "How many rows",
    )  # fmt: skip
    assert by_row[0][3:] == (
        "the row is left out", "The full-time equivalent is not a number", "A number such as 0.8",
        "Send a number such as 0.8.", 1,
    )  # fmt: skip
    assert [line[:3] for line in by_row] == [
        (2, "FTE", "FTE_INVALID"),
        (2, "Gender", "VALUE_BLANK"),
        (3, "Gender", "VALUE_BLANK"),
    ]
    assert lines[0] == {
        "code": "FTE_INVALID",
        "severity": "row",
        "row": 2,
        "column": "FTE",
        "detail": "",
        "meaning": "The full-time equivalent is not a number",
        "expected": "A number such as 0.8",
        "mend": "Send a number such as 0.8.",
        "rows": 1,
    }
    assert [line["code"] for line in lines] == ["FTE_INVALID", "VALUE_BLANK", "VALUE_BLANK"]


@pytest.mark.parametrize(
    ("changes", "result", "step"),
    [
        ([{"FTE": "x"}], "Not accepted", "Nothing of this file was used."),
        ([{"FTE": "x"}, {}], "Accepted", "The rows with a fault were left out"),
        ([{"Gender": ""}, {}], "Accepted", "Nothing has to be sent again."),
        ([{}], "Accepted", "Nothing: every row was accepted"),
    ],
)
def test_what_to_do_next(tmp_path, changes, result, step):
    summary = dict(cells(written(tmp_path, checked(*changes))[0], "Summary"))
    assert summary["Result"] == result
    assert summary["What to do next"].startswith(step)


def test_columns_are_called_as_in_the_file_received(tmp_path):
    names = [name.replace("FTE", "Contracted WTE") for name in headings()]
    text = as_text(names, *rows("esr_staff", {"FTE": "x"}, {}))
    result = check(read(text.encode(), "x.csv", "esr_staff"), "esr_staff", SNAPSHOT)
    by_row = cells(written(tmp_path, result)[0], "By row")
    assert ("FTE_INVALID", "Contracted WTE") in [(line[2], line[1]) for line in by_row]


def test_files_are_for_their_owner_alone_and_leave_nothing_half_written(tmp_path):
    folder = tmp_path / "2023-03-31" / "06F"
    book, lines = feedback.write(folder, "esr_staff", Place(), checked({}))
    assert (book, lines) == (folder / "esr_staff.xlsx", folder / "esr_staff.jsonl")
    assert sorted(folder.iterdir()) == [lines, book]
    for file in (book, lines):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    for made in (folder, folder.parent):
        assert stat.S_IMODE(made.stat().st_mode) == 0o700


def test_the_top_faults_come_first_in_both(tmp_path):
    # 4 of 6 rows have a pay scale that is not known, which rejects the file; 1 row costs FTE, 2
    # the date; a warning on 5 rows costs none.
    book, lines = written(
        tmp_path,
        checked(
            {"FTE": "x", "Gender": ""},
            *[{"Pay Scale": "?", "Gender": ""}] * 2,
            *[{"Pay Scale": "?", "Date Of Birth": "x", "Gender": ""}] * 2,
            {},
        ),
    )
    order = [
        "PAY_SCALE_UNMAPPED_MANY", "PAY_SCALE_UNMAPPED", "DATE_INVALID", "FTE_INVALID",
        "VALUE_BLANK",
    ]  # fmt: skip
    assert [line[0] for line in cells(book, "By rule")[1:]] == order
    assert [line[4] for line in cells(book, "By rule")[1:]] == ["whole file", 4, 2, 1, 5]
    assert list(dict.fromkeys(line[2] for line in cells(book, "By row")[1:])) == order
    assert list(dict.fromkeys(line["code"] for line in lines)) == order
    assert [(line["row"], line["rows"]) for line in lines[:4]] == [
        (None, None), (3, 4), (4, 4), (5, 4),
    ]  # fmt: skip
    assert cells(book, "By row")[1][:2] == ("whole file", "Pay Scale")


def test_a_whole_row_and_a_whole_file_are_named_as_such(tmp_path):
    text = as_text(headings(), *rows("esr_staff", {}, {})[:1], *rows("esr_staff", {})[:1])
    twice = check(read(text.encode(), "x.csv", "esr_staff"), "esr_staff", SNAPSHOT)
    book, _ = written(tmp_path, twice)
    assert cells(book, "By row")[1][:3] == (3, "whole row", "DUPLICATE_ROW")
    empty = check(read(b"", "x.csv", "esr_staff"), "esr_staff", SNAPSHOT)
    book, _ = written(tmp_path, empty)
    assert cells(book, "By row")[1][:3] == ("whole file", "whole file", "FILE_EMPTY")


def test_every_sheet_is_one_titled_table_for_everybody(tmp_path):
    # Government Analysis Function, releasing statistics in spreadsheets.
    book, _ = written(tmp_path, checked({"FTE": "x", "Pay Scale": "?"}, {"Gender": ""}, {}))
    assert book.properties.title == "Feedback on esr_staff of NHS Bedfordshire CCG at 2023-03-31"
    assert book.properties.subject == "What is wrong in a file and how to mend it"
    for sheet in book:
        assert sheet["A1"].value
        assert sheet["A1"].font.b
        assert len(sheet["A2"].value.splitlines()) == 1
        assert not sheet.merged_cells.ranges
        (table,) = sheet.tables.values()
        assert (table.headerRowCount, table.ref.split(":")[0]) == (1, "A3")
        assert sheet.dimensions.split(":")[1] == table.ref.split(":")[1]
        for row in sheet[table.ref]:
            for cell in row:
                assert cell.value is not None
                assert cell.alignment.wrap_text
    told = dict(cells(book, "Summary"))
    assert {f"Sheet {name}" for name in book.sheetnames[1:]} <= set(told)


def test_the_same_file_gives_the_same_bytes(tmp_path):
    result = checked({"FTE": "x", "Gender": ""}, {})
    first = feedback.write(tmp_path / "a", "esr_staff", Place(), result)
    second = feedback.write(tmp_path / "b", "esr_staff", Place(), result)
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes()


def test_the_bytes_tell_no_time_of_writing(tmp_path):
    book, _ = feedback.write(tmp_path, "esr_staff", Place(), checked({}))
    with zipfile.ZipFile(book) as archive:
        assert {entry.date_time[:3] for entry in archive.infolist()} == {(1980, 1, 1)}
        core = archive.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d{2}-\d{2}T[\d:]+Z", core)) == {"2000-01-01T00:00:00Z"}


def test_a_heading_that_looks_like_a_formula_stays_text(tmp_path):
    # Punctuation is passed over where headings are matched, so this one is Gender.
    names = ["=Gender" if name == "Gender" else name for name in headings()]
    text = as_text(names, *rows("esr_staff", {"Gender": ""}, {}))
    result = check(read(text.encode(), "x.csv", "esr_staff"), "esr_staff", SNAPSHOT)
    book, _ = feedback.write(tmp_path, "esr_staff", Place(file_name="=1+1.csv"), result)
    with zipfile.ZipFile(book) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if "worksheets" in name]
    assert not any(b"<f>" in sheet for sheet in sheets)
    assert "=Gender" in str(cells(openpyxl.load_workbook(book), "By row"))


def test_more_faults_than_a_sheet_should_hold(tmp_path, monkeypatch):
    monkeypatch.setattr(feedback, "MOST_ROWS", 2)
    book, lines = written(tmp_path, checked(*[{"Gender": ""}] * 5, {}))
    assert len(cells(book, "By row")) == 1 + 2
    assert book["By row"]["A2"].value.endswith("3 more are in the list beside this workbook.")
    assert len(lines) == 5


SECRETS = {heading: f"Secret{number}" for number, heading in enumerate(STAFF)}


@pytest.mark.parametrize("as_workbook", [False, True])
def test_no_planted_value_stands_in_the_feedback(tmp_path, as_workbook):
    lines = rows("esr_staff", SECRETS, {**SECRETS, "Service": "SecretToo"}, {})
    if as_workbook:
        content = workbook(Staff=[headings(), *lines])
    else:
        content = as_text(headings(), *lines, [*lines[0], "SecretMore"], lines[0][:5]).encode()
    result = check(read(content, "x", "esr_staff"), "esr_staff", SNAPSHOT)
    assert len(result.faults) > 15
    book, listed = feedback.write(tmp_path, "esr_staff", Place(), result)
    assert b"Secret" not in listed.read_bytes()
    with zipfile.ZipFile(io.BytesIO(book.read_bytes())) as archive:
        assert not any(b"Secret" in archive.read(name) for name in archive.namelist())


def test_a_rejected_file_says_what_rejects_it_first(tmp_path):
    result = checked({"FTE": "x", "Gender": "", "Pay Scale": "?"}, {})
    _, *by_rule = cells(written(tmp_path, result)[0], "By rule")
    assert by_rule[0][:2] == ("PAY_SCALE_UNMAPPED_MANY", "the file is rejected")
    assert Fault("PAY_SCALE_UNMAPPED_MANY", None, "Pay Scale", "1 of 2 rows: 2") in result.faults
