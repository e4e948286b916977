"""What a rebuild does again, in order: files that landed, and releases that were made.

The receipts say it. Of releases that have none, because they are older than receipts or because
those were lost, the manifests in ``releases/`` say from which files they were made.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline import __version__
from pipeline.decisions.decision import digest, of_home, text_of_home
from pipeline.errors import ProductError
from pipeline.receive.begin import Place, file_hashes, new_files
from pipeline.receive.receipts import LANDING, RELEASE, REPLACED, Receipt, Receipts
from pipeline.settings import Home


@dataclass(frozen=True, slots=True)
class Landing:
    """Files that came together.

    Attributes:
        files: period, organisation, source, name and hash of each.
        decisions: the team's own file of decisions then; None where nobody knows it.
    """

    files: tuple[tuple[str, ...], ...]
    decisions: str | None


@dataclass(frozen=True, slots=True)
class Release:
    """A release that was made.

    Attributes:
        release_id: which.
        manifest: what it was made from.
        fingerprint: by which a run knows that nothing is new; empty where nobody kept it.
        decisions: the team's own file of decisions then; None where nobody knows it.
        sha256: the hashes of its files as they were made.
    """

    release_id: str
    manifest: Mapping[str, Any]
    fingerprint: str
    decisions: str | None
    sha256: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that a rebuild needs to know.

    Attributes:
        steps: what is done again, in order.
        replaced: the receipts of files whose place others took.
        faults: receipts that cannot be read, a sentence each.
    """

    steps: tuple[Landing | Release, ...]
    replaced: tuple[Receipt, ...]
    faults: tuple[str, ...]

    @property
    def mark(self) -> str:
        """A hash of the plan and the version that follows it, by which a part is gone on with."""
        from pipeline.publish.basis import code_version

        content = [__version__, code_version(), *map(str, self.steps), *map(str, self.replaced)]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def plan(home: Home, receipts: Receipts) -> Plan:
    """Return what made a home what it is."""
    kept, faults = _readable(receipts)
    receipted = [one.detail for one in kept if one.kind == RELEASE]
    manifests = _manifests(home) | {one["release_id"]: one["manifest"] for one in receipted}
    order = [one["release_id"] for one in receipted]
    chain, lost = _chain(manifests, order)
    faults += [f"Nothing says any more what the release {name} was made from." for name in lost]
    own = text_of_home(home)
    own_decisions = {"": "", digest(of_home(home)): own}
    events = list(_events(kept, chain))
    steps: list[Landing | Release] = []
    in_use: dict[Place, set[str]] = {}
    for name in chain:
        manifest = manifests[name]
        files = tuple(tuple(file) for file in new_files(manifest, in_use, {}))
        if name in order:
            end = next(i for i, one in enumerate(events) if _is_release(one, name)) + 1
            steps += events[:end]
            del events[:end]
        else:
            then = own_decisions.get(manifest["decisions_sha256"])
            hashes = file_hashes(home.releases / name)
            steps += [Landing(files, then), Release(name, manifest, "", then, hashes)]
    replaced = tuple(one for one in kept if one.kind == REPLACED)
    return Plan((*steps, *events), replaced, tuple(faults))


def _is_release(event: Landing | Release, name: str) -> bool:
    return isinstance(event, Release) and event.release_id == name


def _readable(receipts: Receipts) -> tuple[list[Receipt], list[str]]:
    kept, faults = [], []
    for _, read in receipts.each():
        try:
            kept.append(read())
        except ProductError as error:
            faults.append(str(error))
    return kept, faults


def _manifests(home: Home) -> dict[str, Mapping[str, Any]]:
    """Return the manifest of every release whose folder still has it."""
    found: dict[str, Mapping[str, Any]] = {}
    if home.releases.is_dir():
        for path in sorted(home.releases.glob("*/manifest.json")):
            try:
                manifest = json.loads(path.read_bytes())
            except ValueError:
                continue
            if isinstance(manifest, dict) and manifest.get("release_id") == path.parent.name:
                found[path.parent.name] = manifest
    return found


def _chain(
    manifests: Mapping[str, Mapping[str, Any]], order: list[str]
) -> tuple[list[str], list[str]]:
    """Return the releases in order, and those of which nothing is known any more.

    The newest is the one with most before it, and names them. One that a run was killed in before
    it counted is named by none, and left out.

    Args:
        manifests: by release.
        order: the releases with receipts in the order of these.
    """
    if not manifests:
        return [], []
    place = {name: number for number, name in enumerate(order)}
    newest = max(
        manifests,
        key=lambda name: (len(manifests[name]["earlier_releases"]), place.get(name, -1), name),
    )
    names = [*manifests[newest]["earlier_releases"], newest]
    known = [name for name in names if name in manifests]
    return known, [name for name in names if name not in manifests]


def _events(kept: list[Receipt], chain: list[str]) -> Iterator[Landing | Release]:
    seen: set[str] = set()
    for one in kept:
        if one.kind == LANDING:
            files = tuple(tuple(file) for file in one.detail["files"])
            yield Landing(files, one.detail["decisions"])
        elif one.kind == RELEASE:
            name = one.detail["release_id"]
            if name in chain and name not in seen:
                seen.add(name)
                yield Release(**one.detail)
