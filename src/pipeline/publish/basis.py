"""What a release is a pure function of, and the manifest that tells it."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pipeline import __version__
from pipeline.disclosure import Policy
from pipeline.receive.inbox import Place
from pipeline.receive.ledger import EXPIRED, SUPERSEDED, Load
from pipeline.resources import ROOT

_CODE = ("src/pipeline/**/*.py", "pipeline/**/*.py", "schemas/**/*.py", "schemas/**/*.csv",
         "warehouse/**/*.sql", "warehouse/**/*.csv", "warehouse/**/*.yml")  # fmt: skip


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


def _hash(content: object) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()
