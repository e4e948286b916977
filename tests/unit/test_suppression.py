"""What is hidden in small tables whose answer is known beforehand."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from cells import ICB, PERIOD, decided, figure, frame, hidden, members, owner, policy, shown

from pipeline.protect.cells import Owner, numbered
from pipeline.protect.figures import protect
from pipeline.protect.relations import relations

ALL = "workforce/all//ALL"


def ethnicity(part="workforce/all", detail="", **groups):
    """Name the counts of the ethnic groups of one part."""
    return {f"{part}/ethnicity{detail}/{group}": count for group, count in groups.items()}


def staff(total, part="workforce/all", **groups):
    return {f"{part}//ALL": total} | ethnicity(part, **groups)


# --- one table ------------------------------------------------------------------------------


@pytest.mark.parametrize("count", range(1, 10))
def test_a_count_from_1_to_9_is_hidden(count):
    assert hidden({"workforce/all/religion/ISLAM": count}) == {"workforce/all/religion/ISLAM"}


@pytest.mark.parametrize("count", [0, 10, 11, 400])
def test_zero_and_ten_are_shown(count):
    assert hidden({"workforce/all/religion/ISLAM": count}) == set()


def test_a_table_without_small_counts_is_shown_whole():
    assert hidden(staff(100, WHITE=70, BME=20, UNKNOWN=10)) == set()


def test_a_single_hole_takes_the_smallest_count_beside_it():
    expected = set(ethnicity(BME=0, UNKNOWN=0))
    assert hidden(staff(100, WHITE=70, BME=25, UNKNOWN=5)) == expected


def test_zero_fills_no_hole():
    counts = staff(100, WHITE=95, BME=5, UNKNOWN=0)
    assert hidden(counts) == set(ethnicity(WHITE=0, BME=0))


def test_equal_counts_are_chosen_by_name():
    counts = staff(105, WHITE=50, BME=50, UNKNOWN=5)
    assert hidden(counts) == set(ethnicity(BME=0, UNKNOWN=0))


@pytest.mark.parametrize(
    ("small", "also_hidden"),
    [((1, 1), True), ((3, 5), True), ((4, 5), False), ((5, 6), False), ((9, 9), False)],
)
def test_holes_of_less_than_nine_together_take_another(small, also_hidden):
    bme, unknown = small
    counts = staff(80 + bme + unknown, WHITE=80, BME=bme, UNKNOWN=unknown)
    expected = set(ethnicity(BME=0, UNKNOWN=0)) | (
        set(ethnicity(WHITE=0)) if also_hidden else set()
    )
    assert hidden(counts) == expected


def test_a_hidden_total_does_not_follow_from_its_groups():
    # The total is small itself, so a group must be hidden even where none of them is small.
    counts = staff(9, WHITE=9, BME=0, UNKNOWN=0)
    assert hidden(counts) >= {ALL, *ethnicity(WHITE=0)}


def test_a_total_is_hidden_where_no_group_is_left():
    # Five and three: hidden together they are eight, and there is nobody else.
    counts = {ALL: 8} | ethnicity(WHITE=5, BME=3, UNKNOWN=0)
    assert hidden(counts) >= {ALL, *ethnicity(WHITE=0, BME=0)}


def test_few_people_who_are_all_alike_are_not_said_to_be():
    # All twelve are White: that nobody is of another group says so too.
    counts = staff(12, WHITE=12, BME=0, UNKNOWN=0)
    gone = hidden(counts)
    assert gone > set(ethnicity(WHITE=0))
    assert len(gone & set(ethnicity(BME=0, UNKNOWN=0))) == 1
    assert hidden(staff(21, WHITE=21, BME=0, UNKNOWN=0)) == set()


def test_a_group_with_one_category_alone_is_not_hidden_for_it():
    counts = {"workforce/all/sexual_orientation/HETERO": 12}
    counts["workforce/all/sexual_orientation:HETERO/HETERO"] = 12
    assert hidden(counts) == set()


def test_a_group_whose_people_are_all_of_one_category_is_not_said_to_be():
    counts = ethnicity(BME=12) | ethnicity(detail=":BME", H=12, J=0, K=0)
    gone = hidden(counts)
    assert gone > set(ethnicity(detail=":BME", H=0))
    assert len(gone & set(ethnicity(detail=":BME", J=0, K=0))) == 1


def test_few_people_of_a_hidden_row_are_not_said_to_be_alike():
    row = staff(3, "workforce/clinical:8d", WHITE=0, BME=3, UNKNOWN=0)
    assert len(hidden(row) & set(ethnicity("workforce/clinical:8d", WHITE=0, UNKNOWN=0))) == 1


def test_an_empty_row_is_shown_as_empty():
    assert hidden(staff(0, "workforce/clinical:8d", WHITE=0, BME=0, UNKNOWN=0)) == set()


# --- linked tables --------------------------------------------------------------------------


def pay_rows(**rows):
    """Return the counts of clinical bands and of all clinical staff, by ethnic group."""
    groups = ("WHITE", "BME", "UNKNOWN")
    counts = {}
    for band, numbers in (
        *rows.items(),
        ("all", [sum(n) for n in zip(*rows.values(), strict=True)]),
    ):
        part = f"workforce/clinical:{band}"
        counts |= staff(sum(numbers), part, **dict(zip(groups, numbers, strict=True)))
    return counts


def test_a_single_hole_in_a_column_takes_another_band():
    counts = pay_rows(b5=(60, 20, 20), b6=(60, 30, 20), b7=(40, 4, 30))
    gone = hidden(counts)
    assert "workforce/clinical:b7/ethnicity/BME" in gone
    bme = {f"workforce/clinical:{band}/ethnicity/BME" for band in ("b5", "b6", "b7", "all")}
    assert len(gone & bme) == 2
    # What makes up for the column, a band or the total, needs one more in its own row.
    assert {name.split("/")[1] for name in gone} == {name.split("/")[1] for name in gone & bme}
    assert len(gone) == 4


def test_bands_add_up_to_their_side_and_sides_to_the_workforce():
    counts = staff(100, WHITE=50, BME=30, UNKNOWN=20)
    counts |= staff(60, "workforce/clinical:all", WHITE=30, BME=20, UNKNOWN=10)
    counts |= staff(40, "workforce/non_clinical:all", WHITE=20, BME=10, UNKNOWN=10)
    assert hidden(counts) == set()
    counts |= staff(61, "workforce/clinical:all", WHITE=31, BME=20, UNKNOWN=10)
    counts |= staff(39, "workforce/non_clinical:all", WHITE=19, BME=10, UNKNOWN=10)
    counts |= ethnicity("workforce/clinical:all", BME=23, UNKNOWN=7)
    counts |= ethnicity("workforce/non_clinical:all", BME=7, UNKNOWN=13)
    gone = hidden(counts)
    assert "workforce/clinical:all/ethnicity/UNKNOWN" in gone
    assert "workforce/non_clinical:all/ethnicity/BME" in gone
    # Both are made up for on their own side, and by the same groups there as in the whole.
    for side in ("clinical", "non_clinical"):
        own = {name for name in gone if name.startswith(f"workforce/{side}:all/")}
        assert len(own) == 2


def test_known_and_unknown_are_hidden_together():
    counts = {ALL: 163} | ethnicity(KNOWN=158, UNKNOWN=5)
    assert hidden(counts) == set(ethnicity(KNOWN=0, UNKNOWN=0))


def test_few_unknown_do_not_follow_from_all_and_the_known():
    """Who is in a pay quarter, and of them the men and women: the rest have no known sex."""
    everybody, known = "full_pay/quarter:1//ALL", "full_pay/quarter:1/sex/KNOWN"
    assert hidden({everybody: 103, known: 100}) == {known}
    assert hidden({everybody: 110, known: 100}) == set()
    assert hidden({everybody: 100, known: 100}) == set()


def test_the_known_are_the_sum_of_the_groups():
    # The headcount is not published here, so the known alone would give the hole.
    counts = ethnicity(KNOWN=85, WHITE=80, BME=5)
    gone = hidden(counts)
    assert ethnicity(BME=0).keys() < gone < counts.keys()


def test_details_of_ethnicity_add_up_to_their_group():
    counts = ethnicity(WHITE=100) | ethnicity(detail=":WHITE", A=80, B=16, C=4)
    gone = hidden(counts)
    assert gone > set(ethnicity(detail=":WHITE", C=0))
    assert len(gone) == 2
    assert gone <= set(ethnicity(detail=":WHITE", A=0, B=0, C=0))


def test_a_hole_in_the_details_is_filled_even_where_their_group_is_hidden():
    # WHITE is hidden for the sake of BME; all sixteen codes together still add up to the staff.
    counts = {ALL: 109} | ethnicity(WHITE=100, BME=9, UNKNOWN=0)
    counts |= ethnicity(detail=":WHITE", A=100, B=0, C=0) | ethnicity(detail=":BME", H=9)
    gone = hidden(counts)
    assert gone >= set(ethnicity(BME=0)) | set(ethnicity(detail=":BME", H=0))
    assert gone & set(ethnicity(WHITE=0, UNKNOWN=0))


def test_not_white_british_gives_the_white_british_away():
    counts = ethnicity(KNOWN=100, NOT_WHITE_BRITISH=6) | ethnicity(detail=":WHITE", A=94)
    assert hidden(counts) == set(counts) - set(ethnicity(KNOWN=0))


def test_not_white_british_and_bme_leave_the_white_minorities():
    # 45 less 41: four people, in two categories.
    counts = ethnicity(NOT_WHITE_BRITISH=45, BME=41) | ethnicity(detail=":WHITE", A=90, B=3, C=1)
    gone = hidden(counts)
    assert gone > set(ethnicity(detail=":WHITE", B=0, C=0))
    assert gone & set(ethnicity(BME=0, NOT_WHITE_BRITISH=0))


def test_never_asked_and_declined_are_the_unknown():
    counts = ethnicity(UNKNOWN=40) | ethnicity(detail=":UNKNOWN", NEVER_ASKED=35, DECLINED=5)
    assert hidden(counts) == set(ethnicity(detail=":UNKNOWN", NEVER_ASKED=0, DECLINED=0))


def test_few_of_the_shortlisted_were_not_appointed():
    counts = ethnicity("shortlisted/all", BME=30) | ethnicity("appointed/all", BME=24)
    (gone,) = hidden(counts)
    assert gone in counts


@pytest.mark.parametrize("appointed", [0, 20, 30])
def test_none_or_many_of_the_shortlisted_were_not_appointed(appointed):
    counts = ethnicity("shortlisted/all", BME=30) | ethnicity("appointed/all", BME=appointed)
    assert hidden(counts) == set()


def test_few_members_of_the_board_do_not_vote():
    counts = {"board/all//ALL": 20, "board/voting//ALL": 14, "board/executive//ALL": 10}
    assert hidden(counts) == {"board/voting//ALL"}


def test_a_total_without_all_of_its_groups_leaves_the_rest():
    # The frame has no other group, so those who are not BME are what remains.
    assert hidden({ALL: 30} | ethnicity(BME=24)) == set(ethnicity(BME=0))
    assert hidden({ALL: 30} | ethnicity(BME=20)) == set()


# --- totals that no figure shows ------------------------------------------------------------


def test_a_total_by_sex_fills_no_hole_by_ethnicity():
    # 40 women and 35 men are 75, and 75 less 50 and 20 is five.
    by_ethnicity = ethnicity("shortlisted/all", WHITE=50, BME=5, UNKNOWN=20)
    assert hidden(by_ethnicity) == set(ethnicity("shortlisted/all", BME=0))
    by_sex = {f"shortlisted/all/sex/{sex}": n for sex, n in
              {"FEMALE": 40, "MALE": 35, "UNKNOWN": 0}.items()}  # fmt: skip
    assert hidden(by_ethnicity | by_sex) == set(ethnicity("shortlisted/all", BME=0, UNKNOWN=0))


def test_a_total_that_nobody_can_add_up_hides_nothing():
    # One hole by ethnicity and one by sex: how many there are is not known from either.
    counts = ethnicity("shortlisted/all", WHITE=50, BME=5, UNKNOWN=20)
    counts |= {f"shortlisted/all/sex/{sex}": n for sex, n in
               {"FEMALE": 40, "MALE": 31, "UNKNOWN": 4}.items()}  # fmt: skip
    assert hidden(counts) == {"shortlisted/all/ethnicity/BME", "shortlisted/all/sex/UNKNOWN"}


def test_few_cases_all_of_one_group_are_not_said_to_be():
    counts = ethnicity("disciplinary/one_year", WHITE=4, BME=0, UNKNOWN=0)
    gone = hidden(counts)
    assert gone > set(ethnicity("disciplinary/one_year", WHITE=0))
    assert len(gone) == 2


def test_the_pay_quarters_give_the_few_of_no_known_sex():
    # Sixty in the quarters, unknown sex included; 55 men and women: five are neither.
    counts = {f"full_pay/quarter:{quarter}//ALL": 15 for quarter in range(1, 5)}
    counts |= {"full_pay/all/sex/FEMALE": 30, "full_pay/all/sex/MALE": 25}
    assert len(hidden(counts)) == 1
    counts["full_pay/all/sex/MALE"] = 20
    assert hidden(counts) == set()


# --- among the employers of an ICB ----------------------------------------------------------


def test_one_hole_among_the_employers_takes_another():
    islam = "workforce/all/religion/ISLAM"
    # Nobody holds two posts, as the headcounts tell.
    staff_of = {"01T": 100, "01V": 200, "01X": 300, ICB: 600}
    numbers = {"01T": 5, "01V": 12, "01X": 30, ICB: 47}
    tables = {code: {islam: n, ALL: staff_of[code]} for code, n in numbers.items()}
    published = shown(tables)
    assert published["01T"] == {islam: None, ALL: 100}
    assert [own[islam] for own in published.values()].count(None) == 2


def test_two_holes_among_the_employers_of_more_than_ten_stay_two():
    islam = "workforce/all/religion/ISLAM"
    tables = {"01T": {islam: 5}, "01V": {islam: 7}, "01X": {islam: 30}, ICB: {islam: 42}}
    assert shown(tables)["01X"] == {islam: 30}
    assert shown(tables)[ICB] == {islam: 42}


def test_what_only_one_employer_has_is_hidden_for_the_icb_too():
    islam = "workforce/all/religion/ISLAM"
    tables = {"01T": {islam: 5}, "01V": {islam: 0}, ICB: {islam: 5}}
    assert shown(tables) == {"01T": {islam: None}, "01V": {islam: 0}, ICB: {islam: None}}


def test_few_people_in_two_posts_are_not_counted_by_their_characteristic():
    # 40 and 50 at the employers, 86 people in the ICB: four of those who share a post are men.
    male = "workforce/all/sex/MALE"
    tables = {"01T": {male: 40}, "01V": {male: 50}, ICB: {male: 86}}
    assert None in [own[male] for own in shown(tables).values()]


def test_how_many_people_share_a_post_is_no_secret():
    tables = {"01T": {ALL: 40}, "01V": {ALL: 50}, ICB: {ALL: 86}}
    assert shown(tables) == tables


def test_boards_are_not_pooled():
    board = {"board/all//ALL": 12}
    tables = {"01T": board, "01V": board, ICB: {"board/all//ALL": 15}}
    assert shown(tables) == tables
    assert shown({"01T": board, "01V": board, ICB: {}})["01T"] == board


def test_the_board_of_an_icb_is_one_board_at_both_levels():
    # The ICB is an employer too, and its board follows from the one where the other is told.
    everybody = "board/all//ALL"
    employer = Owner(PERIOD, "employer", ICB)
    cells = numbered({employer: {everybody: 15}, owner(ICB): {everybody: 15}})
    (relation,) = relations(cells, {owner(ICB): [[employer, owner("01T")]]})
    assert relation.total == cells.number(owner(ICB), everybody)
    assert relation.children == (cells.number(employer, everybody),)


# --- what a figure tells --------------------------------------------------------------------


def test_the_same_people_are_hidden_in_every_standard():
    profile = figure(numerator=("workforce/all/ethnicity/BME", 5), denominator=(ALL, 100))
    census = figure(
        numerator=("workforce/all/ethnicity/BME", 5),
        denominator=("workforce/all/ethnicity/KNOWN", 98),
    )
    rest = figure(numerator=("workforce/all/ethnicity/UNKNOWN", 2), denominator=(ALL, 100))
    _, published = protect(frame([profile, census, rest]), {}, policy())
    assert published["numerator"].isna().all()
    assert published["denominator"].isna().tolist() == [False, True, False]
    assert published["status"].eq("suppressed").all()


@pytest.mark.parametrize("place", ["numerator", "denominator", "comparator_numerator"])
def test_nothing_is_told_of_a_figure_with_a_hidden_count(place):
    counts = {"numerator": 40, "denominator": 50, "comparator_numerator": 60} | {place: 7}
    people = {name: (f"workforce/all/{name}/ALL", number) for name, number in counts.items()}
    kept, published = protect(frame([figure(**people)]), {}, policy())
    row = published.iloc[0]
    for column in ("value", "ci_low", "ci_high", "p_value", "direction"):
        assert pd.isna(row[column]), column
    assert (row["status"], row["reason"], row["disclosure"]) == ("suppressed",) * 1 + (
        "SUPPRESSED",
        "SUPPRESSED",
    )
    assert [pd.isna(row[name]) for name in counts] == [name == place for name in counts]
    assert kept.iloc[0]["disclosure"] == "PRIMARY"
    assert kept.iloc[0]["value"] == 1.0


def test_a_reason_that_tells_a_range_is_replaced():
    no_events = figure(value=None, numerator=("a/all//ALL", 0), denominator=("b/all//ALL", 3))
    row = no_events | {"status": "not_applicable", "reason": "NO_EVENTS", "direction": None}
    _, published = protect(frame([row]), {}, policy())
    assert published.iloc[0][["status", "reason"]].tolist() == ["suppressed", "SUPPRESSED"]


def test_a_reason_behind_shown_counts_stays():
    empty = figure(value=None, numerator=("a/all//ALL", 0), denominator=("b/all//ALL", 0))
    row = empty | {"status": "not_applicable", "reason": "NO_NUMERATOR_BASE", "direction": None}
    _, published = protect(frame([row]), {}, policy())
    assert published.iloc[0][["status", "reason"]].tolist() == ["not_applicable", row["reason"]]


def test_why_a_count_is_hidden_is_known_in_private_only():
    kept, published = decided({"01T": staff(100, WHITE=70, BME=25, UNKNOWN=5)})
    assert sorted(kept["disclosure"]) == ["NONE", "NONE", "PRIMARY", "SECONDARY"]
    assert sorted(published["disclosure"]) == ["NONE", "NONE", "SUPPRESSED", "SUPPRESSED"]
    assert kept["numerator"].tolist() == [100, 70, 25, 5]


def test_the_public_is_not_protected():
    # Residents stand in no cell: their small counts are published by the census itself.
    row = figure(numerator=("workforce/all/ethnicity/BME", 40)) | {"comparator_numerator": 4}
    _, published = protect(frame([row]), {}, policy())
    assert published.iloc[0]["comparator_numerator"] == 4


# --- relations ------------------------------------------------------------------------------


def test_relations_come_in_one_order_whatever_the_order_of_the_counts():
    tables = {
        code: staff(90, WHITE=60, BME=20, UNKNOWN=10) | ethnicity(KNOWN=80) for code in ("01V", ICB)
    }
    counts = {owner(code): own for code, own in tables.items()}
    backwards = {one: dict(reversed(own.items())) for one, own in reversed(counts.items())}
    pooling = members(tables)
    cells = numbered(counts)
    assert numbered(backwards) == cells
    assert relations(numbered(backwards), pooling) == relations(cells, pooling)


def test_cells_are_numbered_by_organisation_and_name():
    """Ties are decided by the number, so it must not hang on the order of the figures."""
    later, earlier = owner("01V"), owner("01T")
    total = "workforce/all//ALL"
    names = {"workforce/all/sex/MALE": 4, "workforce/all/sex/FEMALE": 3, total: 7}
    cells = numbered({later: {total: 9}, earlier: names}, {earlier: [total]})
    assert cells.counts == [7, 3, 4, 9]
    assert [cells.number(earlier, name) for name in names] == [2, 1, 0]
    assert cells.number(later, total) == 3
    assert cells.number(later, "workforce/all/sex/MALE") is None
    assert cells.number(owner(ICB), total) is None
    assert cells.added == {0}


def test_a_relation_in_columns_reads_as_one():
    """Seven of whom three and two are told leave two; who is of one sex is told of all."""
    counts = staff(7, WHITE=4, BME=3, UNKNOWN=0) | {"workforce/all/sex/MALE": 5}
    cells = numbered({owner("01T"): counts})
    related = relations(cells, {})
    number = {name: cells.number(owner("01T"), name) for name in counts}
    by_sex = [each for each in related if number["workforce/all/sex/MALE"] in each.children]
    assert [(each.total, each.remainder) for each in by_sex] == [(number[ALL], 2)]
    by_ethnicity = next(each for each in related if len(each.children) == 3)
    assert set(by_ethnicity.children) == {
        number[name] for name in ethnicity(WHITE=0, BME=0, UNKNOWN=0)
    }
    assert (by_ethnicity.total, by_ethnicity.remainder) == (number[ALL], None)
    assert by_ethnicity.is_partition


def test_a_pooled_count_without_employers_is_related_to_nothing():
    assert shown({ICB: {ALL: 50}}) == {ICB: {ALL: 50}}


# --- the policy -----------------------------------------------------------------------------


def test_the_policy_that_ships_hides_1_to_9():
    rules = policy()
    assert [count for count in range(30) if rules.is_small(count)] == list(range(1, 10))
    assert rules.small_base == 20


def test_another_threshold_hides_other_counts():
    rows = frame(figure(numerator=(f"workforce/all/a/{n}", n)) for n in range(8))
    _, published = protect(rows, {}, replace(policy(), threshold=5))
    assert published["numerator"].isna().tolist() == [0 < n < 5 for n in range(8)]


@pytest.mark.parametrize(("earlier", "disclosure"), [(3, "SECONDARY"), (30, "NONE")])
def test_a_change_is_hidden_with_the_figure_that_it_is_measured_from(earlier, disclosure):
    """Who knows the figure now and how it changed knows what it was a year before."""
    people = "appointed/all/ethnicity/BME"
    then = figure(numerator=(people, earlier)) | {"period_end": date(2021, 3, 31)}
    now = figure(numerator=(people, 40))
    change = now | {"standard": "ACTIONS", "since": date(2021, 3, 31)}
    rows = frame([then | {"since": None}, now | {"since": None}, change])
    decided, published = protect(rows, {}, policy())
    assert decided["disclosure"].iloc[2] == disclosure
    assert decided["disclosure"].iloc[1] == "NONE"
    assert published["status"].iloc[2] == ("suppressed" if earlier == 3 else "ok")
    assert pd.isna(published["value"].iloc[2]) == (earlier == 3)
