"""What became of a run: what it received, what it rejected, what it released and who was told."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import ExitCode
from pipeline.receive.ledger import Load

if TYPE_CHECKING:
    from pipeline.alert.delivery import Delivery
    from pipeline.release_stages import Released


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
    """

    release_id: str | None
    feedback: Path
    released: "Released | None" = None
    loads: tuple[Load, ...] = ()
    read_again: tuple[Load, ...] = ()
    decided: tuple[Load, ...] = ()
    unknown_codes: int = 0
    rejections: tuple[Rejection, ...] = ()
    stop_reasons: tuple[str, ...] = ()
    new_keys: bool = False
    told: "Delivery | None" = None

    @property
    def exit_code(self) -> ExitCode:
        """The exit code of a run with this outcome."""
        if self.stop_reasons:
            return ExitCode.STOPPED
        return ExitCode.REJECTED if self.rejections else ExitCode.RELEASED
