"""The profile and the population tables of the BLMK report, out of an inbox of its counts.

Source: the public sector equality duty report 2022 of NHS Bedfordshire, Luton and Milton Keynes
(414 staff at 31 March 2022, when it was the CCG M1J4Y and not yet the ICB that the report names).
Where the report hides a count, the one that its percentages leave is used; a blank cell of a
spreadsheet is unknown. The WRES report of the same snapshot counts 398 staff: both are here as
printed, each in its own cases.

Its pay gaps, a mean and a median of 27.5% each, are no case: no pay and no count stands behind
them, so nothing can be sent that would give them.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from counting import Figures, figures
from inbox import BME, UNKNOWN, WHITE, staff_row, write_inbox
from published import percent

BLMK, MARCH_2022 = "M1J4Y", "2022-03-31"

LAST_YEAR_OF_BAND = {
    "<=20": 2002, "21-25": 1998, "26-30": 1993, "31-35": 1988, "36-40": 1983, "41-45": 1978,
    "46-50": 1973, "51-55": 1968, "56-60": 1963, "61-65": 1958, "66-70": 1953, ">=71": 1948,
}  # fmt: skip
# Field of the staff record, and headcount by value as received.
BLMK_COUNTS = {
    "date_of_birth": {
        # 1, 3 and 6 are the counts behind 0.24%, 0.72% and 1.45%; 10 are left for 66 to 70.
        f"{LAST_YEAR_OF_BAND[band]}-01-15": people
        for band, people in {
            "<=20": 1, ">=71": 3, "21-25": 6, "26-30": 14, "31-35": 26, "36-40": 42, "41-45": 55,
            "46-50": 76, "51-55": 76, "56-60": 67, "61-65": 38, "66-70": 10,
        }.items()
    },
    "disability": {"No": 361, "Not Declared": 28, "Yes": 21, "Unspecified": 2, "": 2},
    "ethnic_origin": {BME: 99, UNKNOWN: 14, WHITE: 296, "": 3, "(blank)": 2},
    "religious_belief": {
        "Atheism": 58, "Christianity": 211, "Hinduism": 12, "Islam": 18, "Other": 16, "Sikhism": 5,
        "I do not wish to disclose my religion/belief": 90, "Unspecified": 3, "": 1,
    },
    "gender": {"Female": 338, "Male": 75, "": 1},
    "sexual_orientation": {
        "Heterosexual or Straight": 332, "Bisexual": 3, "Gay or Lesbian": 4, "Unspecified": 4,
        "Not stated (person asked but declined to provide a response)": 71,
    },
}  # fmt: skip


def extract(counts: Mapping[str, Mapping[str, int]], total: int) -> list[dict[str, str]]:
    """Rows of ``total`` people, each characteristic dealt out in its own order."""

    def values(field: str) -> Iterator[str]:
        for value, people in counts[field].items():
            yield from [value] * people

    dealt = {field: list(values(field)) for field in counts}
    assert {len(found) for found in dealt.values()} == {total}
    return [
        staff_row(n + 1, **{field: found[n] for field, found in dealt.items()})
        for n in range(total)
    ]


@pytest.fixture(scope="module")
def found(module_folders) -> Figures:
    inbox = module_folders.mktemp("profiles")
    write_inbox(inbox, MARCH_2022, BLMK, "esr_staff", extract(BLMK_COUNTS, 414))
    return figures(inbox)


def shares(found: Figures, name: str, part: str = "all") -> dict[str, Mapping[str, Any]]:
    """Rows of the shares by group."""
    key = {"organisation_code": BLMK, "measure": "share", "standard": "PSED"}
    rows = found.select(indicator=name, part=part, **key)
    return {row.key["group_code"]: row.told for row in rows}


def shown(found: Figures, name: str) -> dict[str, tuple[int, float]]:
    """Headcount and percentage by group."""
    return {
        group: (told["numerator"], told["value"]) for group, told in shares(found, name).items()
    }


def test_headcount(found):
    """Every characteristic has the one total: 414."""
    rows = found.select(standard="PSED", organisation_code=BLMK, part="all", measure="headcount")
    assert {row.key["indicator"]: row.told["numerator"] for row in rows} == dict.fromkeys(
        ("age_band", "disability", "ethnicity", "marital_status", "religion", "sex",
         "sexual_orientation"), 414,
    )  # fmt: skip


def test_age(found):
    assert shown(found, "age_band") == {
        "<=20": (1, 0.2), "21-25": (6, 1.4), "26-30": (14, 3.4), "31-35": (26, 6.3),
        "36-40": (42, 10.1), "41-45": (55, 13.3), "46-50": (76, 18.4), "51-55": (76, 18.4),
        "56-60": (67, 16.2), "61-65": (38, 9.2), "66-70": (10, 2.4), ">=71": (3, 0.7),
        "UNKNOWN": (0, 0.0),
    }  # fmt: skip


def test_disability(found):
    """Not declared, unspecified and blank are unknown: 28 and the four that the report hides."""
    assert shown(found, "disability") == {
        "DISABLED": (21, 5.1), "NON_DISABLED": (361, 87.2), "UNKNOWN": (32, 7.7),
    }  # fmt: skip


def test_race(found):
    """`Blank` and `(blank)` are two rows of the report and one group here."""
    assert shown(found, "ethnicity") == {
        "WHITE": (296, 71.5), "BME": (99, 23.9), "UNKNOWN": (19, 4.6),
    }  # fmt: skip


def test_religion(found):
    groups = shown(found, "religion")
    printed = {
        "ATHEISM": (58, 14.0), "CHRISTIANITY": (211, 51.0), "HINDUISM": (12, 2.9),
        "ISLAM": (18, 4.3), "OTHER": (16, 3.9),
    }  # fmt: skip
    assert {group: groups[group] for group in printed} == printed
    assert groups["UNKNOWN"] == (94, 22.7)


def test_sex(found):
    assert shown(found, "sex") == {
        "FEMALE": (338, 81.6), "MALE": (75, 18.1), "UNKNOWN": (1, 0.2),
    }  # fmt: skip


def test_sexual_orientation(found):
    groups = shown(found, "sexual_orientation")
    assert groups["HETERO"] == (332, 80.2)
    declined = found.only(
        standard="DECLARATION", indicator="sexual_orientation", part="unknown_kind",
        group_code="DECLINED", organisation_code=BLMK,
    )  # fmt: skip
    assert (declined["numerator"], declined["denominator"]) == (71, 75)


PRINTED = {
    "age_band": {
        "<=20": 0.24, ">=71": 0.72, "21-25": 1.45, "26-30": 3.38, "31-35": 6.28, "36-40": 10.14,
        "41-45": 13.29, "46-50": 18.36, "51-55": 18.36, "56-60": 16.18, "61-65": 9.18,
    },
    "disability": {"NON_DISABLED": 87.20, "DISABLED": 5.07},
    "ethnicity": {"BME": 23.91, "WHITE": 71.50},
    "religion": {
        "ATHEISM": 14.01, "CHRISTIANITY": 50.97, "HINDUISM": 2.90, "ISLAM": 4.35, "OTHER": 3.86,
    },
    "sex": {"FEMALE": 81.64, "MALE": 18.12},
    "sexual_orientation": {"HETERO": 80.19},
}  # fmt: skip


@pytest.mark.parametrize("name", PRINTED)
def test_every_percentage_of_the_tables_to_its_second_decimal(found, name):
    told = shares(found, name)
    assert {group: percent(told[group]) for group in PRINTED[name]} == PRINTED[name]


@pytest.mark.parametrize(
    ("name", "people", "printed"),
    [
        ("disability", 28, 6.76),
        ("ethnicity", 14, 3.38),
        ("religion", 90, 21.74),
        ("sexual_orientation", 71, 17.15),
    ],
)
def test_those_who_did_not_want_to_say_are_a_kind_of_unknown(found, name, people, printed):
    """The report has a row of its own for each; here they are among the unknown."""
    declined = found.only(
        standard="DECLARATION", indicator=name, part="unknown_kind", group_code="DECLINED",
        organisation_code=BLMK,
    )  # fmt: skip
    assert declined["numerator"] == people
    assert percent(declined | {"denominator": 414}) == printed


# --- population -----------------------------------------------------------------------------

BEDFORD, CENTRAL, LUTON, MILTON_KEYNES = "E06000055", "E06000056", "E06000032", "E06000042"
ALL_FOUR = "boundary"


def compared(found: Figures, group: str, area: str) -> Mapping[str, Any]:
    """The comparison of all staff with the residents of all ages."""
    name = {"DISABLED": "disability", "FEMALE": "sex"}.get(group, "ethnicity")
    return found.only(
        standard="CENSUS", indicator=name, part=f"{area}:all_staff", measure="difference_pp",
        group_code=group, comparator_code="POPULATION", organisation_code=BLMK,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("group", "area", "residents", "difference"),
    [
        # 35.9% in the report: those who are not White British. Its 64.1% White lack other Whites.
        ("BME", BEDFORD, 24.3, -0.4),
        ("NOT_WHITE_BRITISH", BEDFORD, 35.9, -12.0),
        # 10.3% in the report, with 89.7% White; the Census of 2021 has 28,706 of 294,251.
        ("BME", CENTRAL, 9.8, 14.2),
        ("BME", LUTON, 54.8, -30.9),
        # 28% in the report, beside 71.8% White: the two make 99.8%.
        ("BME", MILTON_KEYNES, 28.2, -4.3),
        # 32.25% is the mean of the four percentages of the report, and of nobody.
        ("BME", ALL_FOUR, 28.0, -4.1),
        # 49.1%, 49% and 49.66% in the report: women are the larger half, but in Luton.
        ("FEMALE", BEDFORD, 50.8, 30.8),
        ("FEMALE", CENTRAL, 50.7, 31.0),
        ("FEMALE", LUTON, 49.9, 31.7),
        # 50.7% where the report describes the area; where it compares, the 49.3% of the men.
        ("FEMALE", MILTON_KEYNES, 50.7, 31.0),
        ("FEMALE", ALL_FOUR, 50.5, 31.1),
        ("DISABLED", BEDFORD, 15.5, -10.4),
        # 15.5% in the report, the figure of Bedford.
        ("DISABLED", CENTRAL, 15.0, -9.9),
        ("DISABLED", LUTON, 13.7, -8.7),
        ("DISABLED", MILTON_KEYNES, 14.8, -9.7),
        # 14.87% is the mean of the four; of all residents it is 14.74%.
        ("DISABLED", ALL_FOUR, 14.7, -9.7),
    ],
)
def test_staff_against_residents(found, group, area, residents, difference):
    """The base is the Census of 2021, all ages, and all 414 staff, as in the report."""
    row = compared(found, group, area)
    assert (percent(row, 1, "comparator_"), row["denominator"]) == (residents, 414)
    assert row["value"] == difference


@pytest.mark.parametrize(
    ("area", "residents"),
    [
        (BEDFORD, 185_200),  # 185,300 in the report
        (CENTRAL, 294_300),  # 294,100 in the report
        (LUTON, 225_300),
        (MILTON_KEYNES, 287_100),
        (ALL_FOUR, 991_800),
    ],
)
def test_residents_to_the_hundred(found, area, residents):
    assert round(compared(found, "BME", area)["comparator_denominator"], -2) == residents
