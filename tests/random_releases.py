"""A random system as a release of it: protected, attacked, and withheld where the attack finds."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from random_counts import Cell
from random_systems import System, published_tables

from pipeline.attack.attack import Attack, attack
from pipeline.disclosure import Policy, load_policy
from pipeline.protect.detail import Block
from pipeline.protect.figures import protect
from pipeline.proved import MOST_ROUNDS, to_withhold
from pipeline.resources import REFERENCE

Tables = Mapping[str, pd.DataFrame]


def shipped_policy() -> Policy:
    """Return the policy that the product ships."""
    return load_policy(REFERENCE / "disclosure.yml")


@dataclass(frozen=True)
class Released:
    """What may be published of a system.

    Attributes:
        decided: the figures with what was decided, and their true counts.
        published: the figures as they may be published.
        tables: the published tables.
        attack: what the last attack found.
        rounds: how often it was protected and attacked.
        withheld: how many blocks the attacks had withheld.
    """

    decided: pd.DataFrame
    published: pd.DataFrame
    tables: Tables
    attack: Attack
    rounds: int
    withheld: int


def released(
    system: System,
    policy: Policy,
    earlier: Sequence[Tables] = (),
    out: Collection[Cell] = (),
    most_rounds: int = MOST_ROUNDS,
) -> Released:
    """Return the release of a system, as the stages of the product make one.

    Args:
        system: the system.
        policy: what may be published.
        earlier: the published tables of earlier releases.
        out: the counts that those show.
        most_rounds: how often it is protected and attacked at most.
    """
    withheld: set[Block] = set()
    rounds = 0
    while True:
        rounds += 1
        decided, published = protect(
            system.figures, system.members, policy, out=out, withhold=withheld
        )
        tables = published_tables(system, published)
        found = attack([*earlier, tables], policy, decided)
        if not found.breaches or rounds == most_rounds:
            return Released(decided, published, tables, found, rounds, len(withheld))
        withheld |= to_withhold(found.breaches, withheld, system.figures, system.members, rounds)
