"""The staff survey's organisational workbook as published, on a small twin and on the real one."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from extracts import codes, workbook
from inbox import csv_text, survey_row
from staged import staged

from pipeline.check import check
from pipeline.faults import Fault
from pipeline.read import read
from pipeline.read.survey_published import measured
from pipeline.read.survey_workbook import workbook_results
from pipeline.read.workbook import Workbook
from pipeline.receive.inbox import Place

REAL = (
    Path(__file__).resolve().parents[3]
    / "shared/data/staff_survey/NSS24 detailed spreadsheets organisational results.xlsx"
)
SNAPSHOT = date(2025, 3, 31)
IDS = ["ODS code", "Organisation name", "Benchmarking group", "Region", "ICS", "Weighting"]
BASE = "Base (number of responses)"
TITLE = "NHS Staff Survey 2024 - WEIGHTED Results"
QUESTIONS = {
    "Q14a - In the last 12 months how many times ...": ["% Never", "% 1 to 2", "% 3 to 5"],
    "Q14d - The last time ..., did you or a colleague report it?": [
        *("% Yes, I reported it", "% Yes, a colleague reported it", "% No", "% Don't know"),
        *("% Both a colleague and I reported it", "% Not applicable"),
    ],
    "Q15 - Does your organisation act fairly ...?": ["% Yes", "% No", "% Don't know"],
    "Q4b - The extent to which my organisation values my work.": [
        *("% Very dissatisfied", "% Dissatisfied", "% Neither satisfied nor dissatisfied"),
        *("% Satisfied", "% Very satisfied"),
    ],
    "Q31b - Has your employer made reasonable adjustment(s) ...?": [
        *("% Yes", "% No", "% No adjustment required"),
    ],
    "Staff Engagement - Staff engagement": ["Staff Engagement - score"],
}
ICB = [
    *(90, 6, 4, 50),  # 5 of 50
    *(20, 10, 30, 10, 5, 25, 20),  # 4 + 2 + 1 of 20 less 2 and 5
    *(50, 30, 20, 50),  # 25 of 50, don't know in the base
    *(10, 10, 20, 40, 20, 50),  # 30 of 50
    *(40, 10, 50, 10),  # 4 of 5
    *(6.789, 50),
]
ITEMS = ["Q14a", "Q14d", "Q15", "Q4b", "Q31b", "Staff Engagement"]


def sheet(*organisations):
    titles, headings = [TITLE, *[""] * 5], list(IDS)
    for title, answers in QUESTIONS.items():
        titles += [title, *[""] * len(answers)]
        headings += [*answers, BASE]
    return [titles, ["HEALTH Q13-14"], ["Note: ..."], [], headings, *map(list, organisations)]


def row(code, values, *, group="ICBs", weighting="Unweighted"):
    return [code, "A body", group, "-", "-", weighting, *values]


def published(*organisations):
    return workbook(Notes=[["", "NHS Staff Survey 2024"]], Q13=sheet(*organisations))


def reading(content, code):
    return read(content, "survey.xlsx", "survey", Place(SNAPSHOT, code, "survey"))


def test_the_results_of_the_sender_are_rows_of_the_survey():
    content = published(row("QYG", [80, 10, 10, *ICB[3:]]), row("QHG", ICB))
    result = check(reading(content, "QHG"), "survey", SNAPSHOT, "QHG")
    assert result.faults == [Fault("SURVEY_WORKBOOK_READ", detail="the survey of 2024, 6 items")]
    found = result.accepted[["item", "base", "count", "score", "weighted", "organisation_codes"]]
    assert found["item"].tolist() == ITEMS
    assert found["base"].tolist() == [50, 13, 50, 50, 5, 50]
    assert found["count"].tolist()[:5] == [5, 7, 25, 30, 4]
    assert found["score"].tolist()[5] == 6.789
    assert set(found["weighted"]) == {"No"}
    assert set(found["organisation_codes"]) == {"QHG"}
    assert result.accepted["row_number"].tolist() == [1, 2, 3, 4, 5, 6]


def test_a_weighted_percentage_is_no_count():
    content = published(row("RMC", ICB, group="Acute", weighting="Occupation Group"))
    result = check(reading(content, "RMC"), "survey", SNAPSHOT, "RMC")
    assert codes(result) == ["SURVEY_WORKBOOK_READ"]
    assert result.accepted["count"].isna().all()
    assert set(result.accepted["weighted"]) == {"Yes"}
    # 35 of the 65 who had an incident and could say whether it was reported
    assert result.accepted["percent"].tolist()[:5] == [10, 53.846154, 50, 60, 80]
    assert result.accepted["base"].tolist() == [50, 13, 50, 50, 5, 50]


def test_a_suppressed_result_is_left_out():
    hidden = row("QHG", [*["-"] * 4, *ICB[4:]])
    assert reading(published(hidden), "QHG").frame["item"].tolist() == ITEMS[1:]


def test_a_base_of_which_nobody_is_left():
    nobody = row("QHG", [*ICB[:21], 0, 0, 100, 10, *ICB[25:]])
    assert reading(published(nobody), "QHG").frame["item"].tolist() == [
        *("Q14a", "Q14d", "Q15", "Q4b", "Staff Engagement")
    ]


def test_a_joint_result_is_read_for_each_of_its_bodies_unless_it_has_its_own():
    joint = row("01T/01V", ICB)
    content = published(joint, row("01V", [80, 10, 10, *ICB[3:]]))
    first = reading(content, "01T").frame
    assert set(first["organisation_codes"]) == {"01T/01V"}
    own = reading(content, "01V").frame
    assert own["organisation_codes"].tolist() == ["01V"] * 6
    assert own["count"].tolist()[0] == "10"


def test_a_workbook_without_the_sender_is_rejected():
    found = reading(published(row("QYG", ICB)), "QHG")
    assert found.faults == [Fault("SURVEY_WORKBOOK_WITHOUT_SENDER")]
    assert found.rejected


def test_the_survey_of_another_year_is_told():
    result = check(reading(published(row("QHG", ICB)), "QHG"), "survey", date(2024, 3, 31), "QHG")
    assert {fault.code for fault in result.faults} == {
        *("SURVEY_WORKBOOK_READ", "SURVEY_YEAR_OTHER", "NO_ROW_ACCEPTED")
    }


def test_a_table_of_rows_in_a_workbook_is_still_read_as_one():
    rows = [survey_row("Q15", "White", 207, 126, survey_year="2024")]
    lines = [line.split(",") for line in csv_text(rows).splitlines()]
    found = reading(workbook(Survey=lines), "QHG")
    assert found.faults == []
    assert found.frame["count"].tolist() == ["126"]


def test_a_workbook_of_something_else_has_no_header():
    found = reading(workbook(Sheet=[["a", "b"], ["1", "2"]]), "QHG")
    assert codes(found) == ["HEADER_NOT_FOUND"]


def test_staged_from_the_workbook(tmp_path):
    path = tmp_path / "2025-03-31" / "QHG" / "survey.xlsx"
    path.parent.mkdir(parents=True)
    path.write_bytes(published(row("QHG", ICB)))
    found = {each["item"]: each for each in staged(tmp_path, "survey")}
    assert found["harassment_reported"]["events"] == 7
    assert found["harassment_reported"]["base"] == 13
    assert found["engagement"]["score"] == Decimal("6.79")
    assert {each["group_code"] for each in found.values()} == {"ALL"}


# The workbook of 2024 itself.


@pytest.fixture(scope="module")
def real():
    if not REAL.is_file():
        pytest.skip("shared data is not beside this checkout")
    book = Workbook(REAL.read_bytes())
    return workbook_results({name: book.rows(name) for name in book.names})


def test_the_real_workbook_holds_sixteen_sheets_of_263_organisations(real):
    year, results = real
    assert year == 2024
    assert len({result.sheet for result in results}) == 16
    groups = {result.organisation_codes: result.benchmarking_group for result in results}
    assert len(groups) == 263
    assert list(groups.values()).count("ICBs") == 41
    assert list(groups.values()).count("CSUs") == 4
    # As printed on the sheet Q13-14.
    cells = {(r.organisation_codes, r.question, r.answer): (r.percent, r.base) for r in results}
    assert cells["TAJ", "Q13a", "Never"] == (pytest.approx(86.2355315946), 1617)


def test_answers_of_an_unweighted_organisation_are_whole_people(real):
    _, results = real
    for result in results:
        if result.benchmarking_group == "ICBs" and result.answer != "score":
            people = result.percent * result.base / 100
            assert abs(people - round(people)) < 1e-6


def test_the_items_of_the_standards_that_the_real_workbook_holds(real):
    year, results = real
    found = measured(year, results)
    assert {each.item for each in found} == {
        *("harassment_public", "harassment_managers", "harassment_colleagues"),
        *("harassment_reported", "equal_opportunities", "discrimination_staff"),
        *("pressure_unwell", "valued", "adjustments", "engagement"),
    }
    (career,) = [
        each
        for each in found
        if (each.organisation_codes, each.item) == ("TAJ", "equal_opportunities")
    ]
    assert (round(float(career.value), 4), career.base, career.events) == (54.3202, 1613, None)
