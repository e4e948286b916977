"""Whether every release is there and reads as it was written, and readers have the right one."""

import filecmp
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.noted import RELEASE
from pipeline.publish.put_back import put_back
from pipeline.publish.release import (
    SUMS,
    current_database,
    current_release,
    sha256_of,
    shown_report,
)
from pipeline.settings import Home
from pipeline.trail import Entry
from pipeline.verify.found import Found
from pipeline.verify.readable import published_is_readable

_LINE = re.compile(r"([0-9a-f]{64})  ([\w.]+)")
_FROM_BACKUP = "Put the folder {} back from a backup: tar -xf BACKUP -C {} releases/{}"


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the private database knows of a release.

    Attributes:
        release_id: its name.
        sums: the hash of its ``SHA256SUMS``; None of a release from before these were kept.
        manifest: its manifest.
    """

    release_id: str
    sums: str | None
    manifest: Mapping[str, Any]


def check_releases(
    home: Home, entries: list[Entry], recorded: list[Recorded] | None, found: Found
) -> str | None:
    """Look at every release that the trail, the private database or another release names.

    Args:
        home: whose releases.
        entries: the entries of the trail.
        recorded: what the private database knows, the oldest first; None where it was not read.
        found: takes what is found.

    Returns:
        The newest release, None where there is none.
    """
    noted = {
        str(entry.detail.get("release")): str(entry.detail.get("sha256sums"))
        for entry in entries
        if entry.action == RELEASE
    }
    known = {each.release_id: each for each in recorded or ()}
    names = dict.fromkeys([*known, *_named_by_releases(home), *noted])
    for name in names:
        own = known.get(name)
        sums = {each for each in (noted.get(name), own.sums if own else None) if each}
        _check_release(home, name, sums, own.manifest if own else None, found)
    newest = [*known] or [*noted] or _in_order(home, list(names))
    return newest[-1] if newest else None


def check_published(home: Home, newest: str, found: Found) -> None:
    """Look at what readers see: the newest release, or the one that was put in its place."""
    expected = put_back(home, newest) or newest
    shown = current_release(home)
    if shown != expected:
        found.add(
            "published",
            f"Readers are led to the release {shown or 'none'}, and {expected} is the one that "
            "they should have.",
            "Run: equality run",
        )
        return
    published, made = current_database(home), home.releases / expected / "equality.duckdb"
    found.looked_at["published file"] += 1
    if not published.exists():
        found.add(_place(home, published), "It is not there.", "Run: equality run")
    elif made.exists() and sha256_of(published) != sha256_of(made):
        found.add(
            _place(home, published),
            f"It is not the file of release {expected}: it was changed or is damaged.",
            "Run: equality run. It puts the file of the release there again.",
        )
    report, copy = made.with_name("report"), shown_report(home, expected)
    if report.is_dir() and copy.is_dir() and not _is_same(report, copy):
        found.add(
            _place(home, copy),
            "The report that readers see is not the one that was made: a page was changed, added "
            "or lost.",
            "Run: equality report",
        )


def _check_release(
    home: Home, name: str, sums: set[str], manifest: Mapping[str, Any] | None, found: Found
) -> None:
    folder = home.releases / name
    where, mend = f"releases/{name}", _FROM_BACKUP.format(name, home.root, name)
    if not folder.is_dir():
        found.add(where, "The release is missing; protection needs to know what it told.", mend)
        return
    found.looked_at["releases"] += 1
    if not (folder / SUMS).exists():
        if sums:
            found.add(f"{where}/{SUMS}", "The hashes of the release are missing.", mend)
        else:
            found.remarks.append(f"Release {name} was made before hashes were kept.")
            _check_by_manifest(folder, where, manifest, mend, found)
        return
    if any(sha256_of(folder / SUMS) != each for each in sums):
        found.add(
            f"{where}/{SUMS}",
            "The hashes of the release are not those that were noted when it was made.",
            mend,
        )
    kept = dict(_hashes(folder / SUMS))
    if not kept:
        found.add(f"{where}/{SUMS}", "It holds no hashes.", mend)
    for file, digest in kept.items():
        path = folder / file
        if not path.exists():
            found.add(f"{where}/{file}", "The file is missing.", mend)
        elif sha256_of(path) != digest:
            found.add(f"{where}/{file}", "The file was changed or is damaged.", mend)
    _check_manifest(folder, where, manifest, mend, found)


def _check_by_manifest(
    folder: Path, where: str, manifest: Mapping[str, Any] | None, mend: str, found: Found
) -> None:
    """Look at a release without hashes as far as can be: its manifest, and whether it opens."""
    _check_manifest(folder, where, manifest, mend, found)
    if not published_is_readable(folder / "equality.duckdb"):
        found.add(f"{where}/equality.duckdb", "The database is missing or damaged.", mend)


def _check_manifest(
    folder: Path, where: str, recorded: Mapping[str, Any] | None, mend: str, found: Found
) -> None:
    manifest = _manifest(folder)
    if manifest is None or manifest.get("release_id") != folder.name:
        found.add(f"{where}/manifest.json", "It is not the manifest of this release.", mend)
    elif recorded is not None and manifest != recorded:
        found.add(
            f"{where}/manifest.json",
            "It is not the manifest that the private database knows of this release.",
            mend,
        )


def _manifest(folder: Path) -> dict[str, Any] | None:
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return manifest if isinstance(manifest, dict) else None


def _named_by_releases(home: Home) -> Iterator[str]:
    """Yield the releases that are there, and those that they say came before them."""
    if not home.releases.is_dir():
        return
    for folder in sorted(home.releases.iterdir()):
        if folder.is_dir() and not folder.name.startswith("."):
            yield from (_manifest(folder) or {}).get("earlier_releases", ())
            if (folder / SUMS).exists() or (folder / "manifest.json").exists():
                yield folder.name


def _in_order(home: Home, names: list[str]) -> list[str]:
    """Return releases, the one last that has most releases before it."""
    before = {
        name: len((_manifest(home.releases / name) or {}).get("earlier_releases", ()))
        for name in names
    }
    return sorted(names, key=lambda name: (before[name], name))


def _hashes(path: Path) -> Iterator[tuple[str, str]]:
    for line in path.read_text(encoding="ascii", errors="replace").splitlines():
        if match := _LINE.fullmatch(line):
            yield match[2], match[1]


def _is_same(one: Path, other: Path) -> bool:
    names = [
        {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
        for folder in (one, other)
    ]
    return names[0] == names[1] and all(
        filecmp.cmp(one / name, other / name, shallow=False) for name in names[0]
    )


def _place(home: Home, path: Path) -> str:
    return path.relative_to(home.root).as_posix()
