"""What a run notes in the trail: that it began, what it made of what, and how it ended."""

import contextlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

from pipeline.errors import EqualityError
from pipeline.receive.ledger import Ledger, Load
from pipeline.settings import Home
from pipeline.trail import Entry, head, newest_first, note

if TYPE_CHECKING:
    from pipeline.outcome import Outcome
    from pipeline.publish.basis import Basis

STARTED, ENDED, RELEASE = "run started", "run ended", "release"
FAILED = "failed"
"""The outcome of a run that ended with an error."""

HEAD = "trail_head"
"""The name in the private database of the newest entry that a run had noted."""


class NotedRun:
    """A run in the trail.

    Attributes:
        interrupted: the entry of the run before this one, where that run did not end; else None.
        is_after_a_failure: whether the run before this one did not end, or ended with a failure.
        outcome: what became of this one, to be set before it ends.
    """

    def __init__(self, newest: Entry | None) -> None:
        """Look at what the run before this one noted last; None where there was none."""
        is_started = newest is not None and newest.action == STARTED
        self.interrupted = newest if is_started else None
        self.is_after_a_failure = newest is not None and (
            is_started or newest.detail.get("outcome") == FAILED
        )
        self.outcome: Outcome | None = None

    def since(self) -> str | None:
        """Return when the run before this one began, where it did not end."""
        return self.interrupted.noted_at if self.interrupted else None


@contextmanager
def noted_run(home: Home, period: date | None) -> Iterator[NotedRun]:
    """Note that a run begins and, when the block ends, what became of it.

    Args:
        home: whose run, which holds the lock.
        period: the only snapshot that it reads; all where None.
    """
    run = NotedRun(next(newest_first(home, STARTED, ENDED), None))
    note(home, STARTED, {"period": period or "all"})
    try:
        yield run
    except BaseException as error:
        # What went wrong matters more than that a full disk takes no note of it.
        with contextlib.suppress(OSError, EqualityError):
            note(home, ENDED, {"outcome": FAILED, "error": type(error).__name__})
        raise
    if run.outcome is not None:
        note(home, ENDED, noted_outcome(run.outcome))


def noted_outcome(outcome: "Outcome") -> dict[str, object]:
    """Return what is noted of a run: what it received, and the release that is its result."""
    if outcome.stop_reasons:
        result = "stopped"
    elif outcome.released is not None:
        result = "released"
    else:
        result = "nothing new" if outcome.release_id else "nothing released"
    return {
        "outcome": result,
        "release": outcome.release_id,
        "shown": outcome.shown,
        "received": [_noted_load(load) for load in outcome.loads],
        "read_again": [str(load.place) for load in (*outcome.read_again, *outcome.decided)],
        "rejected": len(outcome.rejections),
    }


def noted_release(basis: "Basis", release_id: str, sums_sha256: str) -> Mapping[str, object]:
    """Return what is noted of a release: its hash, and every file that it is made from."""
    return {
        "release": release_id,
        "sha256sums": sums_sha256,
        "policy_sha256": basis.policy_sha256,
        "inputs": [
            [
                f"{entry['period_end']}/{entry['organisation_code']}/{entry['source']}",
                entry["sha256"],
                entry["status"],
            ]
            for entry in basis.inputs
        ],
    }


def keep_head(home: Home, ledger: Ledger) -> None:
    """Keep in the private database what the newest entry is, and move what it noted itself before.

    Whoever cuts lines off the end of the trail is found out by it.
    """
    if before := ledger.trail_of_before():
        note(home, "entries of an earlier version", {"entries": [list(row) for row in before]})
    ledger.drop_trail_of_before()
    ledger.note(HEAD, head(home))


def _noted_load(load: Load) -> list[str]:
    return [str(load.place), load.sha256, load.status]
