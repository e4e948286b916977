"""What became of a run: what it received, what it rejected, what it released and who was told."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import ExitCode
from pipeline.receive.ledger import Load

if TYPE_CHECKING:
    from pipeline.alert.delivery import Delivery


@dataclass(frozen=True, slots=True)
class Rejection:
    """A file that is not part of the figures, and why."""

    name: str
    messages: tuple[str, ...]
    place: tuple[str, str, str] | None = None
    """Period, organisation and source; None for a file that has no place."""


@dataclass(frozen=True, slots=True)
class Released:
    """What a run released, or would have released."""

    release_id: str
    organisations: tuple[str, ...]
    periods: tuple[str, ...]
    figures: int
    suppressed: int
    attacked: int
    """How many hidden counts the attack looked at."""
    out: int
    """How many counts are hidden that earlier releases have told."""
    alerts: int
    newest_alerts: tuple[str, ...]
    """The published alerts of the newest snapshot, a line each."""
    stop_reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a run.

    Attributes:
        release_id: the newest release, or None where there is none yet.
        feedback: the folder of the feedback.
        released: what this run released, or None where nothing was new.
        loads: the files that this run received.
        read_again: the files of earlier runs that a new staff extract made it read again.
        decided: those that a decision on a value made it read again.
        unknown_codes: how many values of code-list columns this run left for a decision.
        rejections: everything that is rejected now, whenever it was received.
        stop_reasons: why the gate stopped the release.
        new_keys: whether this run made the keys of the home.
        told: what became of the digests; None where there are no channels.
        put_back: the release that somebody put in the place of the newest one, and readers see.
        interrupted: when the run before this one began, where it was killed before its end.
    """

    release_id: str | None
    feedback: Path
    released: Released | None = None
    loads: tuple[Load, ...] = ()
    read_again: tuple[Load, ...] = ()
    decided: tuple[Load, ...] = ()
    unknown_codes: int = 0
    rejections: tuple[Rejection, ...] = ()
    stop_reasons: tuple[str, ...] = ()
    new_keys: bool = False
    told: "Delivery | None" = None
    put_back: str | None = None
    interrupted: str | None = None

    @property
    def shown(self) -> str | None:
        """The release that readers see: the newest one, or the one that was put in its place."""
        return self.put_back or self.release_id

    @property
    def exit_code(self) -> ExitCode:
        """The exit code of a run with this outcome."""
        if self.stop_reasons:
            return ExitCode.STOPPED
        return ExitCode.REJECTED if self.rejections else ExitCode.RELEASED
