"""The files of a written sample, read back with csv, openpyxl and small tables alone."""

import codecs
import csv
import io
from pathlib import Path

import openpyxl
from recount.go2 import read_go2

from pipeline.sample import SamplePlan

CCGS = ("01F", "01J", "01T", "01V", "01X", "02E", "12F", "27D", "99A")
SNAPSHOTS = ("2021-03-31", "2021-06-30", "2021-09-30", "2021-12-31", "2022-03-31")
ANNUAL = ("2021-03-31", "2022-03-31")
HALF_YEARLY = ("2021-03-31", "2021-09-30", "2022-03-31")
TRUST = "RBQ"
NOT_SENT = {
    "esr_staff": set(),
    "recruitment": set(),
    "board": set(),
    "pay": {"01F"},
    "employee_relations": {"01F", "12F"},
    "training": {"01F", "02E"},
    "movers": {"01X", "02E"},
    "survey": {"01F", "01J"},
    "eds": {"01F", "01X", "12F"},
    "duties": {"01J", "01X", "02E"},
    "actions": {"01J", "02E", "12F"},
}


def is_due(snapshot: str, code: str, source: str) -> bool:
    """Return whether a source is sent at all at a snapshot."""
    if source == "esr_staff" or snapshot in ANNUAL:
        return True
    return source in {"recruitment", "board"} and snapshot in HALF_YEARLY and code != TRUST


SENT = {
    (snapshot, code, source)
    for snapshot in SNAPSHOTS
    for code in (*CCGS, TRUST)
    for source, absent in NOT_SENT.items()
    if is_due(snapshot, code, source) and code not in absent
}
ABOVE_THE_HEADER = ("Workforce report", "Source: ")
"""Lines of a report; an empty line stands below them."""
SYNONYMS = {
    "Employee No": "Employee Number",
    "Unique Nhs Identifier": "NHS Unique Id",
    "Contracted Wte": "FTE",
    "Ethnicity": "Ethnic Origin",
}
PLANTED_EMPLOYEES = {str(number) for number in range(29_000_000, 29_001_000)}
COUNTED = {"Permanent", "Fixed Term Temp", "Locum"}

WHITE = set("ABC")
BME = set("DEFGHJKLMNPRS")
SECOND_CHARACTERS = {
    "C": "23ABCDEFGHJKLMNPQRSTUVWXY",
    "G": "ABCDEF",
    "L": "ABCDEFGHJK",
    "P": "ABCDE",
    "S": "ABCDE",
}

Row = dict[str, str]


class Sample:
    """A written sample and its tables, read once."""

    def __init__(self, inbox: Path, plan: SamplePlan):
        self.inbox = inbox
        self.plan = plan
        self._tables: dict[tuple[str, str, str], list[Row]] = {}

    def path(self, snapshot: str, ccg: str, source: str) -> Path:
        (found,) = (self.inbox / snapshot / ccg).glob(f"{source}.*")
        return found

    def rows(self, snapshot: str, ccg: str, source: str = "esr_staff") -> list[Row]:
        place = (snapshot, ccg, source)
        if place not in self._tables:
            self._tables[place] = read(self.path(*place))
        return self._tables[place]

    def all_rows(self, source: str, snapshot: str) -> dict[str, list[Row]]:
        """The rows of a source by organisation, of all that sent it at a snapshot."""
        codes = [code for day, code, sent in sorted(SENT) if (day, sent) == (snapshot, source)]
        return {code: self.rows(snapshot, code, source) for code in codes}

    def counted(self, snapshot: str, ccg: str) -> list[Row]:
        """One row for each person of the workforce, the primary assignment first."""
        found: dict[str, Row] = {}
        own = [row for row in self.rows(snapshot, ccg) if row["Assignment Category"] in COUNTED]
        for row in sorted(own, key=lambda row: row["Primary Assignment"] != "Yes"):
            if row["Employee Number"] not in PLANTED_EMPLOYEES:
                found.setdefault(row["Employee Number"], row)
        return list(found.values())


def read(path: Path) -> list[Row]:
    """Return the rows below the header of a file, as text, dates in ISO form."""
    if path.suffix == ".dat":
        return read_go2(path.read_text(encoding="utf-8"))
    cells = read_workbook(path) if path.suffix == ".xlsx" else read_csv(path.read_bytes())
    start = next(
        n for n, row in enumerate(cells) if row and not row[0].startswith(ABOVE_THE_HEADER)
    )
    header = [SYNONYMS.get(name, name) for name in cells[start]]
    return [dict(zip(header, map(iso, row), strict=False)) for row in cells[start + 1 :]]


def read_csv(content: bytes) -> list[list[str]]:
    if content.startswith(codecs.BOM_UTF16_LE):
        return list(csv.reader(io.StringIO(content.decode("utf-16"), newline=""), delimiter="\t"))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252")
    return list(csv.reader(io.StringIO(text, newline="")))


def read_workbook(path: Path) -> list[list[str]]:
    sheet = openpyxl.load_workbook(path, read_only=True).worksheets[0]
    return [
        ["" if cell is None else str(cell).removesuffix(" 00:00:00") for cell in row]
        for row in sheet.iter_rows(values_only=True)
    ]


def iso(cell: str) -> str:
    if len(cell) == 10 and cell[2] == cell[5] == "/":
        return f"{cell[6:]}-{cell[3:5]}-{cell[:2]}"
    return cell


def code(row: Row) -> str:
    """Return the code of an ethnic origin without its label."""
    return row["Ethnic Origin"].split(" ")[0]


def group(row: Row) -> str:
    first = code(row)[:1]
    return "WHITE" if first in WHITE else "BME" if first in BME else "UNKNOWN"


def person(ccg: str, row: Row) -> str:
    return row["NHS Unique Id"] or f"{ccg}/{row['Employee Number']}"


def band(row: Row) -> str:
    return row["Pay Scale"].split("|")[-1]
