"""The pooled bands of the BLMK action plan, of April 2021, from their counts.

Source: the WRES report 2022 of NHS Bedfordshire, Luton and Milton Keynes, action plan for
indicator 1. It prints percentages of those whose ethnicity is known and their number, 351; each
pair has one count. 18 people of unknown ethnicity, whose bands it does not tell, make up the 369
staff: here they are on band 1, alone. One band stands for each group of bands.
"""

import pytest
from counting import Figures, figures
from inbox import BME, UNKNOWN, WHITE, staff_rows, write_inbox
from published import percent

BLMK, JUNE_2021 = "M1J4Y", "2021-06-30"
CODES = {"1": "XR01", "4": "XR04", "7": "XR07", "8b": "XR09", "8c": "XR10"}
NAMES = {"1": "1", "4": "4", "7": "7", "8b": "8 - Range B", "8c": "8 - Range C"}
PEOPLE = {
    "4": {WHITE: 22, BME: 5},
    "7": {WHITE: 108, BME: 32},
    "8b": {WHITE: 73, BME: 33},
    "8c": {WHITE: 65, BME: 13},
    "1": {UNKNOWN: 18},
}


@pytest.fixture(scope="module")
def found(module_folders) -> Figures:
    inbox, rows = module_folders.mktemp("bands"), []
    for band, counts in PEOPLE.items():
        scale = f"NHS|{CODES[band]}|Review Body Band {NAMES[band]}"
        rows += staff_rows(counts, first=len(rows) + 1, pay_scale=scale)
    write_inbox(inbox, JUNE_2021, BLMK, "esr_staff", rows)
    return figures(inbox)


def share(found, part, group="BME"):
    return found.only(
        standard="WRES", indicator="1", part=part, measure="share", group_code=group,
        organisation_code=BLMK,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("band", "people", "printed"),
    [("4", 27, 18.5), ("7", 140, 22.9), ("8b", 106, 31.1), ("8c", 78, 16.7)],
)
def test_pooled_bands(found, band, people, printed):
    """Bands 2 to 4, 5 to 7, 8a to 8b, and 8c to VSM with medical staff."""
    row = share(found, f"non_clinical:{band}")
    assert (row["denominator"], row["value"]) == (people, printed)


def test_the_whole_has_two_bases(found):
    """Printed was 23.6%, of the 351 known; the indicator is of all 369 staff, 22.5%."""
    row = share(found, "all")
    assert (row["numerator"], row["denominator"], row["value"]) == (83, 369, 22.5)
    assert percent(row | {"denominator": 351}, 1) == 23.6


def test_ethnicity_was_known_for_95_1_percent(found):
    known = found.only(
        standard="DECLARATION", indicator="ethnicity", part="all", group_code="KNOWN",
        organisation_code=BLMK,
    )  # fmt: skip
    assert (known["numerator"], known["denominator"], known["value"]) == (351, 369, 95.1)
    assert share(found, "all", "UNKNOWN")["value"] == 4.9


def test_senior_bme_staff_differ_from_the_table_of_the_same_date(found):
    """Here 46 of 184; 35 of 170 in the tables of bands 8a to VSM, which have no medical staff."""
    rows = [share(found, f"non_clinical:{band}") for band in ("8b", "8c")]
    assert sum(row["numerator"] for row in rows) == 46
    assert sum(row["denominator"] for row in rows) == 184
