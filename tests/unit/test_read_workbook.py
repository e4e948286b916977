import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
from extracts import codes, headings, rows, workbook
from openpyxl.worksheet.formula import ArrayFormula

from pipeline.faults import Fault
from pipeline.read import read
from pipeline.read import workbook as reader

HEADER = headings()
(FIRST, SECOND) = rows("esr_staff", {}, {})
GOOD = workbook(Staff=[HEADER, FIRST, SECOND])


def faults(content: bytes) -> list[Fault]:
    return read(content, "esr_staff.xlsx", "esr_staff").faults


def changed(content: bytes, part: str, change) -> bytes:
    """Return a workbook in which ``change`` was made to the bytes of one part."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for entry in old.infolist():
            data = old.read(entry)
            new.writestr(entry.filename, change(data) if entry.filename == part else data)
    return made.getvalue()


def test_a_workbook_reads_as_the_same_text():
    text = "\n".join(",".join(line) for line in (HEADER, FIRST, SECOND))
    expected = read(text.encode(), "esr_staff.csv", "esr_staff")
    reading = read(GOOD, "esr_staff.xlsx", "esr_staff")
    assert reading.frame.equals(expected.frame)
    assert reading.headings == expected.headings
    assert reading.faults == []


def test_a_workbook_is_told_by_its_bytes():
    assert read(GOOD, "esr_staff.csv", "esr_staff").faults == []


def test_cells_are_the_text_that_a_person_sees():
    line = [*FIRST]
    line[HEADER.index("Employee Number")] = 12345678.0
    line[HEADER.index("NHS Unique Id")] = "00000042"
    line[HEADER.index("FTE")] = 0.1 + 0.2
    line[HEADER.index("Primary Assignment")] = True
    line[HEADER.index("Date Of Birth")] = date(1980, 2, 29)
    line[HEADER.index("Job Role")] = None
    row = read(workbook(S=[HEADER, line]), "x.xlsx", "esr_staff").frame.iloc[0]
    assert row["employee_number"] == "12345678"
    assert row["nhs_unique_id"] == "00000042"
    assert row["fte"] == "0.3"
    assert row["primary_assignment"] == "TRUE"
    assert row["date_of_birth"] == "1980-02-29"
    assert row.isna()["job_role"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (-3.0, "-3"),
        (1.1000000000000001, "1.1"),
        (123456789012345.0, "123456789012345"),
        (False, "FALSE"),
        (datetime(2023, 3, 31), "2023-03-31"),
        (datetime(2023, 3, 31, 9, 30), "2023-03-31 09:30:00"),
        ("0042", "0042"),
    ],
)
def test_as_shown(value, shown):
    assert reader.as_shown(value) == shown


@pytest.mark.parametrize(
    "content",
    [GOOD[:-30], GOOD[: len(GOOD) // 2], GOOD[:10]],
    ids=["tail", "half", "head"],
)
def test_truncated_workbook(content):
    assert faults(content) == [Fault("FILE_TRUNCATED")]


def test_a_workbook_cut_anywhere_is_rejected():
    for end in range(4, len(GOOD), 101):
        assert read(GOOD[:end], "x.xlsx", "esr_staff").rejected


def test_damaged_workbook():
    position = GOOD.index(b"xl/worksheets/sheet1.xml") + 60
    damaged = GOOD[:position] + bytes(20) + GOOD[position + 20 :]
    assert faults(damaged) == [Fault("FILE_UNREADABLE")]


def test_other_archives_are_no_workbook():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("notes.txt", "x")
    assert faults(made.getvalue()) == [Fault("FILE_UNREADABLE")]


def test_protected_or_old_workbook():
    assert faults(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)) == [Fault("FILE_PROTECTED")]


def test_archive_entry_under_a_password():
    # The flag of encryption in the local header and in the list of parts.
    content = bytearray(GOOD)
    content[6] |= 1
    content[GOOD.index(b"PK\x01\x02") + 8] |= 1
    assert faults(bytes(content)) == [Fault("FILE_PROTECTED")]


def bomb(size: int) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "")
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(size // 2**20):
                part.write(bytes(2**20))
    return made.getvalue()


def test_zip_bomb_is_refused_before_it_is_unpacked(monkeypatch):
    content = bomb(65 * 2**20)
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("unpacked"))
    assert faults(content) == [Fault("FILE_TOO_LARGE")]


def test_a_size_that_lies_is_found():
    content = bomb(2**20)
    start = content.rindex(b"PK\x01\x02")
    lying = content[: start + 24] + (9).to_bytes(4, "little") + content[start + 28 :]
    assert faults(lying) == [Fault("FILE_UNREADABLE")]


def test_a_stray_cell_far_away_is_refused_without_setting_memory_aside():
    content = changed(
        GOOD,
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(
            b"</sheetData>",
            b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>',
        ),
    )
    assert faults(content) == [Fault("FILE_TOO_LARGE")]


def test_document_types_are_refused():
    content = changed(
        workbook(S=[HEADER, [*FIRST[:-1], 1]]),
        "xl/workbook.xml",
        lambda xml: xml.replace(b"<workbook", b'<!DOCTYPE x [<!ENTITY y "z">]><workbook', 1),
    )
    assert faults(content) == [Fault("FILE_UNREADABLE")]


def with_openpyxl(*cells: tuple[int, str, object]) -> bytes:
    """Return a workbook with cells (row, heading, value) written as openpyxl writes them."""
    book = openpyxl.Workbook()
    for line in (HEADER, FIRST, SECOND):
        book.active.append(line)
    for row, heading, value in cells:
        cell = book.active.cell(row, HEADER.index(heading) + 1)
        cell.value = value
        if isinstance(value, str) and value.startswith("#"):
            cell.data_type = "e"
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


@pytest.mark.parametrize(
    "mark",
    ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"],
)
def test_error_cells(mark):
    content = with_openpyxl((3, "Service", mark), (2, "FTE", mark))
    assert faults(content) == [
        Fault("FORMULA_ERROR", column="FTE", detail="rows 2"),
        Fault("FORMULA_ERROR", column="Service", detail="rows 3"),
    ]


@pytest.mark.parametrize("mark", ["#SPILL!", "#CALC!"])
def test_error_cells_that_the_reader_of_workbooks_does_not_know(mark):
    content = with_openpyxl((3, "Service", mark), (2, "FTE", mark))
    assert faults(content) == [Fault("FORMULA_ERROR", detail="cells K2, U3")]


def test_an_error_as_the_result_of_a_formula():
    book = io.BytesIO(workbook(S=[HEADER, [*FIRST[:-1], "x"]]))
    content = changed(
        book.getvalue(),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(
            b"</row></sheetData>", b'<c t="e"><f>1/0</f><v>#DIV/0!</v></c></row></sheetData>'
        ).replace(b'<c r="U2"', b'<c r="T2"', 1),
    )
    # The cell without a reference stands after the last one, in the column of Service.
    assert faults(content)[-1] == Fault("FORMULA_ERROR", column="Service", detail="rows 2")


def test_formulas_that_were_never_calculated():
    content = with_openpyxl((2, "FTE", "=1-0.2"), (3, "FTE", ArrayFormula("K3", "=1-0.2")))
    assert faults(content) == [Fault("FORMULA_NOT_CALCULATED", column="FTE", detail="rows 2, 3")]


def test_formulas_with_results_are_read():
    content = changed(
        with_openpyxl((2, "FTE", "=1-0.2"), (2, "Service", '=""')),
        "xl/worksheets/sheet1.xml",
        lambda xml: (
            xml.replace(b"<f>1-0.2</f><v />", b"<f>1-0.2</f><v>0.8</v>")
            .replace(b"<f>1-0.2</f><v></v>", b"<f>1-0.2</f><v>0.8</v>")
            .replace(b'<c r="U2"><f>""</f>', b'<c r="U2" t="str"><f>""</f>')
        ),
    )
    reading = read(content, "x.xlsx", "esr_staff")
    assert reading.faults == []
    assert reading.frame["fte"].tolist() == ["0.8", "0.8"]
    assert reading.frame["service"].isna().tolist() == [True, False]


def test_the_first_sheet_with_the_headings_is_taken():
    content = workbook(Cover=[["Staff list"]], Staff=[["Staff list"], HEADER, FIRST])
    assert faults(content) == [
        Fault("SHEET_CHOSEN", detail="sheet 2 of the 2 that are not hidden"),
        Fault("PREAMBLE", detail="the headings were found in row 2"),
    ]


def test_hidden_sheets_are_passed_over():
    book = openpyxl.Workbook()
    book.active.append(HEADER)
    book.active.sheet_state = "hidden"
    shown = book.create_sheet("Shown")
    for line in (HEADER, FIRST):
        shown.append(line)
    made = io.BytesIO()
    book.save(made)
    reading = read(made.getvalue(), "x.xlsx", "esr_staff")
    assert reading.faults == []
    assert reading.rows_received == 1


def test_no_sheet_with_the_headings():
    (fault,) = faults(workbook(Cover=[["Staff list"]], Empty=[]))
    assert fault.code == "HEADER_NOT_FOUND"
    assert fault.detail.startswith("looked for Employee Number, ")
    assert fault.detail.endswith(" on any of 2 sheets")


def test_rows_keep_their_numbers_below_blank_ones():
    reading = read(workbook(S=[[], HEADER, [], FIRST]), "x.xlsx", "esr_staff")
    assert reading.frame["row_number"].tolist() == [4]
    assert codes(reading) == []
