"""An inbox full of marks: every source and every format, accepted, rejected and quarantined.

Beside what the product reads stand columns that it does not: names, NI numbers, addresses, notes.
01T sends CSV, 01V workbooks, 01F a GO2 file and the survey's own workbook, 01X rows that go to
quarantine, 02E files that are rejected, each in another way. 01T and 01F work in one ICB with 60
people and more each, so that there is something to publish.
"""

import shutil
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from canaries import BIRTHS, NI_NUMBER, PEOPLE, TEXT, number
from go2_file import assignment, go2_text, person, record
from inbox import (
    BME,
    UNKNOWN,
    WHITE,
    Row,
    action_row,
    application_rows,
    board_rows,
    case_rows,
    csv_text,
    duty_row,
    eds_row,
    mover_rows,
    pay_rows,
    staff_rows,
    survey_row,
    training_rows,
    write_inbox,
)

BEFORE, PERIOD = "2021-03-31", "2022-03-31"
SMALL = {"D Mixed - White & Black Caribbean": 3, "S1 Filipino": 4}
"""Groups of so few people that their number may be told nowhere."""
EXTRA = {
    "Full Name": f"{TEXT} Surname, O'{TEXT}",
    "NI Number": NI_NUMBER,
    "NI No Spaced": "QQ 76 54 32 C",
    "Home Address": f"1 {TEXT} Street",
    "E-mail": f"{TEXT}@example.org",
    "Notes": f'=HYPERLINK("{TEXT}") long-term illness {TEXT}',
}
"""Columns that nobody asked for, as reports come with them."""


def marked_people(first: int) -> list[Row]:
    """Return staff rows whose every identifier is marked; ``first`` tells employers apart.

    What somebody wrote of themselves is no other employee's, so that it is nobody's code.
    """
    rows = staff_rows(len(PEOPLE), first=900)
    own = f"{TEXT} {first}"
    for place, row in enumerate(rows):
        row |= {
            "Employee Number": number("employee number", place),
            "NHS Unique Id": number("NHS unique id", place),
            "Assignment Number": f"{number('assignment number', place)}-2",
            "Date Of Birth": BIRTHS[place % len(BIRTHS)].isoformat(),
            "Job Role": f"{TEXT} role",
            "Service": f"{TEXT} service",
        }
    rows[1] |= {"Date Of Birth": BIRTHS[1].strftime("%d/%m/%Y"), "Directorate": f"{TEXT} unit"}
    rows[2] |= {"Date Of Birth": BIRTHS[2].strftime("%d-%b-%Y"), "Ethnic Origin": f"{own} origin"}
    rows[3] |= {"Disability": f"{own} condition", "Religious Belief": f"{own} belief"}
    rows[4] |= {"Sexual Orientation": f"{own} orientation", "Marital Status": f"{own} partner"}
    rows[5] |= {"Gender": f"{own} gender", "NHS Unique Id": ""}
    return rows


def staff(counts: Mapping[str, int], first: int = 1) -> list[Row]:
    """Return the staff of an employer: people by number, small groups, and the marked."""
    return [*staff_rows({**counts, **SMALL}, first=first), *marked_people(first)]


def _numbered(rows: Sequence[Row], **marks: str) -> list[Row]:
    """Return rows whose first ones have marked numbers under the headings of ``marks``."""
    return [
        row | {heading: number(kind, place) for heading, kind in marks.items()}
        if place < len(PEOPLE)
        else row
        for place, row in enumerate(rows)
    ]


EMPLOYEE = {"Employee Number": "employee number"}


def sources(counts: Mapping[str, int], first: int = 1) -> dict[str, list[Row]]:
    """Return the rows of every source of an employer, with marks in each."""
    people = staff(counts, first)
    cases = case_rows({"Grievance": 3, "Disciplinary": 6}, first=first)
    movers = mover_rows({("Starter", WHITE): 12, ("Leaver", BME): 11, ("Leaver", WHITE): 14})
    applied = application_rows({(WHITE, True): 30, (WHITE, False): 60, (BME, False): 45})
    items = [
        survey_row(item, group, 60, count)
        for item, count in (("14a", 12), ("14b", 11))
        for group in ("White", "BME", "Yes", "No")
    ]
    every = {
        "esr_staff": people,
        "pay": _numbered(pay_rows(["15.00", "17.50"] * 70, first=first), **EMPLOYEE),
        "recruitment": _numbered(applied, **{"Application Id": "application id"}),
        "board": _numbered(board_rows({WHITE: 11, BME: 3}), **{"Member Id": "member id"}),
        "employee_relations": _numbered(cases, **EMPLOYEE, **{"Case Id": "case id"}),
        "training": _numbered(training_rows({"CPD": 40, "Non-Mandatory": 30}), **EMPLOYEE),
        "movers": _numbered(movers, **EMPLOYEE),
        "survey": items,
        "eds": [eds_row("1A", 2, service=f"{TEXT} clinic"), eds_row("2A", 1)],
        "duties": [
            duty_row(f"{TEXT}-1", "Impact Assessment", "01T", decision_date="2022-02-01"),
            duty_row("D-2", "WRES Report", "01T", published_address=f"https://{TEXT}.example.org"),
        ],
        # The reference of an action is published as sent.
        "actions": [action_row("A-1", "WRES", title=f"{TEXT} plan", owner_role=f"{TEXT} lead")],
    }
    every["movers"][0]["Leaving Reason"] = f"{TEXT} reason {first}"
    return {source: [row | EXTRA for row in rows] for source, rows in every.items()}


def quarantined(source: str, rows: Sequence[Row]) -> list[Row]:
    """Return rows of which one in each column holds a mark where something else belongs."""
    headings = [heading for heading in rows[0] if heading not in EXTRA]
    wrong = [
        rows[place % len(rows)] | {heading: f"{TEXT} {source} {place}"}
        for place, heading in enumerate(headings)
    ]
    return [*rows, *wrong]


def write_workbook(path: Path, rows: Sequence[Row]) -> Path:
    """Write rows as a workbook: dates as dates, and marks in a comment, a name and who made it."""
    import xlsxwriter

    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(str(path)) as book:
        book.set_properties({"author": f"{TEXT} author", "comments": f"{TEXT} comments"})
        book.define_name(f"{TEXT}_name", "='Report'!$A$1")
        dated = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet = book.add_worksheet("Report")
        sheet.write_comment("A2", f"{TEXT} remark")
        for place, heading in enumerate(rows[0]):
            sheet.write_string(0, place, heading)
        for line, row in enumerate(rows, start=1):
            for place, (heading, value) in enumerate(row.items()):
                if heading == "Date Of Birth" and value[4:5] == "-":
                    sheet.write_datetime(line, place, date.fromisoformat(value), dated)
                elif value.isdigit() and "Number" in heading:
                    sheet.write_number(line, place, int(value))
                else:
                    sheet.write_string(line, place, value)
        book.add_worksheet(f"{TEXT} notes").write_string("A1", NI_NUMBER)
    return path


def go2() -> str:
    """Return a GO2 file of marked people and 70 others."""
    position = record(
        "Position", "POS", PositionId="77", PositionName=f"1|{TEXT} post|G2A|{TEXT} ward"
    )
    records = [position]
    for place in PEOPLE:
        marks = {
            "PersonId": number("person id", place),
            "EmployeeNumber": number("employee number", place),
            "NhsUniqueId": number("NHS unique id", place),
            "LastName": f"{TEXT}son",
            "FirstName": TEXT,
            "NiNumber": NI_NUMBER,
            "DateOfBirth": BIRTHS[place % 3].strftime("%Y%m%d"),
            "OfficeEmailAddress": f"{TEXT}@example.org",
        }
        post = {"AssignmentNumber": number("assignment number", place)}
        records += [
            person(900 + place, **marks),
            assignment(900 + place, PersonId=marks["PersonId"], **post),
        ]
    for one in range(1, 71):
        origin = "H" if one % 3 == 0 else "A"
        records += [person(one, EthnicOrigin=origin, LastName=f"{TEXT}{one}"), assignment(one)]
    # A record that breaks off within a name.
    return go2_text(*records, f"PRA~{number('person id', 0)}~20150401~~{NI_NUMBER}~Ms~{TEXT}")


def write_first(inbox: Path) -> None:
    """Write what is sent first: a snapshot a year before, and the newest of three employers."""
    write_inbox(inbox, BEFORE, "01T", "esr_staff", staff({WHITE: 70, BME: 40}))
    for source, rows in sources({WHITE: 72, BME: 40, UNKNOWN: 12}).items():
        write_inbox(inbox, PERIOD, "01T", source, rows)
    for source, rows in sources({WHITE: 66, BME: 30, UNKNOWN: 11}, first=301).items():
        write_workbook(inbox / PERIOD / "01V" / f"{source}.xlsx", rows)
    folder = inbox / PERIOD / "01F"
    folder.mkdir()
    (folder / "esr_staff.dat").write_text(go2(), encoding="utf-8")


def write_bad(inbox: Path) -> None:
    """Write what is left out: rows for quarantine, and files that are rejected."""
    every = sources({WHITE: 60, BME: 25}, first=601)
    for source, rows in every.items():
        write_inbox(inbox, PERIOD, "01X", source, quarantined(source, rows))
    folder = inbox / PERIOD / "02E"
    texts = {source: csv_text(rows) for source, rows in every.items()}
    folder.mkdir()
    bad = {
        # No heading row; a heading that is a value; cut short; NUL bytes; another encoding.
        "esr_staff.csv": texts["esr_staff"].split("\r\n", 1)[1].encode(),
        "pay.csv": texts["pay"].replace("Hourly Rate", f"Hourly {TEXT}", 1).encode(),
        "board.csv": texts["board"][:-180].encode(),
        "training.csv": b"\0" + texts["training"].encode(),
        "recruitment.csv": texts["recruitment"].replace("Shortlisted", "Short", 1).encode("utf-16"),
        "movers.xlsx": b"PK\x03\x04 " + texts["movers"].encode(),
        "employee_relations.txt": texts["employee_relations"].replace(",", "\t").encode()[:-90],
        "eds.csv": texts["eds"].replace("Outcome", f"{TEXT}", 1).encode(),
    }
    for name, content in bad.items():
        (folder / name).write_bytes(content)
    unread = inbox / PERIOD / "99Z"
    unread.mkdir()
    (unread / "esr_staff.csv").write_text(texts["esr_staff"], encoding="utf-8")


def write_again(inbox: Path) -> None:
    """Write what is sent again: some of what was there, mended or changed."""
    rows = sources({WHITE: 75, BME: 41, UNKNOWN: 10})
    write_inbox(inbox, PERIOD, "01T", "esr_staff", rows["esr_staff"])
    write_inbox(inbox, PERIOD, "02E", "esr_staff", staff({WHITE: 50, BME: 30}, first=701))
    (inbox / PERIOD / "02E" / "recruitment.csv").unlink(missing_ok=True)
    write_workbook(inbox / PERIOD / "02E" / "recruitment.xlsx", rows["recruitment"])


def copy_of(inbox: Path, folder: Path) -> Path:
    """Return a copy of an inbox below a folder."""
    return Path(shutil.copytree(inbox, folder / "inbox"))
