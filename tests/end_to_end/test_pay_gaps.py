"""Pay gaps of small payrolls, each an employer of its own, worked out by hand.

Source: SI 2017/353, Schedule 1, paragraphs 8 to 13; SI 2017/172, regulation 13.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from counting import Figures, figures
from inbox import Row, pay_row, staff_row, write_inbox

from pipeline.models import load_models
from schemas.published import TABLES

MARCH_2022, MARCH_2023 = "2022-03-31", "2023-03-31"
IN_NO_HOURLY_FIGURE = {"full_pay": "No"}
CONSULTANT = {"staff_group": "Medical and Dental", "pay_scale": "NHS|YC72|Consultant"}
BAND_8A = {"pay_scale": "NHS|XR08|Review Body Band 8 - Range A"}
SEX = {"F": "Female", "M": "Male", "?": ""}


class Payroll:
    """The extracts of one employer: everybody of it has a post, and mostly pay."""

    def __init__(self, sexes: str = "", rates: Sequence[str] = ()) -> None:
        self.staff: list[Row] = []
        self.pay: list[Row] = []
        for sex, rate in zip(sexes, rates, strict=True):
            self.add(sex, rate)

    def add(self, sex: str, rate: str | None, *, post: Mapping = {}, **pay: str) -> "Payroll":
        """Add a person with an hourly rate; without a row of pay where that is None."""
        number = len(self.staff) + 1
        self.staff.append(staff_row(number, **{"gender": SEX[sex]} | dict(post)))
        if rate is not None:
            self.pay.append(pay_row(number, **{"hourly_rate": rate} | pay))
        return self


def distinct_rates(people: int) -> list[str]:
    """Return as many rates as people, each a penny above the last one."""
    return [f"{10 + number / 100:.2f}" for number in range(people)]


def bonuses(amounts_of_men: Sequence[str], amounts_of_women: Sequence[str]) -> Payroll:
    payroll = Payroll()
    for sex, amounts in (("M", amounts_of_men), ("F", amounts_of_women)):
        for amount in amounts:
            payroll.add(sex, "20.00", bonus_in_year=amount)
    return payroll


def on_leave() -> Payroll:
    """Two men and two women on full pay, and eight who are not, or not relevant employees."""
    payroll = Payroll("MMFF", ["20", "30", "15", "25"])
    payroll.add("F", "2.00", **IN_NO_HOURLY_FIGURE, bonus_in_year="500")
    payroll.add("F", "", ordinary_pay="1000", weekly_hours="0")
    payroll.add("F", None, post={"assignment_status": "Career Break"})
    payroll.add("M", "11.00", post={"assignment_category": "Bank"})
    payroll.add("M", None, post={"assignment_category": "Bank"})
    payroll.add("M", "99.00", post={"assignment_category": "Agency"})
    payroll.add("M", "99.00", post={"assignment_category": "Honorary"})
    payroll.add("M", "99.00", post={"assignment_category": "Non-Exec Director/Chair"})
    return payroll


def by_grade() -> Payroll:
    """Three of band 5 on either side, two of band 8a, two consultants, one without a known sex."""
    payroll = Payroll("MF", ["20.00", "15.00"])
    payroll.add("F", "17.00", post={"staff_group": "Nursing and Midwifery Registered"})
    payroll.add("M", "30.00", post=BAND_8A).add("F", "33.00", post=BAND_8A)
    payroll.add("M", "60.00", post=CONSULTANT).add("F", "45.00", post=CONSULTANT)
    return payroll.add("?", "90.00")


def by_ethnicity() -> Payroll:
    """50 White British at 20, 50 Indian at 18, 49 African at 10, and 3 of unknown ethnicity."""
    payroll = Payroll()
    for origin, people, rate in (("A", 50, "20"), ("H", 50, "18"), ("N", 49, "10"), ("Z", 3, "9")):
        for _ in range(people):
            payroll.add("F", rate, post={"ethnic_origin": origin, "disability": "Yes"})
    return payroll


def by_components() -> Payroll:
    """3,600 pounds in March at 37.5 hours a week, half of it for half the hours, and 22.08."""
    payroll = Payroll()
    payroll.add("M", "", ordinary_pay="3600.00", weekly_hours="37.5")
    payroll.add("F", "", ordinary_pay="1800.00", weekly_hours="18.75")
    return payroll.add("F", "22.08").add("M", "22.08")


# One employer a case; each belongs to another ICB than 01T, 01V and 01X.
CASES: dict[str, Payroll] = {
    "worked_example": Payroll(
        "FFMFFFMMFMFM",
        ["10", "12", "12", "14", "14", "14", "14", "20", "22", "30", "31", "40"],
    ),
    "components": by_components(),
    "not_by_four": Payroll("MF" * 207, distinct_rates(414)),
    "all_quarters": Payroll("FF" + "MMMMFFFF" + "MM", ["10", "11", *["14"] * 8, "20", "21"]),
    "three_quarters": Payroll("F" + "MMFF" + "FFF", ["10", *["14"] * 4, "20", "21", "22"]),
    "two_ties": Payroll(
        "F" + "MF" + "FF" + "MF" + "F", ["10", "14", "14", "16", "17", "20", "20", "30"]
    ),
    "halves": Payroll(("M" + "F" * 15) * 4, distinct_rates(64)),
    "everything_shared": Payroll("MF", ["15.00", "15.00"]),
    "bonuses": bonuses(["1000", "3000", "", "0"], ["1000", "1500", "2000", ""]),
    "no_bonus_of_men": bonuses(["", "0"], ["100", ""]),
    "no_bonus_of_women": bonuses(["100", ""], ["", "0"]),
    "bonus_of_men_alone": bonuses(["100", ""], []),
    "bonus_of_one_group": Payroll()
    .add("F", "20.00", post={"ethnic_origin": "A", "disability": "No"}, bonus_in_year="100")
    .add("F", "20.00", post={"ethnic_origin": "N", "disability": "Yes"}),
    "on_leave": on_leave(),
    "by_grade": by_grade(),
    "by_ethnicity": by_ethnicity(),
    "163_people": Payroll("F" * 120 + "M" * 43, ["16.00"] * 120 + ["20.00"] * 43),
    "nobody": Payroll("F", ["15.00"]),
    "without_pay": Payroll("MF", ["15.00", "16.00"]),
    "without_staff": Payroll("MF", ["15.00", "16.00"]),
}
CODE_OF_CASE = dict(
    zip(
        CASES,
        (
            "00L", "00N", "00P", "00Q", "00R", "00T", "00V", "00X", "00Y", "01A", "01D", "01E",
            "01G", "01H", "01K", "01W", "01Y", "02A", "02G", "02H",
        ),
        strict=True,
    )
)  # fmt: skip


def pooled_people() -> dict[str, Payroll]:
    """A man works for 01T at 40, his primary post, and for 01V at 10, with a bonus there.

    A woman has two employee numbers at 01V, with 30 in her primary post, 10, and two bonuses.
    """
    man, woman, other = "79999991", "79999992", "79999993"
    first = Payroll().add("M", "40", post={"nhs_unique_id": man}).add("F", "20").add("F", "20")
    second = Payroll()
    spare = {"primary_assignment": "No"}
    second.add("M", "10", post=spare | {"nhs_unique_id": man}, bonus_in_year="700")
    second.add("F", "20", post={"nhs_unique_id": other})
    second.add("F", "30", post={"nhs_unique_id": woman}, bonus_in_year="100")
    second.add("F", "10", post=spare | {"nhs_unique_id": woman}, bonus_in_year="300")
    return {"01T": first, "01V": second}


def write(inbox: Path, period: str, code: str, payroll: Payroll) -> None:
    write_inbox(inbox, period, code, "esr_staff", payroll.staff)
    write_inbox(inbox, period, code, "pay", payroll.pay)


@pytest.fixture(scope="module")
def found(module_folders) -> Figures:
    inbox = module_folders.mktemp("pay_gaps")
    for case, payroll in CASES.items():
        write(inbox, MARCH_2022, CODE_OF_CASE[case], payroll)
    (inbox / MARCH_2022 / CODE_OF_CASE["without_pay"] / "pay.csv").unlink()
    (inbox / MARCH_2022 / CODE_OF_CASE["without_staff"] / "esr_staff.csv").unlink()
    for code, payroll in pooled_people().items():
        write(inbox, MARCH_2022, code, payroll)
    write(inbox, MARCH_2023, "QHG", CASES["worked_example"])
    return figures(inbox)


def figure(found: Figures, case: str, indicator: str, **key: str) -> Mapping[str, Any]:
    key = {"standard": "GPG", "part": "all", "period_end": MARCH_2022} | key
    code = CODE_OF_CASE[case]
    return found.only(organisation_code=code, level="employer", indicator=indicator, **key)


def value(found: Figures, case: str, indicator: str, **key: str) -> float | str:
    """Return the value of a figure, or why there is none."""
    told = figure(found, case, indicator, **key)
    return told["value"] if told["status"] == "ok" else told["reason"]


def quarters(found: Figures, case: str, group: str, told: str = "numerator", **key: str) -> list:
    return [
        figure(found, case, f"quarter_{number}", group_code=group, **key)[told]
        for number in (1, 2, 3, 4)
    ]


# --- hourly pay -----------------------------------------------------------------------------


def test_mean_and_median_of_the_worked_example(found):
    """(23.20 - 16.71) / 23.20 and (20 - 14) / 20."""
    assert value(found, "worked_example", "mean_hourly") == 28.0
    assert value(found, "worked_example", "median_hourly") == 30.0
    told = figure(found, "worked_example", "mean_hourly")
    assert (told["numerator"], told["comparator_numerator"]) == (5, 7)
    assert (told["denominator"], told["comparator_denominator"]) == (None, None)
    key = next(found.select(standard="GPG", indicator="mean_hourly")).key
    assert (key["measure"], key["group_code"], key["comparator_code"]) == (
        "gap_percent", "MALE", "FEMALE",
    )  # fmt: skip


def test_pay_by_components_is_unrounded_in_the_gap_and_by_the_penny_in_the_quarters(found):
    """3,600 x 7 / 30.44 / 37.5 = 22.0762, which is 22.08: all four are on one rate."""
    assert value(found, "components", "mean_hourly") == 0.0
    assert quarters(found, "components", "MALE") == [1, 1, 0, 0]
    assert quarters(found, "components", "FEMALE") == [0, 0, 1, 1]


def test_two_people_of_equal_pay_have_no_gap(found):
    assert value(found, "everything_shared", "mean_hourly") == 0.0
    assert value(found, "everything_shared", "median_hourly") == 0.0


def test_hourly_figures_are_of_full_pay_alone(found):
    """Men 20, 30, and 11 of the bank worker whose pay is held; women 15 and 25.

    Out are reduced pay, no hours, no pay row, and whoever is no relevant employee.
    """
    told = figure(found, "on_leave", "mean_hourly")
    assert (told["numerator"], told["comparator_numerator"]) == (3, 2)
    # (61 / 3 - 20) / (61 / 3)
    assert told["value"] == 1.6
    assert value(found, "on_leave", "median_hourly") == 0.0


def test_headcount_and_bonus_are_of_all_relevant_employees(found):
    women = figure(found, "on_leave", "bonus_share", group_code="FEMALE")
    assert (women["numerator"], women["denominator"], women["value"]) == (1, 5, 20.0)
    men = figure(found, "on_leave", "bonus_share", group_code="MALE")
    assert (men["numerator"], men["denominator"], men["value"]) == (0, 3, 0.0)


def test_a_bank_worker_is_a_relevant_employee_and_not_of_the_workforce(found):
    code = CODE_OF_CASE["on_leave"]
    assert found.headcount(code, "employer", period_end=MARCH_2022) == 7


@pytest.mark.parametrize(
    ("part", "mean"),
    [
        ("band_5", 20.0),
        ("band_8a", -10.0),
        ("medical:consultant", 25.0),
        ("medical:all", 25.0),
        ("band_6", "NO_NUMERATOR_BASE"),
    ],
)
def test_gaps_within_each_grade(found, part, mean):
    """Band 5 has both sides: 20 against the mean of 15 and 17."""
    assert value(found, "by_grade", "mean_hourly", part=part) == mean
    assert value(found, "by_grade", "median_hourly", part=part) == mean


def test_an_unknown_sex_is_in_no_figure_of_the_gender_pay_gap(found):
    assert sum(quarters(found, "by_grade", "FEMALE")) == 4
    assert quarters(found, "by_grade", "MALE", "denominator") == [2, 2, 1, 2]
    assert quarters(found, "by_grade", "UNKNOWN", "denominator", standard="DPG") == [2, 2, 2, 2]


def test_a_payroll_of_women_alone_has_no_gap_to_tell(found):
    assert value(found, "nobody", "mean_hourly") == "NO_NUMERATOR_BASE"
    assert quarters(found, "nobody", "FEMALE") == [0, 1, 0, 0]
    assert value(found, "nobody", "quarter_1", group_code="FEMALE") == "NO_NUMERATOR_BASE"


def test_an_employer_under_250_has_figures_although_it_has_no_duty(found):
    assert value(found, "163_people", "mean_hourly") == 20.0
    assert quarters(found, "163_people", "FEMALE", "denominator") == [41, 41, 40, 41]
    assert quarters(found, "163_people", "MALE") == [0, 0, 2, 41]


# --- pay quarters ---------------------------------------------------------------------------


def test_quarters_of_the_worked_example(found):
    """Of the four at 14 three sit in the second quarter: 0.75 of a man is the man."""
    assert quarters(found, "worked_example", "FEMALE", "value") == [66.7, 66.7, 66.7, 33.3]
    assert quarters(found, "worked_example", "MALE", "value") == [33.3, 33.3, 33.3, 66.7]


def test_quarters_of_a_number_that_four_does_not_divide(found):
    sizes = quarters(found, "not_by_four", "MALE", "denominator")
    assert sizes == [104, 103, 104, 103]


def test_a_rate_over_all_quarters_keeps_its_proportion_in_each(found):
    """Four men of eight over 1, 3, 3 and 1 seats: 0.5, 1.5, 1.5, 0.5; the halves go down."""
    assert quarters(found, "all_quarters", "MALE") == [1, 2, 1, 2]
    assert quarters(found, "all_quarters", "FEMALE") == [2, 1, 2, 1]


def test_a_rate_over_three_quarters(found):
    """Two men of four over 1, 2 and 1 seats: 0.5, 1, 0.5."""
    assert quarters(found, "three_quarters", "MALE") == [1, 1, 0, 0]
    assert quarters(found, "three_quarters", "FEMALE") == [1, 1, 2, 2]


def test_equal_remainders_go_down_in_the_first_rate_and_up_in_the_second(found):
    assert quarters(found, "two_ties", "MALE") == [1, 0, 0, 1]


def test_a_quarter_totals_exactly_100_where_both_shares_end_in_a_half(found):
    """1 of 16 is 6.25%, 15 of 16 are 93.75%: 6.3 and 93.8 would be 100.1."""
    assert quarters(found, "halves", "MALE", "value") == [6.3] * 4
    assert quarters(found, "halves", "FEMALE", "value") == [93.7] * 4


def test_the_unknown_are_a_group_of_the_quarters_by_ethnicity(found):
    """152 people: 3 unknown at 9, 49 African at 10, 50 Indian at 18, 50 White British at 20."""
    key = {"standard": "EPG"}
    assert quarters(found, "by_ethnicity", "UNKNOWN", **key) == [3, 0, 0, 0]
    assert quarters(found, "by_ethnicity", "BME", **key) == [35, 38, 26, 0]
    assert quarters(found, "by_ethnicity", "WHITE", **key) == [0, 0, 12, 38]


# --- bonuses --------------------------------------------------------------------------------


def test_bonus_gaps_are_among_those_who_were_paid_one(found):
    """Men 1,000 and 3,000; women 1,000, 1,500 and 2,000."""
    assert value(found, "bonuses", "mean_bonus") == 25.0
    assert value(found, "bonuses", "median_bonus") == 25.0
    told = figure(found, "bonuses", "mean_bonus")
    assert (told["numerator"], told["comparator_numerator"]) == (2, 3)
    assert value(found, "bonuses", "bonus_share", group_code="MALE") == 50.0
    assert value(found, "bonuses", "bonus_share", group_code="FEMALE") == 75.0


@pytest.mark.parametrize("indicator", ["mean_bonus", "median_bonus"])
@pytest.mark.parametrize(
    ("case", "reason"),
    [
        ("no_bonus_of_men", "NO_NUMERATOR_BASE"),
        ("bonus_of_men_alone", "NO_COMPARATOR_BASE"),
        ("worked_example", "NO_NUMERATOR_BASE"),
    ],
)
def test_a_bonus_gap_needs_a_bonus_of_men_and_women_employed(found, indicator, case, reason):
    assert value(found, case, indicator) == reason


@pytest.mark.parametrize("indicator", ["mean_bonus", "median_bonus"])
def test_the_bonus_gap_is_100_where_women_are_employed_and_none_had_a_bonus(found, indicator):
    told = figure(found, "no_bonus_of_women", indicator)
    assert (told["numerator"], told["comparator_numerator"], told["value"]) == (1, 0, 100.0)


# --- ethnicity and disability ---------------------------------------------------------------


def test_white_and_bme_staff_are_compared_and_the_unknown_are_in_neither(found):
    """(20 - (50 x 18 + 49 x 10) / 99) / 20 = 29.798%; the middle of 99 is 18."""
    told = figure(found, "by_ethnicity", "mean_hourly", standard="EPG")
    assert (told["numerator"], told["comparator_numerator"], told["value"]) == (50, 99, 29.8)
    assert value(found, "by_ethnicity", "median_hourly", standard="EPG") == 10.0


def test_a_category_of_fewer_than_50_is_not_compared(found):
    def detail(category: str) -> float | str:
        key = {"standard": "EPG", "part": "detail", "comparator_code": category}
        return value(found, "by_ethnicity", "mean_hourly", **key)

    assert detail("H") == 10.0
    assert detail("N") == "BELOW_MINIMUM"
    assert detail("P") == "NO_COMPARATOR_BASE"


def test_non_disabled_staff_are_compared_with_disabled_staff(found):
    told = figure(found, "by_ethnicity", "mean_hourly", standard="DPG")
    assert (told["numerator"], told["comparator_numerator"]) == (0, 152)
    assert told["reason"] == "NO_NUMERATOR_BASE"


@pytest.mark.parametrize("indicator", ["mean_bonus", "median_bonus"])
@pytest.mark.parametrize("standard", ["EPG", "DPG"])
def test_a_compared_group_without_bonus_has_the_gap_of_the_gender_pay_gap(
    found, indicator, standard
):
    """A White, non-disabled member of staff had a bonus; a BME, disabled one had none."""
    told = figure(found, "bonus_of_one_group", indicator, standard=standard)
    assert (told["numerator"], told["comparator_numerator"], told["value"]) == (1, 0, 100.0)


# --- pooling --------------------------------------------------------------------------------


def test_a_person_with_two_employers_is_pooled_once_with_the_pay_of_the_chosen_post(found):
    """Men: 40. Women: 20, 20, 20, and 30 of the primary of two posts; not the 10 of the other."""
    key = {"standard": "GPG", "indicator": "mean_hourly", "period_end": MARCH_2022}
    told = found.only(organisation_code="QYG", level="icb", part="illustrative", **key)
    assert (told["numerator"], told["comparator_numerator"]) == (1, 4)
    # (40 - 22.5) / 40 = 43.75%
    assert told["value"] == 43.8
    told = found.only(organisation_code="01V", part="all", **key)
    # (10 - 25) / 10
    assert (told["numerator"], told["comparator_numerator"], told["value"]) == (1, 2, -150.0)


def test_the_bonuses_of_two_numbers_of_one_employer_are_added_up(found):
    """700 of the man and 100 + 300 of the woman: (700 - 400) / 700; his primary post had none."""
    key = {"standard": "GPG", "indicator": "mean_bonus", "period_end": MARCH_2022}
    assert found.only(organisation_code="01V", part="all", **key)["value"] == 42.9
    pooled = found.only(organisation_code="QYG", level="icb", part="illustrative", **key)
    assert (pooled["numerator"], pooled["comparator_numerator"]) == (0, 1)


def parts(found: Figures, **key: str) -> Iterator[str]:
    return (row.key["part"] for row in found.select(**key))


def test_a_gap_pooled_before_there_is_an_icb_is_illustrative(found):
    pooled = [*parts(found, standard="GPG", level="icb", period_end=MARCH_2022)]
    assert {"illustrative", "illustrative:band_5"} <= {*pooled}
    assert all(part.partition(":")[0] == "illustrative" for part in pooled)
    own = [*parts(found, standard="GPG", level="icb", period_end=MARCH_2023)]
    assert own
    assert not any(part.startswith("illustrative") for part in own)
    key = {"standard": "GPG", "indicator": "mean_hourly", "part": "all", "level": "icb"}
    told = found.only(organisation_code="QHG", period_end=MARCH_2023, **key)
    assert told["value"] == 28.0


# --- side by side ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def view(found) -> dict[tuple[str, str, str], dict[str, Any]]:
    """The rows of the view by snapshot, level and organisation."""
    (model,) = [
        model
        for model in load_models(("marts",), given=frozenset(TABLES))
        if model.name == "marts.gender_pay_gap"
    ]
    figure = pd.DataFrame({**row.key, **row.told, "organisation_name": ""} for row in found.rows)
    with duckdb.connect() as connection:
        connection.register("figure", figure)
        rows = connection.execute(model.sql).df().to_dict("records")
    by_place = {(row["period_end"], row["level"], row["organisation_code"]): row for row in rows}
    assert len(by_place) == len(rows)
    return by_place


def test_the_statutory_figures_stand_side_by_side(view):
    row = view[MARCH_2022, "employer", CODE_OF_CASE["worked_example"]]
    assert not row["is_illustrative"]
    assert [row["mean_hourly_gap_percent"], row["median_hourly_gap_percent"]] == [28.0, 30.0]
    names = ("lower", "lower_middle", "upper_middle", "upper")
    assert [row[f"men_in_{name}_quarter_percent"] for name in names] == [33.3, 33.3, 33.3, 66.7]
    assert [row[f"women_in_{name}_quarter_percent"] for name in names] == [66.7, 66.7, 66.7, 33.3]
    row = view[MARCH_2022, "employer", CODE_OF_CASE["bonuses"]]
    assert [row["mean_bonus_gap_percent"], row["median_bonus_gap_percent"]] == [25.0, 25.0]
    assert [row["men_paid_bonus_percent"], row["women_paid_bonus_percent"]] == [50.0, 75.0]


def test_the_view_tells_which_figures_are_illustrative(view):
    assert view[MARCH_2022, "icb", "QYG"]["is_illustrative"]
    assert not view[MARCH_2023, "icb", "QHG"]["is_illustrative"]


# --- what was not sent ----------------------------------------------------------------------


@pytest.mark.parametrize("case", ["without_pay", "without_staff"])
@pytest.mark.parametrize("standard", ["GPG", "EPG", "DPG"])
def test_pay_gaps_need_pay_and_staff(found, case, standard):
    code = CODE_OF_CASE[case]
    rows = [*found.select(organisation_code=code, standard=standard, period_end=MARCH_2022)]
    assert {row.key["indicator"] for row in rows} == {
        "mean_hourly", "median_hourly", "mean_bonus", "median_bonus", "bonus_share",
        "quarter_1", "quarter_2", "quarter_3", "quarter_4",
    }  # fmt: skip
    for row in rows:
        assert (row.told["status"], row.told["reason"]) == ("missing_source", "MISSING_SOURCE")
        assert row.told["numerator"] is None
        assert row.told["denominator"] is None
