"""Laws of the protection, on random employers whose tables hang together."""

from collections import Counter

import pandas as pd
import pytest
from attacker import THRESHOLD, breaches
from cells import ICB, PERIOD, figures, members, policy
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.attack.sums import Count
from pipeline.protect.figures import protect

EMPLOYERS = ("01T", "01V", "01X")
TIERS = ("tier_lower", "tier_middle", "tier_upper")
PARTS = tuple(f"{side}:{tier}" for side in ("clinical", "non_clinical") for tier in TIERS)
NO_DOCTORS = "medical:all"
CATEGORIES = ("WHITE/A", "WHITE/B", "BME/D", "BME/H", "UNKNOWN/NEVER_ASKED", "UNKNOWN/DECLINED")
GROUPS = ("WHITE", "BME", "UNKNOWN")

# Mostly few people, as in the pay rows of a small employer, and sometimes many.
few_or_many = st.one_of(st.integers(0, 3), st.integers(0, 12), st.integers(0, 60))


@st.composite
def tables(draw):
    """Return the counts of three employers and their ICB, by name; some people hold two posts."""
    people = {
        (code, part, category): draw(few_or_many)
        for code in EMPLOYERS
        for part in PARTS
        for category in CATEGORIES
    }
    pooled = Counter()
    for (_, part, category), number in people.items():
        pooled[part, category] += number
    for part in PARTS:
        for category in CATEGORIES:
            most = min(people[code, part, category] for code in EMPLOYERS[:2])
            pooled[part, category] -= draw(st.integers(0, most))
    result = {}
    for code in EMPLOYERS:
        own = {key[1:]: number for key, number in people.items() if key[0] == code}
        result[code] = workforce(own) | board(draw) | applications(draw)
    result[ICB] = workforce(pooled)
    for name in result["01T"]:
        if name.startswith(("shortlisted", "appointed")):
            result[ICB][name] = sum(result[code][name] for code in EMPLOYERS)
    return result


def workforce(people):
    """Return every count of a workforce from its headcounts by pay row and category."""
    counts = Counter()
    for (row, category), number in people.items():
        group, detail = category.split("/")
        side, _, tier = row.partition(":")
        for part in (row, tier, f"{side}:all", "all"):
            base = f"workforce/{part}"
            counts[f"{base}//ALL"] += number
            counts[f"{base}/ethnicity/{group}"] += number
        base = "workforce/all/ethnicity"
        counts[f"{base}:{group}/{detail}"] += number
        counts[f"{base}/KNOWN"] += number * (group != "UNKNOWN")
        counts[f"{base}/NOT_WHITE_BRITISH"] += number * (group != "UNKNOWN" and detail != "A")
    for group in ("/ALL", *(f"ethnicity/{group}" for group in GROUPS)):
        counts[f"workforce/{NO_DOCTORS}/{group}"] = 0
    return dict(counts)


def board(draw):
    members = {(group, votes): draw(few_or_many) for group in GROUPS for votes in (True, False)}
    counts = Counter()
    for (group, votes), number in members.items():
        for part in ("all", "voting") if votes else ("all",):
            counts[f"board/{part}//ALL"] += number
            counts[f"board/{part}/ethnicity/{group}"] += number
    return dict(counts)


def applications(draw):
    counts = {}
    for group in GROUPS:
        appointed = draw(few_or_many)
        counts[f"appointed/all/ethnicity/{group}"] = appointed
        counts[f"shortlisted/all/ethnicity/{group}"] = appointed + draw(few_or_many)
    return counts


def by_count(frame):
    """Return the numerators of figures by whom they count, None where hidden."""
    named = zip(
        frame["level"], frame["organisation_code"], frame["numerator_people"], frame["numerator"],
        strict=True,
    )  # fmt: skip
    return {
        Count(str(PERIOD), level, code, *people.split("/")): None if pd.isna(n) else int(n)
        for level, code, people, n in named
    }


def nothing_follows(counts):
    decided, published = protect(figures(counts), members(counts), policy())
    pooled = {(str(PERIOD), "icb", ICB): [[("employer", code) for code in EMPLOYERS]]}
    assert breaches(by_count(published), by_count(decided), pooled, {}) == []


@settings(max_examples=15, deadline=None)
@given(tables())
def test_nothing_hidden_follows_from_what_is_shown(counts):
    nothing_follows(counts)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(tables())
def test_nothing_hidden_follows_from_what_is_shown_of_more_tables(counts):
    nothing_follows(counts)


@settings(max_examples=15, deadline=None)
@given(tables())
def test_every_small_count_is_hidden_and_every_number_with_it(counts):
    decided, published = protect(figures(counts), members(counts), policy())
    small = decided["numerator"].between(1, THRESHOLD - 1)
    assert published.loc[small, "numerator"].isna().all()
    assert decided.loc[small, "disclosure"].eq("PRIMARY").all()
    hidden = published["numerator"].isna()
    told = published.loc[hidden, ["value", "ci_low", "ci_high", "p_value", "direction"]]
    assert told.isna().all(axis=None)
    assert published.loc[hidden, "status"].eq("suppressed").all()
    # What is shown is true.
    shown = ~hidden
    assert published.loc[shown, "numerator"].eq(decided.loc[shown, "numerator"]).all()


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(tables(), st.randoms(use_true_random=False))
def test_the_order_of_the_figures_does_not_matter(counts, random):
    frame = figures(counts)
    order = list(frame.index)
    random.shuffle(order)
    pooling = {
        total: [random.sample(employers, len(employers)) for employers in ways]
        for total, ways in members(counts).items()
    }
    straight = protect(frame, members(counts), policy())
    shuffled = protect(frame.loc[order], pooling, policy())
    for one, other in zip(straight, shuffled, strict=True):
        pd.testing.assert_frame_equal(one, other.sort_index())


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(tables())
def test_protecting_again_hides_nothing_more(counts):
    once = protect(figures(counts), members(counts), policy())
    again = protect(once[0].drop(columns="disclosure"), members(counts), policy())
    for one, other in zip(once, again, strict=True):
        pd.testing.assert_frame_equal(one, other)


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.sampled_from(EMPLOYERS), st.integers(10, 400), min_size=1))
def test_large_headcounts_alone_are_all_shown(headcounts):
    everybody = "workforce/all//ALL"
    counts = {code: {everybody: number} for code, number in headcounts.items()}
    counts[ICB] = {everybody: sum(headcounts.values())}
    _, published = protect(figures(counts), members(counts), policy())
    assert published["numerator"].notna().all()
