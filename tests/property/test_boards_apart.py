"""Two boards side by side: each is protected, and attacked, as if the other were not there."""

from dataclasses import replace
from random import Random

import pandas as pd
import pytest
from random_people import QUARTERS, Shape, small_shape
from random_releases import shipped_policy
from random_systems import System, published_tables, random_system
from released import profiles
from two_boards import Tables, moved, renamed, rows_of, together

from pipeline.attack.apart import apart
from pipeline.attack.attack import Attack, Attacked, attack
from pipeline.attack.breaches import Kind
from pipeline.attack.sums import Count
from pipeline.protect.figures import protect

POLICY = shipped_policy()
NAIVE = replace(POLICY, secondary=False, minimum_base=0)
"""Hides small counts alone, so that there is something to find."""
PAIRS = (
    (10_003, 10_001),
    pytest.param((10_002, 10_003), marks=pytest.mark.slow),
)
LARGER = Shape(
    employers=6, quarters=QUARTERS[3:5], joint=0.04, directorates=2,
    characteristics=("ethnicity", "religion", "age_band", "sex"),
)  # fmt: skip


def small_system(seed: int) -> System:
    return random_system(seed, small_shape(Random(seed)))


def systems(first: int, second: int, shape: Shape | None = None) -> tuple[System, System]:
    """Return the systems of two seeds, the second under codes of its own."""
    made = [random_system(seed, shape) if shape else small_system(seed) for seed in (first, second)]
    return made[0], moved(made[1])


# --- protection ---------------------------------------------------------------------------------


def assert_protected_alike(one: System, other: System) -> None:
    figures = pd.concat([one.figures, other.figures], ignore_index=True)
    both = protect(figures, one.members | other.members, POLICY)
    for alone in (one, other):
        codes = set(alone.figures["organisation_code"])
        expected = protect(alone.figures, alone.members, POLICY)
        assert expected[0]["disclosure"].nunique() > 1
        for frame, own in zip(both, expected, strict=True):
            pd.testing.assert_frame_equal(rows_of(frame, codes), own.reset_index(drop=True))


@pytest.mark.parametrize("seeds", PAIRS)
def test_two_boards_protected_together_are_decided_as_each_alone(seeds):
    assert_protected_alike(*systems(*seeds))


def test_two_large_boards_protected_together_are_decided_as_each_alone():
    """So large that moves are sought, and not the fewest."""
    assert_protected_alike(*systems(1, 2, LARGER))


# --- attack -------------------------------------------------------------------------------------


def naive(seed: int) -> tuple[Tables, pd.DataFrame]:
    """Return the published tables of a small system that hides small counts alone; its figures."""
    system = small_system(seed)
    decided, published = protect(system.figures, system.members, NAIVE)
    return published_tables(system, published), decided


def two_releases(first: int, second: int) -> list[tuple[Tables, pd.DataFrame]]:
    """Return the releases of two boards, with their true figures."""
    tables, truth = naive(second)
    codes = "Z" + truth["organisation_code"].astype(str)
    return [naive(first), (renamed(tables), truth.assign(organisation_code=codes))]


def intervals(found: Attack) -> set[Count]:
    """Return the hidden counts that are told."""
    return {breach.cell for breach in found.breaches if breach.kind == Kind.INTERVAL}


def assert_union(found: Attack, *alone: Attack) -> None:
    """Hold what an attack on several boards finds against what it finds of each."""
    assert alone[0].breaches
    breaches = [breach for one in alone for breach in one.breaches]
    assert found.breaches == tuple(sorted(breaches, key=lambda one: (one.cell, one.kind)))
    assert found.questions == sum(one.questions for one in alone)
    assert found.excused == frozenset().union(*(one.excused for one in alone))
    expected = [Attacked(0, 0)] * len(found.releases)
    for one in alone:
        expected = [own.with_others(more) for own, more in zip(expected, one.releases, strict=True)]
    assert list(found.releases) == expected


@pytest.mark.parametrize("is_known", [True, False], ids=["truth known", "truth not known"])
@pytest.mark.parametrize("seeds", PAIRS)
def test_of_two_boards_the_attack_finds_what_it_finds_of_each(seeds, is_known):
    boards = two_releases(*seeds)
    truth = pd.concat([true for _, true in boards], ignore_index=True) if is_known else None
    found = attack([together(*(tables for tables, _ in boards))], NAIVE, truth)
    alone = [attack([tables], NAIVE, true if is_known else None) for tables, true in boards]
    assert_union(found, *alone)


def test_among_some_counts_the_attack_looks_at_the_boards_of_those_alone():
    boards = two_releases(*PAIRS[0])
    truth = pd.concat([true for _, true in boards], ignore_index=True)
    both = together(*(tables for tables, _ in boards))
    alone = [attack([tables], NAIVE, true) for tables, true in boards]
    some = [{breach.cell for breach in one.breaches[::2]} for one in alone]
    of_each = [
        attack([tables], NAIVE, true, among=own)
        for (tables, true), own in zip(boards, some, strict=True)
    ]
    assert_union(attack([both], NAIVE, truth, among=some[0] | some[1]), *of_each)
    for own, expected in zip(some, of_each, strict=True):
        found = attack([both], NAIVE, truth, among=own)
        assert_union(found, expected)
        assert intervals(found) & own == intervals(attack([both], NAIVE, truth)) & own
        assert any(intervals(one) - intervals(found) for one in alone)
    assert attack([both], NAIVE, truth, among=set()) == Attack((), (Attacked(0, 0),), 0)


# --- an employer who changed board --------------------------------------------------------------

STAFF = {
    "01T": {"WHITE": 70, "BME": 3, "UNKNOWN": 27, "ALL": 100},
    "01V": {"WHITE": 70, "BME": 15, "UNKNOWN": 15, "ALL": 100},
    "01X": {"WHITE": 63, "BME": 22, "UNKNOWN": 15, "ALL": 100},
}
HIDDEN = {"BME": None, "UNKNOWN": None}


def one_board(board: str, hidden: set[str], *codes: str) -> Tables:
    """Return the release of a board, in which two groups of some of its bodies are hidden."""
    pooled = {group: sum(STAFF[code][group] for code in codes) for group in STAFF["01T"]}
    counts = {code: STAFF[code] for code in codes} | {"QYG": pooled}
    tables = profiles(
        {code: own | (HIDDEN if code in hidden else {}) for code, own in counts.items()}
    )
    figure, bodies = tables["figure"], tables["organisation"]
    tables["figure"] = figure.replace({"organisation_code": {"QYG": board}})
    return tables | {"organisation": bodies.assign(icb_code=board)}


THEN = together(
    one_board("QYG", {"01T", "01V"}, "01T", "01V"), one_board("QOP", {"01X", "QOP"}, "01X")
)
NOW = together(one_board("QYG", {"01T", "QYG"}, "01T"), one_board("QOP", set(), "01V", "01X"))


def groups(found: Attack) -> set[tuple[str, str]]:
    return {(breach.cell.organisation, breach.cell.group) for breach in found.breaches}


def organisations(releases: list[Tables]) -> list[list[set[str]]]:
    """Return who is attacked together, in each release."""
    return [
        [set(one["figure"]["organisation_code"]) for one in own] for own, _ in apart(releases, None)
    ]


def test_boards_between_which_an_employer_changed_are_attacked_together():
    bodies = {"01T", "01V", "01X", "QYG", "QOP"}
    assert organisations([THEN, NOW]) == [[bodies, bodies]]
    assert sorted(map(sorted, (own for (own,) in organisations([NOW])))) == [
        ["01T", "QYG"], ["01V", "01X", "QOP"],
    ]  # fmt: skip


def test_what_two_boards_tell_of_an_employer_who_changed_is_put_together():
    """18 of the one board then, less 15 of whom the other board's employer has now, are 3."""
    assert groups(attack([THEN], POLICY)) == set()
    assert groups(attack([NOW], POLICY)) == set()
    assert ("01T", "BME") in groups(attack([THEN, NOW], POLICY))


def test_beside_boards_that_hang_together_another_is_attacked_by_itself():
    tables, _ = naive(10_003)
    third = renamed(tables)
    alone = [attack([THEN, NOW], NAIVE), attack([third, third], NAIVE)]
    assert_union(attack([together(THEN, third), together(NOW, third)], NAIVE), *alone)


def test_a_board_that_the_newest_release_leaves_out_adds_to_what_was_looked_at():
    """What an earlier release hides of it was attacked then: it is asked no more."""
    third = renamed(naive(10_003)[0])
    gone = one_board("QOP", {"01T"}, "01T", "01V")
    assert groups(attack([gone], NAIVE)) == {("01T", "BME")}
    alone = [attack([third, third], NAIVE), attack([gone, nothing_of(gone)], NAIVE)]
    assert alone[1].breaches == ()
    assert alone[1].releases[0].counts == 0
    assert_union(attack([together(gone, third), third], NAIVE), *alone)


def nothing_of(tables: Tables) -> Tables:
    return {name: table.iloc[:0] for name, table in tables.items()}
