"""Detail that is not published at all: by date, by the size of a block, and of pay."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from cells import ICB, figure, frame, members, owner

from pipeline.disclosure import Policy, load_policy
from pipeline.protect.cells import Owner
from pipeline.protect.detail import Block
from pipeline.protect.figures import protect
from pipeline.resources import REFERENCE

MARCH, JUNE = date(2022, 3, 31), date(2022, 6, 30)
SUPPRESSED, BY_DATE = "SUPPRESSED", "DETAIL_NOT_PUBLISHED"
BOTH = {"01T": {}, "01V": {}, ICB: {}}


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy(REFERENCE / "disclosure.yml")


def one(name: str, count: int = 100, day: date = MARCH, code: str = "01T", **more) -> dict:
    """Return a figure of one count, as an indicator of a whole organisation."""
    row = figure(code, numerator=(name, count)) | {"standard": "PSED", "measure": "share"}
    return row | {"period_end": day, "indicator": "sex", "comparator_code": None} | more


def published(rows: list[dict], policy: Policy, **known) -> pd.DataFrame:
    return protect(frame(rows), {}, policy, **known)[1]


def reasons(rows: list[dict], policy: Policy, **known) -> list[str | None]:
    found = published(rows, policy, **known)["reason"]
    return [None if pd.isna(reason) else reason for reason in found]


# --- by date ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "code", "day", "reason"),
    [
        ("workforce/all/sex/FEMALE", "01T", MARCH, None),
        ("workforce/all/sex/FEMALE", "01T", JUNE, BY_DATE),
        ("workforce/all/sex/FEMALE", ICB, JUNE, None),
        ("leavers/all/sex/FEMALE", ICB, MARCH, None),
        ("leavers/all/sex/FEMALE", ICB, JUNE, BY_DATE),
        ("appointed/all/sex/FEMALE", "01T", JUNE, BY_DATE),
        ("disciplinary/one_year/ethnicity/BME", ICB, JUNE, BY_DATE),
        ("survey_base/valued/disability/DISABLED", "01T", JUNE, None),
    ],
)
def test_detail_stands_at_the_dates_of_its_level(policy, name, code, day, reason):
    assert reasons([one(name, day=day, code=code)], policy) == [reason]


def test_a_headcount_of_an_employer_stands_each_quarter(policy):
    row = one("workforce/all//ALL", day=JUNE, measure="headcount")
    told = published([row], policy).iloc[0]
    assert (told["status"], told["numerator"]) == ("ok", 100)


def test_what_is_withheld_by_date_says_so_whatever_it_counts(policy):
    """Ten or three, or none with a reason of its own: all the same."""
    rows = [one("workforce/all/sex/FEMALE", count, JUNE) for count in (0, 3, 10)]
    rows.append(rows[0] | {"status": "not_applicable", "reason": "NO_EVENTS", "value": None})
    told = published(rows, policy)
    assert told["reason"].tolist() == [BY_DATE] * 4
    assert told["status"].tolist() == ["suppressed"] * 4
    assert told[["numerator", "value", "ci_low", "p_value", "direction"]].isna().all(axis=None)


def test_a_source_that_was_not_sent_stays_one(policy):
    row = one("workforce/all/sex/FEMALE", day=JUNE) | {
        "numerator": None, "status": "missing_source", "reason": "MISSING_SOURCE", "value": None,
        "ci_low": None, "ci_high": None, "p_value": None, "direction": None,
    }  # fmt: skip
    told = published([row], policy).iloc[0]
    assert (told["status"], told["reason"]) == ("missing_source", "MISSING_SOURCE")
    assert told["disclosure"] == "NONE"


def test_private_figures_keep_their_numbers(policy):
    rows = frame([one("workforce/all/sex/FEMALE", 50, JUNE)])
    decided, _ = protect(rows, {}, policy)
    assert (decided.loc[0, "numerator"], decided.loc[0, "value"]) == (50, 1.0)
    assert decided.loc[0, "disclosure"] == "SECONDARY"


@pytest.mark.parametrize(("trusts", "reason"), [(("RBQ",), BY_DATE), (("RBQ", "RBL"), None)])
def test_a_system_of_one_trust_is_published_as_that_trust_is(policy, trusts, reason):
    """Who takes the ICB's count from the system's has the trust's."""
    ways = members(BOTH)
    ways = {key._replace(period_end=JUNE): way for key, way in ways.items()}
    own = [Owner(JUNE, "employer", code) for code in ("01T", "01V")]
    others = [Owner(JUNE, "employer", code) for code in trusts]
    ways[Owner(JUNE, "system", ICB)] = [[*own, *others], [Owner(JUNE, "icb", ICB), *others]]
    cell = "workforce/all/sex/FEMALE"
    rows = [one(cell, day=JUNE, code=owner.organisation_code) for owner in (*own, *others)]
    rows.append(one(cell, day=JUNE, code=ICB, level="system"))
    *_, found = protect(frame(rows), ways, policy)[1]["reason"].tolist()
    assert (None if pd.isna(found) else found) == reason


@pytest.mark.parametrize(("sent", "reason"), [(("01T",), BY_DATE), (("01T", "01V"), None)])
def test_an_icb_of_which_one_employer_sent_is_published_as_that_employer_is(policy, sent, reason):
    ways = {key._replace(period_end=JUNE): way for key, way in members(BOTH).items()}
    ways = {
        key: [[member._replace(period_end=JUNE) for member in way] for way in of]
        for key, of in ways.items()
    }
    cell = "workforce/all/sex/FEMALE"
    rows = [one(cell, day=JUNE, code=code) for code in sent]
    rows.append(one(cell, day=JUNE, code=ICB, level="icb"))
    *_, found = protect(frame(rows), ways, policy)[1]["reason"].tolist()
    assert (None if pd.isna(found) else found) == reason


# --- below the level of an organisation --------------------------------------------------------


def band(base: int, groups: dict[str, int], characteristic: str = "ethnicity") -> list[dict]:
    part = "workforce/clinical:8a"
    return [one(f"{part}//ALL", base)] + [
        one(f"{part}/{characteristic}/{group}", count) for group, count in groups.items()
    ]


def test_a_block_of_fewer_than_thirty_is_withheld_with_its_base(policy):
    assert reasons(band(29, {"WHITE": 18, "BME": 11}), policy) == [SUPPRESSED] * 3
    assert reasons(band(40, {"WHITE": 20, "BME": 20}), policy) == [None] * 3


def test_a_block_of_many_groups_is_withheld_but_for_its_base(policy):
    ages = {"21-25": 30, "26-30": 30, "31-35": 30, "36-40": 30}
    assert reasons(band(120, ages, "age_band"), policy) == [None] + [BY_DATE] * 4
    whole = [one(f"workforce/all/age_band/{age}", count) for age, count in ages.items()]
    assert reasons(whole, policy) == [None] * 4


def test_a_figure_with_one_withheld_count_is_withheld(policy):
    rows = band(29, {"WHITE": 18, "BME": 11})
    people = ("workforce/clinical:8a/ethnicity/BME", 11)
    rows.append(
        figure(numerator=people, comparator_numerator=("workforce/all/ethnicity/BME", 60))
        | {"measure": "difference_pp"}
    )
    rows.append(one("workforce/all/ethnicity/BME", 60))
    told = published(rows, policy)
    assert told["status"].tolist() == ["suppressed"] * 4 + ["ok"]
    assert told.loc[3, "comparator_numerator"] is pd.NA


def test_a_block_that_is_asked_to_be_withheld_is(policy):
    rows = [one(f"workforce/all/sex/{group}", 50) for group in ("FEMALE", "MALE")]
    block = Block(owner("01T"), "workforce", "all", "sex")
    assert reasons(rows, policy, withhold={block}) == [SUPPRESSED] * 2
    other = Block(owner("01V"), "workforce", "all", "sex")
    assert reasons(rows, policy, withhold={other}) == [None] * 2


# --- boards ------------------------------------------------------------------------------------


def board() -> list[dict]:
    counts = {"/ALL": 14, "ethnicity/WHITE": 11, "ethnicity/BME": 2, "ethnicity/UNKNOWN": 1,
              "disability/DISABLED": 12}  # fmt: skip
    return [one(f"board/all/{name}", count) for name, count in counts.items()]


def test_of_a_board_the_unknown_and_the_disabled_are_hidden(policy):
    told = published(board(), policy)["numerator"]
    assert told.isna().tolist()[2:] == [True] * 3


def test_a_public_office_tells_who_is_known_and_not_how_many_did_not_say(policy):
    """All seats less those of known ethnicity would tell the others."""
    open_board = replace(policy, board_public_office=True)
    told = published(board(), open_board)["numerator"]
    assert told.isna().tolist() == [True, False, False, True, True]


# --- quarterly detail of employers ---------------------------------------------------------------


def test_quarterly_detail_is_hidden_below_twelve_and_shown_again_at_fourteen(policy):
    detail = {
        **policy.detail,
        "employer": {**policy.detail["employer"], "detail": frozenset({3, 6, 9, 12})},
    }
    quarters = [date(2021, 3, 31), date(2021, 6, 30), date(2021, 9, 30), date(2021, 12, 31), MARCH]
    counts = [12, 11, 13, 14, 12]
    rows = [
        one("workforce/all/sex/FEMALE", count, day)
        for count, day in zip(counts, quarters, strict=True)
    ]
    hidden = published(rows, replace(policy, detail=detail))["numerator"].isna().tolist()
    assert hidden == [False, True, True, False, False]


# --- pay -----------------------------------------------------------------------------------------


def gap(indicator: str, men: int, women: int, value: float, **more) -> dict:
    name = "full_pay/all/sex"
    row = figure(
        numerator=(f"{name}/MALE", men), comparator_numerator=(f"{name}/FEMALE", women), value=value
    )
    about = {"standard": "GPG", "indicator": indicator, "measure": "gap_percent"}
    return row | about | {"ci_low": None, "ci_high": None, "p_value": None} | more


def bonus(group: str, employees: int) -> dict:
    pair = {"numerator": (f"bonus/all/sex/{group}", 3),
            "denominator": (f"pay/all/sex/{group}", employees)}  # fmt: skip
    return figure(**pair) | {
        "standard": "GPG", "indicator": "bonus_share", "measure": "rate", "group_code": group,
    }  # fmt: skip


@pytest.mark.parametrize(("women", "is_statutory"), [(150, True), (149, False)])
def test_from_250_relevant_employees_on_the_gender_pay_gap_stands_whole(
    policy, women, is_statutory
):
    rows = [bonus("MALE", 100), bonus("FEMALE", women), gap("mean_hourly", 100, women, 12.5)]
    rows.append(gap("median_hourly", 100, women, 12.5))
    told = published(rows, policy, employees={(MARCH, "01T"): 100 + women})
    median = 12.5 if is_statutory else 13.0
    assert told["value"].notna().tolist() == [is_statutory] * 3 + [True]
    assert told.loc[3, "value"] == median
    assert told["disclosure"].tolist()[3] == "PERCENT_ONLY"
    assert told[["numerator", "denominator", "comparator_numerator"]].isna().all(axis=None)
    assert told[["ci_low", "ci_high", "p_value"]].isna().all(axis=None)


@pytest.mark.parametrize(("unknown", "is_statutory"), [(0, False), (1, True)])
def test_whose_sex_is_not_known_is_a_relevant_employee(policy, unknown, is_statutory):
    """The law asks who is employed (SI 2017/353, Schedule 1, paragraph 2); no gap counts them."""
    rows = [bonus("MALE", 100), bonus("FEMALE", 149), gap("mean_hourly", 100, 149, 12.5)]
    told = published(rows, policy, employees={(MARCH, "01T"): 249 + unknown})
    assert told["value"].notna().tolist() == [is_statutory] * 3


@pytest.mark.parametrize("employees", [{}, {(MARCH, "01V"): 500}, {(JUNE, "01T"): 500}])
def test_the_relevant_employees_are_those_of_the_employer_at_the_snapshot(policy, employees):
    told = published([gap("mean_hourly", 300, 300, 12.5)], policy, employees=employees)
    assert told["value"].isna().all()


@pytest.mark.parametrize(
    ("men", "women", "value"), [(50, 50, 3.0), (49, 500, None), (500, 49, None), (0, 500, None)]
)
def test_a_median_gap_stands_in_whole_per_cent_with_fifty_a_side(policy, men, women, value):
    told = published([gap("median_hourly", men, women, 2.5)], policy).iloc[0]
    assert (None if pd.isna(told["value"]) else told["value"]) == value
    assert told["reason"] is None if value else told["reason"] == SUPPRESSED


@pytest.mark.parametrize("indicator", ["mean_hourly", "mean_bonus", "median_bonus", "quarter_1"])
def test_other_gaps_stand_in_no_release(policy, indicator):
    row = gap(indicator, 500, 500, 2.5) | {"standard": "EPG"}
    assert reasons([row], policy) == [BY_DATE]
