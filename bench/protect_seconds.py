"""How long the protection takes, and the attack on what it leaves."""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from random_people import CHARACTERISTICS, CLUSTERS, QUARTERS, Shape
from random_releases import shipped_policy
from random_systems import published_tables, random_system

from pipeline.assess.counted import count_rows
from pipeline.assess.figures import assess
from pipeline.assess.methods import answer
from pipeline.attack.attack import attack
from pipeline.attack.published import read_published
from pipeline.attack.sums import Count
from pipeline.disclosure import Policy
from pipeline.identity import load_keys
from pipeline.protect.cells import Owner
from pipeline.protect.detail import Block
from pipeline.protect.figures import pooled_members, protect, without_counts
from pipeline.protect.headlines import Employees
from pipeline.proved import MOST_ROUNDS, to_withhold
from pipeline.registry import load_registry
from pipeline.relevant_employees import relevant_employees
from pipeline.settings import Home
from pipeline.store import open_private

Report = dict[str, Any]
Tables = Mapping[str, pd.DataFrame]


def large_shape() -> Shape:
    """Return ten employers, seven characteristics and eight quarters."""
    names = tuple(name for name in CHARACTERISTICS if name != CLUSTERS)
    return Shape(10, QUARTERS[3:11], names, staff=(120, 500), joint=0.02)


def large(runs: int) -> Report:
    """Measure the protection of ten employers over eight quarters, and the attack on it."""
    system = random_system(1, large_shape())
    return timed(system.figures, system.members, lambda one: published_tables(system, one), runs)


def demo(runs: int) -> Report:
    """Measure the protection of the demo's sample, and the attack on it."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "demo"
        command = [sys.executable, "-m", "pipeline", "demo", "--home", str(home)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        kept = Home(home)
        with open_private(kept, load_keys(kept), read_only=True) as connection:
            registry = load_registry()
            figures = assess(count_rows(connection, registry), registry, answer)
            members = pooled_members(connection)
            employees = relevant_employees(connection)
        others = read_published(home / "published" / "equality.duckdb")

    def tables(published: pd.DataFrame) -> Tables:
        return {**others, "figure": without_counts(published)}

    return timed(figures, members, tables, runs, employees)


def timed(
    figures: pd.DataFrame,
    members: dict[Owner, list[list[Owner]]],
    tables: Callable[[pd.DataFrame], Tables],
    runs: int,
    employees: Employees | None = None,
) -> Report:
    """Return the seconds of the protection of figures, and of the attack on what is published.

    They are seconds of one core, so that what else runs on the machine does not matter.
    """
    policy = shipped_policy()
    release = figures, members, employees
    measured = [_until_nothing_is_found(release, tables, policy) for _ in range(runs)]
    protecting, attacking, rounds, hidden, breaches = zip(*measured, strict=True)
    seconds = [one + other for one, other in zip(protecting, attacking, strict=True)]
    return {
        "figures": len(figures),
        "hidden_counts_attacked": hidden[0],
        "rounds": rounds[0],
        "breaches": breaches[0],
        "protect_seconds": round(statistics.median(protecting), 2),
        "attack_seconds": round(statistics.median(attacking), 2),
        "seconds": round(statistics.median(seconds), 2),
    }


def _until_nothing_is_found(
    release: tuple[pd.DataFrame, dict[Owner, list[list[Owner]]], Employees | None],
    tables: Callable[[pd.DataFrame], Tables],
    policy: Policy,
) -> tuple[float, float, int, int, int]:
    """Protect and attack figures as a run does, until the attack finds nothing.

    Returns:
        seconds of protection and of attack, rounds, the hidden counts of the first attack, and
        what the last one found.
    """
    figures, members, employees = release
    protecting = attacking = 0.0
    rounds = hidden = 0
    withheld: frozenset[Block] = frozenset()
    chosen: dict[tuple[Owner, str], str] = {}
    among: frozenset[Count] | None = None
    while True:
        rounds += 1
        started = time.process_time()
        decided, published = protect(
            figures, members, policy, withhold=withheld, employees=employees, chosen=chosen
        )
        protected = time.process_time()
        made_of = tables(published)
        made = time.process_time()
        found = attack([made_of], policy, decided, among)
        attacking += time.process_time() - made
        protecting += protected - started
        hidden = hidden or sum(one.hidden for one in found.releases)
        more = to_withhold(found.breaches, withheld, figures, members, rounds)
        if not more or rounds == MOST_ROUNDS:
            return protecting, attacking, rounds, hidden, len(found.breaches)
        withheld |= more
        among = frozenset(one.cell for one in found.breaches) | found.excused
