"""What a look of the schedule does: wait for extracts, or run with those that came.

A pure function of the day, of what was received and of the settings. It is asked every day, and any
day may be left out: whoever looks next finds the same answer, so that nothing has to be made up for
but the newest snapshot, once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from pipeline.alert.wording import day
from pipeline.periods import next_quarter_end, quarter_end_before
from pipeline.receive.inbox import Place
from pipeline.receive.ledger import Load
from pipeline.schedule.expected import Outstanding, expected_places, outstanding
from pipeline.schedule.settings import Schedule

LONGEST_LEAP = 100
"""Days between two looks above which the clock may be wrong, more than a quarter has. A second look
is waited for then, which finds what the first one found unless the clock was put right."""


class Verdict(StrEnum):
    """What a look does, and why."""

    COMPLETE = "complete"
    """Everything expected is there: it runs."""
    DEADLINE = "deadline"
    """The deadline has passed: it runs with what came."""
    WAITS = "waits"
    """Something is missing, and there is time left."""
    CLOCK = "clock"
    """The clock has leapt since the last look: it waits for another look to confirm the day."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a look does.

    Attributes:
        verdict: what, and why.
        period_end: the snapshot that it is about, the newest one.
        deadline: the last day for its extracts.
        expected: what is expected of it.
        outstanding: what of that is not there.
        reminder: the newest day on which was to be reminded, or None.
    """

    verdict: Verdict
    period_end: date
    deadline: date
    expected: tuple[Place, ...]
    outstanding: tuple[Outstanding, ...]
    reminder: date | None = None

    @property
    def waits(self) -> bool:
        """Whether nothing is released."""
        return self.verdict in (Verdict.WAITS, Verdict.CLOCK)

    def sentence(self) -> str:
        """Return what this look does, for people."""
        snapshot = day(self.period_end)
        if self.verdict is Verdict.CLOCK:
            return (
                "The clock has leapt since the last look of the schedule, forward or back, so "
                "nothing is released before a second look finds it steady."
            )
        if self.verdict is Verdict.COMPLETE:
            return f"Everything expected of {snapshot} is there."
        if self.verdict is Verdict.DEADLINE:
            rest = "nothing is missing" if not self.outstanding else "it runs with what came"
            return f"The deadline for {snapshot} was {day(self.deadline)}; {rest}."
        nobody = "" if self.expected else " Nobody is known to be expected; settings.toml may say."
        return f"Waiting for extracts of {snapshot} until {day(self.deadline)}.{nobody}"


def deadline_of(schedule: Schedule, period_end: date) -> date:
    """Return the last day for the extracts of a snapshot, before the next quarter ends."""
    last = period_end + timedelta(days=schedule.deadline_days)
    return min(last, next_quarter_end(period_end))


def decide(
    schedule: Schedule, today: date, last_look: date | None, loads: Sequence[Load]
) -> Decision:
    """Return what a look does today.

    Args:
        schedule: what is waited for, and until when.
        today: the day, as the clock has it.
        last_look: the day of the look before, as the clock had it then; None for the first.
        loads: everything that was received.
    """
    period_end = quarter_end_before(today)
    deadline = deadline_of(schedule, period_end)
    expected = expected_places(schedule, period_end, loads)
    lacking = outstanding(expected, loads)
    if _has_leapt(today, last_look):
        verdict = Verdict.CLOCK
    elif expected and not lacking:
        verdict = Verdict.COMPLETE
    else:
        verdict = Verdict.DEADLINE if today > deadline else Verdict.WAITS
    reminders = (deadline - timedelta(days=days) for days in schedule.remind_days_before)
    past = [each for each in reminders if period_end < each <= today]
    is_reminded = verdict is Verdict.WAITS and lacking
    reminder = max(past, default=None) if is_reminded else None
    return Decision(verdict, period_end, deadline, expected, lacking, reminder)


def _has_leapt(today: date, last_look: date | None) -> bool:
    if last_look is None:
        return False
    return not -1 <= (today - last_look).days <= LONGEST_LEAP
