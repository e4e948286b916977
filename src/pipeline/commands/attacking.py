"""The command that attacks what is published: databases, and tables of printed reports."""

import argparse
from pathlib import Path

from pipeline.errors import ExitCode
from pipeline.settings import load_settings


def attack(home: Path, options: argparse.Namespace) -> int:
    """List each hidden count that a reader of published files can tell too much of."""
    import json

    from pipeline.attack.attack import attack as attacked
    from pipeline.attack.published import read_published
    from pipeline.disclosure import load_policy

    policy = load_policy(load_settings(home).disclosure)
    found = attacked([read_published(path) for path in options.database], policy)
    if options.json:
        print(json.dumps([each.as_row() for each in found.breaches]))
    else:
        for path, (counts, hidden) in zip(options.database, found.releases, strict=True):
            own = f"{hidden:,} hidden counts of {counts:,} attacked"
            print(f"{path}: {own if counts else 'what it tells is known to the attack'}")
        for breach in found.breaches:
            print(breach.sentence())
        print(f"{len(found.breaches) or 'no'} breaches of the policy {policy.name}")
    return ExitCode.STOPPED if found.breaches else ExitCode.RELEASED
