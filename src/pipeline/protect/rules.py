"""What of the counts has to be protected, and how much each must leave open."""

from collections import defaultdict
from collections.abc import Set
from typing import TYPE_CHECKING, NamedTuple

from pipeline.disclosure import Policy
from pipeline.protect.bounds import Bounds
from pipeline.protect.cells import Cells, Owner
from pipeline.protect.costs import WHOLE_PARTS, Costs
from pipeline.protect.relations import HEADCOUNT, Relations
from pipeline.protect.sums import root
from pipeline.protect.system import System, system

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from pipeline.protect.system import Ints

    Mask = npt.NDArray[np.bool_]

_COST_OF_FACTS = 0.25
"""How much the cost of a cell counts against hiding one cell more or less."""


class Rules(NamedTuple):
    """The columns of the system, and what holds of each.

    Attributes:
        system: the equations and the true numbers.
        primary: whether it is a cell that is hidden since its count is small.
        unknown: for each column whether it is not published, whatever is hidden besides.
        sensitive: whether it is protected where it is not published.
        fixed: whether it is known whatever is hidden, such as what is out.
        prices: what hiding it costs.
        told_zero: whether it may be told to be nought.
        of_silent: whether counts below it of which nothing is published follow what is told of it,
            so that, where it is nought, that is told outright or not at all.
        enough: up to how many it must remain possible.
        block: the number of the block of a cell; -1 of a remainder.
        is_base: whether it counts everybody of a part.
        alike: groups of people of whom all but those of one group may not be told to be none.
        threshold: counts below it are small.
        fewest: how many values a count of a withheld block keeps at least.
        fewest_known: how many values each keeps for the person behind a count of 1.
    """

    system: System
    primary: "Mask"
    unknown: "Mask"
    sensitive: "Mask"
    fixed: "Mask"
    prices: "npt.NDArray[np.float64]"
    told_zero: "Mask"
    of_silent: "Mask"
    enough: "Ints"
    block: "Ints"
    is_base: "Mask"
    alike: list[tuple[int, ...]]
    threshold: int
    fewest: int
    fewest_known: int


def rules(
    cells: Cells,
    related: Relations,
    policy: Policy,
    withheld: frozenset[int],
    out: frozenset[int],
) -> Rules:
    """Return what holds of the cells, and of the remainders that follow from them."""
    import numpy as np

    idle = _idle(cells, related, withheld - out) | _silent_parts(cells, withheld - out)
    own = system(cells, related, idle)
    number, width = len(cells.counts), len(own.truth)
    fixed = np.zeros(width, dtype=bool)
    fixed[list(out)] = True
    fixed[_headcounts(cells, policy, withheld)] = True
    added = sorted(cells.added - out)
    primary = np.zeros(width, dtype=bool)
    primary[:number] = [policy.is_small(count) for count in cells.counts]
    primary[list(out | withheld | cells.added)] = False
    unknown = primary.copy()
    unknown[number:] = True
    unknown[[*added, *sorted(withheld - out)]] = True
    sensitive = np.zeros(width, dtype=bool)
    sensitive[:number] = ~fixed[:number]
    # A total that no figure shows is protected where it is few people, as a remainder is.
    sensitive[added] = (own.truth[added] > 0) & (own.truth[added] < policy.threshold)
    sensitive[sorted(idle)] = False
    sensitive[number:] = own.secret[number:] & (own.truth[number:] > 0)
    sensitive[number:] &= own.truth[number:] < policy.threshold
    enough = np.full(width, policy.threshold - 1, dtype=np.int64)
    for column, everybody in own.twice.items():
        enough[column] = min(policy.threshold - 1, own.truth[everybody])
    facts = _facts(cells, policy)
    bounds = Bounds(own)
    bounds.tighten(~fixed)
    # What follows from the headcounts alone, such as how many work for two employers, never moves.
    fixed[number:] = (bounds.least == bounds.most)[number:]
    unknown[number:] = ~fixed[number:]
    prices = np.full(width, np.inf)
    prices[:number] = 1 + _COST_OF_FACTS * facts.costs
    prices[fixed] = np.inf
    told_zero = np.zeros(width, dtype=bool)
    told_zero[:number] = facts.told_zero
    of_silent = np.zeros(width, dtype=bool)
    if policy.hides_zeros_below_employer:
        of_silent[_whole_of(cells, idle)] = True
    block = np.full(width, -1, dtype=np.int64)
    block[:number] = facts.block
    is_base = np.zeros(width, dtype=bool)
    is_base[:number] = facts.is_base
    alike = _alike(cells, related, policy)
    return Rules(
        system=own,
        primary=primary,
        unknown=unknown,
        sensitive=sensitive,
        fixed=fixed,
        prices=prices,
        told_zero=told_zero,
        of_silent=of_silent,
        enough=enough,
        block=block,
        is_base=is_base,
        alike=alike,
        threshold=policy.threshold,
        fewest=policy.fewest_values,
        fewest_known=policy.fewest_with_one_known,
    )


def _idle(cells: Cells, related: Relations, withheld: frozenset[int]) -> frozenset[int]:
    """Return the cells of employers of whom nothing is told but how many they are.

    Where there are several of them in a pool, whatever is told of the pool may be true of any of
    them: their people may be exchanged one for one. So their counts tell nothing of others, and of
    them no more is told than of the pool. An employer who is all that a system has besides its ICB
    is not among them: the difference of the two is that employer.
    """
    silent = {}
    for owner, names in cells.names.items():
        own = range(cells.first[owner], cells.first[owner] + len(names))
        if owner.level == "employer" and all(
            cell in withheld or cell in cells.added or name == HEADCOUNT
            for cell, name in zip(own, names, strict=True)
        ):
            silent[cells.number(owner, HEADCOUNT)] = own
    alone = set(silent)
    for place, is_pooled in enumerate(related.are_pooled):
        children = related.children_of(place) if is_pooled else []
        if not alone.isdisjoint(children):
            others = [child for child in children if child in silent]
            if len(others) > 1 and len(others) == len(children):
                alone.difference_update(others)
    for place, is_pooled in enumerate(related.are_pooled):
        children = related.children_of(place) if is_pooled else []
        if any(child not in silent for child in children):
            alone.update(child for child in children if child in silent)
    return frozenset(
        cell for headcount, own in silent.items() if headcount not in alone for cell in own
    )


def _headcounts(cells: Cells, policy: Policy, withheld: frozenset[int]) -> list[int]:
    """Return the headcounts, which are published of everybody: what else is hidden makes do."""
    numbers = (cells.number(owner, HEADCOUNT) for owner in cells.names)
    return [
        number
        for number in numbers
        if number is not None
        and number not in withheld
        and number not in cells.added
        and not policy.is_small(cells.counts[number])
    ]


def _silent_parts(cells: Cells, withheld: frozenset[int]) -> frozenset[int]:
    """Return the counts of a characteristic below the level of an organisation that tells none.

    Where none of its parts is published, whoever is in one group instead of another can be so in
    any part: what is told of the whole organisation binds the parts to nothing.
    """
    told: set[tuple[Owner, str, str]] = set()
    silent: dict[tuple[Owner, str, str], list[int]] = defaultdict(list)
    for owner, names in cells.names.items():
        for number, name in enumerate(names, cells.first[owner]):
            population, part, characteristic, _ = name.split("/")
            if part in WHOLE_PARTS:
                continue
            key = owner, population, root(characteristic)
            if number in withheld or number in cells.added:
                silent[key].append(number)
            else:
                told.add(key)
    return frozenset(
        number for key, numbers in silent.items() if key not in told for number in numbers
    )


def _whole_of(cells: Cells, idle: Set[int]) -> list[int]:
    """Return the counts of whole organisations of whose kind a part tells nothing at that day."""
    silent: set[tuple[object, ...]] = set()
    whole: dict[int, tuple[object, ...]] = {}
    for number, (owner, name) in enumerate(cells.named()):
        population, part, *group = name.split("/")
        key = owner.period_end, population, *group
        if part in WHOLE_PARTS:
            whole[number] = key
        elif number in idle:
            silent.add(key)
    return [number for number, key in whole.items() if key in silent]


class _Facts(NamedTuple):
    costs: "npt.NDArray[np.float64]"
    told_zero: "Mask"
    block: "Ints"
    is_base: "Mask"


def _facts(cells: Cells, policy: Policy) -> _Facts:
    import numpy as np

    costs = Costs(policy)
    blocks: dict[tuple[object, ...], int] = {}
    rows = []
    for owner, names in cells.names.items():
        first = cells.first[owner]
        zeros = {name for at, name in enumerate(names, first) if not cells.counts[at]}
        for name in names:
            population, part, characteristic, group = name.split("/")
            plain = characteristic.partition(":")[0]
            key = (owner, population, part, plain)
            # That nobody of a group is in a part tells of no person where the part has nobody.
            empty = {f"{population}/all/{characteristic}/{group}", f"{population}/{part}//ALL"}
            rows.append(
                (
                    costs.of(owner, name),
                    part in WHOLE_PARTS or not zeros.isdisjoint(empty),
                    blocks.setdefault(key, len(blocks)) if plain else -1,
                    not characteristic,
                )
            )
    types = (float, bool, np.int64, bool)
    columns = zip(*rows, strict=True) if rows else ((),) * len(types)
    return _Facts(*(np.array(column, dtype=of) for column, of in zip(columns, types, strict=True)))


def _alike(cells: Cells, related: Relations, policy: Policy) -> list[tuple[int, ...]]:
    """Return the groups that hold nobody, wherever few people are all in one other group."""
    found = []
    for place, is_partition in enumerate(related.are_partitions):
        if is_partition and 0 < cells.counts[related.totals[place]] <= policy.small_base:
            children = related.children_of(place)
            empty = tuple(cell for cell in children if not cells.counts[cell])
            if empty and len(children) - len(empty) == 1:
                found.append(empty)
    return list(dict.fromkeys(found))
