"""The main job: receive, read, check, land, build, assess, protect, gate, publish, alert.

The stages are plain functions. Who runs them is a ``Runner``: this process itself, or Prefect
(``flows/quarterly.py``); both call the same functions in the same order.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from pipeline.errors import ExitCode, UsageError
from pipeline.files import words_for_disk_errors
from pipeline.identity import Keys, load_keys
from pipeline.lock import single_writer
from pipeline.protect.policy import Policy, load_policy
from pipeline.publish.release import basis, is_current, make_current
from pipeline.receive.inbox import Inbox, Submission, scan
from pipeline.receive.ledger import EMPTY, LANDED, REJECTED, Ledger, Load
from pipeline.receive.snapshots import Snapshots
from pipeline.settings import Settings
from pipeline.store import open_private

if TYPE_CHECKING:
    import duckdb

    from pipeline.land import Examined
    from pipeline.release_stages import Released

T = TypeVar("T")
Item = TypeVar("Item")


class Runner(Protocol):
    """Who runs the stages."""

    def call(self, stage: Callable[[], T], name: str) -> T:
        """Run one stage and return what it returns."""

    def each(
        self, stage: Callable[[Item], T], items: Sequence[Item], name: str, labels: Sequence[str]
    ) -> list[T]:
        """Run one stage for each item, and return the results in the order of the items."""


class InProcess:
    """Runs every stage here and now."""

    def call(self, stage: Callable[[], T], name: str) -> T:  # noqa: ARG002
        """Run one stage."""
        return stage()

    def each(
        self,
        stage: Callable[[Item], T],
        items: Sequence[Item],
        name: str,  # noqa: ARG002
        labels: Sequence[str],  # noqa: ARG002
    ) -> list[T]:
        """Run one stage for each item, one after the other."""
        return [stage(item) for item in items]


@dataclass(frozen=True, slots=True)
class Received:
    """A new file, its snapshot kept."""

    submission: Submission
    sha256: str


@dataclass(frozen=True, slots=True)
class Rejection:
    """A file that is not part of the figures, and why."""

    name: str
    messages: tuple[str, ...]
    place: tuple[str, str, str] | None = None
    """Period, organisation and source; None for a file that has no place."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a run.

    Attributes:
        release_id: the newest release, or None where there is none yet.
        released: what this run released, or None where nothing was new.
        loads: the files that this run received.
        rejections: everything that is rejected now, whenever it was received.
        stop_reasons: why the gate stopped the release.
        new_keys: whether this run made the keys of the home.
    """

    release_id: str | None
    released: "Released | None" = None
    loads: tuple[Load, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    stop_reasons: tuple[str, ...] = ()
    new_keys: bool = False
    feedback: Path | None = field(default=None)

    @property
    def exit_code(self) -> ExitCode:
        """The exit code of a run with this outcome."""
        if self.stop_reasons:
            return ExitCode.STOPPED
        return ExitCode.REJECTED if self.rejections else ExitCode.RELEASED


def run(
    settings: Settings,
    runner: Runner | None = None,
    *,
    period: date | None = None,
    is_sample: bool = False,
) -> Outcome:
    """Run the main job on ``settings.inbox`` and return what became of it.

    Args:
        settings: the home, the inbox and the policy.
        runner: who runs the stages; this process where None.
        period: the only snapshot whose folder of the inbox is read; all where None.
        is_sample: whether the inbox is the sample, so that the database says so.

    Raises:
        UsageError: an empty inbox in a new home, a missing or wrong key, a read-only home.
        LockedError: another run holds the lock.
        DiskError: the disk is full or failing.
        ProductError: a fault of the product; the last release stays.
    """
    home = settings.home
    with words_for_disk_errors(home.root):
        inbox = _open_inbox(settings, period)
        policy = load_policy(settings.disclosure)
        with single_writer(home, settings.lock_wait_seconds):
            keys = load_keys(home)
            with open_private(home, keys) as connection:
                job = _Job(settings, runner or InProcess(), policy, keys, connection, is_sample)
                return job.run(inbox, complete=period is None)


def _open_inbox(settings: Settings, period: date | None) -> Inbox:
    if not settings.inbox.is_dir():
        raise UsageError(
            f"There is no inbox at {settings.inbox}. Make the folder and put the extracts in it as "
            "<period end>/<organisation code>/<source>.csv, or name another one with --inbox."
        )
    inbox = scan(settings.inbox, period)
    if not inbox.submissions and not inbox.strays and not settings.home.holds_data():
        raise UsageError(
            f"The inbox {settings.inbox} is empty. Put the extracts in it as "
            "<period end>/<organisation code>/<source>.csv, for example "
            "2022-03-31/01T/esr_staff.csv, and run again."
        )
    return inbox


class _Job:
    """One run with its open database."""

    def __init__(
        self,
        settings: Settings,
        runner: Runner,
        policy: Policy,
        keys: Keys,
        connection: "duckdb.DuckDBPyConnection",
        is_sample: bool,
    ) -> None:
        self._settings = settings
        self._home = settings.home
        self._runner = runner
        self._policy = policy
        self._keys = keys
        self._connection = connection
        self._ledger = Ledger(connection)
        self._snapshots = Snapshots(settings.home.snapshots, keys)
        self._is_sample = is_sample

    def run(self, inbox: Inbox, *, complete: bool) -> Outcome:
        self._ledger.prepare(self._keys)
        if complete:
            self._ledger.record_strays(inbox.strays)
        received = self._runner.call(lambda: self._receive(inbox), "receive")
        loads = self._land(received) if received else []
        return self._release(loads)

    def _receive(self, inbox: Inbox) -> list[Received]:
        """Keep a snapshot of every file that is new in its place."""
        newest = self._ledger.newest()
        received = []
        for submission in inbox.submissions:
            digest = self._snapshots.keep(submission.path.read_bytes())
            known = newest.get(submission.place)
            if known is None or known.sha256 != digest:
                received.append(Received(submission, digest))
        return received

    def _examine(self, received: Received) -> "Examined":
        """Read and check one file, from its snapshot."""
        from pipeline.check import check
        from pipeline.land import Examined
        from pipeline.read import read

        place = received.submission.place
        name = received.submission.path.name
        reading = read(self._snapshots.content(received.sha256), name, place.source)
        checked = check(reading, place.source, place.period_end)
        return Examined(place, name, received.sha256, checked)

    def _land(self, received: list[Received]) -> list[Load]:
        from pipeline import feedback, land

        labels = [str(item.submission.place) for item in received]
        examined = self._runner.each(self._examine, received, "read and check", labels)
        land.prepare(self._connection)

        def land_all() -> list[Load]:
            loads = []
            for item in examined:
                loads.append(land.land(self._connection, self._ledger, self._keys, item))
                feedback.write(self._home.feedback, item)
            return loads

        return self._runner.call(land_all, "land")

    def _release(self, loads: list[Load]) -> Outcome:
        from dataclasses import replace

        known = self._ledger.loads()
        releases = self._ledger.releases()
        latest = releases[-1]["release_id"] if releases else None
        outcome = Outcome(
            release_id=latest,
            loads=tuple(loads),
            rejections=self._rejections(known),
            new_keys=self._keys.made,
            feedback=self._home.feedback,
        )
        if not any(load.status in (LANDED, EMPTY) for load in known):
            return outcome
        made_from = basis(known, self._policy.sha256, is_sample=self._is_sample)
        if releases and releases[-1]["fingerprint"] == made_from.fingerprint:
            if not is_current(self._home, releases[-1]["release_id"]):
                make_current(self._home, releases[-1]["release_id"])
            return outcome
        from pipeline.release_stages import make_release

        released = make_release(
            self._settings, self._policy, self._connection, self._ledger, made_from, self._runner
        )
        if released.stop_reasons:
            return replace(outcome, stop_reasons=released.stop_reasons, released=released)
        return replace(outcome, release_id=released.release_id, released=released)

    def _rejections(self, loads: list[Load]) -> tuple[Rejection, ...]:
        strays = [Rejection(name, (message,)) for name, message in self._ledger.strays()]
        rejected = [
            Rejection(
                f"{load.place.period_end}/{load.place.organisation_code}/{load.file_name}",
                tuple(
                    fault.message()
                    for fault in self._ledger.faults(load.load_id)
                    if fault.severity == "file"
                ),
                (
                    load.place.period_end.isoformat(),
                    load.place.organisation_code,
                    load.place.source,
                ),
            )
            for load in loads
            if load.status == REJECTED
        ]
        return tuple(sorted(strays + rejected, key=lambda rejection: rejection.name))
