"""Profiles that public reports printed, out of inboxes built from their counts.

Sources: the public sector equality duty report 2022 of NHS Bedfordshire, Luton and Milton Keynes
(then M1J4Y, 414 staff at 31 March 2022) and the equality report 2021/22 of NHS Stockport CCG (01W,
129 staff at 31 March 2021). Where a report hides a count, the one that its percentages leave is
used; a blank cell of a spreadsheet is unknown.
"""

from collections.abc import Iterator, Mapping

import pytest
from counting import Figures, figures
from inbox import BME, UNKNOWN, WHITE, staff_row, write_inbox

BLMK, STOCKPORT = "M1J4Y", "01W"
MARCH_2021, MARCH_2022 = "2021-03-31", "2022-03-31"

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
STOCKPORT_COUNTS = {
    "gender": {"Male": 36, "Female": 93},
    "disability": {"Yes": 10, "No": 110, "Not Declared": 9},
    "marital_status": {"Married": 79, "Civil Partnership": 2, "Single": 30, "Divorced": 15, "": 3},
    "religious_belief": {
        "Atheism": 28, "Buddhism": 1, "Christianity": 68, "Hinduism": 2, "Islam": 4, "Other": 9,
        "I do not wish to disclose my religion/belief": 17,
    },
}  # fmt: skip
# 23 clinical staff, 3 of them BME; 83 others: 7 BME, 71 White British, 5 of White minorities. The
# report leaves 23 of 129 staff out of both columns, and four characteristics count 129.
SIDES = {
    "Nursing and Midwifery Registered": {BME: 3, WHITE: 20},
    "Administrative and Clerical": {BME: 7, WHITE: 71, "C White - Any other White background": 5},
}


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
def found(tmp_path_factory) -> Figures:
    inbox = tmp_path_factory.mktemp("profiles")
    write_inbox(inbox, MARCH_2022, BLMK, "esr_staff", extract(BLMK_COUNTS, 414))
    write_inbox(inbox, MARCH_2021, STOCKPORT, "esr_staff", extract(STOCKPORT_COUNTS, 129))
    sides = [
        (group, origin)
        for group, origins in SIDES.items()
        for origin, people in origins.items()
        for _ in range(people)
    ]
    rows = [
        staff_row(n, staff_group=group, ethnic_origin=origin)
        for n, (group, origin) in enumerate(sides, start=1)
    ]
    write_inbox(inbox, MARCH_2022, STOCKPORT, "esr_staff", rows)
    return figures(inbox)


def shown(found: Figures, organisation: str, period: str, name: str, part="all"):
    """Headcount and percentage by group."""
    rows = found.select(
        standard="PSED", indicator=name, part=part, measure="share",
        organisation_code=organisation, period_end=period,
    )  # fmt: skip
    return {row.key["group_code"]: (row.told["numerator"], row.told["value"]) for row in rows}


def test_headcount_of_blmk(found):
    """Every characteristic has the one total: 414."""
    rows = found.select(standard="PSED", organisation_code=BLMK, part="all", measure="headcount")
    assert {row.key["indicator"]: row.told["numerator"] for row in rows} == dict.fromkeys(
        ("age_band", "disability", "ethnicity", "marital_status", "religion", "sex",
         "sexual_orientation"), 414,
    )  # fmt: skip


def test_age_of_blmk(found):
    assert shown(found, BLMK, MARCH_2022, "age_band") == {
        "<=20": (1, 0.2), "21-25": (6, 1.4), "26-30": (14, 3.4), "31-35": (26, 6.3),
        "36-40": (42, 10.1), "41-45": (55, 13.3), "46-50": (76, 18.4), "51-55": (76, 18.4),
        "56-60": (67, 16.2), "61-65": (38, 9.2), "66-70": (10, 2.4), ">=71": (3, 0.7),
        "UNKNOWN": (0, 0.0),
    }  # fmt: skip


def test_disability_of_blmk(found):
    """Not declared, unspecified and blank are unknown: 28 and the four that the report hides."""
    assert shown(found, BLMK, MARCH_2022, "disability") == {
        "DISABLED": (21, 5.1), "NON_DISABLED": (361, 87.2), "UNKNOWN": (32, 7.7),
    }  # fmt: skip


def test_race_of_blmk(found):
    """`Blank` and `(blank)` are two rows of the report and one group here."""
    assert shown(found, BLMK, MARCH_2022, "ethnicity") == {
        "WHITE": (296, 71.5), "BME": (99, 23.9), "UNKNOWN": (19, 4.6),
    }  # fmt: skip


def test_religion_of_blmk(found):
    groups = shown(found, BLMK, MARCH_2022, "religion")
    printed = {
        "ATHEISM": (58, 14.0), "CHRISTIANITY": (211, 51.0), "HINDUISM": (12, 2.9),
        "ISLAM": (18, 4.3), "OTHER": (16, 3.9),
    }  # fmt: skip
    assert {group: groups[group] for group in printed} == printed
    assert groups["UNKNOWN"] == (94, 22.7)


def test_sex_of_blmk(found):
    assert shown(found, BLMK, MARCH_2022, "sex") == {
        "FEMALE": (338, 81.6), "MALE": (75, 18.1), "UNKNOWN": (1, 0.2),
    }  # fmt: skip


def test_sexual_orientation_of_blmk(found):
    groups = shown(found, BLMK, MARCH_2022, "sexual_orientation")
    assert groups["HETERO"] == (332, 80.2)
    declined = found.only(
        standard="DECLARATION", indicator="sexual_orientation", part="unknown_kind",
        group_code="DECLINED", organisation_code=BLMK, period_end=MARCH_2022,
    )  # fmt: skip
    assert (declined["numerator"], declined["denominator"]) == (71, 75)


def test_sex_and_disability_of_stockport(found):
    assert shown(found, STOCKPORT, MARCH_2021, "sex") == {
        "MALE": (36, 27.9), "FEMALE": (93, 72.1), "UNKNOWN": (0, 0.0),
    }  # fmt: skip
    assert shown(found, STOCKPORT, MARCH_2021, "disability") == {
        "DISABLED": (10, 7.8), "NON_DISABLED": (110, 85.3), "UNKNOWN": (9, 7.0),
    }  # fmt: skip


def test_marital_status_of_stockport(found):
    assert shown(found, STOCKPORT, MARCH_2021, "marital_status") == {
        "MARRIED_CP": (81, 62.8), "OTHER": (45, 34.9), "UNKNOWN": (3, 2.3),
    }  # fmt: skip


def test_religion_of_stockport(found):
    assert shown(found, STOCKPORT, MARCH_2021, "religion") == {
        "ATHEISM": (28, 21.7), "BUDDHISM": (1, 0.8), "CHRISTIANITY": (68, 52.7),
        "HINDUISM": (2, 1.6), "UNKNOWN": (17, 13.2), "ISLAM": (4, 3.1), "JAINISM": (0, 0.0),
        "JUDAISM": (0, 0.0), "OTHER": (9, 7.0), "SIKHISM": (0, 0.0),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("part", "bme", "headcount", "share"),
    [("clinical:all", 3, 23, 13.0), ("non_clinical:all", 7, 83, 8.4)],
)
def test_race_of_stockport_by_side(found, part, bme, headcount, share):
    row = found.only(
        standard="WRES", indicator="1", part=part, measure="share", group_code="BME",
        organisation_code=STOCKPORT, period_end=MARCH_2022, level="employer",
    )  # fmt: skip
    assert (row["numerator"], row["denominator"], row["value"]) == (bme, headcount, share)


@pytest.mark.parametrize(
    ("group", "area", "residents", "difference"),
    [
        # 10.3% in the report, which has 89.7% White: the two add up, to other counts than ONS's.
        ("BME", "E06000056", 9.8, 14.2),
        ("BME", "E06000032", 54.8, -30.9),
        ("BME", "E06000042", 28.2, -4.3),
        # Bedford's 35.9% of the report are those who are not White British.
        ("BME", "E06000055", 24.3, -0.4),
        ("NOT_WHITE_BRITISH", "E06000055", 35.9, -12.0),
        # 32.25% is the mean of the four percentages of the report; of all residents it is 28.0%.
        ("BME", "boundary", 28.0, -4.1),
        ("DISABLED", "E06000032", 13.7, -8.7),
        ("DISABLED", "boundary", 14.7, -9.7),
        # The report has 49.66% for women, who are the larger half.
        ("FEMALE", "boundary", 50.5, 31.1),
    ],
)
def test_staff_of_blmk_against_residents(found, group, area, residents, difference):
    row = compared(found, group, f"{area}:all_staff")
    share = 100 * row["comparator_numerator"] / row["comparator_denominator"]
    assert (round(share, 1), row["denominator"]) == (residents, 414)
    assert row["value"] == difference


def compared(found: Figures, group: str, part: str) -> Mapping[str, object]:
    name = {"DISABLED": "disability", "FEMALE": "sex"}.get(group, "ethnicity")
    return found.only(
        standard="CENSUS", indicator=name, part=part, measure="difference_pp", group_code=group,
        comparator_code="POPULATION", organisation_code=BLMK, period_end=MARCH_2022,
    )  # fmt: skip
