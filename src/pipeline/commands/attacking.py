"""The command that attacks tables of printed reports."""

import argparse
import json
from pathlib import Path

from pipeline.errors import ExitCode


def attack(home: Path, options: argparse.Namespace) -> int:
    """List between what each hidden count of a printed table must be: it is public already."""
    from pipeline.attack.printed import attack_printed

    found = attack_printed(options.table)
    told = [one for one in found if not one.is_protected]
    if options.json:
        print(json.dumps([one._asdict() for one in found]))
    else:
        for one in found:
            print(one.sentence())
        print(f"{options.table.name}: {len(found)} hidden counts, {len(told)} of them told")
    return ExitCode.STOPPED if told else ExitCode.RELEASED
