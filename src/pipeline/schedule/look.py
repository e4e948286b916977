"""One look of the schedule, as part of a run: what is received, what is released, who is told.

``pipeline.run`` asks it; it does nothing that a run by hand does not do, but wait and remind.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from pipeline.outcome import Outcome
from pipeline.receive.inbox import Inbox
from pipeline.receive.ledger import Ledger, Load
from pipeline.schedule.decision import Decision, Verdict, decide
from pipeline.schedule.settings import Schedule

if TYPE_CHECKING:
    from pipeline.alert.channels import Channels
    from pipeline.workspace import Workspace

_LAST_LOOK = "schedule_last_look"


class Look:
    """A look on one day.

    While the newest snapshot is waited for and nothing of it was received, the first pass of a
    look runs on the snapshots before it, so that what became due while nobody looked is made up
    for, in one release. A second pass then receives what there is of the newest one.
    """

    def __init__(self, schedule: Schedule, today: date, *, is_second: bool = False) -> None:
        self._schedule, self._today, self._is_second = schedule, today, is_second
        self._is_narrowed = False
        self._last_look: date | None = None
        self.decision: Decision | None = None
        """What was decided; None before the newest snapshot was looked at."""

    def inbox(self, inbox: Inbox, ledger: Ledger) -> Inbox:
        """Return what this look receives: no snapshot that is still to come."""
        self._last_look = last_look(ledger)
        loads = ledger.loads()
        first = self._decide(loads)
        newest, is_leap = first.period_end, first.verdict is Verdict.CLOCK
        is_begun = any(load.place.period_end == newest for load in loads)
        self._is_narrowed = not self._is_second and not is_begun and first.verdict is Verdict.WAITS
        return Inbox(
            tuple(
                each
                for each in inbox.submissions
                if each.place.period_end < newest
                or (each.place.period_end == newest and not (self._is_narrowed or is_leap))
            ),
            inbox.strays,
        )

    def holds(self, ledger: Ledger) -> bool:
        """Return whether nothing is released, now that everything there is has been received."""
        if self._is_narrowed:
            return False
        self.decision = self._decide(ledger.loads())
        ledger.note(_LAST_LOOK, self._today.isoformat())
        return self.decision.waits

    def tell(
        self, workspace: "Workspace", channels: "Channels | None", outcome: Outcome, *,
        is_sample: bool,
    ) -> Outcome:  # fmt: skip
        """Write who owes what into the feedback, and remind those who are told of alerts."""
        from pipeline.schedule.feedback import write_outstanding
        from pipeline.schedule.reminders import remind

        decision = self.decision
        if decision is None:
            return outcome
        write_outstanding(workspace.home.feedback, decision)
        if channels is None or outcome.told is None:
            return outcome
        sent = workspace.runner.call(
            lambda: remind(workspace, channels, decision, is_sample=is_sample), "remind"
        )
        told = replace(
            outcome.told,
            sent=outcome.told.sent + sent.sent,
            unsent=(*outcome.told.unsent, *sent.unsent),
        )
        return replace(outcome, told=told)

    def _decide(self, loads: Sequence[Load]) -> Decision:
        # The look before is that of another process: both passes of this one go by the same.
        return decide(self._schedule, self._today, self._last_look, loads)


def last_look(ledger: Ledger) -> date | None:
    """Return the day of the newest look, as the clock had it; None where there was none."""
    text = ledger.about(_LAST_LOOK)
    return date.fromisoformat(text) if text else None
