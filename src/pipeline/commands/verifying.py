"""The command that looks whether a home holds what was once written there."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import ExitCode
from pipeline.settings import load_settings

if TYPE_CHECKING:
    from pipeline.verify.found import Found


def verify(home: Path, options: argparse.Namespace) -> int:
    """Tell everything that is damaged in a home and how to mend it; 0 where nothing is, else 1."""
    from pipeline.trail import head
    from pipeline.verify.whole import verify as look

    settings = load_settings(home)
    found = look(settings.home, options.head, settings.lock_wait_seconds)
    newest = head(settings.home)
    if options.json:
        print(json.dumps(_records(found, newest)))
    else:
        _print(found, newest)
    if found.findings:
        return ExitCode.STOPPED
    return ExitCode.LOCKED if found.is_locked else ExitCode.RELEASED


def _records(found: "Found", newest: str) -> list[dict[str, str | None]]:
    damaged: list[dict[str, str | None]] = [
        {"kind": "damage", "where": each.where, "said": each.said, "mend": each.mend}
        for each in found.findings
    ]
    remarks: list[dict[str, str | None]] = [
        {"kind": "remark", "where": None, "said": said, "mend": None} for said in found.remarks
    ]
    head = {"kind": "head", "where": "trail.jsonl", "said": newest, "mend": None}
    return [*damaged, *remarks, head]


def _print(found: "Found", newest: str) -> None:
    for each in found.findings:
        print(f"{each.where}: {each.said}\n  {each.mend}")
    for said in found.remarks:
        print(f"Note: {said}")
    looked_at = ", ".join(f"{number} {thing}" for thing, number in found.looked_at.items())
    damaged = f"{len(found.findings)} found damaged" if found.findings else "nothing is damaged"
    print(f"Looked at: {looked_at or 'nothing'}; {damaged}.")
    print(f"Head of the trail, to be kept elsewhere (equality verify --head): {newest}")
