"""The audit of printed tables: its layout, what it refuses, and what it must not find."""

import json

import pytest
from audited import codes, findings_in, write_table
from command import equality

from pipeline.attack.programme import Outcome, Programme
from pipeline.audit.findings import Severity, detectors
from pipeline.audit.numbers import is_unknown, is_valid_period
from pipeline.resources import ROOT, WAREHOUSE

SEXES = [
    {"Table": "Sex", "Group": "Female", "Count": 93, "Percent": "72.1%"},
    {"Table": "Sex", "Group": "Male", "Count": 36, "Percent": "27.9%"},
    {"Table": "Sex", "Group": "Total", "Count": 129, "Percent": "100%"},
]


# --- the command ----------------------------------------------------------------------------


def test_the_command_lists_each_finding_with_its_place_and_what_it_would_have_to_be(tmp_path):
    rows = [*SEXES[:2], SEXES[2] | {"Count": 130}]
    result = equality("audit", write_table(tmp_path / "sex.csv", rows))
    assert (result.exit_code, result.err) == (0, "")
    assert "Row 4 TOTAL (impossible): Sex, Total" in result.out
    assert "printed 130; the parts that are printed make 129." in result.out
    assert result.out.splitlines()[-1] == "sex.csv: 3 impossible"


def test_json_is_one_array_of_objects_and_nothing_else(tmp_path):
    rows = [*SEXES[:2], SEXES[2] | {"Count": 130}]
    result = equality("audit", write_table(tmp_path / "sex.csv", rows), "--json")
    first, *_ = json.loads(result.out)
    assert first == {
        "code": "PERCENT",
        "severity": "impossible",
        "row": 2,
        "organisation": None,
        "period": None,
        "table": "Sex",
        "part": "all",
        "group": "Female",
        "printed": "72.1%",
        "expected": "93 of 130 is 71.5",
        "meaning": "The percentage is not what its count and base give",
        "mend": "Work it out again from count and base and round once, half up.",
    }


def test_a_clean_table_gives_nothing(tmp_path):
    path = write_table(tmp_path / "sex.csv", SEXES)
    assert equality("audit", path).out == "sex.csv: nothing found\n"
    assert equality("audit", path, "--json").out == "[]\n"


def test_a_workbook_is_read_as_a_text_file_is(tmp_path):
    from openpyxl import Workbook

    workbook = Workbook()
    workbook.active.append(["Table", "GROUP", "head-count", "Percentage"])
    for row in SEXES:
        workbook.active.append([row["Table"], row["Group"], row["Count"], row["Percent"]])
    workbook.active["C2"] = 94
    workbook.save(tmp_path / "sex.xlsx")
    result = equality("audit", tmp_path / "sex.xlsx", "--json")
    assert [(one["row"], one["code"]) for one in json.loads(result.out)] == [
        (2, "PERCENT"),
        (4, "TOTAL"),
    ]


def test_help_names_every_heading(capsys):
    from pipeline.read.headings import heading_list

    text = equality("audit", "--help").out
    missing = [name for name in heading_list("printed_table").headings.values() if name not in text]
    assert [name for name in missing if not name.startswith("Comparator ")] == []


# --- what is refused ------------------------------------------------------------------------

BAD = {
    "empty": ("", "The file is empty"),
    "no header": ("a,b\n1,2\n", "looked for Table, Group"),
    "headings alone": ("Table,Group,Count\n", "no line below them"),
    "no numbers": ("Table,Group,Label\nSex,Male,x\n", "no column of numbers"),
    "a word as a count": ("Table,Group,Count\nSex,Male,many\n", "Row 2, Count: 'many' is no whole"),
    "a decimal count": ("Table,Group,Count\nSex,Male,3.5\n", "'3.5' is no whole number"),
    "a comma as the point": (
        'Table,Group,Percent\nSex,Male,"27,9%"\n',
        "Row 2, Percent: '27,9%' is no percentage",
    ),
    "too many decimals": ("Table,Group,Percent\nSex,Male,27.1234567\n", "more than 6 decimals"),
    "two points": ("Table,Group,Percent\nSex,Male,27.9.1\n", "is no percentage"),
    "a ratio in words": ("Table,Group,Ratio\nA,B,double\n", "is no ratio"),
    "a date in words": ("Table,Group,Count,From,To\nA,B,1,soon,later\n", "is no date"),
    "a rule in words": (
        "Table,Group,Count,Hidden Means\nA,B,#,few\n",
        "give what a hidden count is",
    ),
    "no table": ("Table,Group,Count\n,Male,3\n", "Row 2 has no table"),
    "the same cell twice": (
        "Table,Group,Count\nSex,Male,3\nSex,male ,4\n",
        "Row 3 repeats the table, part and group of row 2",
    ),
    "a comparator that is not there": (
        "Table,Group,Count,Base,Ratio,Comparator Group\nA,White,3,9,1.2,BME\n",
        "Row 2 is compared with 'BME'",
    ),
    "another number of cells": ("Table,Group,Count\nSex,Male\nSex,Female,3\n", "row 2"),
    "a formula error": ("Table,Group,Count\nSex,Male,#REF!\n", "rows 2"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_told_in_a_sentence(name, tmp_path):
    text, words = BAD[name]
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    result = equality("audit", path)
    assert (result.exit_code, result.out) == (2, "")
    assert words in result.err
    assert result.err.startswith("equality: table.csv")
    assert "Traceback" not in result.err


def test_a_file_that_is_not_there_is_told_in_a_sentence(tmp_path):
    result = equality("audit", tmp_path / "none.csv")
    assert result.exit_code == 2
    assert "none.csv cannot be read" in result.err


def test_bytes_that_are_no_table_are_told_in_a_sentence(tmp_path):
    (tmp_path / "table.xlsx").write_bytes(b"PK\x03\x04 and no more")
    result = equality("audit", tmp_path / "table.xlsx")
    assert result.exit_code == 2
    assert "Traceback" not in result.err


# --- what may not be found ------------------------------------------------------------------


def rows(table, numbers, **shared):
    return [
        {"Table": table, "Group": group, "Count": count, "Percent": percent} | shared
        for group, count, percent in numbers
    ]


NOTHING_WRONG = {
    "rounded shares of 100.1": rows(
        "Age", [("a", 1, "14.3"), ("b", 3, "42.9"), ("c", 3, "42.9"), ("Total", 7, "100")]
    ),
    "a half that is rounded up": rows("Sex", [("a", 1, "12.5"), ("b", 7, "88"), ("Total", 8, "")]),
    "one precision less elsewhere": [
        *rows("One", [("BME", "", "7.9%")], Characteristic="Ethnicity", Part="Town"),
        *rows("Two", [("BME", "", "8%")], Characteristic="Ethnicity", Part="Town"),
    ],
    "a rate of each group": [
        {"Table": "Trained", "Group": group, "Count": count, "Base": base, "Percent": percent}
        for group, count, base, percent in [("White", 116, 288, "40.28%"), ("BME", 48, 96, "50%")]
    ],
    "shares of those known": rows(
        "Race",
        [("White", 30, "75.0"), ("BME", 10, "25.0"), ("Not stated", 5, ""), ("Total", 45, "")],
        **{"Base Label": "known ethnicity"},
    ),
    "two cells that hide each other": rows(
        "Age", [("a", 50, ""), ("b", "*", ""), ("c", "*", ""), ("Total", 70, "")]
    ),
    "hidden as the rule says": rows(
        "Age", [("a", 50, ""), ("b", "<10", ""), ("c", "<10", ""), ("Total", 59, "")]
    ),
    "not applicable": rows("Cases", [("White", 0, "n/a"), ("BME", 0, "N/A"), ("Total", 0, "")]),
    "years that follow": rows("A", [("Total", 3, "")], Period="1999/00"),
    "a group that is divided": [
        *rows("Race", [("White", 30, ""), ("BME", 10, ""), ("Total", 40, "")]),
        *rows("Race", [("Asian", 7, ""), ("Black", 3, "")], **{"Group Of": "BME"}),
    ],
    "groups of other people": [
        *rows("Staff", [("Male", 3, ""), ("Total", 3, "")], Population="Workforce"),
        *rows("Board", [("Male", 1, ""), ("Total", 1, "")], Population="Board"),
    ],
}


@pytest.mark.parametrize("name", NOTHING_WRONG)
def test_what_is_right_is_not_found(name, tmp_path):
    assert [one.sentence() for one in findings_in(tmp_path, NOTHING_WRONG[name])] == []


TOO_MANY = {
    "10 of 8 with their percentage": ({"Count": 10, "Base": 8, "Percent": "125%"}, "COUNT"),
    "10 of 8": ({"Count": 10, "Base": 8}, "COUNT"),
    "one of nobody": ({"Count": 1, "Base": 0}, "COUNT"),
    "a share without a base": ({"Percent": "100.1%"}, "SHARE"),
    "a share of a base": ({"Percent": "125%", "Base": 8}, "SHARE"),
    "8 of 8": ({"Count": 8, "Base": 8, "Percent": "100%"}, None),
    "nobody of nobody": ({"Count": 0, "Base": 0}, None),
    "cases": ({"Count": 10, "Base": 8, "Percent": "125%", "Population": "Grievance cases"}, None),
    "leavers": ({"Percent": "125%", "Population": "Leavers"}, None),
}
ABOVE = {"COUNT": "COUNT_ABOVE_BASE", "SHARE": "SHARE_ABOVE_100"}


@pytest.mark.parametrize("name", TOO_MANY)
def test_more_than_all_are_told_unless_cases_are_counted(name, tmp_path):
    line, told = TOO_MANY[name]
    headings = dict.fromkeys(("Count", "Base", "Percent"), "")
    table = [{"Table": "Trained", "Group": "White"} | headings | line]
    found = codes(findings_in(tmp_path, table))
    assert found == ([(2, ABOVE[told])] if told else [])


def test_a_count_above_its_base_says_both(tmp_path):
    table = [{"Table": "Trained", "Group": "White", "Count": 10, "Base": 8}]
    (found,) = findings_in(tmp_path, table)
    assert (found.printed, found.expected) == ("10", "the base is 8, and it can be no more")


# --- hidden cells ---------------------------------------------------------------------------


def hidden_range(tmp_path, table):
    return [
        (one.row, one.expected.split(" (")[0])
        for one in findings_in(tmp_path, table)
        if one.code == "HIDDEN"
    ]


def test_a_percentage_tells_a_hidden_count_of_few_people(tmp_path):
    # 0.5% of 1,000 to one decimal are 5; of 10,000 they are 45 to 54, which a rule shows.
    for base, found in ((1000, [(2, "it is 5")]), (10_000, [])):
        table = rows("A", [("a", "*", "0.5%"), ("b", "*", ""), ("Total", base, "")])
        assert hidden_range(tmp_path, table)[:1] == found


def test_a_printed_base_tells_a_hidden_count_where_nothing_adds_up_to_a_total(tmp_path):
    # 33.3% of 9 are 3; rates have no total, and every row of theirs stands for itself.
    table = [
        {"Table": "Appointed", "Group": "BME", "Count": "#", "Percent": "33.3%", "Base": 9},
        {"Table": "Appointed", "Group": "White", "Count": 20, "Percent": "40%", "Base": 50},
    ]
    assert hidden_range(tmp_path, table) == [(2, "it is 3")]


@pytest.mark.parametrize(
    ("total", "rule", "told"),
    [(53, "", "it is 0 to 3"), (54, "", None), (54, "1-9", "it is 1 to 3"), (60, "1-9", None)],
)
def test_two_hidden_cells_of_a_small_sum_are_told_as_ranges(tmp_path, total, rule, told):
    table = rows("A", [("a", 50, ""), ("b", "*", ""), ("c", "*", "")], **{"Hidden Means": rule})
    table += rows("A", [("Total", total, "")])
    wanted = [(row, told) for row in (3, 4) if told]
    assert hidden_range(tmp_path, table) == wanted


def test_a_table_is_solved_with_the_others_of_its_people(tmp_path):
    # The total of the second table is printed in the first alone.
    table = [
        *rows("A", [("a", 50, ""), ("b", 40, ""), ("Total", 90, "")]),
        *rows("B", [("c", 85, ""), ("d", "#", ""), ("Total", "", "")]),
    ]
    assert hidden_range(tmp_path, table) == [(6, "it is 5")]


def test_a_contradicted_total_proves_nothing_about_the_other_table(tmp_path):
    table = [
        *rows("A", [("a", 50, ""), ("b", 40, ""), ("Total", 90, "")]),
        *rows("B", [("c", 85, ""), ("d", "#", ""), ("Total", 96, "")]),
    ]
    assert codes(findings_in(tmp_path, table)) == [(6, "HIDDEN"), (7, "SAME_TOTAL")]
    assert hidden_range(tmp_path, table) == [(6, "it is 11")]


def test_percentages_that_no_whole_numbers_give_are_told(tmp_path):
    table = rows("A", [("a", "", "33.0%"), ("b", "", "67.0%"), ("Total", 7, "")])
    assert codes(findings_in(tmp_path, table)) == [(2, "NO_COUNTS")]


def test_what_cannot_be_told_in_time_is_not_said(tmp_path, monkeypatch):
    # 10 of 37 and 27 of 37 are the one solution; without time for it nothing is claimed.
    parts = [
        rows("A", [("a", "*", "27.0%"), ("b", "*", "73.0%"), ("Total", "", "")], Part=part)
        for part in ("x", "y")
    ]
    table = [row | {"Part Of": "all"} for part in parts for row in part]
    table += rows("A", [("Total", 74, "")], Part="all")
    assert codes(findings_in(tmp_path, table))
    monkeypatch.setattr(Programme, "solve", lambda _programme: Outcome.UNSOLVED)
    assert codes(findings_in(tmp_path, table)) == []


# --- the list of detectors ------------------------------------------------------------------


def test_every_detector_has_its_query_and_every_query_its_detector():
    queries = {path.stem for path in (WAREHOUSE / "audit").glob("*.sql")}
    assert {one.query for one in detectors().values()} - {""} == queries
    assert {one.severity for one in detectors().values()} == set(Severity)


@pytest.mark.parametrize(
    ("label", "is_it"),
    [("(blank)", True), ("Not Stated", True), ("Prefer not to say", True), ("White", False)],
)
def test_labels_of_people_whose_characteristic_is_not_known(label, is_it):
    assert is_unknown(label) is is_it


@pytest.mark.parametrize(
    ("period", "is_it"),
    [
        ("2021/22", True), ("1999/00", True), ("2021/21", False), ("2021/23", False),
        ("2021-22", True), ("2022-03", True), ("2021/2022", True), ("2022-2025", True),
        ("2022/2021", False), ("31 March 2022", True),
    ],
)  # fmt: skip
def test_the_second_year_of_a_period_follows_the_first(period, is_it):
    assert is_valid_period(period) is is_it


def test_the_document_names_every_detector_and_every_heading():
    from pipeline.read.headings import heading_list

    text = (ROOT / "docs" / "audit.md").read_text(encoding="utf-8")
    lines = [
        f"| `{one.code}` | {one.severity} | {one.meaning} | {one.mend} |"
        for one in detectors().values()
    ]
    assert [line for line in lines if line not in text] == []
    names = heading_list("printed_table").headings.values()
    assert [name for name in names if name.removeprefix("Comparator ") not in text] == []


def test_the_example_of_the_document_is_what_the_command_prints(tmp_path):
    text = (ROOT / "docs" / "audit.md").read_text(encoding="utf-8")
    table, printed = (text.split(f"```{kind}\n")[1].split("```")[0] for kind in ("csv", "text"))
    path = tmp_path / "table.csv"
    path.write_text(table, encoding="utf-8")
    assert equality("audit", path).out == f"{printed}table.csv: 1 derivable, 2 doubtful\n"
