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
from pipeline.identity import load_keys
from pipeline.protect.cells import Owner
from pipeline.protect.figures import pooled_members, protect, without_counts
from pipeline.registry import load_registry
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
        others = read_published(home / "published" / "equality.duckdb")

    def tables(published: pd.DataFrame) -> Tables:
        return {**others, "figure": without_counts(published)}

    return timed(figures, members, tables, runs)


def timed(
    figures: pd.DataFrame,
    members: dict[Owner, list[list[Owner]]],
    tables: Callable[[pd.DataFrame], Tables],
    runs: int,
) -> Report:
    """Return the seconds of the protection of figures, and of the attack on what is published."""
    policy = shipped_policy()
    of_protect, of_attack = [], []
    for _ in range(runs):
        started = time.perf_counter()
        decided, published = protect(figures, members, policy)
        protected = time.perf_counter()
        release = tables(published)
        made = time.perf_counter()
        found = attack([release], policy, decided)
        of_attack.append(time.perf_counter() - made)
        of_protect.append(protected - started)
    seconds = [one + other for one, other in zip(of_protect, of_attack, strict=True)]
    return {
        "figures": len(figures),
        "hidden_counts_attacked": sum(one.hidden for one in found.releases),
        "breaches": len(found.breaches),
        "protect_seconds": round(statistics.median(of_protect), 2),
        "attack_seconds": round(statistics.median(of_attack), 2),
        "seconds": round(statistics.median(seconds), 2),
    }
