"""Protect figures, and attack what would be published until the attack finds nothing.

Protection hides counts, and the attack looks for what a reader can still work out from everything
that is published, earlier releases included. What it finds is withheld with its whole block, and
then all is protected and attacked anew. What earlier releases give away by themselves can be
mended no more: it is listed as out.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from pipeline.assess.columns import COUNTS
from pipeline.attack.attack import Attack, attack
from pipeline.attack.breaches import Breach
from pipeline.attack.published import read_published
from pipeline.attack.sums import Count
from pipeline.disclosure import Policy
from pipeline.protect.cells import Owner
from pipeline.protect.counted import counted
from pipeline.protect.detail import Block, parsed
from pipeline.protect.earlier_versions import PooledVersion, pooled_versions
from pipeline.protect.few_changed import close_snapshots, few_changed, headcounts, moved_people
from pipeline.protect.figures import protect, without_counts
from pipeline.protect.published_before import Cell, published_before, release_databases
from pipeline.protect.rounded import rounded
from pipeline.protect.sums import with_coarse
from pipeline.publish.earlier import at_snapshots, snapshots_read_otherwise
from pipeline.publish.tables import TYPED_PART, without_untold_names
from pipeline.registry import load_registry
from pipeline.relevant_employees import relevant_employees

if TYPE_CHECKING:
    from pipeline.workspace import Workspace

MOST_ROUNDS = 8
"""How often figures are protected and attacked before the release is given up."""
_PATIENT_ROUNDS = 3
"""How often only the blocks of what was found are withheld; after that all of its population."""

Members = dict[Owner, list[list[Owner]]]
Tables = Mapping[str, pd.DataFrame]
ToTables = Callable[[pd.DataFrame, pd.DataFrame], Tables]
"""From the decided and the published figures to the tables that a reader would have of them."""


@dataclass(frozen=True, slots=True)
class Proved:
    """Figures as the last attack left them.

    Attributes:
        decided: the figures with what the policy decided, and their true counts.
        published: the figures as they may be published.
        tables: the published tables of them that were attacked.
        breaches: what a reader can work out all the same; nothing where the figures are safe.
        attacked: what the first attack looked at; later ones look at what was not protected then.
        rounds: how often the figures were protected and attacked.
        few_changed: the blocks that are withheld because few people changed.
        withheld: those that are withheld because of what an attack found.
        out: the counts that are hidden and that earlier releases have told, or give away.
    """

    decided: pd.DataFrame
    published: pd.DataFrame
    tables: Tables
    breaches: tuple[Breach, ...]
    attacked: Attack
    rounds: int
    few_changed: frozenset[Block]
    withheld: frozenset[Block]
    out: frozenset[Cell]

    @property
    def hidden(self) -> int:
        """How many hidden counts the attack looked at, in earlier releases too."""
        return sum(release.hidden for release in self.attacked.releases)

    def told(self) -> dict[str, Any]:
        """Return what the manifest says of the protection and the attack: names, no numbers."""
        return {
            "hidden_counts_attacked": self.hidden,
            "questions": self.attacked.questions,
            "rounds": self.rounds,
            "withheld_few_changed": sorted(map(_block_name, self.few_changed)),
            "withheld_after_attack": sorted(map(_block_name, self.withheld)),
            "already_out": sorted(_name(*cell) for cell in self.out),
        }


def prove(
    workspace: "Workspace", figures: pd.DataFrame, members: Members, to_tables: ToTables
) -> Proved:
    """Protect ``figures``, attack what would be published, and withhold what the attack finds.

    A policy without secondary suppression asks for nothing more to be hidden than it names, so
    that what the attack finds is left to stop the release.

    Args:
        workspace: the run; its private database is built.
        figures: the figures as ``assess`` returns them.
        members: for each pooled organisation every way in which it is put together.
        to_tables: the published tables of figures.

    Raises:
        UsageError: an earlier release is not there or cannot be read.
    """
    call, policy, each = workspace.runner.call, workspace.policy, workspace.companion.each
    paths = release_databases(
        workspace.home.releases, [one["release_id"] for one in workspace.ledger.releases()]
    )
    pairs = close_snapshots(headcounts(figures), policy)
    moved = moved_people(workspace.connection, pairs)
    is_close = any(people < policy.minimum_change for people in moved.values())
    counts = counted(figures).counts if paths or is_close else {}
    before = published_before(paths, figures, counts)
    changed = few_changed(before, moved, policy)
    versions = pooled_versions(before, members)
    withheld: frozenset[Block] = frozenset()
    given: frozenset[Cell] | None = None
    chosen: dict[Cell, str] = {}
    among: frozenset[Count] | None = None
    first: Attack | None = None
    rounds = 0
    while True:
        rounds += 1
        blocks = changed | withheld
        known = before.out, blocks, versions
        both = call(partial(_protected, workspace, figures, members, known, chosen), "protect")
        decided, published = map(without_counts, both)
        tables = to_tables(decided, published)
        releases = [*_earlier(paths, tables["figure"]), tables]
        found = call(partial(attack, releases, policy, decided, among, each), "attack")
        first = first or found
        if given is None and found.breaches:
            given = _given_away(paths, policy, decided, tables)
        breaches = tuple(one for one in found.breaches if cell_of(one) not in (given or ()))
        more = to_withhold(breaches, blocks, figures, members, rounds)
        if not more or not policy.secondary or rounds == MOST_ROUNDS:
            break
        withheld |= more
        # A reader is told less from now on, so that what was protected stays so.
        among = frozenset(one.cell for one in breaches) | found.excused
    told = {cell_of(one) for one in found.breaches} & (given or frozenset())
    return Proved(
        decided=decided,
        published=published,
        tables=tables,
        breaches=breaches,
        attacked=first,
        rounds=rounds,
        few_changed=changed,
        withheld=withheld,
        out=_hidden_again(both[1], before.out) | told,
    )


def _protected(
    workspace: "Workspace",
    figures: pd.DataFrame,
    members: Members,
    known: tuple[frozenset[Cell], frozenset[Block], tuple[PooledVersion, ...]],
    chosen: dict[Cell, str],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the decided and the published figures, where the policy says so rounded.

    Args:
        workspace: the run.
        figures: the figures as ``assess`` returns them.
        members: for each pooled organisation every way in which it is put together.
        known: the counts that are out, the blocks that must not be published, and the earlier
            versions of pooled organisations.
        chosen: the hidden cells, once they are chosen.
    """
    policy, companion = workspace.policy, workspace.companion
    out, withhold, versions = known
    both = protect(
        figures, members, policy, out=out, withhold=withhold, versions=versions,
        employees=relevant_employees(workspace.connection), chosen=chosen, each=companion.each,
    )  # fmt: skip
    return rounded(*both, policy, load_registry(), companion.answer)


def breach_names(breaches: Iterable[Breach]) -> list[str]:
    """Return what can be worked out, by name and without its number.

    It is told to the analyst and to a Prefect server, so that a name that somebody typed is left
    out; ``marts.derivable`` has it.
    """
    return sorted({f"{_without_typed_name(breach).name} ({breach.kind})" for breach in breaches})


def _without_typed_name(breach: Breach) -> Breach:
    if not breach.cell.part.startswith(TYPED_PART):
        return breach
    return replace(breach, cell=breach.cell._replace(part=f"{TYPED_PART}(not named)"))


def derivable_table(breaches: Iterable[Breach]) -> pd.DataFrame:
    """Return what can be worked out with the numbers that remain; for the analyst alone."""
    rows = [
        {
            **cell_of(breach)[0]._asdict(),
            "people": cell_of(breach)[1],
            "kind": str(breach.kind),
            "low": breach.low,
            "high": breach.high,
        }
        for breach in breaches
    ]
    kinds = {"low": "Int64", "high": "Int64"}
    return pd.DataFrame(rows, columns=[*Owner._fields, "people", "kind", *kinds]).astype(kinds)


def cell_of(breach: Breach) -> Cell:
    """Return the cell that can be worked out, as the protection calls it."""
    period, level, code, *name = breach.cell
    return Owner(date.fromisoformat(period), level, code), "/".join(name)


def _earlier(paths: Sequence[Path], figure: pd.DataFrame) -> list[Tables]:
    """Return the tables of earlier releases, of the snapshots that read otherwise now."""
    # Compared as it would stand in the file; attacked as if a reader knew the names as well.
    published = without_untold_names(figure)
    days_of = zip(paths, snapshots_read_otherwise(paths, published), strict=True)
    return [at_snapshots(read_published(path), days) for path, days in days_of if days]


def to_withhold(
    breaches: Collection[Breach],
    blocks: Collection[Block],
    figures: pd.DataFrame,
    members: Members,
    rounds: int,
) -> frozenset[Block]:
    """Return the blocks that must be withheld because of what can be worked out.

    At first these are the blocks of what was found. Where those are withheld already the number
    follows from those of whom the organisation is a part, or who are a part of it: then theirs are
    withheld as well. Where that does not do, all blocks of the population are, and at last the
    headcounts.

    Args:
        breaches: what can be worked out.
        blocks: those that are withheld already.
        figures: the figures as ``assess`` returns them.
        members: for each pooled organisation every way in which it is put together.
        rounds: how often the figures were protected and attacked.
    """
    found: set[Block] = set()
    for breach in breaches:
        owner, text = cell_of(breach)
        name = parsed(text)
        own = {
            Block(owner, name.population, name.part, one)
            for one in with_coarse(name.characteristic.partition(":")[0])
        }
        if own.issubset(blocks):
            own = {one._replace(owner=other) for one in own for other in _related(owner, members)}
        found |= own
    found -= set(blocks)
    if breaches and (not found or rounds > _PATIENT_ROUNDS):
        every = _of_populations(breaches, counted(figures).counts, members).difference(blocks)
        found |= {one for one in every if one.characteristic} or every
    return frozenset(found)


def _of_populations(
    breaches: Iterable[Breach], counts: Mapping[Owner, Iterable[str]], members: Members
) -> frozenset[Block]:
    """Return all blocks of the populations of what can be worked out, and of related owners."""
    found: set[Block] = set()
    for owner, population in {
        (own, parsed(text).population) for own, text in map(cell_of, breaches)
    }:
        for other in {owner} | _related(owner, members):
            names = (parsed(text) for text in counts.get(other, ()))
            found |= {
                Block(other, population, name.part, one)
                for name in names
                if name.population == population
                for one in with_coarse(name.characteristic.partition(":")[0])
            }
    return frozenset(found)


def _related(owner: Owner, members: Members) -> set[Owner]:
    """Return everybody whose counts hang together with an organisation's: pools and members."""
    pools = [{pooled}.union(*of) for pooled, of in members.items()]
    return set().union(*(pool for pool in pools if owner in pool))


def _given_away(
    paths: Sequence[Path], policy: Policy, decided: pd.DataFrame, tables: Tables
) -> frozenset[Cell]:
    """Return what a reader of the earlier releases can work out if this one tells nothing."""
    if not paths:
        return frozenset()
    figure = tables["figure"]
    silent = figure.assign(status=figure["status"].mask(figure["status"].eq("ok"), "suppressed"))
    for name in (*COUNTS, "value", "ci_low", "ci_high", "p_value"):
        silent[name] = figure[name].mask(figure[name].notna())
    nothing = {name: tables[name] for name in ("organisation", "coverage")}
    releases = [*map(read_published, paths), {**nothing, "figure": silent}]
    return frozenset(map(cell_of, attack(releases, policy, decided).breaches))


def _hidden_again(published: pd.DataFrame, out: frozenset[Cell]) -> frozenset[Cell]:
    """Return which of the counts that are out no figure of this release shows."""
    if not out:
        return out
    shown = counted(published).counts
    return frozenset(cell for cell in out if cell[1] not in shown.get(cell[0], {}))


def _name(owner: Owner, name: str) -> str:
    return f"{owner.period_end} {owner.level} {owner.organisation_code} {name}"


def _block_name(block: Block) -> str:
    return _name(block.owner, "/".join(block[1:]))
