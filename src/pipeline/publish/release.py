"""Releases: what a release is made from, its folder, and the swap that makes it the newest."""

import contextlib
import errno
import filecmp
import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import __version__
from pipeline.disclosure import Policy
from pipeline.errors import UsageError
from pipeline.files import make_folder, write_whole
from pipeline.receive.inbox import Place
from pipeline.receive.ledger import EXPIRED, SUPERSEDED, Load
from pipeline.resources import ROOT
from pipeline.settings import Home

if TYPE_CHECKING:
    import pandas as pd

_CODE = ("src/pipeline/**/*.py", "pipeline/**/*.py", "schemas/**/*.py", "schemas/**/*.csv",
         "warehouse/**/*.sql", "warehouse/**/*.csv", "warehouse/**/*.yml")  # fmt: skip

SUMS = "SHA256SUMS"
"""The hashes of the files of a release, as ``sha256sum --check`` reads them."""

_SUMMED = ("equality.duckdb", "figure.csv", "manifest.json")

_HELD_OPEN = frozenset({errno.EACCES, errno.EPERM, errno.EBUSY, errno.ETXTBSY})
"""What a file share answers where a file that somebody has open would be replaced."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What a release is a pure function of: inputs, code, policy, decisions; no clock."""

    inputs: tuple[dict[str, Any], ...]
    code_version: str
    policy_sha256: str
    policy: Mapping[str, Any]
    """All settings of the disclosure policy."""
    decisions_sha256: str
    """Of a home's own decisions on values; those that ship are part of the code."""
    is_sample: bool
    here: Mapping[str, list[list[str]]] = field(default_factory=dict)
    """What no sender did: files that others took the place of, and those kept no longer."""

    @property
    def fingerprint(self) -> str:
        """The hash of all of it; equal for a run that would change nothing."""
        parts = (self.code_version, self.policy_sha256, self.decisions_sha256, self.is_sample)
        return _hash([self.inputs, *parts])

    def release_id(self, earlier: Iterable[str]) -> str:
        """Return the id of the release that follows ``earlier``: newest snapshot and a hash."""
        newest = max(entry["period_end"] for entry in self.inputs)
        return f"{newest}-{_hash([self.fingerprint, list(earlier)])[:12]}"


def basis(
    loads: Iterable[Load],
    policy: Policy,
    decisions_sha256: str,
    *,
    is_sample: bool,
    replaced: Mapping[tuple[Place, str], str] | None = None,
) -> Basis:
    """Return what a release of these files would be made from.

    Args:
        loads: every received file.
        policy: what may be published.
        decisions_sha256: of the team's own decisions.
        is_sample: whether the people are invented.
        replaced: by place and hash, what took the place of a received file in this home.
    """
    loads = list(loads)
    inputs = [
        {
            "period_end": load.place.period_end.isoformat(),
            "organisation_code": load.place.organisation_code,
            "source": load.place.source,
            "sha256": load.sha256,
            "status": load.status,
        }
        for load in sorted(loads, key=lambda load: (load.place, load.status, load.sha256))
        if load.status not in (SUPERSEDED, EXPIRED)
    ]
    return Basis(
        inputs=tuple(inputs),
        code_version=code_version(),
        policy_sha256=policy.sha256,
        policy=policy.settings,
        decisions_sha256=decisions_sha256,
        is_sample=is_sample,
        here=_changed_here(inputs, loads, replaced or {}),
    )


@cache
def code_version() -> str:
    """Return the version with a hash of the code, the SQL and the reference data behind it.

    It is read once: what a process has begun with is what it runs.
    """
    digest = hashlib.sha256()
    for pattern in _CODE:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(path.relative_to(ROOT).as_posix().removeprefix("src/").encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return f"{__version__}+{digest.hexdigest()[:12]}"


def manifest(
    basis: Basis,
    loads: Iterable[Load],
    earlier: list[str],
    told: Mapping[str, Any],
) -> str:
    """Return the manifest of a release as JSON: everything it was made from.

    Args:
        basis: inputs, code, policy and decisions.
        loads: every received file.
        earlier: the releases before it, the oldest first; what they tell is out.
        told: how many ``figures`` it has, the ``engine`` that built it, which changes none of them,
            and its ``protection``: what the attack looked at, and what is withheld or out.
    """
    rows = {
        f"{load.place}:{load.sha256}": {
            "received": load.rows_received,
            "landed": load.rows_landed,
            "quarantined": load.rows_quarantined,
        }
        for load in loads
    }
    inputs = [
        entry
        | rows[
            f"{entry['period_end']}/{entry['organisation_code']}/{entry['source']}:{entry['sha256']}"
        ]
        for entry in basis.inputs
    ]
    return json.dumps(
        {
            "release_id": basis.release_id(earlier),
            "code_version": basis.code_version,
            "policy_sha256": basis.policy_sha256,
            "policy": basis.policy,
            "decisions_sha256": basis.decisions_sha256,
            "is_sample": basis.is_sample,
            "earlier_releases": earlier,
            "inputs": inputs,
            **told,
            **basis.here,
        },
        indent=1,
        sort_keys=True,
    )


def _changed_here(
    inputs: Iterable[Mapping[str, Any]],
    loads: Iterable[Load],
    replaced: Mapping[tuple[Place, str], str],
) -> dict[str, list[list[str]]]:
    """Return places and hashes of what no sender did; a list is there where it holds something."""
    names = ("period_end", "organisation_code", "source")
    filled = {tuple(one[name] for name in names) for one in inputs}
    in_use = {(*(one[name] for name in names), one["sha256"]) for one in inputs}
    found = {
        "replaced": sorted(
            [*_words(place), old, new]
            for (place, old), new in replaced.items()
            if (*_words(place), new) in in_use
        ),
        "not_kept": sorted(
            [*_words(load.place), load.sha256]
            for load in loads
            if load.status == EXPIRED and _words(load.place) not in filled
        ),
    }
    return {name: entries for name, entries in found.items() if entries}


def _words(place: Place) -> tuple[str, str, str]:
    return str(place.period_end), place.organisation_code, place.source


def write_release(
    home: Home, release_id: str, frames: Mapping[str, "pd.DataFrame"], manifest: str
) -> Path:
    """Write the folder of a release and return it; it is there whole or not at all.

    ``SHA256SUMS`` in it holds the hashes of its files.
    """
    from pipeline.publish.database import write_csv, write_database

    folder = home.releases / release_id
    unfinished = make_folder(home.releases) / f".{release_id}.unfinished"
    # What an interrupted run left, of this release or of one that was never finished.
    for left in home.releases.glob(".*.unfinished"):
        shutil.rmtree(left, ignore_errors=True)
    make_folder(unfinished)
    write_database(unfinished / "equality.duckdb", frames)
    write_csv(unfinished / "equality.duckdb", unfinished / "figure.csv")
    write_manifest(unfinished, manifest)
    shutil.rmtree(folder, ignore_errors=True)
    unfinished.rename(folder)
    return folder


def write_manifest(folder: Path, manifest: str) -> None:
    """Write the manifest of a release whose other files are there, and the hashes of all."""
    write_whole(folder / "manifest.json", manifest.encode())
    write_whole(folder / SUMS, "".join(_sums(folder)).encode("ascii"))


def _sums(folder: Path) -> Iterator[str]:
    for name in _SUMMED:
        yield f"{sha256_of(folder / name)}  {name}\n"


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def database_hash(folder: Path) -> str | None:
    """Return the hash that the database of a release had when it was made; None if none was kept.

    Args:
        folder: the folder of the release.
    """
    sums = folder / SUMS
    if not sums.exists():
        return None
    lines = sums.read_text("ascii", "replace").splitlines()
    return next((line.split()[0] for line in lines if line.endswith("  equality.duckdb")), None)


def is_current(home: Home, release_id: str) -> bool:
    """Return whether ``release_id`` is what readers see, under the name that the home asks for."""
    wanted = _dated(home, release_id) if home.has_dated_names else home.published_database
    if current_release(home) != release_id or not wanted.exists():
        return False
    made = home.releases / release_id / "equality.duckdb"
    # Where a reader kept the plain name from being replaced, it still holds an earlier release.
    known = database_hash(made.parent)
    if known is not None:
        return sha256_of(wanted) == known
    return not made.exists() or filecmp.cmp(wanted, made, shallow=False)


def make_current(home: Home, release_id: str) -> Path:
    """Put the database of a release where everybody reads it, and return that place.

    It takes the place of the one before in one step; a reader that has that one open keeps it until
    it closes. On a file share that does not replace an open file, and in a home with dated names,
    it stands beside the one before as ``equality-<release_id>.duckdb``. ``current.txt`` names the
    release in each case. What is not current any more is taken away, unless somebody has it open:
    the next run sees to it then.

    Raises:
        UsageError: the release is not there, or is damaged.
    """
    folder = make_folder(home.published_database.parent, mode=0o755)
    folder.chmod(0o755)
    made = home.releases / release_id / "equality.duckdb"
    if not made.is_file():
        raise UsageError(
            f"{made} is not there, so that nobody can publish it. Put the folder {release_id} back "
            "into releases/ from a backup, and run again."
        )
    content = made.read_bytes()
    if database_hash(made.parent) not in (None, hashlib.sha256(content).hexdigest()):
        raise UsageError(
            f"{made} is damaged: its hash is not the one in {SUMS} beside it. Readers see what "
            f"they saw. Put the folder {release_id} back into releases/ from a backup, and run "
            "again."
        )
    path = _dated(home, release_id) if home.has_dated_names else home.published_database
    try:
        write_whole(path, content, mode=0o644)
    except OSError as error:
        if home.has_dated_names or error.errno not in _HELD_OPEN:
            raise
        path = _dated(home, release_id)
        write_whole(path, content, mode=0o644)
    write_whole(folder / "current.txt", f"{release_id}\n".encode("ascii"), mode=0o644)
    kept = {path} if home.has_dated_names else {path, home.published_database}
    for other in sorted(set(folder.glob("equality*.duckdb")) - kept):
        if not is_open(other):
            # A share may refuse it after all; then it stays until the next run.
            with contextlib.suppress(OSError):
                other.unlink()
    return path


def current_database(home: Home) -> Path:
    """Return the file that holds the newest release: under its date where that is there.

    The plain name where nothing has been released.
    """
    release_id = current_release(home)
    dated = _dated(home, release_id) if release_id else home.published_database
    if not dated.exists() or (not home.has_dated_names and is_current(home, release_id or "")):
        return home.published_database
    return dated


def is_open(path: Path) -> bool:
    """Return whether a DuckDB has a file open: it locks what it reads.

    Where the operating system has no such locks (Windows), it refuses to remove an open file by
    itself, and the answer is False.
    """
    try:
        import fcntl
    except ImportError:
        return False
    try:
        with path.open("r+b") as file:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    return False


def shown_report(home: Home, release_id: str) -> Path:
    """Return the folder in which readers find the report of a release, once it is made."""
    return home.published_database.with_name(f"report-{release_id}")


def current_release(home: Home) -> str | None:
    """Return the release that ``current.txt`` names; None where nothing has been released."""
    pointer = home.published_database.with_name("current.txt")
    return pointer.read_text(encoding="ascii").strip() if pointer.exists() else None


def _dated(home: Home, release_id: str) -> Path:
    return home.published_database.with_name(f"equality-{release_id}.duckdb")


def _hash(content: object) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()
