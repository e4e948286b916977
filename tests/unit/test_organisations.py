"""The organisation tree as at a date. Facts: NHS ODS organisation files, ONS names and codes."""

from datetime import date

import pytest

from pipeline import organisations
from pipeline.errors import ProductError
from pipeline.organisations import build_tree, check_successions
from pipeline.resources import reference

# ONS, Clinical Commissioning Groups (April 2021) Names and Codes in England.
CHESHIRE_AND_MERSEYSIDE_2021 = {
    "01F": ("NHS Halton CCG", "E38000068"),
    "01J": ("NHS Knowsley CCG", "E38000091"),
    "01T": ("NHS South Sefton CCG", "E38000161"),
    "01V": ("NHS Southport and Formby CCG", "E38000170"),
    "01X": ("NHS St Helens CCG", "E38000172"),
    "02E": ("NHS Warrington CCG", "E38000194"),
    "12F": ("NHS Wirral CCG", "E38000208"),
    "27D": ("NHS Cheshire CCG", "E38000233"),
    "99A": ("NHS Liverpool CCG", "E38000101"),
}


@pytest.mark.parametrize("code", CHESHIRE_AND_MERSEYSIDE_2021)
def test_ccgs_of_cheshire_and_merseyside_at_31_march_2021(code):
    found = organisations.find(code, date(2021, 3, 31))
    assert (found.organisation_name, found.gss_code) == CHESHIRE_AND_MERSEYSIDE_2021[code]
    assert (found.kind, found.icb_code) == ("CCG", "QYG")


def test_nine_ccgs_and_no_other_stood_in_cheshire_and_merseyside_at_31_march_2021():
    codes = {row["organisation_code"] for row in reference("organisation")}
    at_snapshot = [organisations.find(code, date(2021, 3, 31)) for code in codes]
    assert {
        each.organisation_code
        for each in at_snapshot
        if each and each.kind == "CCG" and each.icb_code == "QYG"
    } == set(CHESHIRE_AND_MERSEYSIDE_2021)


def test_a_ccg_code_is_kept_and_renamed_when_the_icbs_begin():
    before = organisations.find("01T", date(2022, 6, 30))
    after = organisations.find("01T", date(2022, 7, 1))
    assert (before.organisation_name, before.kind) == ("NHS South Sefton CCG", "CCG")
    assert after.organisation_name == "NHS Cheshire and Merseyside ICB - 01T"
    assert (after.kind, after.icb_code, after.valid_to) == ("SUB_ICB", "QYG", None)
    assert organisations.latest("01T") == after


def test_a_boundary_change_gives_the_code_another_gss_code():
    # Glossop left Tameside and Glossop for Derby and Derbyshire on 1 July 2022.
    assert organisations.find("01Y", date(2022, 3, 31)).gss_code == "E38000182"
    assert organisations.find("01Y", date(2022, 9, 30)).gss_code == "E38000263"
    assert organisations.find("01K", date(2018, 3, 31)).gss_code == "E38000216"
    assert organisations.find("01K", date(2018, 4, 1)).gss_code == "E38000228"
    assert organisations.find("QNX", date(2023, 3, 31)).gss_code == "E54000053"
    assert organisations.find("QNX", date(2023, 4, 1)).gss_code == "E54000064"


def test_a_merged_ccg_begins_when_its_predecessors_have_ended():
    assert organisations.find("M1J4Y", date(2021, 3, 31)) is None
    merged = organisations.find("M1J4Y", date(2021, 4, 1))
    assert merged.organisation_name == "NHS Bedfordshire, Luton and Milton Keynes CCG"
    assert (merged.icb_code, merged.gss_code) == ("QHG", "E38000249")
    for code in ("04F", "06F", "06P"):
        assert organisations.find(code, date(2021, 3, 31)).icb_code == "QHG"
        assert organisations.find(code, date(2021, 4, 1)) is None
        assert organisations.latest(code).valid_to == date(2021, 3, 31)


def test_icbs_are_known_by_code_and_begin_on_1_july_2022():
    assert organisations.find("QYG", date(2022, 6, 30)) is None
    icb = organisations.find("QYG", date(2022, 7, 1))
    assert (icb.kind, icb.icb_code, icb.gss_code) == ("ICB", "QYG", "E54000008")
    assert organisations.icb_name("QOP") == "NHS Greater Manchester Integrated Care Board"
    with pytest.raises(KeyError):
        organisations.icb_name("01T")


def test_trusts_bear_the_name_of_the_day():
    assert organisations.find("RBS", date(2022, 3, 31)).organisation_name == (
        "Alder Hey Children's NHS Foundation Trust"
    )
    # Solent NHS Trust closed on 30 September 2024 and Southern Health took the new name.
    assert organisations.find("RW1", date(2024, 9, 30)).organisation_name == (
        "Southern Health NHS Foundation Trust"
    )
    assert organisations.find("RW1", date(2024, 10, 1)).organisation_name == (
        "Hampshire and Isle of Wight Healthcare NHS Foundation Trust"
    )


def test_an_unknown_code_is_answered_with_codes_like_it():
    assert not organisations.is_known("O1T")
    assert organisations.closest("O1T")[0] == "01T"
    assert organisations.closest("1t")[0] == "01T"
    assert organisations.closest("MIJ4Y")[0] == "M1J4Y"
    assert "QYG" in organisations.closest("QYH")
    assert organisations.closest("ZZZZZ") == []


@pytest.mark.parametrize("code", ["", "01t", "nan"])
def test_only_the_exact_code_is_known(code):
    assert not organisations.is_known(code)
    assert organisations.find(code, date(2021, 3, 31)) is None
    assert len(organisations.closest(code)) <= 3


def row(code="01T", first="2013-04-01", last="", kind="CCG", icb="QYG"):
    return {
        "organisation_code": code,
        "organisation_name": f"Body {code}",
        "kind": kind,
        "icb_code": icb,
        "gss_code": "",
        "valid_from": first,
        "valid_to": last,
    }


ICB = row("QYG", "2022-07-01", kind="ICB")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([row(last="2020-03-31"), row(first="2020-04-02")], "01T has a gap"),
        ([row(last="2020-04-01"), row(first="2020-04-01")], "01T overlap"),
        ([row(), row(first="2020-04-01")], "01T overlap"),
        ([row(first="2020-04-01", last="2020-03-31")], "01T ends before it begins"),
        ([row(icb="QXX")], "01T belongs to 'QXX'"),
        ([row(icb="")], "01T belongs to ''"),
        ([row("02X"), row(icb="02X")], "01T belongs to '02X'"),
        ([row("RRR", kind="TRUST", icb="QXX")], "RRR belongs to 'QXX'"),
        ([row("QAA", kind="ICB")], "the ICB QAA belongs to another, QYG"),
        ([row(kind="PCT")], "01T has the unknown kind 'PCT'"),
    ],
)
def test_a_faulty_tree_is_an_error_that_names_the_code(rows, message):
    with pytest.raises(ProductError, match=message):
        build_tree([ICB, *rows])


def test_a_sound_tree_is_read_in_the_order_of_its_days():
    wales = row("RT4", kind="TRUST", icb="")
    tree = build_tree([row(first="2020-04-01"), ICB, row(last="2020-03-31"), wales])
    assert [each.valid_from.year for each in tree["01T"]] == [2013, 2020]


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        ([("01A", "01B"), ("01B", "01C"), ("01C", "01A")], "01A.*is a cycle"),
        ([("01A", "01A")], "01A -> 01A is a cycle"),
        ([("01A", "09Z")], "01A is succeeded by 09Z"),
    ],
)
def test_a_faulty_succession_is_an_error_that_names_the_code(pairs, message):
    tree = build_tree([ICB, row("01A"), row("01B"), row("01C")])
    rows = [{"old_code": old, "new_code": new} for old, new in pairs]
    with pytest.raises(ProductError, match=message):
        check_successions(rows, tree)


def test_a_predecessor_may_be_older_than_the_tree():
    check_successions([{"old_code": "XYZ", "new_code": "01A"}], build_tree([ICB, row("01A")]))
