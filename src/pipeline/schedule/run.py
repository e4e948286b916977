"""A look of the schedule, whoever lets it happen: a timer that calls the command line, or Prefect.

Looks are made every day. Each asks what is to be done and does it; a look too many does nothing,
and one that was missed is made up for by the next.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from pipeline.errors import EqualityError, ExitCode
from pipeline.outcome import Outcome
from pipeline.publish.release import current_release, shown_report
from pipeline.run import run
from pipeline.schedule.decision import Decision
from pipeline.schedule.look import Look
from pipeline.settings import Settings
from pipeline.workspace import InProcess, Runner

TIMEZONE = "Europe/London"
"""By whose calendar quarters end and deadlines pass."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What became of a look.

    Attributes:
        decision: what was decided of the newest snapshot; None for a run that is no look.
        outcomes: of each pass; the last one is that of the newest snapshot.
        has_new_report: whether readers find a report that this look made.
        report_error: why no report could be made, or None.
    """

    decision: Decision | None
    outcomes: tuple[Outcome, ...]
    has_new_report: bool = False
    report_error: Exception | None = None

    @property
    def outcome(self) -> Outcome:
        """The outcome of the last pass."""
        return self.outcomes[-1]

    @property
    def exit_code(self) -> ExitCode:
        """That of the runs; 0 where it waits, whatever is rejected so far."""
        if any(outcome.stop_reasons for outcome in self.outcomes):
            return ExitCode.STOPPED
        if self.report_error is not None:
            error = self.report_error
            return error.exit_code if isinstance(error, EqualityError) else ExitCode.FAULT
        if self.decision is not None and self.decision.waits:
            return ExitCode.RELEASED
        return self.outcome.exit_code


def today() -> date:
    """Return the day as the clock of this machine has it, in London."""
    return datetime.now(ZoneInfo(TIMEZONE)).date()


def look(
    settings: Settings,
    runner: Runner | None = None,
    *,
    on: date | None = None,
    is_sample: bool = False,
    report: Callable[[Settings], object] | None = None,
) -> Looked:
    """Look what is due, and do it.

    Args:
        settings: the home, the inbox and the schedule.
        runner: who runs the stages; this process where None.
        on: the day; that of the clock where None.
        is_sample: whether the inbox is the sample.
        report: what makes the report of a release that has none yet; no report where None.

    Raises:
        EqualityError: as ``pipeline.run.run``.
    """
    runner, day = runner or InProcess(), on or today()
    first = Look(settings.schedule, day)
    outcomes = [run(settings, runner, is_sample=is_sample, look=first)]
    decision = first.decision
    if decision is None:  # whatever became of the snapshots before it
        second = Look(settings.schedule, day, is_second=True)
        outcomes.append(run(settings, runner, is_sample=is_sample, look=second))
        decision = second.decision
    looked = Looked(decision, tuple(outcomes))
    if report is None or looked.exit_code is ExitCode.STOPPED or not _lacks_report(settings):
        return looked
    try:
        runner.call(lambda: report(settings), "report")
    except Exception as error:  # noqa: BLE001 - the release stands; told with the look
        return Looked(decision, looked.outcomes, report_error=error)
    return Looked(decision, looked.outcomes, has_new_report=True)


def _lacks_report(settings: Settings) -> bool:
    """Return whether there is a release of which readers find no report."""
    release_id = current_release(settings.home)
    return release_id is not None and not shown_report(settings.home, release_id).exists()
