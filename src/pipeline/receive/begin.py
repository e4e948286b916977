"""The receipts of a home that has none yet, made of its ledger; and the receipt of a release.

A home of an earlier version has received and released without receipts. What its ledger knows is
written down once: before each release the files that it was the first to be made from.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.decisions.decision import digest, of_home, text_of_home
from pipeline.receive import inbox
from pipeline.receive.ledger import EMPTY, LANDED, REJECTED, Ledger
from pipeline.receive.receipts import LANDING, RELEASE, Receipts
from pipeline.receive.snapshots import sha256_of
from pipeline.settings import Home

Place = tuple[str, str, str]


def begin(receipts: Receipts, ledger: Ledger, home: Home) -> None:
    """Write the receipts of what happened before there were any; where there are some, nothing."""
    if receipts.are_kept or not ledger.loads():
        return
    names = {(*_words(one.place), one.sha256): one.file_name for one in ledger.loads()}
    own, own_digest = text_of_home(home), digest(of_home(home))
    known: dict[Place, set[str]] = {}
    found: list[tuple[str, dict[str, Any]]] = []
    for release in ledger.releases():
        manifest = release["manifest"]
        # What the team had decided before its last decision is known to nobody any more.
        then = {"": "", own_digest: own}.get(manifest["decisions_sha256"])
        files = new_files(manifest, known, names)
        if files:
            found.append((LANDING, {"files": files, "decisions": then}))
        folder = home.releases / release["release_id"]
        found.append((RELEASE, of_release(folder, manifest, release["fingerprint"], then)))
    landed = [list(file) for file in _last_landed(ledger, known)]
    if landed:
        found.append((LANDING, {"files": landed, "decisions": own}))
    receipts.begin(found)


def new_files(
    manifest: Mapping[str, Any],
    known: dict[Place, set[str]],
    names: Mapping[tuple[str, str, str, str], str],
) -> list[list[str]]:
    """Return the files that a release is the first to be made from, and count them as known.

    Args:
        manifest: of the release.
        known: by place the hashes that were in use in the release before.
        names: by place and hash, what a file was called.

    Returns:
        Period, organisation, source, name and hash of each; accepted files before rejected ones of
        the same place, because that is how both came to be in use.
    """
    in_use: dict[Place, set[str]] = {}
    found = []
    order = {"landed": 0, "empty": 0, "rejected": 1}
    for entry in sorted(manifest["inputs"], key=lambda one: order.get(one["status"], 2)):
        place = (entry["period_end"], entry["organisation_code"], entry["source"])
        in_use.setdefault(place, set()).add(entry["sha256"])
        if entry["sha256"] not in known.get(place, ()):
            name = names.get((*place, entry["sha256"]), f"{place[2]}.csv")
            found.append([*place, name, entry["sha256"]])
    known.clear()
    known.update(in_use)
    return sorted(found, key=lambda file: file[:3])


def _last_landed(ledger: Ledger, known: Mapping[Place, set[str]]) -> list[tuple[str, ...]]:
    """Return the files in use that came after the newest release."""
    return [
        (*_words(load.place), load.file_name, load.sha256)
        for load in ledger.loads()
        if load.status in (LANDED, EMPTY, REJECTED)
        and load.sha256 not in known.get(_words(load.place), ())
    ]


def _words(place: "inbox.Place") -> Place:
    return str(place.period_end), place.organisation_code, place.source


def of_release(
    folder: Path, manifest: Mapping[str, Any], fingerprint: str, decisions: str | None
) -> dict[str, Any]:
    """Return the receipt of a release: what it was made from, and the hashes of its files.

    Args:
        folder: of the release.
        manifest: what it was made from, with the whole policy.
        fingerprint: by which a run knows that nothing is new.
        decisions: the team's own file of decisions then; None where nobody knows it.
    """
    return {
        "release_id": manifest["release_id"],
        "manifest": manifest,
        "fingerprint": fingerprint,
        "decisions": decisions,
        "sha256": file_hashes(folder),
    }


def file_hashes(folder: Path) -> dict[str, str]:
    """Return the hashes of the files of a release that are there."""
    names = ("equality.duckdb", "figure.csv", "manifest.json")
    return {
        name: sha256_of((folder / name).read_bytes()) for name in names if (folder / name).exists()
    }
