"""Do again what a home did: land files, make releases, and hold these against the kept ones."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.arrive import Received, land_received
from pipeline.decisions.decision import FILE, meanings, of_file, shipped
from pipeline.decisions.in_force import Decided, in_force
from pipeline.decisions.read_again import to_read_again
from pipeline.disclosure import policy_of
from pipeline.errors import EqualityError, ProductError
from pipeline.publish.basis import Basis
from pipeline.publish.release import SUMS, write_manifest
from pipeline.publish.release import sha256_of as hash_of_file
from pipeline.rebuild.beside import linked_copy
from pipeline.rebuild.plan import Landing, Plan, Release
from pipeline.receive.begin import file_hashes
from pipeline.receive.inbox import Place
from pipeline.receive.ledger import EXPIRED, REJECTED, SUPERSEDED, Load
from pipeline.receive.snapshots import Snapshots, sha256_of
from pipeline.settings import Home
from pipeline.workspace import Workspace

SAME, DIFFERS, TAKEN_OVER, PUT_BACK, LOST = (
    "same", "differs", "taken over", "put back", "lost",
)  # fmt: skip
WORDS: Mapping[str, str] = {
    SAME: "the same to the byte",
    DIFFERS: "differs",
    TAKEN_OVER: "not made again, taken over as it is",
    PUT_BACK: "was lost or damaged; made again, the same to the byte, and put back",
    LOST: "is lost or damaged, and could not be made again",
}
"""What became of a release."""
_SAME_VERSION = "by the same version of the product, which is a fault of it"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a release.

    Attributes:
        release_id: which.
        outcome: one of ``WORDS``.
        figures: how many figures read otherwise; 0 unless it differs.
        reason: why, in words; empty where it is the same.
    """

    release_id: str
    outcome: str
    figures: int = 0
    reason: str = ""

    @property
    def is_fault(self) -> bool:
        """Whether it should have come out as it is, and did not."""
        return self.outcome == LOST or self.reason == _SAME_VERSION


class Replay:
    """A rebuild at work in a home of its own."""

    def __init__(self, workspace: Workspace, home: Home, plan: Plan) -> None:
        """Begin, or go on with what an earlier rebuild left.

        Args:
            workspace: in the home beside, with its ledger prepared.
            home: the home that is rebuilt.
            plan: what is done again.
        """
        self._workspace, self._home, self._plan = workspace, home, plan
        self._snapshots = Snapshots(home.snapshots, workspace.keys)
        self._replaced = workspace.ledger.replaced()
        self._names = {
            (*fields[:3], fields[4]): fields[5]
            for one in plan.replaced
            for fields in one.detail["files"]
        }
        self._inputs = {
            (*_words(_place(entry)), entry["sha256"]): entry
            for step in plan.steps
            if isinstance(step, Release)
            for entry in step.manifest["inputs"]
        }

    def land(self, step: Landing) -> None:
        """Land files that came together; of those that are kept no longer the hash is noted."""
        ledger, newest = self._workspace.ledger, self._workspace.ledger.newest()
        received = []
        for day, code, source, old_name, old in step.files:
            place = Place(date.fromisoformat(day), code, source)
            digest = self._replaced.get((place, old), old)
            name = self._names.get((day, code, source, digest), old_name)
            known = newest.get(place)
            if known is not None and known.sha256 == digest:
                continue
            if self._is_kept(digest):
                received.append(Received(place, self._read_name(name, digest), digest, str(place)))
            else:
                ledger.record(self._not_kept(place, name, digest), [])
        with in_force(decided_then(step.decisions, self._home)):
            again = to_read_again(ledger, self._workspace.connection)
            if received or again:
                land_received(self._workspace, received, again)

    def _is_kept(self, digest: str) -> bool:
        if not self._snapshots.holds(digest):
            return False
        try:
            self._snapshots.content(digest)
        except ProductError:
            return False
        return True

    def _read_name(self, name: str, digest: str) -> str:
        """Return under which name a file is read, where nobody kept what it was called."""
        is_workbook = self._snapshots.content(digest).startswith(b"PK")
        stem = Path(name).stem
        return f"{stem}.xlsx" if is_workbook and name.endswith(".csv") else name

    def _not_kept(self, place: Place, name: str, digest: str) -> Load:
        told = self._inputs.get((*_words(place), digest), {})
        is_rejected = told.get("status") == REJECTED
        return Load(
            load_id=self._workspace.ledger.next_load_id(),
            place=place,
            file_name=name,
            sha256=digest,
            status=REJECTED if is_rejected else EXPIRED,
            rows_received=told.get("received", 0),
            rows_landed=0,
            rows_quarantined=0,
            rows_warned=0,
        )

    def release(self, step: Release) -> Result:
        """Make a release again, hold it against the kept one, and count what is out as out."""
        kept = self._home.releases / step.release_id
        made = self._workspace.home.releases / step.release_id
        self._workspace.connection.execute(
            "delete from ledger.release where release_id = ?", [step.release_id]
        )
        reason = self._hindrance(step) or self._make(step)
        is_whole = _is_whole(kept, step)
        result = _result(step, made if not reason else None, kept if is_whole else None, reason)
        if is_whole:
            linked_copy(kept, made)
        elif result.outcome == PUT_BACK:
            write_manifest(made, json.dumps(step.manifest, indent=1, sort_keys=True))
        self._record(step, made / SUMS)
        return result

    def _hindrance(self, step: Release) -> str:
        """Return why a release cannot be made again, or nothing."""
        lost = [
            name
            for name in step.manifest["earlier_releases"]
            if not (self._workspace.home.releases / name / "equality.duckdb").exists()
        ]
        if lost:
            return f"what is hidden in it depends on {lost[0]}, which is lost"
        if step.decisions is None:
            return "nobody kept the decisions on unknown values that the team had made then"
        wanted = {(*_words(_place(one)), one["sha256"]) for one in step.manifest["inputs"]}
        held = {
            (*_words(load.place), load.sha256)
            for load in self._workspace.ledger.loads()
            if load.status not in (SUPERSEDED, EXPIRED)
        }
        lacking = wanted - held
        replaced = {(*_words(place), old) for place, old in self._replaced}
        told = {
            "replaced, because somebody in them is forgotten": lacking & replaced,
            "kept no longer, or damaged": {
                one for one in lacking - replaced if not self._is_kept(one[3])
            },
        }
        told["not what came last then"] = lacking.union(held - wanted).difference(*told.values())
        if not lacking and not held - wanted:
            return ""
        return "of its files " + "; ".join(
            f"{len(files)} {'is' if len(files) == 1 else 'are'} {words}"
            for words, files in told.items()
            if files
        )

    def _make(self, step: Release) -> str:
        """Make a release under its own policy and decisions; return why it could not be."""
        from pipeline.release_stages import make_release

        manifest = step.manifest
        try:
            policy = policy_of(
                manifest["policy"], manifest["policy_sha256"], f"of {step.release_id}"
            )
            with in_force(decided_then(step.decisions, self._home)):
                workspace = replace(self._workspace, policy=policy)
                released = make_release(workspace, basis_of(manifest))
        except EqualityError as error:
            return str(error)
        if released.release_id != step.release_id:
            return "its manifest was changed: it does not give the name of the release"
        return "; ".join(released.stop_reasons)

    def _record(self, step: Release, sums: Path) -> None:
        """Record a release as it was, whatever was made of it now."""
        ledger = self._workspace.ledger
        self._workspace.connection.execute(
            "delete from ledger.release where release_id = ?", [step.release_id]
        )
        text = json.dumps(step.manifest, indent=1, sort_keys=True)
        fingerprint = step.fingerprint or basis_of(step.manifest).fingerprint
        digest = hash_of_file(sums) if sums.exists() else None
        ledger.record_release(step.release_id, fingerprint, text, digest)


def decided_then(text: str | None, home: Home) -> Decided:
    """Return the decisions in force with a team's own file as it was."""
    own = of_file(text.encode(), home.decisions / FILE) if text else ()
    return meanings([*shipped(), *own])


def basis_of(manifest: Mapping[str, Any]) -> Basis:
    """Return what a release was made from, as its manifest says; its code version among it."""
    names = ("period_end", "organisation_code", "source", "sha256", "status")
    return Basis(
        inputs=tuple({name: one[name] for name in names} for one in manifest["inputs"]),
        code_version=manifest["code_version"],
        policy_sha256=manifest["policy_sha256"],
        policy=manifest["policy"],
        decisions_sha256=manifest["decisions_sha256"],
        is_sample=manifest["is_sample"],
        here={name: manifest[name] for name in ("replaced", "not_kept") if name in manifest},
    )


def _is_whole(folder: Path, step: Release) -> bool:
    """Return whether a kept release is as it was made, as far as anybody can say."""
    from pipeline.errors import UsageError
    from pipeline.store import open_published

    hashes = file_hashes(folder)
    if len(hashes) < 3 or any(hashes.get(name) != known for name, known in step.sha256.items()):
        return False
    try:
        with open_published(folder / "equality.duckdb") as connection:
            found = connection.execute("select count(*) from figure").fetchone()
    except UsageError:
        return False
    return found == (step.manifest["figures"],)


def _result(step: Release, made: Path | None, kept: Path | None, reason: str) -> Result:
    if made is None:
        return Result(step.release_id, TAKEN_OVER if kept else LOST, reason=reason)
    figures = (made / "figure.csv").read_bytes()
    if kept is None:
        if sha256_of(figures) == step.sha256.get("figure.csv"):
            return Result(step.release_id, PUT_BACK)
        return Result(step.release_id, LOST, reason="its figures came out otherwise")
    before = (kept / "figure.csv").read_bytes()
    if before == figures:
        return Result(step.release_id, SAME)
    return Result(step.release_id, DIFFERS, _differing(before, figures), _why(step))


def _why(step: Release) -> str:
    from pipeline.publish.basis import code_version

    then, now = step.manifest["code_version"], code_version()
    if then == now:
        return _SAME_VERSION
    return f"it was made by version {then} of the product, this is {now}"


def _differing(before: bytes, now: bytes) -> int:
    """Return how many figures read otherwise: lines that only one of two files has."""
    old, new = Counter(before.splitlines()), Counter(now.splitlines())
    return max((old - new).total(), (new - old).total())


def _place(entry: Mapping[str, Any]) -> Place:
    day = date.fromisoformat(entry["period_end"])
    return Place(day, entry["organisation_code"], entry["source"])


def _words(place: Place) -> tuple[str, str, str]:
    return str(place.period_end), place.organisation_code, place.source


def as_json(results: Iterable[Result]) -> str:
    """Return results as a text, to go on from."""
    return json.dumps([[one.release_id, one.outcome, one.figures, one.reason] for one in results])


def from_json(text: str) -> list[Result]:
    """Return the results of ``as_json``."""
    return [Result(*one) for one in json.loads(text)]
