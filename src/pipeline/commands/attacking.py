"""The command that attacks what is published: databases, and tables of printed reports."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from pipeline.errors import ExitCode, UsageError
from pipeline.settings import load_settings

_PRINTED = (".csv", ".xlsx")


def attack(home: Path, options: argparse.Namespace) -> int:
    """List each hidden count that a reader of published files can tell too much of."""
    printed = [path for path in options.database if path.suffix.lower() in _PRINTED]
    if printed and len(options.database) > 1:
        raise UsageError("A table of a printed report is attacked alone: name one file.")
    if printed:
        return _of_printed(printed[0], as_json=options.json)
    return _of_databases(home, options.database, as_json=options.json)


def _of_databases(home: Path, paths: Sequence[Path], *, as_json: bool) -> int:
    from pipeline.attack.attack import attack as attacked
    from pipeline.attack.published import read_published
    from pipeline.disclosure import load_policy

    policy = load_policy(load_settings(home).disclosure)
    found = attacked([read_published(path) for path in paths], policy)
    if as_json:
        print(json.dumps([each.as_row() for each in found.breaches]))
    else:
        for path, (counts, hidden) in zip(paths, found.releases, strict=True):
            own = f"{hidden:,} hidden counts of {counts:,} attacked"
            print(f"{path}: {own if counts else 'what it tells is known to the attack'}")
        for breach in found.breaches:
            print(breach.sentence())
        print(f"{len(found.breaches) or 'no'} breaches of the policy {policy.name}")
    return ExitCode.STOPPED if found.breaches else ExitCode.RELEASED


def _of_printed(path: Path, *, as_json: bool) -> int:
    """List between what each hidden count of a printed table must be: it is public already."""
    from pipeline.attack.printed import attack_printed

    found = attack_printed(path)
    told = [one for one in found if not one.is_protected]
    if as_json:
        print(json.dumps([one._asdict() for one in found]))
    else:
        for one in found:
            print(one.sentence())
        print(f"{path.name}: {len(found)} hidden counts, {len(told)} of them not protected")
    return ExitCode.STOPPED if told else ExitCode.RELEASED
