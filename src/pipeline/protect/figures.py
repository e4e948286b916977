"""Protect the figures: a row tells its counts and its value only where every count may be told."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import pandas as pd

from pipeline.assess.columns import COUNTS, PEOPLE
from pipeline.assess.pooled import ESTIMATE
from pipeline.disclosure import Policy
from pipeline.protect.cells import Cells, Owner
from pipeline.protect.counted import SURVEY, Counted, cell_name, counted
from pipeline.protect.detail import Block, Members, is_told_in_any_case, parsed, withheld
from pipeline.protect.earlier_versions import PooledVersion, with_versions
from pipeline.protect.headlines import pay_gaps
from pipeline.protect.movements import with_movements
from pipeline.protect.relations import Relations, relations
from pipeline.protect.suppression import PRIMARY, SECONDARY, hidden_cells
from pipeline.protect.told import (
    NONE,
    PERCENT_ONLY,
    in_percent,
    published_figures,
    without_detail,
)
from pipeline.protect.totals import with_totals

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    import numpy.typing as npt

_BASE_OF = {"numerator": "denominator", "comparator_numerator": "comparator_denominator"}


def protect(  # noqa: PLR0913 - what is known beforehand has names of its own
    figures: pd.DataFrame,
    members: Members,
    policy: Policy,
    out: Collection[tuple[Owner, str]] = (),
    withhold: Collection[Block] = (),
    *,
    versions: Collection[PooledVersion] = (),
    chosen: dict[tuple[Owner, str], str] | None = None,
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
        chosen: why each hidden cell is hidden. Where it is empty the cells are chosen and put into
            it; else they are as chosen before, since a block that is withheld besides takes from
            what a reader knows and adds nothing to it.
    """
    counts = counted(figures)
    held = withheld(figures, counts, members, policy, withhold)
    pay = pay_gaps(figures, policy)
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
        hidden = dict(_hidden(every, related, policy, (counts, unpublished, known)))
        if chosen is not None:
            chosen |= {cell: hidden[number] for number, cell in _named(cells, hidden)}
    reasons = _reasons(figures, counts, cells, hidden, unpublished)
    reasons = reasons.mask(percent_only, None)
    by_counts = reasons.notna().any(axis="columns") | by_date | by_count
    follows = _estimates_of_hidden(figures, by_counts, members) | _hidden_since(
        figures, counts, cells, hidden, unpublished
    )
    decided = figures.assign(disclosure=NONE)
    decided["disclosure"] = (
        decided["disclosure"]
        .mask(percent_only, PERCENT_ONLY)
        .mask(by_counts | follows, SECONDARY)
        .mask(reasons.isin([PRIMARY]).any(axis="columns"), PRIMARY)
    )
    published = published_figures(decided, reasons.notna(), follows | by_count, policy)
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
) -> Mapping[int, str]:
    """Return why each hidden cell is hidden.

    Args:
        cells: the cells.
        related: how they depend on one another.
        policy: what is hidden.
        known: the counts, which of them are not published, and those that are out already.
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
        return dict(hidden_cells(cells, related, policy, withheld=held, out=told)) | again
    return dict.fromkeys(small - told - cells.added, PRIMARY) | again


def _numbers(cells: Cells, named: Iterable[tuple[Owner, str]]) -> frozenset[int]:
    """Return the numbers of the cells of these organisations and names, where there are any."""
    numbers = (cells.number(owner, name) for owner, name in named)
    return frozenset(number for number in numbers if number is not None)


def _reasons(
    figures: pd.DataFrame,
    counts: Counted,
    cells: Cells,
    hidden: Mapping[int, str],
    unpublished: "npt.NDArray[np.bool_]",
) -> pd.DataFrame:
    """Return why each count of each row is hidden, None where it is not."""
    numbers = map(cells.number, counts.owners, counts.names)
    reason = [None if number is None else hidden.get(number) for number in numbers]
    of_key = pd.Series(reason, dtype=object)
    of_key = of_key.mask(unpublished & of_key.isna().to_numpy(), SECONDARY)
    is_survey = pd.Series([name.startswith(SURVEY) for name in counts.names], dtype=bool)
    reasons = pd.DataFrame(
        {count: of_key.take(keys).to_numpy() for count, keys in counts.of_rows.items()},
        index=figures.index,
        dtype=object,
    )
    for count, base in _BASE_OF.items():
        is_answer = is_survey.take(counts.of_rows[count]).to_numpy()
        reasons[count] = reasons[base].where(is_answer, reasons[count])
    return reasons


def without_counts(figures: pd.DataFrame) -> pd.DataFrame:
    """Return the figures without the counts of those whose number stands in the value alone."""
    bare = ~figures["shows_counts"].astype(bool)
    return figures.assign(
        **{name: figures[name].mask(bare) for name in (*COUNTS, *PEOPLE)},
    )


def _estimates_of_hidden(
    figures: pd.DataFrame, is_hidden: "pd.Series[bool]", members: Members
) -> "pd.Series[bool]":
    """Return which rows are estimates over employers of which one at least is hidden.

    Who knows the estimate and all employers but one knows that one's ratio, whatever the pooled
    counts tell.
    """
    parts = [part for part in figures["part"].unique() if str(part).endswith(f":{ESTIMATE}")]
    estimates = figures["part"].isin(parts) & ~is_hidden
    found = estimates & False
    if not estimates.any():
        return found
    named = [*Owner._fields, "standard", "indicator", "part", "group_code", "comparator_code"]
    is_like = is_hidden & figures["indicator"].isin(figures.loc[estimates, "indicator"].unique())
    hidden = set(map(tuple, figures.loc[is_like, named].to_numpy().tolist()))
    keys = figures.loc[estimates, named].to_numpy().tolist()
    for index, (*owner, standard, indicator, part, group, comparator) in zip(
        figures.index[estimates], keys, strict=True
    ):
        figure = (standard, indicator, part.removesuffix(f":{ESTIMATE}"), group, comparator)
        found[index] = any((*one, *figure) in hidden for one in members[Owner(*owner)][0])
    return found


def _hidden_since(
    figures: pd.DataFrame,
    counts: Counted,
    cells: Cells,
    hidden: Mapping[int, str],
    unpublished: "npt.NDArray[np.bool_]",
) -> "pd.Series[bool]":
    """Return whether a count of the snapshot that a change is measured from is hidden.

    Who knows a figure now and how it changed knows what it was.
    """
    found = pd.Series(data=False, index=figures.index)
    if "since" not in figures:
        return found
    is_change = figures["since"].notna()
    if not is_change.any():
        return found
    gone = {(counts.owners[place], counts.names[place]) for place in unpublished.nonzero()[0]}
    changes = figures.loc[is_change, ["since", "level", "organisation_code", *PEOPLE]]
    found.loc[is_change] = pd.Series(
        [
            any(
                (cell := (Owner(since, level, code), cell_name(name))) in gone
                or cells.number(*cell) in hidden
                for name in names
            )
            for since, level, code, *names in changes.itertuples(index=False)
        ],
        index=changes.index,
        dtype=bool,
    )
    return found


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
