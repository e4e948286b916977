"""Gender pay gap filings that contradict themselves: invented ones, and those of a real year."""

from collections import Counter
from pathlib import Path

import pytest
from command import equality

from pipeline.audit.run import audit
from pipeline.resources import ROOT

FILINGS = Path(__file__).parent / "filings" / "filings.csv"
SHARED = ROOT.parent / "shared" / "data" / "gender_pay_gap" / "gpg_2021-22_nhs_employers.csv"


def found(path):
    return [(one.organisation, one.code, one.printed) for one in audit(path)]


def test_each_filing_that_contradicts_itself_is_found_and_no_other():
    assert found(FILINGS) == [
        ("Employer 3", "SEXES_SWAPPED", "13.6 and 13.1 and 20.6 and 20.6 and 68.8"),
        ("Employer 4", "QUARTERS_REVERSED", "21.0 and 61 and 70 and 75 and 82"),
        ("Employer 5", "GAP_AND_QUARTERS", "10.9 and 65.5 and 74.2 and 73.4 and 74.2"),
        ("Employer 6", "BONUS_ZERO", "0 and 0"),
        ("Employer 6", "BONUS_ZERO", "0 and 0"),
        ("Employer 7", "BONUS_WITHOUT", "0 and 31"),
        ("Employer 7", "BONUS_WITHOUT", "0 and 5"),
        ("Employer 8", "BONUS_MISSING", "2.1 and blank"),
        ("Employer 8", "BONUS_MISSING", "2.1 and blank"),
        ("Employer 9", "BONUS_OF_WOMEN", "0 and 5.0"),
        ("Employer 9", "BONUS_OF_WOMEN", "0 and 5.0"),
        ("Employer 10", "QUARTER_SUM", "20.5 and 80"),
        ("Employer 11", "GAP_ABOVE_100", "112.0"),
        ("Employer 11", "DECIMALS", "8.25"),
        ("Employer 12", "MEAN_MEDIAN", "27.5 and 27.5"),
        *[("Employer 13", "QUARTER_BLANK", "blank and blank")] * 4,
        ("Employer 14", "QUARTERS_REVERSED", "-14.0 and 81 and 80 and 78 and 72"),
        ("Employer 16", "BONUS_MISSING", "101 and blank"),
        ("Employer 16", "BONUS_MISSING", "101 and blank"),
        ("Employer 16", "SHARE_RANGE", "101"),
    ]


def test_the_older_download_without_two_of_its_columns_is_read_too(tmp_path):
    lines = FILINGS.read_text(encoding="utf-8").replace('"1,\n86210"', "86210").splitlines()
    older = [line.split(",") for line in lines]
    # EmployerId and PostCode; the address, which holds a comma, is two pieces of each line.
    kept = [cells[:1] + cells[2:3] + cells[4:] for cells in older[:1]]
    kept += [[cells[0], "Street", *cells[5:]] for cells in older[1:]]
    path = tmp_path / "older.csv"
    path.write_text("".join(",".join(cells) + "\n" for cells in kept), encoding="utf-8")
    assert Counter(code for _, code, _ in found(path)) == Counter(
        code for _, code, _ in found(FILINGS)
    )


def test_a_figure_that_is_no_number_is_told_in_a_sentence(tmp_path):
    path = tmp_path / "filings.csv"
    text = FILINGS.read_text(encoding="utf-8").replace("30.3,27.6", "much,27.6")
    path.write_text(text, encoding="utf-8")
    result = equality("audit", path)
    assert (result.exit_code, result.out) == (2, "")
    assert result.err == (
        "equality: filings.csv: Row 2, DiffMeanHourlyPercent: 'much' is no number.\n"
    )


def test_the_filings_of_a_real_year():
    # 254 NHS employers: 13 with a mean gap above 10% and more women at the top than at the bottom,
    # 3 with blank quarters, 2 that paid no woman a bonus and say that the gap is not 100.
    if not SHARED.is_file():
        pytest.skip("shared data is not beside this checkout")
    findings = audit(SHARED)
    assert Counter(one.code for one in findings) == {
        "GAP_AND_QUARTERS": 12,
        "SEXES_SWAPPED": 1,
        "QUARTER_BLANK": 12,
        "BONUS_OF_WOMEN": 4,
    }
    assert len({one.row for one in findings}) == 18
    (swapped,) = [one for one in findings if one.code == "SEXES_SWAPPED"]
    assert swapped.organisation == "Nhs Dorset Clinical Commissioning Group"
