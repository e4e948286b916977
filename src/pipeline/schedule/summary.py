"""What a look of the schedule prints: what is waited for, who is missing, what became of it."""

import sys

from pipeline.alert.wording import day
from pipeline.errors import EqualityError
from pipeline.receive.ledger import Ledger
from pipeline.schedule.decision import Decision, decide
from pipeline.schedule.look import last_look
from pipeline.schedule.reminders import points
from pipeline.schedule.run import Looked, today
from pipeline.schedule.settings import Schedule
from pipeline.settings import Settings
from pipeline.summary import print_summary

_OVERDUE_AFTER = 2
"""Days without a look after which somebody should see why; one may be missed on a day off."""


def print_looked(looked: Looked, settings: Settings, *, is_sample: bool) -> None:
    """Print what became of a look, in plain lines, for whoever reads the log."""
    for outcome in looked.outcomes:
        print_summary(outcome, settings, is_sample=is_sample)
    if looked.decision is not None:
        for line in lines(looked.decision):
            print(line)
    if looked.has_new_report:
        print(f"Report: {settings.home.published_database.with_name('index.html')}")
    error = looked.report_error
    if error is not None:
        known = isinstance(error, EqualityError)
        why = str(error) if known else f"a fault of the product: {type(error).__name__}"
        print(f"equality: the report could not be made: {why}", file=sys.stderr)


def status_lines(ledger: Ledger, schedule: Schedule) -> list[str]:
    """Return when it was last looked and what is waited for; nothing where no schedule looks."""
    last, now = last_look(ledger), today()
    if last is None:
        return []
    found = [f"Last look of the schedule: {day(last)}"]
    if (now - last).days > _OVERDUE_AFTER:
        found[0] += "; none since, so see whether the timer or `equality serve` still runs"
    return found + lines(decide(schedule, now, None, ledger.loads()))


def lines(decision: Decision) -> list[str]:
    """Return what was decided, and who is missing."""
    found = [decision.sentence()]
    if decision.outstanding:
        found.append(f"Missing ({len(decision.outstanding)}):")
        found += [f"  {point}" for point in points(decision.outstanding)]
    return found
