"""What the attack finds in small published releases, counted out by hand."""

from dataclasses import replace

import pytest
from cells import policy
from released import BOARD, DAY, Tables, profiles

from pipeline.attack.attack import attack
from pipeline.attack.sums import Count
from pipeline.errors import UsageError

TOTAL = {"WHITE": 60, "BME": 5, "UNKNOWN": 20, "ALL": 85}


def of(code, group, characteristic="ethnicity", population="workforce", part="all"):
    level = "icb" if code == BOARD else "employer"
    return Count(DAY, level, code, population, part, characteristic, group)


def found(*releases, truth=None, **settings):
    """Return what an attack finds, by cell and kind, with the ends of the interval."""
    rule = replace(policy(), **settings)
    result = attack(releases, rule, None if truth is None else truth["figure"])
    return {(each.cell, str(each.kind)): (each.low, each.high) for each in result.breaches}


def hidden(counts, *groups):
    return counts | dict.fromkeys(groups)


def test_one_hole_is_told_to_the_last_one():
    shown = profiles({"01T": hidden(TOTAL, "BME")})
    assert found(shown) == {(of("01T", "BME"), "interval"): (5, 5)}


def test_two_holes_hide_each_other_where_nine_are_possible():
    assert found(profiles({"01T": hidden(TOTAL, "BME", "UNKNOWN")})) == {}


def test_two_holes_of_few_people_leave_too_few_values():
    few = {"WHITE": 80, "BME": 2, "UNKNOWN": 3, "ALL": 85}
    shown = profiles({"01T": hidden(few, "BME", "UNKNOWN")})
    assert found(shown) == {
        (of("01T", "BME"), "interval"): (0, 5),
        (of("01T", "UNKNOWN"), "interval"): (0, 5),
    }


def test_the_one_person_of_a_count_knows_the_other_of_two_holes():
    counts = {"WHITE": 60, "BME": 1, "UNKNOWN": 8, "ALL": 69}
    shown = profiles({"01T": hidden(counts, "BME", "UNKNOWN")})
    assert found(shown) == {}
    assert found(shown, truth=profiles({"01T": counts})) == {
        (of("01T", "UNKNOWN"), "one_known"): (None, None)
    }


def test_a_zero_that_may_be_told_is_not_kept_from_the_one_person_of_a_count():
    counts = {"WHITE": 60, "BME": 1, "UNKNOWN": 0, "ALL": 61}
    shown = profiles({"01T": hidden(counts, "BME", "UNKNOWN")})
    wide = {"threshold": 2, "fewest_values": 2, "fewest_with_one_known": 3}
    assert found(shown, truth=profiles({"01T": counts}), **wide) == {}
    other = counts | {"WHITE": 59, "UNKNOWN": 1}
    shown = profiles({"01T": hidden(other, "BME", "UNKNOWN")})
    told = found(shown, truth=profiles({"01T": other}), **wide)
    assert told == {
        (of("01T", "BME"), "one_known"): (None, None),
        (of("01T", "UNKNOWN"), "one_known"): (None, None),
    }


def test_what_withholding_the_block_would_not_widen_is_not_kept_from_the_one_person():
    def release(white, bme):
        tables = Tables()
        for group, numbers in (("WHITE", white), ("BME", bme)):
            tables.figure(
                "01T", "WRES", "2", measure="rate", group_code=group, numerator=numbers[0],
                denominator=numbers[1], status="suppressed" if None in numbers else "ok",
            )  # fmt: skip
        return tables.release()

    # Of the one who was shortlisted nobody or one was appointed, whatever else is hidden.
    truth = release((20, 80), (1, 1))
    assert found(release((20, 80), (None, None)), truth=truth) == {}


def test_a_count_that_is_shown_though_it_is_small_is_a_breach():
    assert found(profiles({"01T": TOTAL})) == {(of("01T", "BME"), "interval"): (5, 5)}


POOLED = {
    "01T": {"WHITE": 60, "BME": 4, "UNKNOWN": 20, "ALL": 84},
    "01V": {"WHITE": 70, "BME": 30, "UNKNOWN": 15, "ALL": 115},
}


def icb(twice):
    """Return the pooled counts where so many White people work for both."""
    pooled = {group: sum(own[group] for own in POOLED.values()) for group in TOTAL}
    return pooled | {"WHITE": pooled["WHITE"] - twice, "ALL": pooled["ALL"] - twice}


def test_the_icb_less_the_other_employer_tells_the_hidden_count():
    tables = POOLED | {"01T": hidden(POOLED["01T"], "BME", "UNKNOWN"), BOARD: icb(0)}
    told = found(profiles(tables))
    assert told[of("01T", "BME"), "interval"] == (4, 4)


def test_people_in_both_employers_leave_as_many_values_more():
    pooled = hidden(icb(3), "WHITE", "UNKNOWN")
    tables = POOLED | {"01T": hidden(POOLED["01T"], "BME", "UNKNOWN"), BOARD: pooled}
    # Of the 3 people in both each may be BME: the 34 pooled are 4 to 7 more than the other's 30.
    assert found(profiles(tables))[of("01T", "BME"), "interval"] == (4, 7)


def test_what_an_earlier_release_told_is_out_and_tells_more():
    earlier = profiles({"01T": {"WHITE": 60, "BME": 13, "UNKNOWN": None, "ALL": None}})
    counts = {"WHITE": 60, "BME": 13, "UNKNOWN": 6, "ALL": 79}
    shown = profiles({"01T": hidden(counts, "BME", "UNKNOWN")})
    assert found(shown) == {}
    assert found(earlier, shown) == {(of("01T", "UNKNOWN"), "interval"): (6, 6)}
    assert found(earlier, shown, truth=profiles({"01T": counts})) == {
        (of("01T", "UNKNOWN"), "interval"): (6, 6)
    }


def test_what_the_newest_release_hides_though_it_is_out_is_no_breach():
    assert found(profiles({"01T": TOTAL}), profiles({"01T": hidden(TOTAL, "BME")})) == {}


def test_another_version_of_a_snapshot_is_other_people():
    before = profiles({"01T": {"WHITE": 60, "BME": 14, "UNKNOWN": 20, "ALL": 94}})
    counts = {"WHITE": 61, "BME": 14, "UNKNOWN": 20, "ALL": 95}
    after = profiles({"01T": hidden(counts, "BME", "UNKNOWN")})
    assert found(before, after) == {}


def test_the_version_before_is_attacked_with_what_is_told_later():
    tables = POOLED | {"01V": hidden(POOLED["01V"], "BME", "UNKNOWN"), BOARD: icb(0)}
    tables["01T"] = hidden(POOLED["01T"], "BME", "UNKNOWN")
    before = profiles(tables)
    assert found(before) == {}
    # One employer mends its numbers; the other one's, now shown, tell what the first had hidden.
    after = profiles(
        {
            "01T": {"WHITE": 61, "BME": None, "UNKNOWN": None, "ALL": 85},
            "01V": POOLED["01V"],
            BOARD: hidden(icb(0), "WHITE", "BME", "UNKNOWN", "ALL"),
        }
    )
    assert found(after) == {}
    assert found(before, after)[of("01T", "BME"), "interval"] == (4, 4)


def test_a_percentage_without_its_count_tells_it():
    tables = Tables().headcount("01T", 85)
    tables.figure(
        "01T", "PSED", "ethnicity", group_code="BME", denominator=85, value=5.9,
        disclosure="PERCENT_ONLY",
    )  # fmt: skip
    assert found(tables.release()) == {(of("01T", "BME"), "interval"): (5, 5)}


def test_a_ratio_with_three_of_its_counts_tells_the_fourth():
    tables = Tables()
    for group, numbers in {"WHITE": (43, 185), "BME": (None, 169)}.items():
        status = "ok" if numbers[0] else "suppressed"
        tables.figure(
            "01T", "WRES", "2", measure="rate", group_code=group, numerator=numbers[0],
            denominator=numbers[1], status=status,
        )  # fmt: skip
    tables.figure(
        "01T", "WRES", "2", measure="relative_likelihood", group_code="WHITE",
        comparator_code="BME", value=4.36, disclosure="PERCENT_ONLY",
    )  # fmt: skip
    told = found(tables.release())
    assert told == {(of("01T", "BME", population="appointed"), "interval"): (9, 9)}


def test_a_ratio_of_two_hidden_counts_is_named_never_passed_over():
    tables = Tables().figure(
        "01T", "WRES", "2", measure="relative_likelihood", group_code="WHITE",
        comparator_code="BME", value=2.31, ci_low=1.37, ci_high=3.89, disclosure="PERCENT_ONLY",
    )  # fmt: skip
    kinds = {kind for _, kind in found(tables.release())}
    assert kinds == {"unsolved"}


def test_few_who_were_shortlisted_and_not_appointed_are_told_by_both_counts():
    tables = Tables().figure(
        "01T", "WRES", "2", measure="rate", group_code="BME", numerator=35, denominator=40
    )
    assert found(tables.release()) == {
        (of("01T", "BME", population="appointed"), "remainder"): (5, 5)
    }


def test_few_of_a_group_in_two_employers_are_told_by_all_three_counts():
    counts = POOLED | {"01T": {"WHITE": 60, "BME": 14, "UNKNOWN": 20, "ALL": 94}}
    pooled = {"WHITE": 127, "BME": 44, "UNKNOWN": 35, "ALL": 206}
    assert found(profiles(counts | {BOARD: pooled})) == {
        (of(BOARD, "WHITE"), "counted_twice"): (3, 3)
    }
    # With one of them hidden, each of the 3 may be of another group.
    shown = profiles(counts | {BOARD: hidden(pooled, "WHITE", "UNKNOWN")})
    assert found(shown, truth=profiles(counts | {BOARD: pooled})) == {}


def test_all_of_few_people_in_one_group_is_told_by_the_empty_ones():
    counts = {"WHITE": 15, "BME": 0, "UNKNOWN": 0, "ALL": 15}
    shown = profiles({"01T": hidden(counts, "WHITE", "ALL")})
    assert found(shown, truth=profiles({"01T": counts})) == {
        (of("01T", "WHITE"), "alike"): (None, None)
    }


def test_a_band_bounds_what_a_hidden_rate_is_of():
    tables = Tables().headcount("01T", 60)
    for group, number in (("KNOWN", None), ("UNKNOWN", None)):
        tables.figure(
            "01T", "DECLARATION", "ethnicity", group_code=group, numerator=number,
            denominator=60, status="suppressed",
        )  # fmt: skip
    assert found(tables.release()) == {}
    tables.rates.append(
        {"period_end": DAY, "level": "employer", "organisation_code": "01T",
         "characteristic": "ethnicity", "headcount": 60, "band": "95% or more"}
    )  # fmt: skip
    told = found(tables.release())
    assert told == {(of("01T", "UNKNOWN"), "interval"): (0, 3)}


def test_records_that_are_asked_for_tell_how_many_are_unknown():
    tables = Tables().headcount("01T", 163)
    tables.figure(
        "01T", "DECLARATION", "ethnicity", group_code="UNKNOWN", denominator=163,
        status="suppressed",
    )  # fmt: skip
    tables.figure(
        "01T", "DECLARATION", "ethnicity", group_code="KNOWN", denominator=163,
        status="suppressed",
    )  # fmt: skip
    tables.alerts.append(
        {"period_end": DAY, "organisation_code": "01T", "characteristic": "ethnicity",
         "target": 95.0, "records_to_target": 1}
    )  # fmt: skip
    # 95% of 163 are 154.85: 154 are known, and 9 are not.
    assert found(tables.release())[of("01T", "UNKNOWN"), "interval"] == (9, 9)


def test_figures_that_contradict_each_other_are_a_fault():
    contradicting = profiles({"01T": TOTAL | {"BME": 25}})
    assert {kind for _, kind in found(contradicting)} == {"infeasible"}


def test_what_is_not_true_is_a_fault():
    shown = profiles({"01T": hidden(TOTAL, "BME", "UNKNOWN")})
    true = profiles({"01T": TOTAL | {"WHITE": 61, "ALL": 86}})
    assert {kind for _, kind in found(shown, truth=true)} == {"infeasible"}


def test_no_release_is_wrong_usage():
    with pytest.raises(UsageError, match="at least one published database"):
        attack([], policy())


def test_a_seat_on_the_board_may_be_a_public_office():
    tables = Tables()
    for group, number in {"WHITE": 9, "BME": 2, "UNKNOWN": 1}.items():
        tables.figure(
            "01T", "WRES", "9", group_code=group, numerator=number, denominator=12
        )  # fmt: skip
    everybody = {(of("01T", group, population="board"), "interval") for group in ("WHITE", "BME")}
    unknown = (of("01T", "UNKNOWN", population="board"), "interval")
    assert found(tables.release()).keys() == everybody | {unknown}
    assert found(tables.release(), board_public_office=True).keys() == {unknown}


def test_few_unknown_may_be_told_where_the_policy_says_so():
    shown = profiles({"01T": {"WHITE": 60, "BME": 20, "UNKNOWN": 5, "ALL": 85}})
    assert found(shown).keys() == {(of("01T", "UNKNOWN"), "interval")}
    assert found(shown, unknown_sensitive=False) == {}


@pytest.mark.parametrize("of_all", [15, 0])
def test_a_zero_tells_of_a_part_what_it_may_tell_of_all(of_all):
    tables = Tables()
    parts = {
        "all": (90, of_all, 30),
        "directorate:Finance": (60, 0, 20),
        "directorate:Quality": (30, of_all, 10),
    }
    for part, numbers in parts.items():
        for group, number in zip(("WHITE", "BME", "UNKNOWN"), numbers, strict=True):
            tables.figure(
                "01T", "WRES" if part == "all" else "PSED", "1" if part == "all" else "ethnicity",
                part=part, group_code=group, numerator=number, denominator=sum(numbers),
            )  # fmt: skip
    zero = (of("01T", "BME", part="directorate:Finance"), "interval")
    # Where nobody of the whole organisation is BME, nobody of a part can be.
    told = {zero} if of_all else set()
    assert found(tables.release(), zeros_below_employer="hidden").keys() == told
    assert found(tables.release(), zeros_below_employer="shown") == {}


def test_rounded_counts_are_told_to_the_nearest_five_only():
    tables = Tables().figure(
        "01T", "PSED", "sex", measure="headcount", numerator=85, disclosure="ROUNDED"
    )
    for group, number in {"WHITE": 60, "BME": 5, "UNKNOWN": 20}.items():
        tables.figure(
            "01T", "PSED", "ethnicity", group_code=group, numerator=number, denominator=85,
            disclosure="ROUNDED",
        )  # fmt: skip
    true = profiles({"01T": {"WHITE": 62, "BME": 3, "UNKNOWN": 22, "ALL": 87}})
    assert found(tables.release(), truth=true, rounding=5) == {}
    false = profiles({"01T": {"WHITE": 63, "BME": 3, "UNKNOWN": 21, "ALL": 87}})
    assert found(tables.release(), truth=false, rounding=5)[of("01T", "WHITE"), "infeasible"] == (
        None,
        None,
    )


def gap(value, indicator="median_hourly", **counts):
    return Tables().figure(
        "01T", "GPG", indicator, measure="gap_percent", group_code="MALE",
        comparator_code="FEMALE", value=value, disclosure="PERCENT_ONLY", **counts,
    )  # fmt: skip


def pay(numerator, comparator):
    """Return the true counts behind a gap."""
    return gap(10.0, numerator=numerator, comparator_numerator=comparator).release()


def test_a_gap_in_pay_tells_that_each_side_is_of_enough_people():
    shown = gap(10.0).release()
    assert found(shown, truth=pay(50, 60), minimum_side=50) == {}
    men = of("01T", "MALE", characteristic="sex", population="full_pay")
    assert found(shown, truth=pay(49, 60), minimum_side=50).keys() == {(men, "infeasible")}
