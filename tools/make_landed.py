"""Make ``schemas/landed.csv``: which headings of an extract each landed column is made from.

Seen rather than written down: one value at a time of a made-up row is replaced, and the landed
columns that then read otherwise are made from its heading.

    python tools/make_landed.py
"""

import csv
import importlib
import io
from collections.abc import Iterator, Mapping
from datetime import date

from pipeline.check import check
from pipeline.identity import Keys
from pipeline.read import read
from pipeline.read.headings import fields, heading_list
from pipeline.receive.inbox import SOURCES, Place
from pipeline.resources import ROOT

TARGET = ROOT / "schemas" / "landed.csv"
_SENDER = "27D"
_WHO = "Ethnic Origin=A White - British|Disability=No"
_STAFF = (
    "Employee Number=20000001|Assignment Number=20000001-2|Primary Assignment=Yes|"
    "Assignment Status=Active Assignment|Assignment Category=Permanent|"
    "Staff Group=Administrative and Clerical|Job Role=Officer|Occupation Code=G2A|"
    "Pay Scale=NHS~XR05~Review Body Band 5|FTE=1.0|Gender=Female|Date Of Birth=1980-06-15|"
    "Religious Belief=Christianity|Sexual Orientation=Heterosexual or Straight|"
    "Marital Status=Married|Latest Start Date=2015-04-01|Directorate=Finance|Service=Payroll|"
) + _WHO
_SURVEY = "Item=Q14a|Breakdown=Ethnicity|Group=White|Base=100|Weighted=No"
# Rows of each source; a `~` stands for the `|` inside a pay scale.
_ROWS = {
    "actions": ["Reference=A1|Title=A title|Standard=WRES|Indicator=2|Owner Role=Equality Lead|"
                "Due Date=2022-06-30|Status=Open|Percent Complete=10|Updated=2022-01-10"],
    "board": [f"Member Id=B1|Voting=Yes|Executive=Yes|Gender=Female|{_WHO}"],
    "control_totals": ["Source=esr_staff|Measure=rows|Total=100"],
    "duties": ["Reference=D1|Kind=Impact Assessment|Organisation Code=27D|Due Date=2021-08-31|"
               "Completed Date=2021-08-01|Decision Date=2021-08-10|"
               "Published Address=https://example.org/1|Characteristics Considered=Age"],
    "eds": ["Framework=EDS2022|Outcome=1A|Service=Maternity|Score=2",
            "Framework=EDS2|Outcome=1.1|Characteristics Evidenced=5",
            "Framework=EDS2|Outcome=3.1|Score=2|Characteristics Evidenced=5"],
    "employee_relations": ["Case Id=C1|Employee Number=20000001|Case Type=Grievance|"
                           f"Formal Start Date=2021-10-01|{_WHO}"],
    "esr_staff": [_STAFF, f"NHS Unique Id=70000001|{_STAFF}"],
    "movers": ["Employee Number=20000001|Movement=Leaver|Movement Date=2021-10-01|"
               "Leaving Reason=Retirement Age|Exit Interview=Yes|Gender=Female|"
               f"Pay Scale=NHS~XR05~Review Body Band 5|{_WHO}"],
    "pay": ["Employee Number=20000001|Hourly Rate=12.50|Bonus In Year=100|Full Pay=Yes",
            "Employee Number=20000001|Ordinary Pay=2000|Weekly Hours=37.5|Bonus In Period=100|"
            "Pay Period Days=30|Bonus Period Days=60|Full Pay=Yes"],
    "recruitment": ["Application Id=1|Shortlisted=Yes|Appointed=No",
                    "Application Id=1|Shortlisted=Yes|Appointed=Yes|Gender=Female|"
                    f"Shortlisted Date=2021-10-01|{_WHO}"],
    "survey": [f"Survey Year=2021|Count=10|{_SURVEY}", f"Survey Year=2021|Percent=10|{_SURVEY}",
               "Survey Year=2021|Item=Staff Engagement|Breakdown=All|Group=All|Base=100|Score=6.5|"
               "Weighted=No"],
    "training": ["Employee Number=20000001|Course Type=CPD|Completion Date=2021-10-01"],
}  # fmt: skip
# What a value may be replaced by, with the others that must change with it.
_OTHER = {
    "Appointed": ["No"], "Assignment Category": ["Bank"], "Assignment Number": ["20000001-4"],
    "Assignment Status": ["Career Break"], "Base": ["200"], "Bonus In Period": ["300"],
    "Bonus In Year": ["250"], "Bonus Period Days": ["90"],
    "Breakdown": ["Long-Term Condition|Group=Yes"], "Case Type": ["Disciplinary"],
    "Characteristics Considered": ["Age, Sex"], "Characteristics Evidenced": ["8"],
    "Completed Date": ["2021-07-01"], "Completion Date": ["2021-11-01"], "Count": ["20"],
    "Course Type": ["Mandatory"], "Date Of Birth": ["1950-01-01"], "Decision Date": ["2021-09-20"],
    "Disability": ["Yes"], "Due Date": ["2022-09-30"], "Employee Number": ["20000009"],
    "Ethnic Origin": ["H Asian or Asian British - Indian"], "Executive": ["No"],
    "Exit Interview": ["No"], "FTE": ["0.5"], "Formal Start Date": ["2021-11-01"],
    "Framework": ["EDS2|Outcome=1.1|Characteristics Evidenced=5|Score="], "Full Pay": ["No"],
    "Gender": ["Male"], "Group": ["BME", "Yes"], "Hourly Rate": ["20.00"], "Indicator": ["3"],
    "Item": ["Q14b", "Morale"], "Kind": ["WRES Report"], "Latest Start Date": ["2016-04-01"],
    "Leaving Reason": ["Death in Service"], "Marital Status": ["Single"], "Measure": ["employees"],
    "Movement": ["Starter"], "Movement Date": ["2021-11-01"], "NHS Unique Id": ["70000002"],
    "Ordinary Pay": ["3000"], "Organisation Code": ["01J"],
    "Organisation Codes": ["27D/01J", "01J, 27D"], "Outcome": ["1B", "1.2", "2A"],
    "Pay Period Days": ["20"], "Pay Scale": ["NHS~XR06~Review Body Band 6"], "Percent": ["20"],
    "Percent Complete": ["50"], "Primary Assignment": ["No"], "Published Address": [""],
    "Religious Belief": ["Islam"], "Score": ["1", "7.1"], "Sexual Orientation": ["Gay or Lesbian"],
    "Shortlisted": ["No"], "Shortlisted Date": ["2021-11-01"], "Source": ["pay"],
    "Staff Group": ["Nursing and Midwifery Registered"], "Standard": ["WDES"],
    "Status": ["Complete"], "Survey Year": ["2020|Item=Q13a"], "Total": ["90"],
    "Updated": ["2022-01-20"], "Voting": ["No"], "Weekly Hours": ["20"], "Weighted": ["Yes"],
}  # fmt: skip

Row = Mapping[str, str]


def landed() -> str:
    """Return the table as CSV: source, column as landed, heading."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["source", "column", "heading"])
    for source in SOURCES:
        rows = [_row(text) for text in _ROWS[source]]
        headings = [heading_list(source).headings[field] for field in fields(source)]
        made = {
            (column, position)
            for row in rows
            for before in [_landed_row(row, source, headings)]
            for position, heading in enumerate(headings)
            for column in _made_from(heading, row, before, source, headings)
        }
        writer.writerows([source, column, headings[position]] for column, position in sorted(made))
    return file.getvalue()


def _row(text: str) -> Row:
    cells = (cell.split("=") for cell in text.split("|"))
    return {heading: value.replace("~", "|") for heading, value in cells}


def _made_from(
    heading: str, row: Row, before: Row, source: str, headings: list[str]
) -> Iterator[str]:
    """Yield the landed columns that read otherwise where one value is another."""
    for other in _OTHER.get(heading, [f"another {heading}", "2"]):
        after = _landed_row({**row, **_row(f"{heading}={other}")}, source, headings)
        if after:
            yield from (name for name, value in before.items() if value != after[name])


def _landed_row(row: Row, source: str, headings: list[str]) -> dict[str, str]:
    """Return what is landed of a row, as text; nothing where the row is not accepted.

    A second row follows it, since the rank of an assignment is that among others.
    """
    second = {"Assignment Number": "20000001-3", "Employee Number": "20000002"}
    lines = [row, {**row, **second}] if source == "esr_staff" else [row]
    file = io.StringIO()
    writer = csv.DictWriter(file, headings)
    writer.writeheader()
    writer.writerows(lines)
    # A snapshot takes the survey of the year before.
    snapshot = date(int(row.get("Survey Year", 2021)) + 1, 3, 31)
    place = Place(snapshot, _SENDER, source)
    reading = read(file.getvalue().encode(), f"{source}.csv", source, place)
    checked = check(reading, source, place.period_end, place.organisation_code)
    if checked.rejected or len(checked.accepted) < len(lines):
        return {}
    accepted = checked.accepted.reset_index(drop=True)
    module = importlib.import_module(f"pipeline.landing.{source}")
    frame = module.frame(accepted, place, Keys(bytes(32), bytes(32)))
    first = frame.drop(columns="row_number").iloc[0]
    return {str(name): str(value) for name, value in first.items()}


if __name__ == "__main__":
    TARGET.write_text(landed(), encoding="utf-8")
