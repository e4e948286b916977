"""Runs that are killed at every stage: nothing is lost, nothing doubled, and readers see it whole.

A run is ended by SIGKILL at a point of its own code, of what it changes or of what DuckDB writes,
the run after it at the next point, and so on; the last one runs to its end. At once after each kill
the release before (or, from the swap on, the new one) must be whole for every reader; at the end
the home must hold, row for row and byte for byte, what an undisturbed run leaves.
"""

import os

import pytest
from killing import (
    Found,
    Plan,
    calls,
    copy_of,
    has_strace,
    names,
    natives,
    steps,
)
from measured import record

from pipeline.identity import load_keys
from pipeline.settings import Home
from pipeline.store import open_private

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix", reason="SIGKILL is of POSIX systems"),
]

# How many events a stage has depends on what comes in; the numbers here are below that, and the
# test says so where a stage has become shorter. Later runs find done what earlier ones did.
CHAINS: dict[str, list[Plan]] = {
    "arriving": [
        *(steps("run", 1, 2, 3) + calls("run", 400, 1500)),
        *(steps("receive", 1, 4, 5, 7, 12, 15) + calls("receive", 12)),
        *calls("read", 20, 2_000, 9_000, 14_000),
        *calls("check", 10, 500, 1_000, 1_800),
        *(steps("land", 1, 3, 5, 24, 49, 77) + calls("land", 100, 1_500, 3_000, 4_000)),
    ],
    "working out": [
        *calls("build", 10, 30_000, 120_000, 220_000),
        *calls("assess", 50, 4_000, 9_000, 15_000),
    ],
    "protecting": [
        *calls("protect", 50, 40_000, 150_000, 300_000),
        *calls("attack", 50, 40_000, 120_000, 280_000),
    ],
    "judging": [
        *calls("gate", 10, 300, 700),
        *calls("alert", 10, 600, 1_500),
        *(calls("after alert", 300, 6_000) + steps("after alert", 2, 30, 90, 120, 140)),
    ],
    "publishing": [
        *(calls("publish", 50, 5_000, 16_000, 28_000) + steps("publish", 1, 3, 6, 9, 10)),
    ],
}
SWAP_STEPS = 11
"""How often the swap changes something; each of them is a point."""


def _one_of_each_stage(plans: list[Plan]) -> list[Plan]:
    """Return the point in the middle of each stage's own."""
    own = ([plan for plan in plans if plan["stage"] == stage] for stage in names(plans))
    return [points[len(points) // 2] for points in own]


SOME = {chain: _one_of_each_stage(plans) for chain, plans in CHAINS.items()}
SOME_OR_ALL = pytest.mark.parametrize(
    "is_sample",
    [pytest.param(True, id="some"), pytest.param(False, id="all", marks=pytest.mark.long)],
)
"""A point of every stage with the slow tests, each of them with the long ones."""


def _record(section, found, is_sample):
    """Keep what was found at all points; a sample does not take its place."""
    if not is_sample:
        record(section, found.facts())


def _is_clean(found):
    assert found.faults == []
    assert (found.lost, found.doubled) == (0, 0)


@SOME_OR_ALL
@pytest.mark.parametrize("chain", CHAINS)
def test_killed_at_one_point_after_the_other(plain, killer, tmp_path, chain, is_sample):
    home = copy_of(plain.home, tmp_path / "home")
    plans, by_stage = (SOME if is_sample else CHAINS)[chain], {}
    for stage in names(plans):
        by_stage[stage] = Found()
        plain.kill(killer, home, [p for p in plans if p["stage"] == stage], by_stage[stage])
    whole = Found(faults=[fault for found in by_stage.values() for fault in found.faults])
    plain.run_again(home, whole)
    for stage, found in by_stage.items():
        found.lost, found.doubled = whole.lost, whole.doubled
        _record(f"kill_{stage.replace(' ', '_')}", found, is_sample)
    _is_clean(whole)


@SOME_OR_ALL
def test_killed_at_every_step_of_the_swap(plain, killer, tmp_path, is_sample):
    found = Found()
    ready = copy_of(plain.home, tmp_path / "ready")
    plain.kill(killer, ready, steps("swap", 1), found)
    for number in (2, 7, SWAP_STEPS) if is_sample else range(2, SWAP_STEPS + 1):
        home = copy_of(ready, tmp_path / "home")
        plain.kill(killer, home, steps("swap", number), found)
        plain.run_again(home, found)
    after = copy_of(ready, tmp_path / "home")
    assert killer.run(steps("swap", SWAP_STEPS + 1)[0], after, "run", *plain.arguments) == (
        plain.exit_code
    ), "the swap has more steps"
    _record("kill_swap", found, is_sample)
    _is_clean(found)


NO_STRACE = "strace is not installed, or may trace nothing here"
WAL, DATABASE = "private.duckdb.wal", "private.duckdb"


def _to_be_built_whole(home):
    """Let the next run build everything: it writes more than one that builds what changed."""
    kept_there = Home(home)
    with open_private(kept_there, load_keys(kept_there)) as connection:
        connection.execute("delete from ledger.about where name = 'built_from'")
    return home


@pytest.mark.skipif(not has_strace(), reason=NO_STRACE)
def test_killed_while_duckdb_commits(plain, killer, tmp_path):
    found, home = Found(), copy_of(plain.home, tmp_path / "changed")
    # The build of what changed, and after it that of everything.
    plain.kill(killer, home, natives(home, "write", WAL, 1, 4, 60), found)
    plain.run_again(home, found)
    home = _to_be_built_whole(copy_of(plain.home, tmp_path / "home"))
    plans = natives(home, "write", WAL, 1, 4, 60, 150)
    plain.kill(killer, home, plans, found)
    plain.kill(killer, home, natives(home, "fsync", WAL, 1, 2, 3), found)
    plain.run_again(home, found)
    record("kill_commits", found.facts())
    _is_clean(found)


@SOME_OR_ALL
@pytest.mark.skipif(not has_strace(), reason=NO_STRACE)
def test_killed_while_duckdb_takes_its_log_into_the_database(plain, killer, tmp_path, is_sample):
    """The log is taken in when a run closes the database: here after all else is done."""
    found = Found()
    ready = tmp_path / "ready"
    for call, name, numbers in (
        ("pwrite64", DATABASE, (2, 40, 90, 134)),
        ("fsync", DATABASE, (1, 2)),
        ("unlink", WAL, (1,)),
    ):
        for number in numbers[-1:] if is_sample else numbers:
            if not ready.exists():
                _to_be_built_whole(copy_of(plain.home, ready))
                plain.kill(killer, ready, natives(ready, "pwrite64", DATABASE, 1), found)
            home = copy_of(ready, tmp_path / "home")
            plain.kill(killer, home, natives(home, call, name, number), found)
            plain.run_again(home, found)
    _record("kill_log_taken_in", found, is_sample)
    _is_clean(found)


def test_points_are_spread_over_every_stage():
    every, some = (
        {plan["stage"] for plans in chains.values() for plan in plans} for chains in (CHAINS, SOME)
    )
    assert every == some
    assert some >= {
        "receive", "read", "check", "land", "build", "assess", "protect", "attack", "gate", "alert",
        "publish",
    }  # fmt: skip
    assert sum(map(len, CHAINS.values())) + SWAP_STEPS >= 60
