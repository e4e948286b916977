"""Parity in the senior bands and the line to it.

Source: NHS England and NHS Improvement, A Model Employer (2019). The counts are those of the WRES
report 2022 of NHS Bedfordshire, Luton and Milton Keynes for April 2021: 83 BME of 351 staff of
known ethnicity, and 13 of 78 in band 8c and above.
"""

import pytest
from counting import figures
from inbox import BME, UNKNOWN, WHITE, staff_rows, write_inbox

CODE = "01W"
BAND_8C = "NHS|XR10|Review Body Band 8 - Range C"
BAND_8A = "NHS|XR08|Review Body Band 8 - Range A"
YEARS = {2021: 13.0, 2023: 14.6, 2025: 16.1, 2028: 18.4}  # BME of 78 on the line to 2028


def extract(senior, other):
    rows = staff_rows(senior, pay_scale=BAND_8C)
    return rows + staff_rows(other, first=len(rows) + 1)


def blmk(senior_bme=13):
    """78 in band 8c; 83 BME, 268 White and 18 unknown in all."""
    senior = {WHITE: 78 - senior_bme, BME: senior_bme}
    return extract(senior, {WHITE: 203, BME: 70, UNKNOWN: 18})


@pytest.fixture(scope="module")
def found(module_folders):
    inbox = module_folders.mktemp("model_employer")
    write_inbox(inbox, "2020-12-31", CODE, "esr_staff", blmk())
    for year in YEARS:
        write_inbox(inbox, f"{year}-03-31", CODE, "esr_staff", blmk(15 if year == 2023 else 13))
    write_inbox(inbox, "2022-12-31", CODE, "esr_staff", blmk(14))
    write_inbox(inbox, "2021-03-31", "01T", "esr_staff", staff_rows({WHITE: 28, BME: 2}))
    one = staff_rows({WHITE: 1}, pay_scale=BAND_8A)
    write_inbox(inbox, "2021-03-31", "01V", "esr_staff", one + staff_rows({WHITE: 36, BME: 3}, 2))
    many = extract({WHITE: 2, BME: 8}, {WHITE: 8, BME: 2})
    write_inbox(inbox, "2021-03-31", "01J", "esr_staff", many)
    return figures(inbox)


def told(found, indicator, period, organisation=CODE, part="cluster_4"):
    row = found.only(
        standard="MODEL_EMPLOYER", indicator=indicator, period_end=period, level="employer",
        organisation_code=organisation, part=part,
    )  # fmt: skip
    return row["value"] if row["status"] == "ok" else row["reason"]


def test_parity_is_the_share_at_the_baseline_of_everybody_in_the_band(found):
    assert told(found, "parity", "2021-03-31") == 18.4
    assert told(found, "parity", "2021-03-31", part="band_8c") == 18.4
    assert told(found, "parity", "2021-03-31", part="tier_upper") == 18.4


@pytest.mark.parametrize("year", YEARS)
def test_line_to_2028(found, year):
    assert told(found, "line_2028", f"{year}-03-31") == YEARS[year]


def test_line_to_2025_stays_at_parity_once_it_is_reached(found):
    """Half-way in 2023: (13 + 18.44) / 2."""
    values = [told(found, "line_2025", f"{year}-03-31") for year in YEARS]
    assert values == [13.0, 15.7, 18.4, 18.4]


def test_the_line_goes_by_months_between_the_years(found):
    """21 of 84 months: 13 + 5.44 / 4."""
    assert told(found, "line_2028", "2022-12-31") == 14.4


def test_shortfall_is_rounded_up_to_people_and_on_the_totals_only(found):
    assert told(found, "shortfall", "2021-03-31") == 6
    assert told(found, "shortfall", "2023-03-31") == 4
    parts = found.select(standard="MODEL_EMPLOYER", indicator="shortfall")
    assert {row.key["part"] for row in parts} == {"cluster_4", "tier_upper"}


@pytest.mark.parametrize(
    ("indicator", "period", "value"),
    [
        ("on_track_2028", "2021-03-31", 1),
        ("on_track_2028", "2022-12-31", 1),  # 14 of 14.4
        ("on_track_2028", "2023-03-31", 1),  # 15 of 14.6
        ("on_track_2025", "2023-03-31", 0),  # 15 of 15.7
        ("on_track_2028", "2025-03-31", 0),  # 13 of 16.1
        ("on_track_2028", "2028-03-31", 0),
    ],
)
def test_on_track(found, indicator, period, value):
    assert told(found, indicator, period) == value


def test_before_the_first_31_march_there_is_no_baseline(found):
    assert told(found, "parity", "2020-12-31") == "NO_BASELINE"
    assert told(found, "line_2028", "2020-12-31") == "NO_BASELINE"


def test_a_band_of_nobody_has_no_parity(found):
    assert told(found, "parity", "2021-03-31", "01T") == "NO_NUMERATOR_BASE"


def test_below_one_person_only_the_expected_number_is_told(found):
    """3 BME of 40, of one person in band 8a: 0.075."""
    assert told(found, "parity", "2021-03-31", "01V", "tier_upper") == 0.1
    for indicator in ("shortfall", "line_2028", "on_track_2028"):
        assert told(found, indicator, "2021-03-31", "01V", "tier_upper") == "PARITY_BELOW_ONE"


def test_a_target_never_asks_for_fewer(found):
    """10 BME of 20, and 8 of 10 in band 8c: parity is 5."""
    names = ("parity", "line_2028", "shortfall", "on_track_2028")
    assert [told(found, name, "2021-03-31", "01J") for name in names] == [5.0, 5.0, 0, 1]


def test_the_counts_behind_the_value_are_there_for_protection(found):
    key = {"indicator": "shortfall", "part": "cluster_4", "organisation_code": CODE}
    (row, *_) = (
        row
        for row in found.assessed.to_dict("records")
        if str(row["period_end"]) == "2021-03-31" and key.items() <= row.items()
    )
    assert (row["numerator"], row["denominator"]) == (13, 78)
    # 369 less those of unknown ethnicity: what the share is of, since the amount gives it.
    assert (row["comparator_numerator"], row["comparator_denominator"]) == (83, 351)
    assert row["comparator_denominator_people"] == "workforce/all/ethnicity/KNOWN"
