"""Where little hangs together the fewest counts are hidden: held against every choice there is."""

import itertools
from collections.abc import Collection

import pytest
from cells import policy
from tiny_systems import FAMILIES, Cell, Tiny, tiny_system
from tiny_worlds import Reader

from pipeline.protect.cells import numbered
from pipeline.protect.costs import Costs
from pipeline.protect.relations import relations
from pipeline.protect.suppression import hidden_cells

FEW, MORE = 72, 960
POLICY = policy()
COSTS = Costs(POLICY)
_PLACES = 9
"""To how many places the costs of two choices differ or are the same: they are sums of floats."""


def chosen(tiny: Tiny) -> frozenset[Cell]:
    """Return the counts that the product hides."""
    cells = numbered(tiny.by_owner())
    found = hidden_cells(cells, relations(cells, tiny.members), POLICY)
    named = cells.named()
    return frozenset(named[cell] for cell in found)


def price(cells: Collection[Cell]) -> tuple[int, float]:
    """Return what hiding counts costs: first how many they are, then what the policy says."""
    return len(cells), round(sum(COSTS.of(*cell) for cell in cells), _PLACES)


def cheaper(reader: Reader, most: tuple[int, float]) -> frozenset[Cell] | None:
    """Return the cheapest choice that protects and costs less, None where there is none."""
    for size in range(most[0] + 1):
        for choice in sorted(map(frozenset, itertools.combinations(reader.free, size)), key=price):
            if price(choice) < most and not any(reader.told(reader.small | choice)):
                return choice
    return None


def wrong(seed: int) -> list[object]:
    """Return what is wrong with the choice of the product for a tiny system."""
    tiny = tiny_system(seed)
    reader = Reader(tiny)
    hidden = chosen(tiny)
    if told := sorted(reader.told(hidden)):
        return [seed, *told]
    other = cheaper(reader, price(hidden - reader.small))
    return [] if other is None else [seed, "would do", *sorted(other)]


@pytest.mark.parametrize("seed", range(FEW))
def test_what_is_hidden_protects_and_nothing_cheaper_does(seed):
    assert wrong(seed) == []


@pytest.mark.slow
@pytest.mark.parametrize("first", range(FEW, MORE, 24))
def test_of_many_tiny_systems_nothing_cheaper_protects(first):
    assert [found for seed in range(first, first + 24) if (found := wrong(seed))] == []


@pytest.mark.parametrize("family", range(len(FAMILIES)))
def test_the_tiny_systems_are_no_trivial_ones(family):
    """Of each kind some need more to be hidden than others do, and some several counts."""
    numbers = {
        len(chosen(tiny) - Reader(tiny).small)
        for tiny in map(tiny_system, range(family, FEW, len(FAMILIES)))
    }
    assert len(numbers) > 1
    assert max(numbers) >= 2


@pytest.mark.parametrize("family", range(len(FAMILIES)))
def test_every_world_that_is_counted_out_adds_up(family):
    """The true one is among them, and a headcount of ten or more is the same in each."""
    tiny = tiny_system(family)
    reader = Reader(tiny)
    of_cells = reader.worlds[:, : len(reader.cells)]
    assert (of_cells == reader.truth[: len(reader.cells)]).all(axis=1).any()
    for cell, place in reader.place.items():
        if tiny.is_kept(cell):
            assert set(of_cells[:, place].tolist()) == {reader.truth[place]}
    for whole, groups in tiny.wholes.items():
        total = sum(of_cells[:, reader.place[cell]] for cell in groups)
        assert (total == of_cells[:, reader.place[whole]]).all()
