import json
import traceback
from datetime import date

import pandas as pd
import pytest
from extracts import (
    SNAPSHOT,
    STAFF,
    as_text,
    codes,
    headings,
    read_rows,
    rows,
    workbook,
)

import schemas.esr_staff
from pipeline.check import Checked, check, check_files
from pipeline.errors import ProductError
from pipeline.faults import Fault, Severity, catalogue
from pipeline.read import read
from pipeline.resources import ROOT
from pipeline.resources import read_rows as read_rows_of
from schemas import checks


def checked(*changes: dict[str, str], source: str = "esr_staff") -> Checked:
    return check(read_rows(*changes, source=source), source, SNAPSHOT)


def faults(*changes: dict[str, str], source: str = "esr_staff") -> list[Fault]:
    return checked(*changes, source=source).faults


ENOUGH = [{}] * 300
"""Rows without a fault, so that one unmapped pay scale stays below the limit."""


def test_faultless_staff_are_typed():
    result = checked({}, {})
    assert result.faults == []
    assert not result.rejected
    assert (result.rows_received, result.rows_warned, len(result.quarantined)) == (2, 0, 0)
    row = result.accepted.iloc[0]
    assert row["row_number"] == 2
    assert row["fte"] == 0.8
    assert bool(row["primary_assignment"]) is True
    assert row["date_of_birth"] == pd.Timestamp(1980, 2, 29)
    assert row["latest_start_date"] == pd.Timestamp(2015, 4, 1)
    text = {
        heading: row[heading.lower().replace(" ", "_")]
        for heading in STAFF
        if heading
        not in (
            *("Employee Number", "Assignment Number", "Primary Assignment", "FTE"),
            *("Date Of Birth", "Latest Start Date"),
        )
    }
    assert text == {heading: STAFF[heading] for heading in text}


def test_types_of_an_accepted_frame():
    dtypes = checked({}).accepted.dtypes.astype(str).to_dict()
    others = {
        "row_number": "int64",
        "fte": "float64",
        "primary_assignment": "bool",
        "date_of_birth": "datetime64[us]",
        "latest_start_date": "datetime64[us]",
    }
    expected = {heading.lower().replace(" ", "_"): "str" for heading in headings()}
    assert dtypes == {"row_number": "int64", **expected, **others}


def test_types_of_the_other_sources():
    board = checked({}, source="board").accepted.dtypes.astype(str)
    assert (board["voting"], board["executive"]) == ("bool", "bool")
    application = checked({}, source="recruitment").accepted.dtypes.astype(str)
    assert application["shortlisted"] == application["appointed"] == "bool"
    assert application["shortlisted_date"] == "datetime64[us]"


def test_a_flag_that_may_be_blank_keeps_its_blanks():
    result = checked(
        {"Exit Interview": ""}, {"Exit Interview": "Yes"}, {"Exit Interview": "No"}, source="movers"
    )
    interviews = result.accepted["exit_interview"]
    assert str(interviews.dtype) == "boolean"
    assert interviews.astype(object).where(interviews.notna(), None).tolist() == [None, True, False]


def test_a_column_that_was_not_sent_is_there_and_missing():
    optional = ("NHS Unique Id", "Latest Start Date", "Religious Belief")
    kept = [index for index, name in enumerate(headings()) if name not in optional]
    text = as_text(*([line[i] for i in kept] for line in (headings(), *rows("esr_staff", {}))))
    result = check(read(text.encode(), "x.csv", "esr_staff"), "esr_staff", SNAPSHOT)
    assert result.faults == []
    assert list(result.accepted.columns) == list(checked({}).accepted.columns)
    assert result.accepted.dtypes.equals(checked({}).accepted.dtypes)
    missing = ["nhs_unique_id", "latest_start_date", "religious_belief"]
    assert result.accepted[missing].isna().all().all()


# Every rule with an input in which it fails: (source, rows, the faults that these are exactly).
TAIL = [{}, {}]
RULES = [
    ("esr_staff", [{"Employee Number": ""}, *TAIL], [("VALUE_MISSING", 2, "Employee Number")]),
    ("esr_staff", [{"Assignment Number": ""}, *TAIL], [("VALUE_MISSING", 2, "Assignment Number")]),
    (
        "esr_staff",
        [{"Primary Assignment": ""}, *TAIL],
        [("VALUE_MISSING", 2, "Primary Assignment")],
    ),
    (
        "esr_staff",
        [{"Primary Assignment": "X"}, *TAIL],
        [("FLAG_INVALID", 2, "Primary Assignment")],
    ),
    ("esr_staff", [{"Assignment Status": ""}, *TAIL], [("VALUE_MISSING", 2, "Assignment Status")]),
    (
        "esr_staff",
        [{"Assignment Status": "X"}, *TAIL],
        [("STATUS_UNLISTED", 2, "Assignment Status")],
    ),
    (
        "esr_staff",
        [{"Assignment Category": ""}, *TAIL],
        [("VALUE_MISSING", 2, "Assignment Category")],
    ),
    (
        "esr_staff",
        [{"Assignment Category": "X"}, *TAIL],
        [("CATEGORY_UNLISTED", 2, "Assignment Category")],
    ),
    ("esr_staff", [{"Staff Group": ""}, *TAIL], [("VALUE_MISSING", 2, "Staff Group")]),
    ("esr_staff", [{"Staff Group": "X"}, *TAIL], [("STAFF_GROUP_UNLISTED", 2, "Staff Group")]),
    ("esr_staff", [{"Pay Scale": ""}, *TAIL], [("VALUE_MISSING", 2, "Pay Scale")]),
    ("esr_staff", [{"Pay Scale": "Band 8"}, *ENOUGH], [("PAY_SCALE_UNMAPPED", 2, "Pay Scale")]),
    ("esr_staff", [{"FTE": ""}, *TAIL], [("VALUE_MISSING", 2, "FTE")]),
    ("esr_staff", [{"FTE": "full"}, *TAIL], [("FTE_INVALID", 2, "FTE")]),
    ("esr_staff", [{"FTE": "-0.1"}, *TAIL], [("FTE_OUT_OF_RANGE", 2, "FTE")]),
    ("esr_staff", [{"FTE": "37.5"}, *TAIL], [("FTE_OUT_OF_RANGE", 2, "FTE")]),
    ("esr_staff", [{"Date Of Birth": ""}, *TAIL], [("VALUE_MISSING", 2, "Date Of Birth")]),
    ("esr_staff", [{"Date Of Birth": "31/02/1980"}, *TAIL], [("DATE_INVALID", 2, "Date Of Birth")]),
    (
        "esr_staff",
        [{"Date Of Birth": "2008-04-01"}, {"Date Of Birth": "2008-03-31"}],
        [("DATE_OF_BIRTH_IMPLAUSIBLE", 2, "Date Of Birth")],
    ),
    (
        "esr_staff",
        [{"Date Of Birth": "1922-03-31"}, {"Date Of Birth": "1922-04-01"}],
        [("DATE_OF_BIRTH_IMPLAUSIBLE", 2, "Date Of Birth")],
    ),
    (
        "esr_staff",
        [{"Date Of Birth": "2980-03-31"}, *TAIL],
        [("DATE_OF_BIRTH_IMPLAUSIBLE", 2, "Date Of Birth")],
    ),
    (
        "esr_staff",
        [{"Latest Start Date": "soon"}, *TAIL],
        [("DATE_INVALID", 2, "Latest Start Date")],
    ),
    (
        "esr_staff",
        [{"Latest Start Date": "2023-04-01"}, {"Latest Start Date": "2023-03-31"}],
        [("START_DATE_AFTER_SNAPSHOT", 2, "Latest Start Date")],
    ),
    ("esr_staff", [{"Ethnic Origin": ""}, *TAIL], [("VALUE_BLANK", 2, "Ethnic Origin")]),
    ("esr_staff", [{"Ethnic Origin": "Q"}, *TAIL], [("VALUE_UNLISTED", 2, "Ethnic Origin")]),
    ("esr_staff", [{"Ethnic Origin": "9"}, *TAIL], [("ETHNIC_CODE_LEGACY", 2, "Ethnic Origin")]),
    ("esr_staff", [{"Disability": ""}, *TAIL], [("VALUE_BLANK", 2, "Disability")]),
    ("esr_staff", [{"Gender": "?"}, *TAIL], [("VALUE_UNLISTED", 2, "Gender")]),
    ("esr_staff", [{"Religious Belief": "?"}, *TAIL], [("VALUE_UNLISTED", 2, "Religious Belief")]),
    (
        "esr_staff",
        [{"Sexual Orientation": "?"}, *TAIL],
        [("VALUE_UNLISTED", 2, "Sexual Orientation")],
    ),
    ("esr_staff", [{"Marital Status": "?"}, *TAIL], [("VALUE_UNLISTED", 2, "Marital Status")]),
    ("esr_staff", [{"Disability": ""}] * 3, [("COLUMN_EMPTY", None, "Disability")]),
    ("esr_staff", [{"Service": ""}] * 3, [("COLUMN_EMPTY", None, "Service")]),
    ("esr_staff", [{"Latest Start Date": ""}] * 3, [("COLUMN_EMPTY", None, "Latest Start Date")]),
    ("esr_staff", [{"Disability": "Unspecified"}] * 3, []),
    (
        "esr_staff",
        [{"Employee Number": "1", "Assignment Number": "1"}] * 3,
        [("DUPLICATE_ROW", 3, None), ("DUPLICATE_ROW", 4, None)],
    ),
    (
        "esr_staff",
        [
            {"Assignment Number": "1A", "FTE": "1"},
            {},
            {"Assignment Number": "1a", "FTE": "0.6"},
        ],
        [
            ("ASSIGNMENT_CONFLICT", 2, "Assignment Number"),
            ("ASSIGNMENT_CONFLICT", 4, "Assignment Number"),
        ],
    ),
    (
        "esr_staff",
        [{"Employee Number": "2", "Primary Assignment": "No"}] * 2,
        [("PRIMARY_ASSIGNMENT_NONE", 2, "Primary Assignment")],
    ),
    (
        "esr_staff",
        [{"Employee Number": "3", "Primary Assignment": "Yes"}] * 3,
        [("PRIMARY_ASSIGNMENT_SEVERAL", 2, "Primary Assignment")],
    ),
    ("esr_staff", [{"Primary Assignment": "No"}, {}], []),
    (
        "esr_staff",
        [{"Employee Number": "1"}, {"Employee Number": "1", "Primary Assignment": "No"}],
        [],
    ),
    ("recruitment", [{"Application Id": ""}, *TAIL], [("VALUE_MISSING", 2, "Application Id")]),
    ("recruitment", [{"Shortlisted": "?"}, *TAIL], [("FLAG_INVALID", 2, "Shortlisted")]),
    ("recruitment", [{"Appointed": ""}, *TAIL], [("VALUE_MISSING", 2, "Appointed")]),
    ("recruitment", [{"Ethnic Origin": ""}, *TAIL], [("VALUE_BLANK", 2, "Ethnic Origin")]),
    ("recruitment", [{"Gender": ""}] * 3, [("COLUMN_EMPTY", None, "Gender")]),
    ("recruitment", [{"Shortlisted Date": "?"}, *TAIL], [("DATE_INVALID", 2, "Shortlisted Date")]),
    (
        "recruitment",
        [{"Shortlisted": "No", "Appointed": "Yes"}, {"Shortlisted": "Yes", "Appointed": "Yes"}],
        [("APPOINTED_NOT_SHORTLISTED", 2, "Appointed")],
    ),
    (
        "recruitment",
        [
            {"Shortlisted Date": "2022-03-31"},
            {"Shortlisted Date": "2022-04-01"},
            {"Shortlisted Date": "2023-03-31"},
            {"Shortlisted Date": "2023-04-01"},
        ],
        [
            ("SHORTLISTED_DATE_OUTSIDE", 2, "Shortlisted Date"),
            ("SHORTLISTED_DATE_OUTSIDE", 5, "Shortlisted Date"),
        ],
    ),
    (
        "recruitment",
        [{"Application Id": "A"}, {"Application Id": "A", "Gender": "Female"}, {}],
        [
            ("APPLICATION_CONFLICT", 2, "Application Id"),
            ("APPLICATION_CONFLICT", 3, "Application Id"),
        ],
    ),
    ("board", [{"Member Id": ""}, *TAIL], [("VALUE_MISSING", 2, "Member Id")]),
    ("board", [{"Voting": ""}, *TAIL], [("VALUE_MISSING", 2, "Voting")]),
    ("board", [{"Executive": "Perhaps"}, *TAIL], [("FLAG_INVALID", 2, "Executive")]),
    (
        "board",
        [{"Member Id": "M"}, {"Member Id": "M", "Voting": "No"}, {}],
        [("MEMBER_CONFLICT", 2, "Member Id"), ("MEMBER_CONFLICT", 3, "Member Id")],
    ),
    ("board", [{"Member Id": "M"}] * 2, [("DUPLICATE_ROW", 3, None)]),
    ("pay", [{"Employee Number": ""}, *TAIL], [("VALUE_MISSING", 2, "Employee Number")]),
    ("pay", [{"Full Pay": "Half"}, *TAIL], [("FLAG_INVALID", 2, "Full Pay")]),
    ("pay", [{"Hourly Rate": '"9,999"'}, *TAIL], [("HOURLY_RATE_OUT_OF_RANGE", 2, "Hourly Rate")]),
    (
        "pay",
        [{"Hourly Rate": "0.99"}, {"Hourly Rate": "1"}, {"Hourly Rate": "1000"}],
        [("HOURLY_RATE_OUT_OF_RANGE", 2, "Hourly Rate")],
    ),
    ("pay", [{"Hourly Rate": "-15"}, *TAIL], [("HOURLY_RATE_OUT_OF_RANGE", 2, "Hourly Rate")]),
    ("pay", [{"Hourly Rate": "9" * 41}, *TAIL], [("AMOUNT_INVALID", 2, "Hourly Rate")]),
    ("pay", [{"Hourly Rate": "9" * 40}, *TAIL], [("HOURLY_RATE_OUT_OF_RANGE", 2, "Hourly Rate")]),
    ("pay", [{"Hourly Rate": "0.5", "Full Pay": "No"}, *TAIL], []),
    ("pay", [{"Hourly Rate": ""}, *TAIL], [("WEEKLY_HOURS_MISSING", 2, "Weekly Hours")]),
    (
        "pay",
        [
            {"Hourly Rate": "", "Ordinary Pay": "3600", "Weekly Hours": "0"},
            {"Hourly Rate": "", "Ordinary Pay": "3600", "Weekly Hours": "37.5"},
        ],
        [("WEEKLY_HOURS_MISSING", 2, "Weekly Hours")],
    ),
    (
        "pay",
        [{"Hourly Rate": "", "Weekly Hours": "37.5"}, *TAIL],
        [("ORDINARY_PAY_MISSING", 2, "Ordinary Pay")],
    ),
    (
        "pay",
        [{"Hourly Rate": "", "Ordinary Pay": "3600", "Weekly Hours": "0.5"}, *TAIL],
        [("HOURLY_PAY_OUT_OF_RANGE", 2, "Ordinary Pay")],
    ),
    ("pay", [{"Weekly Hours": "full"}, *TAIL], [("WEEKLY_HOURS_INVALID", 2, "Weekly Hours")]),
    ("pay", [{"Weekly Hours": "-1"}, *TAIL], [("WEEKLY_HOURS_INVALID", 2, "Weekly Hours")]),
    ("pay", [{"Bonus In Year": "a lot"}, *TAIL], [("AMOUNT_INVALID", 2, "Bonus In Year")]),
    ("pay", [{"Bonus In Year": "-1.00"}, *TAIL], [("AMOUNT_OUT_OF_RANGE", 2, "Bonus In Year")]),
    ("pay", [{"Ordinary Pay": "-1"}, *TAIL], [("AMOUNT_OUT_OF_RANGE", 2, "Ordinary Pay")]),
    ("pay", [{"Bonus In Period": '"3,60"'}, *TAIL], [("AMOUNT_INVALID", 2, "Bonus In Period")]),
    ("pay", [{"Pay Period Days": "0"}, *TAIL], [("PERIOD_DAYS_INVALID", 2, "Pay Period Days")]),
    (
        "pay",
        [{"Bonus Period Days": "9e9"}, *TAIL],
        [("PERIOD_DAYS_INVALID", 2, "Bonus Period Days")],
    ),
    (
        "pay",
        [{"Employee Number": "7"}, {"Employee Number": "7", "Hourly Rate": "16"}, {}],
        [("PAY_CONFLICT", 2, "Employee Number"), ("PAY_CONFLICT", 3, "Employee Number")],
    ),
    ("pay", [{"Employee Number": "7"}] * 2, [("DUPLICATE_ROW", 3, None)]),
    ("employee_relations", [{"Case Id": ""}, *TAIL], [("VALUE_MISSING", 2, "Case Id")]),
    (
        "employee_relations",
        [{"Employee Number": ""}, *TAIL],
        [("VALUE_MISSING", 2, "Employee Number")],
    ),
    (
        "employee_relations",
        [{"Case Type": "Gossip"}, *TAIL],
        [("CASE_TYPE_UNLISTED", 2, "Case Type")],
    ),
    (
        "employee_relations",
        [
            {"Formal Start Date": "2021-03-31"},
            {"Formal Start Date": "2021-04-01"},
            {"Formal Start Date": "2023-03-31"},
            {"Formal Start Date": "2023-04-01"},
        ],
        [
            ("FORMAL_START_DATE_OUTSIDE", 2, "Formal Start Date"),
            ("FORMAL_START_DATE_OUTSIDE", 5, "Formal Start Date"),
        ],
    ),
    (
        "employee_relations",
        [{"Formal Start Date": "2021"}, *TAIL],
        [("DATE_INVALID", 2, "Formal Start Date")],
    ),
    (
        "employee_relations",
        [{"Ethnic Origin": "Q", "Disability": "No"}, *TAIL],
        [("VALUE_UNLISTED", 2, "Ethnic Origin")],
    ),
    (
        "employee_relations",
        [{"Case Id": "C"}, {"Case Id": "c", "Case Type": "Disciplinary"}, {}],
        [("CASE_CONFLICT", 2, "Case Id"), ("CASE_CONFLICT", 3, "Case Id")],
    ),
    (
        "employee_relations",
        [{"Case Id": "C", "Employee Number": "1"}] * 2,
        [("DUPLICATE_ROW", 3, None)],
    ),
    ("training", [{"Employee Number": ""}, *TAIL], [("VALUE_MISSING", 2, "Employee Number")]),
    ("training", [{"Course Type": "Fun"}, *TAIL], [("COURSE_TYPE_UNLISTED", 2, "Course Type")]),
    (
        "training",
        [
            {"Completion Date": "2022-03-31"},
            {"Completion Date": "2022-04-01"},
            {"Completion Date": "2023-03-31"},
            {"Completion Date": "2023-04-01"},
        ],
        [
            ("COMPLETION_DATE_OUTSIDE", 2, "Completion Date"),
            ("COMPLETION_DATE_OUTSIDE", 5, "Completion Date"),
        ],
    ),
    ("training", [{"Employee Number": "7"}] * 2, [("DUPLICATE_ROW", 3, None)]),
    (
        "training",
        [
            {"Employee Number": "7"},
            {"Employee Number": "7", "Course Type": "CPD"},
            {"Employee Number": "7", "Completion Date": "2022-10-02"},
        ],
        [],
    ),
    ("movers", [{"Employee Number": ""}, *TAIL], [("VALUE_MISSING", 2, "Employee Number")]),
    ("movers", [{"Movement": "Sideways"}, *TAIL], [("MOVEMENT_UNLISTED", 2, "Movement")]),
    (
        "movers",
        [
            {"Movement Date": "2022-03-31"},
            {"Movement Date": "2022-04-01"},
            {"Movement Date": "2023-03-31"},
            {"Movement Date": "2023-04-01"},
        ],
        [
            ("MOVEMENT_DATE_OUTSIDE", 2, "Movement Date"),
            ("MOVEMENT_DATE_OUTSIDE", 5, "Movement Date"),
        ],
    ),
    (
        "movers",
        [{"Leaving Reason": ""}, {"Leaving Reason": "", "Movement": "Starter"}, {}],
        [("LEAVING_REASON_MISSING", 2, "Leaving Reason")],
    ),
    (
        "movers",
        [{"Leaving Reason": "?"}, {"Leaving Reason": "?", "Movement": "Starter"}, {}],
        [("LEAVING_REASON_UNLISTED", 2, "Leaving Reason")],
    ),
    ("movers", [{"Exit Interview": "?"}, *TAIL], [("FLAG_INVALID", 2, "Exit Interview")]),
    ("movers", [{"Exit Interview": ""}, {"Pay Scale": ""}], []),
    ("movers", [{"Exit Interview": "", "Pay Scale": ""}] * 2, []),
    ("movers", [{"Pay Scale": "Band 8"}, *TAIL], [("BAND_UNKNOWN", 2, "Pay Scale")]),
    ("movers", [{"Gender": ""}, *TAIL], [("VALUE_BLANK", 2, "Gender")]),
    (
        "movers",
        [
            {"Employee Number": "7"},
            {"Employee Number": "7", "Movement": "Starter"},
            {"Employee Number": "7", "Movement Date": "2022-11-01"},
        ],
        [],
    ),
    ("movers", [{"Employee Number": "7"}] * 2, [("DUPLICATE_ROW", 3, None)]),
    (
        "movers",
        [
            {"Employee Number": "7"},
            {"Employee Number": "7", "Gender": "Male"},
            {"Employee Number": "7"},
            {"Employee Number": "7", "Movement Date": "2022-11-01"},
        ],
        [
            ("MOVEMENT_CONFLICT", 2, "Employee Number"),
            ("MOVEMENT_CONFLICT", 3, "Employee Number"),
            ("DUPLICATE_ROW", 4, None),
            ("MOVEMENT_CONFLICT", 4, "Employee Number"),
        ],
    ),
]


@pytest.mark.parametrize(("source", "changes", "expected"), RULES)
def test_rules(source, changes, expected):
    result = checked(*changes, source=source)
    assert [(f.code, f.row_number, f.column) for f in result.faults] == expected
    assert not result.rejected
    left_out = {row for code, row, _ in expected if catalogue()[code].severity is Severity.ROW}
    assert set(result.quarantined["row_number"]) == left_out
    assert len(result.accepted) == len(changes) - len(left_out)
    warned = {row for code, row, _ in expected if row and row not in left_out}
    assert result.rows_warned == len(warned)


@pytest.mark.parametrize(
    "category",
    ["Non-Exec Director/Chair", "Honorary", "Widow/Widower", "Agency", "Secondment In"],
)
@pytest.mark.parametrize("pay_scale", ["", "LOCAL|ZL01|Honorary Contract"])
def test_people_outside_the_pay_bands_need_no_pay_scale(category, pay_scale):
    result = checked({"Assignment Category": category, "Pay Scale": pay_scale}, {})
    assert result.faults == []
    assert len(result.accepted) == 2


def test_more_than_half_a_percent_of_unmapped_pay_scales_reject_the_file():
    below = checked({"Pay Scale": "Band 8"}, *[{}] * 199)
    assert codes(below) == ["PAY_SCALE_UNMAPPED"]
    assert not below.rejected
    above = checked({"Pay Scale": "Band 8"}, *[{}] * 198)
    assert codes(above) == ["PAY_SCALE_UNMAPPED", "PAY_SCALE_UNMAPPED_MANY"]
    assert above.faults[-1] == Fault(
        "PAY_SCALE_UNMAPPED_MANY", column="Pay Scale", detail="1 of 199 rows: 2"
    )
    assert above.rejected
    assert len(above.accepted) == 0
    assert above.accepted.dtypes.equals(below.accepted.dtypes)


@pytest.mark.parametrize(
    ("source", "code", "rejected"),
    [
        ("esr_staff", "NO_ROWS", True),
        ("recruitment", "SOURCE_EMPTY", False),
        ("board", "SOURCE_EMPTY", False),
        ("pay", "SOURCE_EMPTY", False),
        ("training", "SOURCE_EMPTY", False),
        ("employee_relations", "NONE_HAPPENED", False),
        ("movers", "NONE_HAPPENED", False),
    ],
)
def test_headings_without_rows(source, code, rejected):
    result = checked(source=source)
    assert result.faults == [Fault(code)]
    assert result.rejected is rejected
    assert len(result.accepted) == result.rows_received == 0


def test_a_file_of_which_every_row_has_a_fault_is_rejected():
    result = checked({"FTE": "x"}, {"FTE": "y"})
    assert codes(result) == ["FTE_INVALID", "FTE_INVALID", "NO_ROW_ACCEPTED"]
    assert result.rejected


def test_an_unreadable_file_has_the_faults_of_the_reading_alone():
    result = check(read(b"", "x.csv", "esr_staff"), "esr_staff", SNAPSHOT)
    assert result.faults == [Fault("FILE_EMPTY")]
    assert result.rejected
    assert list(result.accepted.columns) == list(checked({}).accepted.columns)


def test_rows_that_could_not_be_split_are_quarantined_and_not_judged():
    good, short = rows("esr_staff", {}, {})
    text = as_text(headings(), good, short[:5], [*short, "x"])
    result = check(read(text.encode(), "x.csv", "esr_staff"), "esr_staff", SNAPSHOT)
    assert codes(result) == ["ROW_CELL_COUNT", "ROW_CELL_COUNT"]
    assert result.quarantined["row_number"].tolist() == [3, 4]


def test_a_missing_column_hides_no_other_fault():
    kept = [index for index, name in enumerate(headings()) if name != "Gender"]
    lines = (headings(), *rows("esr_staff", {"FTE": "x"}, {}))
    text = as_text(*([line[index] for index in kept] for line in lines))
    result = check(read(text.encode(), "x.csv", "esr_staff"), "esr_staff", SNAPSHOT)
    assert codes(result) == ["HEADING_MISSING", "FTE_INVALID"]
    assert result.rejected


def test_a_column_of_formula_errors_is_named_once():
    result = checked({"FTE": "#N/A"}, {"FTE": "#N/A"}, {})
    assert result.faults == [Fault("FORMULA_ERROR", column="FTE", detail="rows 2, 3")]


def test_no_fault_hides_another():
    """One cell with two faults elsewhere in its row, its key and its person: all are told."""
    result = checked(
        {"FTE": "n/a", "Date Of Birth": "1890-01-01", "Pay Scale": "?", "Gender": ""},
        {"FTE": "-1", "Assignment Number": "20000001", "Latest Start Date": "2024-01-01"},
        {},
    )
    assert sorted((f.code, f.row_number) for f in result.faults if f.row_number) == [
        ("ASSIGNMENT_CONFLICT", 2),
        ("ASSIGNMENT_CONFLICT", 3),
        ("DATE_OF_BIRTH_IMPLAUSIBLE", 2),
        ("FTE_INVALID", 2),
        ("FTE_OUT_OF_RANGE", 3),
        ("PAY_SCALE_UNMAPPED", 2),
        ("START_DATE_AFTER_SNAPSHOT", 3),
        ("VALUE_BLANK", 2),
    ]


def staff_with_every_fault() -> str:
    """Return a text with every fault that a staff file with headings and rows can have."""
    changes = [
        change
        for source, all_changes, expected in RULES
        if source == "esr_staff" and len(all_changes) <= 4 and expected
        for change in all_changes
        if change and expected[0][0] != "COLUMN_EMPTY"
    ]
    changes += [{"Pay Scale": "?"}, {"Directorate": "#N/A"}]
    lines = [[*line, "x"] for line in rows("esr_staff", *changes)]
    for line in lines:
        line[headings().index("NHS Unique Id")] = ""
    names = [*headings(), "Shoe Size"]
    names[names.index("Gender")] = "Sex"
    names[names.index("Job Role")] = "Service"
    names[names.index("Disability")] = "Disabillity"
    body = as_text(names, *lines, names, ['"a"b'], ["too", "few"], ["end"])
    return f"Staff list of the café\r\n{body}" + ",".join(lines[0][:3])


OF_THE_BODY = (
    *(
        "SURVEY_",
        "COUNT_",
        "PERCENT_",
        "SCORE_",
        "JOINT_",
        "EDS_",
        "DUTY_",
        "ACTION_",
        "GO2_",
        "CONTROL_",
    ),
)
"""How the faults of survey, eds, duties, actions and GO2 files begin, which are tested apart."""


def test_one_of_every_fault_in_one_file_gives_every_code_in_one_run():
    content = staff_with_every_fault().encode("cp1252")
    result = check(read(content, "x.csv", "esr_staff"), "esr_staff", SNAPSHOT)
    elsewhere = {
        # a file without a readable header or row, or one that is not text
        *("FILE_EMPTY", "FILE_NOT_TEXT", "FILE_PROTECTED", "FILE_UNREADABLE", "FILE_TOO_LARGE"),
        *("HEADER_NOT_FOUND", "NO_ROWS", "NO_ROW_ACCEPTED", "SOURCE_EMPTY", "NONE_HAPPENED"),
        "CELL_TOO_LONG",
        # workbooks
        *("FORMULA_NOT_CALCULATED", "SHEET_CHOSEN"),
        # of other sources, beside those that RULES shows
        *("HEADINGS_ONE_OF", "HOURLY_RATE_MISSING"),
        # of a source beside the staff extract
        "EMPLOYEE_UNKNOWN",
        *(code for code in catalogue() if code.startswith(OF_THE_BODY)),
        # the name of the file and where it lies
        *("PERIOD_UNKNOWN", "ORGANISATION_UNKNOWN", "ORGANISATION_NOT_THEN", "SOURCE_UNKNOWN"),
        *("SUFFIX_UNKNOWN", "PLACE_TAKEN_TWICE", "STRAY_FILE", "LINK_FOUND", "CANNOT_BE_OPENED"),
        "PERIOD_NOT_KEPT",
    }
    of_other_sources = {
        code for source, _, expected in RULES for code, *_ in expected if source != "esr_staff"
    } - {code for source, _, expected in RULES for code, *_ in expected if source == "esr_staff"}
    assert set(codes(result)) == set(catalogue()) - elsewhere - of_other_sources


def test_a_workbook_is_checked_like_a_text():
    lines = rows("esr_staff", {"FTE": "x", "Gender": ""}, {"Pay Scale": "?"}, {})
    content = workbook(Staff=[headings(), *lines])
    result = check(read(content, "x.xlsx", "esr_staff"), "esr_staff", SNAPSHOT)
    text = checked({"FTE": "x", "Gender": ""}, {"Pay Scale": "?"}, {})
    assert result.faults == text.faults
    assert result.accepted.equals(text.accepted)


def test_many_failing_rows_are_all_reported():
    result = checked(*[{"FTE": "x", "Gender": ""}] * 500, {})
    assert codes(result).count("FTE_INVALID") == 500
    assert codes(result).count("VALUE_BLANK") == 500


@pytest.mark.parametrize("setting", ["PANDERA_VALIDATION_ENABLED", "PANDERA_VALIDATION_DEPTH"])
def test_the_environment_cannot_turn_the_checks_off(setting, monkeypatch):
    from pandera.config import CONFIG, ValidationDepth

    monkeypatch.setattr(CONFIG, "validation_enabled", False)
    monkeypatch.setattr(CONFIG, "validation_depth", ValidationDepth.SCHEMA_ONLY)
    assert codes(checked({"FTE": "x"}, {})) == ["FTE_INVALID"]


def test_a_check_that_fails_in_itself_is_a_fault_of_ours_and_tells_no_value(monkeypatch):
    def broken(text: str) -> bool:
        raise TypeError(text)

    column = checks.column(checks.each("FTE_INVALID", broken))
    schema = schemas.esr_staff.TYPES.add_columns({"fte": column})
    monkeypatch.setattr(schemas.esr_staff, "TYPES", schema)
    planted = str(123456 / 10**6)
    with pytest.raises(ProductError) as caught:
        checked({"FTE": planted}, {})
    shown = "".join(traceback.format_exception(caught.value))
    assert planted not in shown
    assert "could not be carried out" in shown


SECRETS = {
    heading: f"Secret{number}" for number, heading in enumerate(STAFF) if heading != "Service"
}


def test_no_planted_value_stands_in_a_message():
    result = checked(SECRETS, {**SECRETS, "Service": "SecretToo"}, {})
    assert len(result.faults) > 15
    told = " ".join(f"{fault!r} {fault.message()}" for fault in result.faults)
    assert "Secret" not in told


def test_each_fault_is_catalogued_once():
    assert len(read_rows_of(ROOT / "schemas" / "faults.csv")) == len(catalogue())


def test_messages_are_sentences():
    for kind in catalogue().values():
        assert kind.meaning[0].isupper()
        assert not kind.meaning.endswith(".")
        assert kind.mend.endswith(".")
        assert kind.expected
        assert not kind.expected.endswith(".")
        assert kind.meaning.isprintable()


def test_snapshots_of_other_quarters():
    reading = read_rows(
        {"Shortlisted Date": "2022-07-01"}, {"Shortlisted Date": "2022-06-30"}, source="recruitment"
    )
    result = check(reading, "recruitment", date(2023, 6, 30))
    assert [(f.code, f.row_number) for f in result.faults] == [("SHORTLISTED_DATE_OUTSIDE", 3)]


def test_the_quarantine_holds_the_rows_as_read():
    result = checked({"FTE": "x"}, {})
    row = json.loads(result.quarantined.to_json(orient="records"))[0]
    assert row["fte"] == "x"
    assert row["date_of_birth"] == "1980-02-29"
    assert row["row_number"] == 2


JUNE = date(2022, 6, 30)


def test_files_that_are_checked_together_are_told_apart():
    """Equal keys in two files are no duplicates; snapshots and columns are those of each file."""
    few = [index for index, name in enumerate(headings("recruitment")) if name != "Disability"]
    lines = (headings("recruitment"), *rows("recruitment", {"Shortlisted": "?"}, {}))
    short = as_text(*([line[index] for index in few] for line in lines))
    day = {"Shortlisted Date": "2022-07-01"}
    files = [
        (read_rows(day, {"Appointed": "x"}, source="recruitment"), date(2023, 3, 31)),
        (read_rows(source="recruitment"), date(2023, 3, 31)),
        (read_rows(day, {"Gender": "", "Shortlisted Date": ""}, source="recruitment"), JUNE),
        (read(short.encode(), "x.csv", "recruitment"), date(2023, 3, 31)),
        (read(b"", "x.csv", "recruitment"), date(2023, 3, 31)),
        (read_rows(*[{"Application Id": "A"}] * 2, day, source="recruitment"), date(2023, 3, 31)),
    ]
    together = check_files([(*file, None) for file in files], "recruitment")
    assert [codes(result) for result in together] == [
        ["FLAG_INVALID"],
        ["SOURCE_EMPTY"],
        ["SHORTLISTED_DATE_OUTSIDE", "VALUE_BLANK"],
        ["HEADING_MISSING", "FLAG_INVALID"],
        ["FILE_EMPTY"],
        ["DUPLICATE_ROW"],
    ]
    for result, (reading, period_end) in zip(together, files, strict=True):
        alone = check(reading, "recruitment", period_end)
        assert result.faults == alone.faults
        assert result.accepted.equals(alone.accepted)
        assert result.accepted.dtypes.equals(alone.accepted.dtypes)
        assert result.quarantined.equals(alone.quarantined)
