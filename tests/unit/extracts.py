"""Small extracts for the tests of reading and checking."""

import io
from datetime import date

import xlsxwriter

from pipeline.read import Reading, read
from pipeline.read.headings import heading_list

SNAPSHOT = date(2023, 3, 31)

STAFF = {
    "Employee Number": "20000001",
    "NHS Unique Id": "00000042",
    "Assignment Number": "20000001",
    "Primary Assignment": "Yes",
    "Assignment Status": "Active Assignment",
    "Assignment Category": "Permanent",
    "Staff Group": "Administrative and Clerical",
    "Job Role": "Officer",
    "Occupation Code": "G2A",
    "Pay Scale": "NHS|XR05|Review Body Band 5",
    "FTE": "0.8",
    "Ethnic Origin": "A White - British",
    "Disability": "No",
    "Gender": "Female",
    "Date Of Birth": "1980-02-29",
    "Religious Belief": "Christianity",
    "Sexual Orientation": "Heterosexual or Straight",
    "Marital Status": "Married",
    "Latest Start Date": "01/04/2015",
    "Directorate": "Finance",
    "Service": "Payroll",
}
APPLICATION = {
    "Application Id": "A1",
    "Shortlisted": "Yes",
    "Appointed": "No",
    "Ethnic Origin": "H Asian or Asian British - Indian",
    "Disability": "Yes",
    "Gender": "Male",
    "Shortlisted Date": "30-Sep-2022",
}
MEMBER = {
    "Member Id": "M1",
    "Voting": "Yes",
    "Executive": "No",
    "Ethnic Origin": "Z Not Stated",
    "Disability": "Not Declared",
    "Gender": "Female",
}
PAY = {
    "Employee Number": "20000001",
    "Hourly Rate": "15.00",
    "Ordinary Pay": "",
    "Weekly Hours": "",
    "Bonus In Period": "",
    "Pay Period Days": "",
    "Bonus Period Days": "",
    "Bonus In Year": "",
    "Full Pay": "Yes",
}
CASE = {
    "Case Id": "C1",
    "Employee Number": "20000001",
    "Case Type": "Grievance",
    "Formal Start Date": "2022-02-01",
    "Ethnic Origin": "",
    "Disability": "",
}
COURSE = {
    "Employee Number": "20000001",
    "Course Type": "Non-Mandatory",
    "Completion Date": "2022-10-01",
}
MOVER = {
    "Employee Number": "20000001",
    "Movement": "Leaver",
    "Movement Date": "2022-10-01",
    "Leaving Reason": "Retirement Age",
    "Exit Interview": "Yes",
    "Ethnic Origin": "A White - British",
    "Disability": "No",
    "Gender": "Female",
    "Pay Scale": "NHS|XR05|Review Body Band 5",
}
TEMPLATES = {
    "esr_staff": STAFF,
    "recruitment": APPLICATION,
    "board": MEMBER,
    "pay": PAY,
    "employee_relations": CASE,
    "training": COURSE,
    "movers": MOVER,
}
KEYS = {
    "esr_staff": ("Employee Number", "Assignment Number"),
    "recruitment": ("Application Id",),
    "board": ("Member Id",),
    "pay": ("Employee Number",),
    "employee_relations": ("Case Id", "Employee Number"),
    "training": ("Employee Number",),
    "movers": ("Employee Number",),
}


def headings(source: str = "esr_staff") -> list[str]:
    """Return the canonical headings of a source."""
    return list(heading_list(source).headings.values())


def rows(source: str, *changes: dict[str, str]) -> list[list[str]]:
    """Return one row for each of ``changes``, otherwise faultless, with keys of its own."""
    made = []
    for number, changed in enumerate(changes, start=1):
        keys = {key: str(20000000 + number) for key in KEYS[source]}
        row = {**TEMPLATES[source], **keys, **changed}
        made.append([row[heading] for heading in headings(source)])
    return made


def as_text(*lines: list[str], delimiter: str = ",", line_end: str = "\r\n") -> str:
    """Return lines of cells as text, with a line end after the last."""
    return "".join(delimiter.join(line) + line_end for line in lines)


def staff_text(*changes: dict[str, str], source: str = "esr_staff") -> str:
    """Return a text extract with canonical headings."""
    return as_text(headings(source), *rows(source, *changes))


def read_rows(*changes: dict[str, str], source: str = "esr_staff") -> Reading:
    """Return the reading of a text extract with canonical headings."""
    return read(staff_text(*changes, source=source).encode(), f"{source}.csv", source)


def workbook(**sheets: list[list[object]]) -> bytes:
    """Return a workbook with sheets of the given cells."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    dated = book.add_format({"num_format": "dd/mm/yyyy"})
    for name, lines in sheets.items():
        sheet = book.add_worksheet(name)
        for row_number, line in enumerate(lines):
            for column, cell in enumerate(line):
                if isinstance(cell, date):
                    sheet.write_datetime(row_number, column, cell, dated)
                elif isinstance(cell, str):
                    sheet.write_string(row_number, column, cell)
                else:
                    sheet.write(row_number, column, cell)
    book.close()
    return content.getvalue()


def codes(reading_or_checked: object) -> list[str]:
    """Return the codes of the faults in their order."""
    return [fault.code for fault in reading_or_checked.faults]
