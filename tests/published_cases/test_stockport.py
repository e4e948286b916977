"""What the equality report 2021/22 of NHS Stockport CCG printed of its staff, from their counts.

It gives 129 staff in one section and 122 in another, both at 31 March 2021; here the 122 are sent
as the next quarter. Age and sexual orientation were printed as charts without numbers, and the
disparity ratio without a value: they are no case.
"""

import pytest
from public_reports import JUNE_2021, MARCH_2021, MARCH_2022, STOCKPORT
from published import Row, only, percent, shown


def shares(reports: list[Row], period: str, standard: str, indicator: str, part: str = "all"):
    """Return numerator and percentage of each group."""
    key = (STOCKPORT, period, standard, indicator, part, "share")
    names = ("organisation_code", "period_end", "standard", "indicator", "part", "measure")
    return {
        row["group_code"]: shown(row, "numerator", "value")
        for row in reports
        if shown(row, *names) == key
    }


def test_w12_shares_of_women_and_men(reports):
    found = shares(reports, MARCH_2021, "PSED", "sex")
    assert found == {"MALE": (36, 27.9), "FEMALE": (93, 72.1), "UNKNOWN": (0, 0.0)}


def test_disability(reports):
    """The count that the report hides, 7% of 129, is 9."""
    found = shares(reports, MARCH_2021, "WDES", "1")
    assert found == {"DISABLED": (10, 7.8), "NON_DISABLED": (110, 85.3), "UNKNOWN": (9, 7.0)}


def test_marital_status(reports):
    """The count that the report hides, 2.3% of 129, is 3."""
    found = shares(reports, MARCH_2021, "PSED", "marital_status")
    assert found == {"MARRIED_CP": (81, 62.8), "OTHER": (45, 34.9), "UNKNOWN": (3, 2.3)}


def test_religion(reports):
    """Percentages alone were printed; of 129 staff each is one count."""
    assert shares(reports, MARCH_2021, "PSED", "religion") == {
        "ATHEISM": (28, 21.7), "BUDDHISM": (1, 0.8), "CHRISTIANITY": (68, 52.7),
        "HINDUISM": (2, 1.6), "UNKNOWN": (17, 13.2), "ISLAM": (4, 3.1), "JAINISM": (0, 0.0),
        "JUDAISM": (0, 0.0), "OTHER": (9, 7.0), "SIKHISM": (0, 0.0),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("clinical:all", {"WHITE": (40, 87.0), "BME": (6, 13.0), "UNKNOWN": (0, 0.0)}),
        # White British 85.5% and White minorities 6.0% are White in the standard.
        ("non_clinical:all", {"WHITE": (76, 91.6), "BME": (7, 8.4), "UNKNOWN": (0, 0.0)}),
    ],
)
def test_ethnicity_by_side(reports, part, expected):
    """Percentages alone were printed; with the total of 129 they have one solution."""
    assert shares(reports, MARCH_2021, "WRES", "1", part) == expected


def test_white_british_and_white_minorities(reports):
    details = shares(reports, MARCH_2021, "PSED", "ethnicity", "detail")
    assert [details[code][0] for code in ("A", "B", "C")] == [111, 5, 0]


def test_ethnicity_of_the_wres_submission(reports):
    found = shares(reports, JUNE_2021, "WRES", "1")
    assert found == {"WHITE": (109, 89.3), "BME": (13, 10.7), "UNKNOWN": (0, 0.0)}


def test_the_two_headcounts_have_two_shares(reports):
    """13 BME staff in both sections are 10.7% of 122 and 10.1% of 129."""
    assert shares(reports, MARCH_2021, "PSED", "ethnicity")["BME"] == (13, 10.1)
    assert shares(reports, JUNE_2021, "PSED", "ethnicity")["BME"] == (13, 10.7)


@pytest.mark.parametrize(
    ("name", "group", "residents", "difference"),
    [
        # Called similar to the 8% (elsewhere 7.9%) of the Census of 2011.
        ("ethnicity", "BME", 12.6, -2.6),
        # Beside about 20% of the nation in 2011.
        ("disability", "DISABLED", 18.1, -10.4),
    ],
)
def test_against_the_residents_of_2021(reports, name, group, residents, difference):
    """The report says over 290,000 residents, and 313,610 registered patients, another base."""
    row = only(
        reports, organisation_code=STOCKPORT, period_end=MARCH_2021, standard="CENSUS",
        indicator=name, part="boundary:all_staff", measure="difference_pp", group_code=group,
        comparator_code="POPULATION",
    )  # fmt: skip
    assert row["comparator_denominator"] in range(294_700, 294_800)
    assert (percent(row, 1, "comparator_"), row["value"]) == (residents, difference)


def test_129_staff_owe_no_pay_gap_report(reports):
    """The duty begins with 250 staff, not with more than 250."""
    due = only(
        reports, organisation_code=STOCKPORT, period_end=MARCH_2022, standard="DUTIES",
        indicator="pay_gap_report", part="all", group_code="DUE",
    )  # fmt: skip
    assert shown(due, "value", "status") == (0, "ok")
