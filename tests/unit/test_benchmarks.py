"""The benchmark tables that tools/make_benchmark.py makes of public survey and pay-gap data."""

import importlib.util
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from pipeline.read.survey_published import Measured
from pipeline.resources import REFERENCE, reference

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data"
TOOL = ROOT / "tools" / "make_benchmark.py"
TABLES = ("survey_benchmark", "pay_gap_benchmark")


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("make_benchmark", TOOL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def made(module_folders):
    if not (SHARED / "staff_survey").is_dir():
        pytest.skip("shared data is not beside this checkout")
    out = module_folders.mktemp("benchmark")
    subprocess.run([sys.executable, TOOL, SHARED, "--out", out], check=True)
    return out


@pytest.mark.parametrize("name", TABLES)
def test_tables_are_what_the_tool_makes_of_the_public_files(name, made):
    assert (made / f"{name}.csv").read_bytes() == (REFERENCE / f"{name}.csv").read_bytes()


def survey(item, scope):
    (row,) = [
        row for row in reference("survey_benchmark") if (row["item"], row["scope"]) == (item, scope)
    ]
    return row


def test_the_icbs_are_counted_and_the_nation_is_weighted():
    icb, nation = survey("equal_opportunities", "ICB"), survey("equal_opportunities", "NATIONAL")
    assert (icb["organisations"], icb["is_weighted"]) == ("41", "no")
    assert float(icb["percent"]) == round(100 * int(icb["events"]) / int(icb["base"]), 4)
    assert (nation["organisations"], nation["is_weighted"], nation["events"]) == ("263", "yes", "")


def test_every_item_that_the_workbook_holds_is_there():
    assert {row["item"] for row in reference("survey_benchmark")} == {
        row["item"] for row in reference("survey_item")
    } - {"harassment_staff"}


def member(group, value, base, events, *, is_weighted=False, item="valued", question="Q4b"):
    return Measured("X", group, is_weighted, question, item, Fraction(value), base, events)


def test_people_are_pooled_and_percentages_are_not_averaged(tool):
    found = [
        member("ICBs", 50, 10, 5),
        member("ICBs", 20, 90, 18),
        member("Acute", 40, 900, None, is_weighted=True),
    ]
    assert list(tool.pooled(2024, found)) == [
        ("2024", "valued", "Q4b", "ICB", "2", "100", "23", "23.0000", "", "no"),
        ("2024", "valued", "Q4b", "NATIONAL", "3", "1000", "", "38.3000", "", "yes"),
    ]


def test_scores_are_averaged_by_their_bases(tool):
    name = {"item": "engagement", "question": "Staff Engagement"}
    found = [member("ICBs", 6, 30, None, **name), member("ICBs", 7, 10, None, **name)]
    score = ("2024", "engagement", "Staff Engagement")
    assert list(tool.pooled(2024, found)) == [
        (*score, "ICB", "2", "40", "", "", "6.2500", "no"),
        (*score, "NATIONAL", "2", "40", "", "", "6.2500", "no"),
    ]


@pytest.mark.parametrize(
    ("values", "expected"),
    [([7], (7, 7, 7)), ([1, 2, 3, 4], (1.75, 2.5, 3.25)), ([5, 1, 3], (2, 3, 4))],
)
def test_quartiles_by_linear_interpolation(tool, values, expected):
    assert tuple(map(float, tool.quartiles([Fraction(v) for v in values]))) == expected


@pytest.mark.parametrize(
    ("filed", "ours"),
    [
        ("NHS Devon Clinical Commissioning Group", "NHS Devon CCG"),
        ("Bolton N H S Foundation Trust", "Bolton NHS Foundation Trust"),
        ("Guy's & St Thomas' NHS FT", "Guys and St Thomas NHS Foundation Trust"),
    ],
)
def test_names_are_compared_without_case_punctuation_and_abbreviations(tool, filed, ours):
    assert tool.folded(filed) == tool.folded(ours)


def test_a_name_that_is_not_ours_exactly_has_no_code(tool):
    codes = tool.code_of_name()
    assert codes[tool.folded("NHS Leeds Clinical Commissioning Group")] == "15F"
    assert tool.folded("Leeds Community Healthcare Trust") not in codes


def write_filings(folder, headings, *lines):
    folder = folder / "gender_pay_gap"
    folder.mkdir()
    text = "\n".join([",".join(headings), *(",".join(line) for line in lines)])
    (folder / "gpg_2021-22_x.csv").write_text(text, encoding="utf-8")


GAPS = ["DiffMeanHourlyPercent", "DiffMedianHourlyPercent", "EmployerSize", "CurrentName"]


@pytest.mark.parametrize("layout", [["EmployerName"], ["EmployerName", "EmployerId", "PostCode"]])
def test_filings_of_both_layouts(tool, tmp_path, layout):
    spare = [""] * (len(layout) - 1)
    write_filings(
        tmp_path,
        [*layout, *GAPS],
        ["NHS LEEDS CCG", *spare, "22.1", "14.7", "250 to 499", "NHS Leeds CCG"],
        ["Some Trust", *spare, "-10.0", "", "250 to 499", "Some Trust"],
    )
    year = ("2021-22", "2021-03-31")
    assert tool.pay_gap_rows(tmp_path) == [
        (*year, "ALL", "ALL", "", "mean_hourly", "2", "6.1", "-2.0", "14.1"),
        (*year, "ALL", "ALL", "", "median_hourly", "1", "14.7", "14.7", "14.7"),
        (*year, "ORGANISATION", "15F", "NHS LEEDS CCG", "mean_hourly", "1", "22.1", "", ""),
        (*year, "ORGANISATION", "15F", "NHS LEEDS CCG", "median_hourly", "1", "14.7", "", ""),
        (*year, "SIZE", "250 to 499", "", "mean_hourly", "2", "6.1", "-2.0", "14.1"),
        (*year, "SIZE", "250 to 499", "", "median_hourly", "1", "14.7", "14.7", "14.7"),
    ]


def test_all_nhs_filings_of_the_year():
    rows = {
        (row["scope_code"], row["indicator"]): row
        for row in reference("pay_gap_benchmark")
        if row["scope"] != "ORGANISATION"
    }
    assert rows["ALL", "mean_hourly"]["filings"] == "254"
    sizes = [row for (code, name), row in rows.items() if name == "mean_hourly" and code != "ALL"]
    assert sum(int(row["filings"]) for row in sizes) == 254
