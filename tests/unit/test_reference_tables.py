"""The reference tables that tools/make_reference.py makes from public ODS and ONS files."""

import importlib
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipeline.resources import REFERENCE, reference

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data"
TOOL = ROOT / "tools" / "make_reference.py"
KEYS = {
    "organisation": ("organisation_code", "valid_from"),
    "succession": ("old_code", "new_code", "effective_date"),
    "boundary": ("organisation_code", "area_code"),
    "census_population": ("area_code", "characteristic", "base", "group_code"),
    "pay_point": ("pay_year", "band", "point"),
}
# Lower-tier and unitary authorities of four ICBs: ONS, LAD to ICB (July 2022).
AUTHORITIES = {
    "QHG": {"E06000032", "E06000042", "E06000055", "E06000056"},
    "QYG": {"E06000006", "E06000007", "E06000049", "E06000050"}
    | {f"E080000{number}" for number in range(11, 16)},
    "QNC": {"E06000021"} | {f"E07000{number}" for number in range(192, 200)},
    "QOP": {f"E080000{number:02}" for number in range(1, 11)},
}


@pytest.fixture(scope="module")
def shared_data():
    if not SHARED.is_dir():
        pytest.skip("shared data is not beside this checkout")
    return SHARED


def boundary_of(code):
    return {
        row["area_code"]: row for row in reference("boundary") if row["organisation_code"] == code
    }


def census(characteristic, base, group):
    return {
        row["area_code"]: (int(row["residents"]), int(row["total_residents"]))
        for row in reference("census_population")
        if (row["characteristic"], row["base"], row["group_code"]) == (characteristic, base, group)
    }


@pytest.mark.parametrize("name", KEYS)
def test_one_row_a_key_in_order(name):
    keys = [tuple(row[column] for column in KEYS[name]) for row in reference(name)]
    assert len(keys) == len(set(keys))
    assert keys == sorted(keys)


@pytest.mark.parametrize("name", KEYS)
def test_tables_are_plain_utf_8_with_lf(name):
    content = (REFERENCE / f"{name}.csv").read_bytes()
    assert b"\r" not in content
    assert content.endswith(b"\n")
    assert not content.startswith(b"\xef\xbb\xbf")
    content.decode("utf-8")


@pytest.mark.parametrize("name", KEYS)
def test_tables_are_what_the_tool_makes_of_the_public_files(name, made):
    assert (made / f"{name}.csv").read_bytes() == (REFERENCE / f"{name}.csv").read_bytes()


@pytest.fixture(scope="module")
def made(module_folders, shared_data):
    out = module_folders.mktemp("reference")
    subprocess.run([sys.executable, TOOL, shared_data, "--out", out], check=True)
    return out


# Organisations and successions.


def test_each_kind_of_organisation_is_complete():
    # NHS ODS: 248 CCGs ever, 106 of them on 30 June 2022, 42 ICBs, 273 trusts of the trust file.
    codes = defaultdict(set)
    for row in reference("organisation"):
        codes[row["kind"]].add(row["organisation_code"])
    assert {kind: len(found) for kind, found in codes.items()} == {
        "CCG": 248,
        "SUB_ICB": 106,
        "ICB": 42,
        "TRUST": 273,
    }


@pytest.mark.parametrize(
    ("year", "open_ccgs"),
    [(2013, 211), (2017, 207), (2018, 195), (2019, 191), (2020, 135), (2021, 106)],
)
def test_number_of_ccgs_open_on_1_april(year, open_ccgs):
    # ONS, Clinical Commissioning Groups names and codes; 211 CCGs were set up in April 2013.
    day = f"{year}-04-01"
    rows = [row for row in reference("organisation") if row["kind"] == "CCG"]
    assert sum(row["valid_from"] <= day <= row["valid_to"] for row in rows) == open_ccgs


def test_mergers_of_april_2021_and_the_icb_that_follows():
    rows = {
        (row["old_code"], row["new_code"], row["effective_date"]) for row in reference("succession")
    }
    assert {(old, new) for old, new, _ in rows if new == "M1J4Y"} == {
        (old, "M1J4Y") for old in ("04F", "06F", "06P")
    }
    assert ("06F", "M1J4Y", "2021-04-01") in rows
    assert ("M1J4Y", "QHG", "2022-07-01") in rows
    assert {old for old, new, _ in rows if new == "27D"} == {"01C", "01R", "02D", "02F"}


def test_number_of_ccg_mergers_each_april():
    # NHS ODS succession file: CCGs that ended, less the commissioning hubs in the same file.
    ccgs = {row["organisation_code"] for row in reference("organisation") if row["kind"] == "CCG"}
    days = Counter(
        row["effective_date"] for row in reference("succession") if row["old_code"] in ccgs
    )
    assert days == {
        "2015-04-01": 3,
        "2017-04-01": 3,
        "2018-04-01": 18,
        "2019-04-01": 6,
        "2020-04-01": 74,
        "2021-04-01": 38,
        "2022-07-01": 106,
    }


def test_every_closed_ccg_has_one_successor_of_the_same_icb_on_the_next_day():
    rows = [row for row in reference("organisation") if row["kind"] == "CCG"]
    icb = {row["organisation_code"]: row["icb_code"] for row in reference("organisation")}
    ends = {row["organisation_code"]: date.fromisoformat(row["valid_to"]) for row in rows}
    successors = defaultdict(list)
    for row in reference("succession"):
        successors[row["old_code"]].append(row)
    for code, end in ends.items():
        (successor,) = successors[code]
        assert date.fromisoformat(successor["effective_date"]) == end + timedelta(days=1)
        assert icb[successor["new_code"]] == icb[code]


# Boundaries.


@pytest.mark.parametrize("icb", AUTHORITIES)
def test_authorities_of_an_icb(icb):
    pooled = {area for area, row in boundary_of(icb).items() if row["is_pooled"] == "1"}
    assert pooled == AUTHORITIES[icb]


def test_both_ccgs_of_sefton_pool_it():
    sefton = [boundary_of(code)["E08000014"] for code in ("01T", "01V")]
    assert [(row["lsoa_count"], row["is_pooled"]) for row in sefton] == [("111", "1"), ("78", "1")]
    assert {row["area_lsoa_count"] for row in sefton} == {"189"}


@pytest.mark.parametrize("code", ["M1J4Y", "QHG"])
def test_a_small_overlap_is_listed_and_not_pooled(code):
    row = boundary_of(code)["E06000060"]
    assert (row["area_name"], row["lsoa_count"], row["is_pooled"]) == ("Buckinghamshire", "4", "0")


def test_lsoas_of_an_authority_are_shared_out_without_remainder():
    kinds = {row["organisation_code"]: row["kind"] for row in reference("organisation")}
    shared, whole = Counter(), {}
    for row in reference("boundary"):
        kind = "ICB" if kinds[row["organisation_code"]] == "ICB" else "SUB_ICB"
        shared[kind, row["area_code"]] += int(row["lsoa_count"])
        whole[row["area_code"]] = int(row["area_lsoa_count"])
    assert sum(whole.values()) == 32844  # 2011 LSOAs of England
    for kind in ("ICB", "SUB_ICB"):
        assert {area: shared[kind, area] for area in whole} == whole


def test_pooled_means_half_for_an_icb_and_a_tenth_for_a_ccg():
    kinds = {row["organisation_code"]: row["kind"] for row in reference("organisation")}
    for row in reference("boundary"):
        least = 2 if kinds[row["organisation_code"]] == "ICB" else 10
        is_pooled = int(row["lsoa_count"]) * least >= int(row["area_lsoa_count"])
        assert row["is_pooled"] == str(int(is_pooled)), row


def test_every_authority_belongs_to_one_icb_save_east_suffolk_which_is_halved():
    icbs = {row["organisation_code"] for row in reference("organisation") if row["kind"] == "ICB"}
    belongs = Counter(
        row["area_code"]
        for row in reference("boundary")
        if row["organisation_code"] in icbs and row["is_pooled"] == "1"
    )
    assert len(belongs) == 309
    assert {area for area, icb_count in belongs.items() if icb_count != 1} == {"E07000244"}


def test_boundary_and_census_name_the_same_authorities_alike():
    names = [
        {(row["area_code"], row["area_name"]) for row in reference(table)}
        for table in ("boundary", "census_population")
    ]
    assert names[0] == names[1]
    assert len(names[0]) == 309


# Census.


def test_groups_are_parts_of_their_population():
    for row in reference("census_population"):
        assert 0 <= int(row["residents"]) <= int(row["total_residents"]), row


@pytest.mark.parametrize("base", ["ALL_RESIDENTS", "AGED_16_PLUS"])
def test_sexes_add_up_and_bme_is_part_of_not_white_british(base):
    female, male = census("sex", base, "FEMALE"), census("sex", base, "MALE")
    bme = census("ethnicity", base, "BME")
    not_white_british = census("ethnicity", base, "NOT_WHITE_BRITISH")
    assert len(female) == len(bme) == 309
    for area, (women, total) in female.items():
        assert women + male[area][0] == total
        assert bme[area][0] <= not_white_british[area][0]


def test_aged_16_and_over_are_part_of_all_residents():
    for characteristic, group in [
        ("ethnicity", "BME"),
        ("disability", "DISABLED"),
        ("sex", "MALE"),
    ]:
        everyone = census(characteristic, "ALL_RESIDENTS", group)
        for area, (residents, total) in census(characteristic, "AGED_16_PLUS", group).items():
            assert residents <= everyone[area][0]
            assert total < everyone[area][1]


@pytest.mark.parametrize(
    ("base", "england", "tolerance"),
    [
        # Census 2021 TS007, England: 56,490,045, of whom 10,483,094 are under 16. The tables
        # differ from one another by ONS's perturbation, the cross tables by more.
        ("ALL_RESIDENTS", 56_490_045, 20),
        ("AGED_16_PLUS", 56_490_045 - 10_483_094, 105),
    ],
)
def test_england_total_of_every_table(base, england, tolerance):
    for characteristic, group in [
        ("ethnicity", "BME"),
        ("disability", "DISABLED"),
        ("sex", "MALE"),
    ]:
        total = sum(total for _, total in census(characteristic, base, group).values())
        assert total == pytest.approx(england, abs=tolerance)


@pytest.mark.parametrize(
    ("area", "group", "percent"),
    [
        # ONS, Census 2021: 45.2% of Luton's residents are White, 31.8% White British.
        ("E06000032", "BME", 54.8),
        ("E06000032", "NOT_WHITE_BRITISH", 68.2),
    ],
)
def test_published_shares(area, group, percent):
    residents, total = census("ethnicity", "ALL_RESIDENTS", group)[area]
    assert round(100 * residents / total, 1) == percent


def test_national_control_totals_of_england_and_wales(shared_data, monkeypatch):
    # ONS, Census 2021 topic summaries TS007, TS008, TS021, TS038 and TS077: England and Wales. Sex
    # is added up from three broad ages, so that ONS's perturbation of a cell counts three times.
    monkeypatch.syspath_prepend(TOOL.parent)
    tool = importlib.import_module("census_reference")
    sums = Counter()
    for row in tool.census_rows(shared_data, countries="EW"):
        _, _, _, base, group, residents, _, answered = row
        sums[base, group] += int(residents)
        sums[base, group, "answered"] += int(answered)
    published = {
        "FEMALE": (30_420_202, 140),
        "MALE": (29_177_340, 140),
        "DISABLED": (10_444_776, 60),
        "BME": (59_597_542 - 48_699_249, 60),
        "NOT_WHITE_BRITISH": (59_597_542 - 44_355_038, 60),
    }
    for group, (count, tolerance) in published.items():
        assert sums["ALL_RESIDENTS", group] == pytest.approx(count, abs=tolerance), group
    aged_16 = "AGED_16_PLUS"
    assert sums[aged_16, "LGB_PLUS"] == pytest.approx(747_805 + 623_504 + 165_305, abs=60)
    answered = sums[aged_16, "LGB_PLUS", "answered"]
    assert answered == pytest.approx(48_566_373 - 3_626_649, abs=60)


def test_age_bands_begin_at_16_and_divide_those_aged_16_and_over():
    # ONS, Census 2021, TS007: in Luton 3,237 are 16, and 3,148, 2,881, 2,677 and 2,769 are 17 to
    # 20 years old.
    bands = [row["age_band"] for row in reference("age_band")]
    by_band = {band: census("age_band", "AGED_16_PLUS", band) for band in bands}
    for area, (_, total) in by_band["<=20"].items():
        assert sum(by_band[band][area][0] for band in bands) == total
    assert by_band["<=20"]["E06000032"][0] == 14_712


def test_those_who_answered_are_fewer_where_a_question_could_be_left_out():
    for row in reference("census_population"):
        could_be_left_out = row["characteristic"] in ("religion", "sexual_orientation")
        fewer = int(row["answered_residents"]) < int(row["total_residents"])
        assert fewer == could_be_left_out, row


def test_every_compared_group_but_marital_status_is_counted_for_every_authority():
    counted = Counter(
        (row["characteristic"], row["group_code"])
        for row in reference("census_population")
        if row["base"] == "AGED_16_PLUS"
    )
    compared = {(row["characteristic"], row["group_code"]) for row in reference("census_group")}
    assert compared - counted.keys() == {("marital_status", "MARRIED_CP")}
    assert counted.keys() - compared == {("sex", "MALE")}
    assert set(counted.values()) == {309}


# Pay.


def test_pay_points_of_agenda_for_change():
    # NHS Employers, annual pay scales 2021/22; band 5 entry and top of 2022/23.
    points = {
        (row["pay_year"], row["band"], row["point"]): int(row["annual_gbp"])
        for row in reference("pay_point")
    }
    assert points["2021/22", "5", "entry"] == 25_655
    assert points["2021/22", "8a", "top"] == 53_219
    assert points["2022/23", "9", "top"] == 109_475
    bands = {band for year, band, _ in points if year == "2022/23"}
    assert bands == {"2", "3", "4", "5", "6", "7", "8a", "8b", "8c", "8d", "9"}


def test_pay_rises_from_entry_to_top():
    order = ["entry", "intermediate", "top"]
    by_band = defaultdict(dict)
    for row in reference("pay_point"):
        by_band[row["pay_year"], row["band"]][row["point"]] = int(row["annual_gbp"])
    for points in by_band.values():
        ladder = [points[point] for point in order if point in points]
        assert ladder == sorted(ladder)
