"""What can be done with a received file on another machine: from its bytes to its checked rows.

It needs no key, no database and no folder: what it gives follows from what it is given.
"""

from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from pipeline.decisions.in_force import Decided, in_force
from pipeline.receive.inbox import Place
from pipeline.receive.limits import Limits

if TYPE_CHECKING:
    from pipeline.checked import Checked

_one_at_a_time = Lock()
"""The decisions in force are those of a process, and another thread of it may have other ones."""


class Sent(NamedTuple):
    """A received file as it is sent to another machine."""

    content: bytes
    file_name: str
    place: Place
    decided: Decided
    limits: Limits


def examine(sent: Sent) -> "Checked":
    """Return what may be landed of a file, and every fault of it.

    Raises:
        ProductError: where a check itself fails.
    """
    from pipeline.check import check
    from pipeline.read import read
    from pipeline.read.batches import Spool

    place = sent.place
    with _one_at_a_time, in_force(sent.decided):
        spool = Spool(limits=sent.limits)
        reading = read(sent.content, sent.file_name, place.source, place, spool)
        return check(reading, place.source, place.period_end, place.organisation_code)
