"""Blocks of counts that differ so little from what is out that they tell who came or went.

Whoever has a snapshot and the one before it, or two versions of the same snapshot, has the
difference between them too. Where one or two people left, joined or had their record put right,
each group that changed by one or two tells what they are.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from pipeline.disclosure import Policy
from pipeline.protect.cells import Owner
from pipeline.protect.detail import WHOLE, Block, parsed
from pipeline.protect.published_before import Counts, PublishedBefore
from pipeline.store import one_thread

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

_STAFF = "workforce"
_EVERYBODY = "//ALL"
_HEADCOUNT = f"{_STAFF}/all{_EVERYBODY}"


class Pair(NamedTuple):
    """An organisation at a snapshot, and an earlier one."""

    owner: Owner
    before: date


Moved = Mapping[Pair, int]
"""How many people are counted at one of two snapshots only."""


def block_of(owner: Owner, text: str) -> Block | None:
    """Return the block of a cell; None for that of everybody, which belongs to none."""
    name = parsed(text)
    if not name.characteristic:
        return None
    return Block(owner, name.population, name.part, name.characteristic.partition(":")[0])


def few_changed(before: PublishedBefore, moved: Moved, policy: Policy) -> frozenset[Block]:
    """Return the blocks of this release that tell of too few people who changed.

    Against an earlier version of the same snapshot: everybody in it changed by fewer than
    ``minimum_change`` people, and so did one of its groups. Against the snapshot at which the
    block was published last: fewer than ``minimum_change`` people came or went, and one of its
    groups changed by as few. Of two snapshots the later one's block is withheld, or where that is
    out already the earlier one's; where both are, nothing can be done.

    Args:
        before: the counts of this release and what the earlier ones show of them.
        moved: ``moved_people`` of the ``close_snapshots``; no other snapshots are close.
        policy: how few are too few, and what is published when.
    """
    found = set(_of_versions(before, policy.minimum_change))
    if all(people >= policy.minimum_change for people in moved.values()):
        return frozenset(found)
    groups = _staff_blocks(before.counts, policy)
    out = {block_of(*cell) for cell in before.out}
    shown: dict[tuple[str, ...], Block] = {}
    for block in sorted(groups):
        series = (*block.owner[1:], *block[1:])
        earlier = shown.get(series)
        if earlier is not None and _is_close(earlier, block, groups, moved, policy):
            withheld = block if block not in out else earlier
            found |= {withheld} - out
        if block not in found:
            shown[series] = block
    return frozenset(found)


def headcounts(figures: "pd.DataFrame") -> dict[Owner, int]:
    """Return the number of staff of each organisation and snapshot in ``figures``."""
    is_everybody = figures["numerator_people"].eq(_HEADCOUNT) & figures["numerator"].notna()
    rows = figures.loc[is_everybody, [*Owner._fields, "numerator"]].drop_duplicates()
    return {Owner(*owner): int(number) for *owner, number in rows.itertuples(index=False)}


def close_snapshots(staff: Mapping[Owner, int], policy: Policy) -> list[Pair]:
    """Return the pairs of published snapshots of an organisation of nearly the same headcount.

    Args:
        staff: the headcount of each organisation and snapshot.
        policy: what is near, and what is published when.
    """
    days: dict[tuple[str, ...], list[Owner]] = defaultdict(list)
    for owner in sorted(staff):
        if _is_published(owner, "all", policy):
            days[owner[1:]].append(owner)
    return [
        Pair(later, earlier.period_end)
        for owners in days.values()
        for earlier, later in combinations(owners, 2)
        if abs(staff[later] - staff[earlier]) < policy.minimum_change
    ]


def moved_people(connection: "duckdb.DuckDBPyConnection", pairs: Iterable[Pair]) -> Moved:
    """Return for each pair how many people of the workforce are there at one of the two only.

    Args:
        connection: the private database, built.
        pairs: organisations at two snapshots each.
    """
    pairs = list(pairs)
    if not pairs:
        return {}
    columns = [
        [pair.owner.period_end for pair in pairs],
        [pair.before for pair in pairs],
        [pair.owner.level for pair in pairs],
        [pair.owner.organisation_code for pair in pairs],
    ]
    with one_thread(connection):
        rows = connection.execute(_MOVED, columns).fetchall()
    found = dict.fromkeys(pairs, 0)
    for period_end, earlier, level, code, people in rows:
        found[Pair(Owner(period_end, level, code), earlier)] = people
    return found


_MOVED = """
with pair as (
    select unnest(cast(? as date[])) as period_end, unnest(cast(? as date[])) as before,
        unnest(cast(? as varchar[])) as level, unnest(cast(? as varchar[])) as organisation_code
),
moved as (
    select pair.period_end, pair.before, pair.level, pair.organisation_code, staff.person
    from pair inner join core.workforce as staff
        on pair.level = staff.level and pair.organisation_code = staff.organisation_code
        and (pair.period_end = staff.period_end or pair.before = staff.period_end)
    group by all having count(*) = 1
)
select period_end, before, level, organisation_code, count(*) from moved group by all
"""


def _of_versions(before: PublishedBefore, minimum_change: int) -> Iterator[Block]:
    """Yield the blocks of which an earlier release shows a version that differs by too little."""
    for told in before.told:
        for (owner, name), number in told.items():
            block, now = block_of(owner, name), before.now((owner, name))
            if block is None or now is None or not 0 < abs(now - number) < minimum_change:
                continue
            everybody = (owner, f"{name.partition('/')[0]}/{block.part}{_EVERYBODY}")
            base, base_now = told.get(everybody), before.now(everybody)
            if base is None or base_now is None:
                continue
            if abs(base_now - base) < minimum_change:
                yield block


def _staff_blocks(counts: Counts, policy: Policy) -> dict[Block, dict[str, int]]:
    """Return the blocks of staff that the policy publishes, with the number of each group."""
    found: dict[Block, dict[str, int]] = defaultdict(dict)
    for owner, own in counts.items():
        for name, number in own.items():
            block = block_of(owner, name) if name.startswith(_STAFF) else None
            if block is not None and _is_published(owner, block.part, policy):
                found[block][name] = number
    return found


def _is_published(owner: Owner, part: str, policy: Policy) -> bool:
    kind = "detail" if part in WHOLE else "parts"
    return policy.publishes(kind, owner.level, owner.period_end)


def _is_close(
    earlier: Block,
    later: Block,
    groups: Mapping[Block, Mapping[str, int]],
    moved: Moved,
    policy: Policy,
) -> bool:
    people = moved.get(Pair(later.owner, earlier.owner.period_end))
    if people is None or people >= policy.minimum_change:
        return False
    changes = (abs(number - groups[earlier].get(name, 0)) for name, number in groups[later].items())
    return any(0 < change < policy.minimum_change for change in changes)
