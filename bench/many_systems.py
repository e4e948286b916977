"""Whether anything hidden in random systems can be told: by the attack, and by all worlds.

    python bench/many_systems.py [--first 0] [--systems 500] [--small 20] [--first-small 10000]

Each system is released as the product releases. The attack looks at every one; a search of all
whole-number worlds looks at the small ones too. One line a system that has something told, then how
many there were; ends with 1 where anything is told. The seeds are those of
``tests/property/test_random_systems.py``, further on.
"""

import argparse
import sys
import time
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from hidden_counts import rule_of
from random_people import small_shape
from random_releases import released, shipped_policy
from random_systems import random_system
from whole_world_rule import broken


def told(seed: int, *, is_small: bool) -> list[str]:
    """Return what is told of the release of one system, by name."""
    policy = shipped_policy()
    system = random_system(seed, small_shape(Random(seed)) if is_small else None)
    release = released(system, policy)
    found = [f"{breach.name} ({breach.kind})" for breach in release.attack.breaches]
    if is_small:
        found += broken(system, release.published, rule_of(policy))
    return found


def main() -> int:
    """Release and attack, and return 0 where nothing is told and 1 where something is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=0, help="the seed to begin with")
    parser.add_argument("--systems", type=int, default=500, help="systems for the attack")
    parser.add_argument("--first-small", type=int, default=10_000, help="the same of small ones")
    parser.add_argument("--small", type=int, default=20, help="small systems for all worlds")
    options = parser.parse_args()
    started, failed = time.perf_counter(), 0
    seeds = [
        *((seed, True) for seed in range(options.first_small, options.first_small + options.small)),
        *((seed, False) for seed in range(options.first, options.first + options.systems)),
    ]
    for number, (seed, is_small) in enumerate(seeds, start=1):
        found = told(seed, is_small=is_small)
        failed += bool(found)
        for one in found:
            print(f"seed {seed}: {one}", flush=True)
        seconds = time.perf_counter() - started
        print(f"\r{number} of {len(seeds)}, {seconds:.0f} s", end="", file=sys.stderr, flush=True)
    print(f"{len(seeds)} systems, of which {options.small} in all worlds; told in {failed}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
