"""What several releases, or two years of one, tell together that neither tells alone."""

from cells import policy
from released import BOARD, Tables, profiles

from pipeline.attack.attack import attack

YEAR_BEFORE = "2021-03-31"
TOGETHER = {
    "01T": {"WHITE": 70, "BME": 3, "UNKNOWN": 27, "ALL": 100},
    "01V": {"WHITE": 70, "BME": 15, "UNKNOWN": 15, "ALL": 100},
    "01X": {"WHITE": 63, "BME": 22, "UNKNOWN": 15, "ALL": 100},
}


def release(hidden, *codes):
    """Return the release of some employers and the ICB; ``hidden`` names groups of each."""
    counts = {code: TOGETHER[code] for code in codes}
    pooled = {group: sum(own[group] for own in counts.values()) for group in TOGETHER["01T"]}
    tables = {**counts, BOARD: pooled}
    return profiles(
        {code: own | dict.fromkeys(hidden.get(code, ())) for code, own in tables.items()}
    )


def found(*releases):
    return {(one.cell.organisation, one.cell.group) for one in attack(releases, policy()).breaches}


TWO = ("BME", "UNKNOWN")


def test_the_icb_of_then_tells_who_had_sent_where_the_other_one_is_shown_now():
    then = release({"01T": TWO, "01V": TWO}, "01T", "01V")
    assert found(then) == set()
    now = release({"01T": TWO, "01X": TWO}, "01T", "01V", "01X")
    assert found(now) == set()
    assert ("01T", "BME") in found(then, now)


def test_both_stay_hidden_where_both_were():
    then = release({"01T": TWO, "01V": TWO}, "01T", "01V")
    now = release({"01T": TWO, "01V": TWO}, "01T", "01V", "01X")
    assert found(then, now) == set()


# --- joiners and leavers ------------------------


def years(leavers, then=(60, 40), started=(12, 10), now=(61, 38)):
    """Return the staff of two years by sex, women first, with the starters and the leavers."""
    made = Tables()
    for day, (women, men) in ((YEAR_BEFORE, then), ("2022-03-31", now)):
        of_day = {"period_end": day, "denominator": women + men}
        made.figure(
            "01T", "PSED", "sex", measure="headcount", numerator=women + men, period_end=day
        )
        for group, number in (("FEMALE", women), ("MALE", men), ("UNKNOWN", 0)):
            made.figure("01T", "PSED", "sex", group_code=group, numerator=number, **of_day)
    for indicator, by_sex, total in (
        ("starters", started, sum(started)),
        ("leavers", leavers, 23),
    ):
        made.figure("01T", "FLOW", indicator, measure="count", numerator=total)
        for group, number in zip(("FEMALE", "MALE", "UNKNOWN"), (*by_sex, 0), strict=True):
            made.figure(
                "01T", "FLOW", indicator, part="sex", measure="count", group_code=group,
                numerator=number, status="suppressed" if number is None else "ok",
            )  # fmt: skip
    return made.release()


def test_leavers_by_sex_follow_from_two_years_and_the_starters():
    # 60 and 12 less 64 are 8 women, of 23 who left.
    small = years((None, None), now=(64, 35))
    assert found(small) == {("01T", "FEMALE")}


def test_many_leavers_may_follow():
    # 60 and 12 less 61 are 11 women, 40 and 10 less 38 are 12 men.
    assert found(years((None, None))) == set()


def test_where_the_totals_do_not_agree_nothing_follows():
    other = years((None, None), started=(12, 11), now=(64, 35))
    assert found(other) == set()
