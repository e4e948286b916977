"""Rows for the gender pay gap service, from figures typed in, and of a real year recomputed."""

import csv
from datetime import date

import pytest

from pipeline.filings.figures import Body, Figure, Filed
from pipeline.filings.pay_gap import due_date, pay_gap_columns, pay_gap_rows, reporting_year
from pipeline.resources import ROOT

DOWNLOAD = ROOT.parent / "shared" / "data" / "gender_pay_gap" / "gpg_2021-22_nhs_employers.csv"
MARCH_2021 = date(2021, 3, 31)
QUARTERS = ("Lower", "LowerMiddle", "UpperMiddle", "Top")


def figure(value=None, numerator=None, denominator=None, reason=None):
    status = "ok" if reason is None else "not_applicable"
    return Figure(numerator, denominator, value, status, reason)


def typed(gaps, bonus, men_of_quarters, employees=1000, **body):
    """Return figures of one employer.

    Args:
        gaps: mean and median hourly gap, mean and median gap in bonus.
        bonus: percent, staff paid and staff of men and of women.
        men_of_quarters: men and staff of each quarter.
        employees: relevant employees.
        body: what the employer is instead of a trust in March 2021.
    """
    facts = {"code": "RBQ", "name": "A trust", "kind": "TRUST", "level": "employer"}
    one = Body(**{**facts, "snapshot": MARCH_2021, **body})
    told = {}
    names = ("mean_hourly", "median_hourly", "mean_bonus", "median_bonus")
    for name, gap in zip(names, gaps, strict=True):
        of_gap = gap if isinstance(gap, Figure) else figure(gap)
        told["GPG", name, "all", "gap_percent", "MALE"] = of_gap
    for sex, share in zip(("MALE", "FEMALE"), bonus, strict=True):
        told["GPG", "bonus_share", "all", "rate", sex] = figure(*share)
    for number, (men, staff) in enumerate(men_of_quarters, start=1):
        told["GPG", f"quarter_{number}", "all", "share", "MALE"] = figure(None, men, staff)
    place = (one.snapshot, one.level, one.code)
    return Filed((one,), {place: told}, {(one.snapshot, one.code): employees}, {})


def row_of(filed, *, voluntary=False):
    rows = pay_gap_rows(filed, MARCH_2021, voluntary=voluntary)
    return rows[0] if rows else None


GAPS, BONUS = (28.0, 30.0, 20.9, 33.9), ((4.9, 49, 1000), (0.8, 8, 1000))
EVEN = ((20, 100), (30, 100), (40, 100), (50, 100))


def test_a_row_as_the_service_prints_it():
    found = row_of(typed(GAPS, BONUS, EVEN))
    assert found.is_compulsory
    assert found.notes == ()
    assert list(found.cells) == list(pay_gap_columns())
    filled = {column: text for column, text in found.cells.items() if text}
    assert filled == {
        "EmployerName": "A trust",
        "DiffMeanHourlyPercent": "28.0",
        "DiffMedianHourlyPercent": "30.0",
        "DiffMeanBonusPercent": "20.9",
        "DiffMedianBonusPercent": "33.9",
        "MaleBonusPercent": "4.9",
        "FemaleBonusPercent": "0.8",
        "MaleLowerQuartile": "20.0",
        "FemaleLowerQuartile": "80.0",
        "MaleLowerMiddleQuartile": "30.0",
        "FemaleLowerMiddleQuartile": "70.0",
        "MaleUpperMiddleQuartile": "40.0",
        "FemaleUpperMiddleQuartile": "60.0",
        "MaleTopQuartile": "50.0",
        "FemaleTopQuartile": "50.0",
        "EmployerSize": "1000 to 4999",
        "CurrentName": "Liverpool Heart and Chest Hospital NHS Foundation Trust",
        "DueDate": "2022/03/30 00:00:00",
    }


@pytest.mark.parametrize(
    ("men", "staff", "shares"),
    [
        (49, 400, ("12.3", "87.7")),  # 12.25 and 87.75: rounded apart they make 100.1
        (1, 3, ("33.3", "66.7")),
        (2, 3, ("66.7", "33.3")),
        (1, 16, ("6.3", "93.7")),
        (0, 62, ("0.0", "100.0")),
        (62, 62, ("100.0", "0.0")),
        (1, 2001, ("0.0", "100.0")),
    ],
)
def test_the_shares_of_a_quarter_make_exactly_100(men, staff, shares):
    cells = row_of(typed(GAPS, BONUS, [(men, staff)] * 4)).cells
    assert (cells["MaleTopQuartile"], cells["FemaleTopQuartile"]) == shares


NO_GAP = figure(reason="NO_NUMERATOR_BASE")


@pytest.mark.parametrize(
    ("bonus", "gap", "printed", "note"),
    [
        # No man had a bonus: blank, and nothing is missing.
        (((0.0, 0, 300), (0.5, 1, 200)), NO_GAP, "", None),
        # A man had one, and the share that the service sees is 0.
        (((0.0, 1, 3000), (0.5, 15, 3000)), 12.5, "", "rounds to 0.0"),
        # Men had one and no woman had.
        (((2.0, 6, 300), (0.0, 0, 200)), 100.0, "100.0", None),
        # Men had one, and no woman is employed.
        (((2.0, 6, 300), (0.0, 0, 200)), NO_GAP, "", "not there to compare"),
    ],
)
def test_the_gap_in_bonus(bonus, gap, printed, note):
    found = row_of(typed((28.0, 30.0, gap, gap), bonus, EVEN))
    assert found.cells["DiffMeanBonusPercent"] == printed
    assert found.cells["DiffMedianBonusPercent"] == printed
    notes = [one["note"] for one in found.notes if one["column"].startswith("DiffM")]
    assert len(notes) == (2 if note else 0)
    assert all(note in text for text in notes)


@pytest.mark.parametrize(
    ("employees", "kind", "must", "size"),
    [
        (249, "CCG", False, "Less than 250"),
        (250, "CCG", True, "250 to 499"),
        (499, "TRUST", True, "250 to 499"),
        (4999, "TRUST", True, "1000 to 4999"),
        (5000, "TRUST", True, "5000 to 19,999"),
        (20000, "TRUST", True, "20,000 or more"),
    ],
)
def test_who_must_file_and_who_may(employees, kind, must, size):
    filed = typed(GAPS, BONUS, EVEN, employees, kind=kind)
    assert (row_of(filed) is not None) == must
    found = row_of(filed, voluntary=True)
    assert (found.is_compulsory, found.cells["EmployerSize"]) == (must, size)
    said = [one["note"] for one in found.notes]
    assert said == ([] if must else ["The law does not ask it of so few employees."])


def test_a_pooled_body_and_a_part_of_an_icb_file_nothing():
    assert row_of(typed(GAPS, BONUS, EVEN, level="icb", kind="ICB"), voluntary=True) is None
    assert row_of(typed(GAPS, BONUS, EVEN, kind="SUB_ICB"), voluntary=True) is None
    # ICBs began on 1 July 2022.
    assert row_of(typed(GAPS, BONUS, EVEN, kind="ICB"), voluntary=True) is None


def test_a_row_that_contradicts_itself_is_noted():
    found = row_of(typed((27.5, 27.5, 20.9, 33.9), BONUS, EVEN))
    assert [(one["organisation_code"], one["column"]) for one in found.notes] == [
        ("RBQ", "DiffMeanHourlyPercent, DiffMedianHourlyPercent")
    ]


@pytest.mark.parametrize(
    ("snapshot", "due", "year"),
    [
        (date(2020, 3, 31), date(2021, 10, 5), "2020-21"),
        (date(2021, 3, 31), date(2022, 3, 30), "2021-22"),
        (date(2023, 3, 31), date(2024, 3, 30), "2023-24"),
        (date(2099, 3, 31), date(2100, 3, 30), "2099-00"),
    ],
)
def test_deadlines(snapshot, due, year):
    assert (due_date(snapshot), reporting_year(snapshot)) == (due, year)


def number(text):
    return float(text) if text else None


def test_the_rows_of_a_real_year_come_out_as_they_were_filed():
    """From counts that fit what 254 NHS employers filed, blanks too; 31 March 2021."""
    if not DOWNLOAD.is_file():
        pytest.skip("shared data is not beside this checkout")
    with DOWNLOAD.open(encoding="utf-8", newline="") as file:
        real = list(csv.DictReader(file))
    assert list(real[0]) == list(pay_gap_columns())
    told = [name for name in real[0] if name.endswith(("Percent", "Quartile"))]
    assert len(told) == 14
    for line in real:
        men = [line[f"Male{name}Quartile"] for name in QUARTERS]
        quarters = [(round(10 * float(share or 0)), 1000 if share else 0) for share in men]
        gaps = [figure(float(line[name])) if line[name] else NO_GAP for name in told[:4]]
        shares = [(float(line[f"{sex}BonusPercent"]), 1, 1000) for sex in ("Male", "Female")]
        found = row_of(typed(gaps, shares, quarters)).cells
        assert {name: number(found[name]) for name in told} == {
            name: number(line[name]) for name in told
        }
    assert len(real) == 254
