"""On random systems nothing that is hidden can be told: by the attack, and by all worlds."""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from random_people import small_shape
from random_releases import released, shipped_policy
from random_systems import System, published_tables, random_system
from whole_world_rule import Reader, Rule, broken, shown_counts
from whole_worlds import Row, Worlds

from pipeline.attack.attack import attack
from pipeline.protect.figures import protect

FEW, MORE, MANY = 4, 20, 100
"""Random systems that are quick, slow and long."""
MORE_SMALL, MANY_SMALL = 3, 20
FIRST_SMALL, QUICK_SMALL = 10_000, 10_003


def rule() -> Rule:
    """Return the numbers of the shipped policy's rule."""
    policy = shipped_policy()
    return Rule(policy.threshold, policy.fewest_values, policy.fewest_with_one_known)


def small_system(seed: int) -> System:
    return random_system(seed, small_shape(Random(seed)))


def told_after_the_attack(seed: int) -> list[str]:
    """Return what the attack finds in the release of a random system."""
    release = released(random_system(seed), shipped_policy())
    return [f"seed {seed}: {breach.name} ({breach.kind})" for breach in release.attack.breaches]


def told_in_all_worlds(seed: int) -> list[str]:
    """Return what all whole-number worlds tell of the release of a small random system."""
    system = small_system(seed)
    release = released(system, shipped_policy())
    found = [f"{breach.name} ({breach.kind})" for breach in release.attack.breaches]
    found += broken(system, release.published, rule())
    return [f"seed {seed}: {one}" for one in found]


def spread_over(first: int, slow: int, most: int, at_once: int = 1) -> Iterator[Any]:
    """Yield the numbers from ``first`` below ``most``; the first of them are slow, others long."""
    for number in range(first, most, at_once):
        yield pytest.param(number, marks=[] if number < slow else [pytest.mark.long])


@pytest.mark.parametrize("seed", range(FEW))
def test_nothing_hidden_in_a_random_system_is_told(seed):
    assert told_after_the_attack(seed) == []


@pytest.mark.slow
@pytest.mark.parametrize("first", list(spread_over(FEW, MORE, MANY, at_once=4)))
def test_nothing_hidden_in_many_random_systems_is_told(first):
    seeds = range(first, first + 4)
    assert list(itertools.chain.from_iterable(map(told_after_the_attack, seeds))) == []


@pytest.mark.slow
@pytest.mark.parametrize("place", list(spread_over(0, MORE_SMALL, MANY_SMALL)))
def test_no_world_tells_what_is_hidden_in_a_small_system(place):
    assert told_in_all_worlds(FIRST_SMALL + place) == []


@pytest.mark.parametrize(
    "seed",
    [
        pytest.param(seed, marks=[] if seed == QUICK_SMALL else [pytest.mark.slow])
        for seed in range(FIRST_SMALL, FIRST_SMALL + 4)
    ],
)
def test_the_attack_finds_whatever_all_worlds_tell(seed):
    # Small counts alone are hidden, so that there is something to find.
    policy = replace(shipped_policy(), secondary=False, minimum_base=0)
    system = small_system(seed)
    decided, published = protect(system.figures, system.members, policy)
    found = attack([published_tables(system, published)], policy, decided)
    named = {(breach.cell[:3], "/".join(breach.cell[3:])) for breach in found.breaches}
    told = told_cells(system, published)
    assert told & named
    assert [cell for cell in told if named.isdisjoint(as_wide_as(cell))] == []


def as_wide_as(cell):
    """Yield a count and those that it follows from where nothing of its kind is published.

    Parts of which none is told, and employers of whom headcounts alone are, are as wide as their
    organisation and their pool leave them: the attack names those.
    """
    (day, _, code), (population, part, *group) = cell[0], cell[1].split("/")
    for name in dict.fromkeys((part, "all")):
        named = "/".join((population, name, *group))
        yield cell[0], named
        yield from (((day, level, "QYG"), named) for level in ("icb", "system") if code != "QYG")


def told_cells(system, published):
    """Return the counts that all worlds tell, as the attack names them."""
    shown = shown_counts(published)
    truth = {cell: system.counts[cell[0]][cell[1]] for cell in shown}
    reader = Reader(system.laws, truth, shown, rule())
    few = [cell for cell in reader.hidden if truth[cell] < shipped_policy().threshold]
    told = [cell for cell in few if reader.is_told(cell)]
    return {
        ((str(owner.period_end), owner.level, owner.organisation_code), name)
        for owner, name in told
    }


@pytest.mark.parametrize(
    "seed",
    [pytest.param(seed, marks=[pytest.mark.slow] if seed >= 10 else []) for seed in range(40)],
)
def test_every_law_of_a_random_system_holds_for_its_true_counts(seed):
    system = random_system(seed)
    for terms, least, most in system.laws:
        number = sum(factor * system.counts[owner][name] for (owner, name), factor in terms.items())
        assert least is None or least <= number
        assert most is None or number <= most


@pytest.mark.parametrize("seed", range(60))
def test_the_search_of_all_worlds_finds_the_ends_that_counting_them_out_finds(seed):
    random = Random(seed)
    number, most = random.randint(2, 5), 6
    truth = [random.randint(0, most) for _ in range(number)]
    rows = [Row({count: 1}, 0, most) for count in range(number)]
    for _ in range(random.randint(1, 4)):
        counts = random.sample(range(number), random.randint(1, number))
        terms = {count: random.choice((1, 1, 1, -1, 2)) for count in counts}
        total = sum(factor * truth[count] for count, factor in terms.items())
        least, highest = random.choice((total, total - 1, None)), random.choice((total, None))
        rows.append(Row(terms, least, highest))
    worlds = Worlds(number, rows, truth)
    possible = [
        world for world in itertools.product(range(most + 1), repeat=number) if worlds.agrees(world)
    ]
    for count in range(number):
        values = [world[count] for world in possible]
        assert worlds.ends(count) == (min(values), max(values))
        given = truth[count]
        others = [world for world in possible if world[count] == given]
        for other in set(range(number)) - {count}:
            values = [world[other] for world in others]
            assert worlds.given(count, given).ends(other) == (min(values), max(values))
