"""Which counts of a random system are hidden, and what that leaves to be told."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace

import pandas as pd
from random_counts import Cell
from random_systems import System, published_tables
from whole_world_rule import Reader, Rule, shown_counts

from pipeline.assess.columns import COUNTS, PEOPLE
from pipeline.attack.attack import attack
from pipeline.disclosure import Policy
from pipeline.protect.cells import Owner
from pipeline.protect.figures import protect
from pipeline.protect.relations import HEADCOUNT

HEADLINES = ("ethnicity", "disability", "sex")
"""The characteristics whose shares of all staff a board reads first."""
Told = Callable[[Collection[Cell]], list[Cell]]
"""From the counts that are hidden to those of them of which a reader can tell too much."""


def hidden_counts(published: pd.DataFrame) -> set[Cell]:
    """Return the counts that no published figure shows."""
    return {cell for cell, number in shown_counts(published).items() if number is None}


def true_counts(system: System) -> dict[Cell, int]:
    """Return every count of the figures."""
    return {
        (owner, name): number
        for owner, own in system.counts.items()
        for name, number in own.items()
    }


def withheld_counts(system: System, policy: Policy) -> set[Cell]:
    """Return the counts that the policy withholds, however small they are or not."""
    nothing_small = replace(policy, hide_small=False, secondary=False, zeros_below_employer="shown")
    return hidden_counts(protect(system.figures, system.members, nothing_small)[1])


def never_hidden(truth: Mapping[Cell, int], policy: Policy) -> set[Cell]:
    """Return the headcounts of organisations, which are not hidden for the sake of others."""
    everybody = {cell for cell in truth if cell[1] == HEADCOUNT}
    return {cell for cell in everybody if not policy.is_small(truth[cell])}


def hide_zeros_below(truth: Mapping[Cell, int], policy: Policy) -> set[Cell]:
    """Return the zeros below the level of an employer, which the policy hides."""
    if not policy.hides_zeros_below_employer:
        return set()
    return {cell for cell, number in truth.items() if not number and cell[1].split("/")[1] != "all"}


def every_quarter(policy: Policy) -> Policy:
    """Return a policy that publishes all detail at every snapshot."""
    months = frozenset({3, 6, 9, 12})
    return replace(
        policy,
        detail={level: dict.fromkeys(kinds, months) for level, kinds in policy.detail.items()},
        hide_below=policy.threshold,
        show_again_at=policy.threshold,
    )


def rule_of(policy: Policy) -> Rule:
    """Return the numbers of the protection rule."""
    return Rule(policy.threshold, policy.fewest_values, policy.fewest_with_one_known)


def published_with(system: System, hidden: Collection[Cell]) -> pd.DataFrame:
    """Return the figures of a system with some counts hidden, and what follows from them."""
    published = system.figures.assign(disclosure="NONE")
    owners = [Owner(*row) for row in zip(*(published[name] for name in Owner._fields), strict=True)]
    any_hidden = [False] * len(published)
    for count, people in zip(COUNTS, PEOPLE, strict=True):
        is_hidden = [
            (owner, name) in hidden for owner, name in zip(owners, published[people], strict=True)
        ]
        published[count] = published[count].mask(is_hidden)
        any_hidden = [one or other for one, other in zip(any_hidden, is_hidden, strict=True)]
    for column in ("value", "direction"):
        published[column] = published[column].mask(any_hidden)
    for column, text in (
        ("status", "suppressed"),
        ("reason", "SUPPRESSED"),
        ("disclosure", "SUPPRESSED"),
    ):
        published[column] = published[column].mask(any_hidden, text)
    return published


def headlines(system: System, hidden: Collection[Cell]) -> Iterator[bool]:
    """Yield for each headline whether it is told: a share of all staff, or a likelihood."""
    figures = system.figures
    is_share = figures["standard"].eq("PSED") & figures["measure"].eq("share")
    is_share &= figures["part"].eq("all") & figures["indicator"].isin(HEADLINES)
    is_share &= ~figures["group_code"].eq("UNKNOWN")
    for row in figures[is_share | figures["measure"].eq("relative_likelihood")].to_dict("records"):
        owner = Owner(*(row[name] for name in Owner._fields))
        names = [row[people] for people in PEOPLE if isinstance(row[people], str)]
        yield not any((owner, name) in hidden for name in names)


def search_of(system: System, truth: Mapping[Cell, int], rule: Rule) -> Told:
    """Return the attack that searches all whole-number worlds."""

    def told(hidden: Collection[Cell]) -> list[Cell]:
        shown = {cell: None if cell in hidden else truth[cell] for cell in truth}
        reader = Reader(system.laws, truth, shown, rule)
        alone = [cell for cell in reader.hidden if reader.is_told(cell)]
        alone += [cells[0] for cells in reader.small_rests()]
        return alone or [cell for _, cell in reader.told_with_one()]

    return told


def attack_on(system: System, policy: Policy, decided: pd.DataFrame) -> Told:
    """Return the product's attack on the figures with some counts hidden."""

    def told(hidden: Collection[Cell]) -> list[Cell]:
        tables = published_tables(system, published_with(system, hidden))
        names = {(str(o.period_end), o.level, o.organisation_code): o for o in system.counts}
        breaches = attack([tables], policy, decided).breaches
        return [(names[breach.cell[:3]], "/".join(breach.cell[3:])) for breach in breaches]

    return told
