"""The commands on keys: what a home's keys are and where they come from, and newer ones."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import ExitCode, UsageError
from pipeline.key_sources import NAMES, origin, own_file, variable
from pipeline.settings import Home, load_settings

if TYPE_CHECKING:
    from pipeline.identity import Keys
    from pipeline.rotation import Rotated

_COLUMNS = ("key", "check_value", "since", "state", "keys", "comes_from")


def key(home: Path, options: argparse.Namespace) -> int:
    """List the two keys of a home by their check values; a key is never shown."""
    from pipeline.identity import load_keys
    from pipeline.listing import print_rows
    from pipeline.receive.ledger import Ledger
    from pipeline.store import is_under_the_key_in_force, open_private

    kept = _with_data(home)
    keys = load_keys(kept)
    since: dict[str, str | None] = dict.fromkeys(NAMES)
    states = dict.fromkeys(NAMES, "in force")
    if kept.private_database.exists():
        with open_private(kept, keys, read_only=True) as connection:
            ledger = Ledger(connection)
            since = {name: ledger.about(f"{name}_key_since") for name in NAMES}
            if ledger.links_known(keys) < len(keys.links):
                states["pseudonym"] = "newest waits for: equality key rotate pseudonym"
        if keys.earlier_stores:
            states["store"] = (
                "in force; take older ones away"
                if is_under_the_key_in_force(kept, keys)
                else "newest waits for: equality key rotate store"
            )
    rows = [
        (name, check, since[name], states[name], count, origin(kept, name).place)
        for name, check, count in (
            ("pseudonym", keys.check_value(), len(keys.links)),
            ("store", keys.store_checks()[0], len(keys.stores)),
        )
    ]
    print_rows(_COLUMNS, rows, as_json=options.json)
    return ExitCode.RELEASED


def key_rotate(home: Path, options: argparse.Namespace) -> int:
    """Bring what a home holds under newer keys; those that the home keeps itself are made."""
    from pipeline.identity import load_keys
    from pipeline.lock import single_writer
    from pipeline.rotation import add_key, check_values, need_space, pending, take_over
    from pipeline.trail import note

    kept = _with_data(home)
    wanted = tuple(options.keys) or NAMES
    with single_writer(kept, load_settings(home).lock_wait_seconds):
        before = load_keys(kept)
        waiting = pending(kept, before)
        missing = [name for name in wanted if name not in waiting]
        foreign = [name for name in missing if not origin(kept, name).is_own]
        if foreign:
            raise UsageError(" ".join(_how_to_bring(kept, name) for name in foreign))
        need_space(kept)
        for name in missing:
            add_key(kept, before, name)
        keys = load_keys(kept)
        names = sorted({*waiting, *wanted})
        note(kept, "key rotate begun", {"keys": names})
        rotated = take_over(kept, keys)
        note(kept, "key rotate", check_values(keys) | {"sealed_again": rotated.sealed_again})
        for name in names:
            print(_told(kept, name, keys, rotated))
    if rotated.is_whole:
        return ExitCode.RELEASED
    raise UsageError(_unreadable(kept, rotated))


def _with_data(home: Path) -> Home:
    kept = load_settings(home).home
    if not kept.holds_data():
        raise UsageError(f"{kept.root} holds nothing yet. Run: equality run --home {home}")
    return kept


def _how_to_bring(home: Home, name: str) -> str:
    place = origin(home, name)
    where = {
        "environment": f"the value of {variable(name)}, after a space",
        "command": f"what {place.place} prints, as another line",
        "file": f"{place.place}, as another line",
    }[place.kind]
    return (
        f"The {name} key comes from {place.place}, which only you can change. Make a new one of 64 "
        f"hexadecimal digits (such as `openssl rand -hex 32` gives), put it behind the one in "
        f"{where}, leave the old one before it, and run this again."
    )


def _told(home: Home, name: str, keys: "Keys", rotated: "Rotated") -> str:
    place = origin(home, name)
    if name == "pseudonym":
        keep = (
            f"Keep a new copy of {own_file(home, name)} in your safe place: all "
            f"{len(keys.links)} lines are needed from now on."
            if place.is_own
            else f"All {len(keys.links)} links in {place.place} are needed from now on."
        )
        return f"The pseudonym key is rotated (check value {keys.check_value()}). {keep}"
    done = (
        f"The store key is rotated (check value {keys.store_checks()[0]}): the private database "
        f"and {rotated.sealed_again} sealed files are under the new one."
    )
    if not rotated.is_whole:
        return done
    if place.is_own:
        return (
            f"{done} Keep a copy of {own_file(home, name)} in your safe place, and the old key as "
            "long as you keep backups from before."
        )
    return (
        f"{done} The older one opens nothing here any more: take it out of {place.place}, and keep "
        "it elsewhere as long as you keep backups from before."
    )


def _unreadable(home: Home, rotated: "Rotated") -> str:
    names = [path.relative_to(home.root).as_posix() for path in rotated.unreadable]
    if rotated.unreadable_rows:
        names.append(f"{rotated.unreadable_rows} rows in quarantine")
    return (
        f"No key of this home opens {', '.join(names)}: damaged, or sealed under another key. "
        "Everything else is rotated, and the older store key stays until they are put back from a "
        "backup or taken away, and this is run again."
    )
