"""The commands that keep a home safe and bring things back: backup, restore."""

import argparse
from pathlib import Path

from pipeline.errors import ExitCode, UsageError
from pipeline.settings import load_settings

_MEGABYTE = 1_000_000


def backup(home: Path, options: argparse.Namespace) -> int:
    """Write everything that a home holds but its keys into one file."""
    from pipeline.backup.write import write_backup

    settings = load_settings(home)
    written = write_backup(settings, options.file, options.wait)
    size = f"{written.size / _MEGABYTE:.1f} MB"
    print(f"Backup {written.file}: {len(written.about.files)} files, {size}, read again and whole.")
    if not written.was_opened:
        print("  Its private database was not opened: the keys are not at hand.")
    print(
        "  The keys are not in it. Keep a copy of them elsewhere: without them nobody can read it."
    )
    print(f"  SHA-256 {written.sha256}")
    print(f"  Head of its trail: {written.about.head}")
    return ExitCode.RELEASED


def restore(home: Path, options: argparse.Namespace) -> int:
    """Show readers an earlier release again, or make a home of a backup."""
    if (options.release is None) == (options.backup is None):
        raise UsageError(
            "Name either a release to show again (equality restore RELEASE) or a backup to make a "
            "home of (equality restore --backup FILE --home DIR)."
        )
    if options.backup is not None:
        return _restore_backup(home, options.backup)
    from pipeline.publish.restore import restore_release

    settings = load_settings(home)
    restored = restore_release(settings, options.release)
    for line in restored.lines():
        print(line)
    return ExitCode.RELEASED


def _restore_backup(home: Path, file: Path) -> int:
    from pipeline.backup.restore import restore_backup

    kept = load_settings(home).home
    restored = restore_backup(kept, file)
    about = restored.about
    print(f"Restored into {kept.root}: {len(about.files)} files of the backup of {about.made_at}.")
    print(f"  Readers see release {about.shown or 'none yet'}.")
    if not restored.has_keys:
        print(f"  Put the keys back into {kept.keys} before anything else is done.")
    print(f"  Now run: equality verify --home {kept.root}")
    return ExitCode.RELEASED
