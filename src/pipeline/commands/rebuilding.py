"""The commands that make a home anew, and that take somebody out of it."""

import argparse
import sys
from pathlib import Path

from pipeline.errors import ExitCode, UsageError
from pipeline.settings import load_settings


def rebuild(home: Path, options: argparse.Namespace) -> int:
    """Make the private database, and lost releases, anew from snapshots and receipts."""
    from pipeline.listing import print_rows
    from pipeline.rebuild.rebuild import rebuild as rebuild_home
    from pipeline.rebuild.replay import DIFFERS, WORDS

    settings = load_settings(home)
    if not settings.home.holds_data():
        raise UsageError(f"{settings.home.root} holds nothing to rebuild from.")
    results, faults = rebuild_home(settings)
    if options.json:
        rows = [(one.release_id, one.outcome, one.figures, one.reason) for one in results]
        print_rows(("release_id", "outcome", "figures", "reason"), rows, as_json=True)
    else:
        print(f"{settings.home.private_database} was made anew.")
        for one in results:
            figures = f": {one.figures} figures" if one.outcome == DIFFERS else ""
            reason = f" ({one.reason})" if one.reason else ""
            print(f"  {one.release_id}: {WORDS[one.outcome]}{figures}{reason}")
    for fault in faults:
        print(f"equality: {fault}", file=sys.stderr)
    is_wrong = any(one.is_fault for one in results)
    return ExitCode.STOPPED if is_wrong or faults else ExitCode.RELEASED


def forget(home: Path, options: argparse.Namespace) -> int:
    """Take people out of a home; who they are is read from a file or from standard input."""
    from pipeline.alert.wording import counted
    from pipeline.forget.forget import forget as forget_people

    settings = load_settings(home)
    if not settings.home.private_database.exists():
        raise UsageError(f"{settings.home.root} holds nobody: there is no private.duckdb.")
    done = forget_people(settings, _text(options.list))
    print(f"Forgotten: {counted(done.files, 'received file')} replaced and destroyed.")
    if done.unreadable:
        print(
            f"  {done.unreadable} of these could not be read, so that nobody can say who is in "
            "them: nothing takes their place."
        )
    if done.still_in_inbox:
        print("Still in the inbox, with these people in them; they are not received again:")
        for name in done.still_in_inbox:
            print(f"  {name}")
    print("The next run releases what remains. Destroy backups that were made before today.")
    return ExitCode.RELEASED


def _text(name: str) -> str:
    try:
        content = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError:
        raise UsageError(f"The list {name} cannot be read: is it there?") from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError("The list of who is to be forgotten must be text in UTF-8.") from None
