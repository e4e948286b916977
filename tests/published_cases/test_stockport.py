"""What the equality report 2021/22 of NHS Stockport CCG printed of its staff, from their counts.

It gives 129 staff in one section and 122 in another, both at 31 March 2021; here the 122 are sent
as the next quarter.
"""

import pytest
from public_reports import JUNE_2021, MARCH_2021, STOCKPORT
from published import Row, shown


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
