"""Protect the figures: a row tells its counts and its value only where every count may be told."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import pandas as pd

from pipeline.assess.columns import COUNTS, PEOPLE
from pipeline.disclosure import Policy
from pipeline.protect.cells import Cells, Owner
from pipeline.protect.counted import Counted, counted
from pipeline.protect.detail import Block, Members, is_told_in_any_case, parsed, withheld
from pipeline.protect.earlier_versions import PooledVersion, with_versions
from pipeline.protect.headlines import Employees, pay_gaps
from pipeline.protect.movements import with_movements
from pipeline.protect.relations import Relations, relations
from pipeline.protect.rows import estimates_of_hidden, hidden_since, reasons, withheld_why
from pipeline.protect.suppression import PRIMARY, SECONDARY, hidden_cells
from pipeline.protect.told import (
    NONE,
    PERCENT_ONLY,
    in_percent,
    published_figures,
    without_detail,
)
from pipeline.protect.totals import with_totals
from pipeline.sharing import Each, here

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    import numpy.typing as npt


def protect(  # noqa: PLR0913 - what is known beforehand has names of its own
    figures: pd.DataFrame,
    members: Members,
    policy: Policy,
    out: Collection[tuple[Owner, str]] = (),
    withhold: Collection[Block] = (),
    *,
    versions: Collection[PooledVersion] = (),
    employees: Employees | None = None,
    chosen: dict[tuple[Owner, str], str] | None = None,
    each: Each = here,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the figures with what the policy decided, and the figures as they may be published.

    Both have the rows of ``figures`` and a column ``disclosure``: NONE, PRIMARY, SECONDARY or
    PERCENT_ONLY in the first, which keeps all numbers; NONE, SUPPRESSED or PERCENT_ONLY in the
    second, since why a cell is hidden would tell its range.

    Args:
        figures: the figures as ``assess`` returns them.
        members: for each pooled organisation every way in which it is put together.
        policy: what may be published.
        out: counts that earlier releases show, by organisation and name; they cannot be hidden.
        withhold: blocks that must not be published.
        versions: what earlier releases told of pooled organisations that are otherwise now.
        employees: the relevant employees of each employer, where the pay of any is among them.
        chosen: why each hidden cell is hidden. Where it is empty the cells are chosen and put into
            it; else they are as chosen before, since a block that is withheld besides takes from
            what a reader knows and adds nothing to it.
        each: works on what hangs together, one after the other or several at once.
    """
    counts = counted(figures)
    held = withheld(figures, counts, members, policy, withhold)
    pay = pay_gaps(figures, policy, employees or {})
    by_date, by_count = held.by_date | pay.by_rule, held.by_count | pay.by_count
    percent_only = (pay.statutory | pay.medians) & ~by_date & ~by_count
    told = ~by_date & ~by_count & ~percent_only
    unpublished = held.cells | _in_no_figure(figures, counts, told)
    cells = with_totals(_counts_that_matter(counts, unpublished, members))
    if chosen:
        numbered = ((cells.number(*cell), reason) for cell, reason in chosen.items())
        hidden = {number: reason for number, reason in numbered if number is not None}
    else:
        related = relations(cells, members)
        known = {*out, *((version.owner, name) for version in versions for name in version.told)}
        every = with_movements(with_versions(cells, related, versions), related)
        hidden = dict(_hidden(every, related, policy, (counts, unpublished, known), each))
        if chosen is not None:
            chosen |= {cell: hidden[number] for number, cell in _named(cells, hidden)}
    held_why = withheld_why(counts, unpublished, policy)
    why = reasons(figures, counts, cells, hidden, held_why).mask(percent_only, None)
    by_counts = why.notna().any(axis="columns") | by_date | by_count
    follows = estimates_of_hidden(figures, by_counts, members) | hidden_since(
        figures, counts, cells, hidden, unpublished
    )
    decided = figures.assign(disclosure=NONE)
    decided["disclosure"] = (
        decided["disclosure"]
        .mask(percent_only, PERCENT_ONLY)
        .mask(by_counts | follows, SECONDARY)
        .mask(why.isin([PRIMARY]).any(axis="columns"), PRIMARY)
    )
    published = published_figures(decided, why.notna(), follows | by_count, policy)
    return decided, without_detail(in_percent(published, pay.medians, percent_only), by_date)


def _named(cells: Cells, hidden: Collection[int]) -> Iterator[tuple[int, tuple[Owner, str]]]:
    """Yield each hidden cell, by number and by name."""
    for owner, names in cells.names.items():
        for number, name in enumerate(names, cells.first[owner]):
            if number in hidden:
                yield number, (owner, name)


def _in_no_figure(
    figures: pd.DataFrame, counts: Counted, told: "pd.Series[bool]"
) -> "npt.NDArray[np.bool_]":
    """Return which counts of people stand in figures, and in none of those that are told."""
    import numpy as np

    stands, shown = (np.zeros(len(counts.names), dtype=bool) for _ in range(2))
    # How the gap that an action names has changed shows neither gap.
    shows = (told & figures["standard"].ne("ACTIONS")).to_numpy()
    for count in COUNTS:
        is_there = figures[count].notna().to_numpy()
        places = counts.of_rows[count]
        stands[places[is_there]] = True
        shown[places[is_there & shows]] = True
    for place, name in enumerate(counts.names):
        shown[place] |= not name
    return stands & ~shown


def _counts_that_matter(
    counts: Counted, unpublished: "npt.NDArray[np.bool_]", members: Members
) -> dict[Owner, dict[str, int]]:
    """Return the counts without the populations of which no group is published at all.

    Of those a reader knows nothing that hiding something else would take away; but for trusts,
    which are the difference between a system and its ICB.
    """
    shown: set[tuple[Owner, str]] = set()
    named = list(zip(counts.owners, counts.names, unpublished.tolist(), strict=True))
    for owner, name, is_unpublished in named:
        if name and not is_unpublished and not name.endswith("//ALL"):
            shown.add((owner, name.partition("/")[0]))
    apart = {
        (member, population)
        for owner, population in shown
        for way in members.get(owner, ())
        if any(one.level != "employer" for one in way)
        for member in way
    }
    shown |= apart
    kept: dict[Owner, dict[str, int]] = defaultdict(dict)
    for owner, name, is_unpublished in named:
        number = counts.counts.get(owner, {}).get(name)
        population = name.partition("/")[0]
        is_kept = not is_unpublished or (owner, population) in shown
        if number is not None and is_kept:
            kept[owner][name] = number
    return kept


def _hidden(
    cells: Cells,
    related: Relations,
    policy: Policy,
    known: tuple[Counted, "npt.NDArray[np.bool_]", Collection[tuple[Owner, str]]],
    each: Each,
) -> Mapping[int, str]:
    """Return why each hidden cell is hidden.

    Args:
        cells: the cells.
        related: how they depend on one another.
        policy: what is hidden.
        known: the counts, which of them are not published, and those that are out already.
        each: works on what hangs together.
    """
    counts, unpublished, out = known
    named = list(zip(counts.owners, counts.names, strict=True))
    withheld_cells = _numbers(cells, (named[place] for place in unpublished.nonzero()[0]))
    known_already = _numbers(cells, out)
    free = _numbers(
        cells, (one for one in named if one[1] and is_told_in_any_case(parsed(one[1]), policy))
    )
    told = (free - withheld_cells) | known_already
    small = frozenset(cell for cell, count in enumerate(cells.counts) if policy.is_small(count))
    # What is out protects nothing, but no reader is given a small count once more.
    again = dict.fromkeys((small & known_already) - withheld_cells - free, PRIMARY)
    if policy.secondary:
        held = withheld_cells - known_already
        return (
            dict(hidden_cells(cells, related, policy, withheld=held, out=told, each=each)) | again
        )
    return dict.fromkeys(small - told - cells.added, PRIMARY) | again


def _numbers(cells: Cells, named: Iterable[tuple[Owner, str]]) -> frozenset[int]:
    """Return the numbers of the cells of these organisations and names, where there are any."""
    numbers = (cells.number(owner, name) for owner, name in named)
    return frozenset(number for number in numbers if number is not None)


def without_counts(figures: pd.DataFrame) -> pd.DataFrame:
    """Return the figures without the counts of those whose number stands in the value alone."""
    bare = ~figures["shows_counts"].astype(bool)
    return figures.assign(
        **{name: figures[name].mask(bare) for name in (*COUNTS, *PEOPLE)},
    )


def pooled_members(connection: "duckdb.DuckDBPyConnection") -> dict[Owner, list[list[Owner]]]:
    """Return for each pooled organisation and snapshot every way in which it is put together."""
    rows = connection.execute(
        "select period_end, level, organisation_code, employer_code, employer_kind = 'TRUST' "
        "from core.membership where level <> 'employer' order by all"
    ).fetchall()
    employers: dict[Owner, list[Owner]] = defaultdict(list)
    bodies: dict[Owner, set[Owner]] = defaultdict(set)
    for period_end, level, organisation_code, employer_code, is_trust in rows:
        owner = Owner(period_end, level, organisation_code)
        employer = Owner(period_end, "employer", employer_code)
        employers[owner].append(employer)
        icb = Owner(period_end, "icb", organisation_code)
        bodies[owner].add(employer if is_trust else icb)
    return {
        owner: [pooled] if owner.level == "icb" else [pooled, sorted(bodies[owner])]
        for owner, pooled in employers.items()
    }
