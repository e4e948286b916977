"""The quarterly flow: the stages of ``pipeline.run`` as Prefect tasks. It computes nothing.

No task is tried again: what computes gives the same again. What touches the outside tries again
itself: the channels (``pipeline.alert.delivery``), and Prefect's client.

Parameters are names of folders and periods only. What a stage gives, and the exception with which
it fails, stay in this process: results are not kept, and no row, count or key reaches a log or the
state of a run. ``flows/__init__.py`` holds the settings of Prefect, which reads them here.
"""

import sys
import traceback
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Generic, TypeVar

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.logging import get_run_logger
from prefect.states import Completed, Failed
from prefect.task_runners import ThreadPoolTaskRunner

from flows.catch_up import SKIPPED, is_overtaken
from flows.raised import raise_alerts
from flows.shown import Progress, show_outcome
from flows.spread import require_dask, spread
from pipeline.errors import EqualityError, ProductError, UsageError
from pipeline.files import keep_private
from pipeline.outcome import Outcome
from pipeline.publish.release import current_database
from pipeline.report.whole import make_report
from pipeline.run import run
from pipeline.schedule.run import Looked, look
from pipeline.settings import Settings, load_settings

T = TypeVar("T")
Item = TypeVar("Item")

_OPTIONS: dict[str, Any] = {"cache_policy": NO_CACHE, "persist_result": False, "log_prints": False}


class _Stage(Generic[T]):
    """One stage of a run: Prefect is told whether it went well, the caller what it gave."""

    def __init__(self, work: Callable[[], T], name: str) -> None:
        self._work, self._name = work, name
        self._given: list[T] = []
        self._error: Exception | None = None

    def run(self) -> State[None]:
        """Run the stage; an exception would be logged with its text, which may hold values."""
        try:
            self._given.append(self._work())
        except Exception as error:  # noqa: BLE001 - raised again by outcome
            self._error = error
            return _failed(error)
        return Completed()

    def outcome(self) -> T:
        """Return what the stage gave, or raise what it raised."""
        if self._error is not None:
            raise self._error
        if not self._given:
            raise ProductError(f"Prefect did not run the stage '{self._name}'.")
        return self._given[0]


def _failed(error: Exception) -> State[None]:
    """Return a failed state with the words for people, or with the place of a fault alone."""
    if isinstance(error, EqualityError):
        return Failed(message=str(error))
    place = traceback.extract_tb(error.__traceback__)[-1]
    at = f"{Path(place.filename).name}, line {place.lineno}"
    return Failed(message=f"A fault of the product: {type(error).__name__} at {at}")


class Tracked:
    """Runs every stage as a Prefect task of the current flow run."""

    def __init__(self, settings: Settings) -> None:
        """Begin a run.

        Raises:
            UsageError: the task runner that the settings name is not installed.
        """
        self._settings = settings
        self._progress = Progress()
        if self.is_spread:
            require_dask()

    def end(self) -> None:
        """Show that every stage has run."""
        self._progress.end()

    def call(self, stage: Callable[[], T], name: str) -> T:
        """Run one stage as a task."""
        self._progress.begin(name)
        own = _Stage(stage, name)

        def tracked() -> State[None]:
            return own.run()

        task(name=name, **_OPTIONS)(tracked)(return_state=True)
        return own.outcome()

    def each(
        self, stage: Callable[[Item], T], items: Sequence[Item], name: str, labels: Sequence[str]
    ) -> list[T]:
        """Run one mapped task for each item; a task knows its item by the label alone."""
        self._progress.begin(name)

        def of_item(item: Item) -> Callable[[], T]:
            return lambda: stage(item)

        own = {
            label: _Stage(of_item(item), f"{name} {label}")
            for label, item in zip(labels, items, strict=True)
        }

        def tracked(label: str) -> State[None]:
            return own[label].run()

        mapped = task(name=name, task_run_name=f"{name} {{label}}", **_OPTIONS)(tracked)
        mapped.map(list(own)).wait()
        return [one.outcome() for one in own.values()]

    @property
    def is_spread(self) -> bool:
        """Whether files are read and checked on a cluster."""
        return self._settings.tasks.runner == "dask"

    def spread(
        self, work: Callable[[Item], T], items: Sequence[Item], name: str, labels: Sequence[str]
    ) -> list[T]:
        """Do the work for each item by a task on the cluster."""
        self._progress.begin(name)
        return spread(self._settings, work, items, name, labels)


@flow(
    name="quarterly",
    persist_result=False,
    log_prints=False,
    validate_parameters=False,
    task_runner=ThreadPoolTaskRunner(max_workers=2),  # type: ignore[arg-type]
)
def quarterly(  # noqa: PLR0913, PLR0917 - the parameters of a flow run are plain names
    home: str = "var",
    inbox: str | None = None,
    period: str | None = None,
    is_sample: bool = False,
    is_scheduled: bool = False,
    engine: str | None = None,
) -> State[None]:
    """Run the main job on the inbox of ``home`` and record what became of it.

    Where ``is_scheduled`` says so this is a look of the schedule: it may wait for extracts, and
    readers find the report of the newest release afterwards.
    """
    keep_private()  # a worker of Prefect has a umask of its own
    if is_scheduled and is_overtaken():
        return Completed(name=SKIPPED, message="A later look of the schedule makes up for it")
    try:
        settings = load_settings(Path(home), Path(inbox) if inbox else None, engine)
        tracked = Tracked(settings)
        ended: Outcome | Looked = (
            look(settings, tracked, is_sample=is_sample, report=make_report)
            if is_scheduled
            else run(
                settings,
                tracked,
                period=date.fromisoformat(period) if period else None,
                is_sample=is_sample,
            )
        )
    except Exception as error:  # noqa: BLE001 - raised again by run_tracked
        _ENDED.append(error)
        return _failed(error)
    _ENDED.append(ended)
    tracked.end()
    looked = ended if isinstance(ended, Looked) else Looked(None, (ended,))
    return _recorded(settings, looked)


def _recorded(settings: Settings, looked: Looked) -> State[None]:
    """Show what became of a run, and return it as a state."""
    for outcome in looked.outcomes:
        raise_alerts(current_database(settings.home), outcome)
        for line in outcome.told.unsent if outcome.told else ():
            get_run_logger().warning("Not sent: %s", line)
    show_outcome(settings, looked)
    reasons = [reason for outcome in looked.outcomes for reason in outcome.stop_reasons]
    if reasons:
        return Failed(message="The gate stopped: " + "; ".join(reasons))
    _log_rejections(looked.outcome)
    if looked.report_error is not None:
        return _failed(looked.report_error)
    files = sum(len(outcome.loads) for outcome in looked.outcomes)
    message = f"Release {looked.outcome.release_id}; {files} files received"
    decision = looked.decision
    if decision is None:
        return Completed(message=message)
    if decision.waits:
        return Completed(name="Waiting", message=f"{decision.sentence()} {files} files received")
    lacking = f"; {len(decision.outstanding)} extracts missing" if decision.outstanding else ""
    return Completed(message=message + lacking)


# How the run ended goes to the caller in the same process, not through Prefect's result store.
_ENDED: list[Outcome | Looked | Exception] = []


def _log_rejections(outcome: Outcome) -> None:
    """Log what is rejected by its place; what has none may bear any name, so it is counted."""
    places = ["/".join(each.place) for each in outcome.rejections if each.place]
    strays = len(outcome.rejections) - len(places)
    names = places + ([f"{strays} without a place"] if strays else [])
    if names:
        get_run_logger().warning("Rejected: %s", ", ".join(names))


def run_tracked(settings: Settings, *, period: date | None, is_sample: bool) -> Outcome:
    """Run the main job, recorded by the Prefect API that is configured.

    Raises:
        UsageError: no Prefect server answers.
        EqualityError: as ``pipeline.run.run``.
    """
    ended = _tracked(settings, period=period, is_sample=is_sample, is_scheduled=False)
    if isinstance(ended, Looked):
        raise ProductError("A run that was asked for waited for the schedule.")
    return ended


def look_tracked(settings: Settings, *, is_sample: bool) -> Looked:
    """Look what is due and do it, recorded by the Prefect API that is configured.

    Raises:
        UsageError: no Prefect server answers.
        EqualityError: as ``pipeline.run.run``.
    """
    ended = _tracked(settings, period=None, is_sample=is_sample, is_scheduled=True)
    return ended if isinstance(ended, Looked) else Looked(None, (ended,))


def _tracked(
    settings: Settings, *, period: date | None, is_sample: bool, is_scheduled: bool
) -> Outcome | Looked:
    _ENDED.clear()
    try:
        quarterly(
            home=str(settings.home.root),
            inbox=str(settings.inbox),
            period=period.isoformat() if period else None,
            is_sample=is_sample,
            is_scheduled=is_scheduled,
            engine=settings.engine,
            return_state=True,
        )
    except Exception as error:  # noqa: BLE001 - the flow raises nothing, so it is Prefect's own
        if not _ENDED:
            raise UsageError(no_answer(error)) from None
        print("equality: Prefect could not record the end of this run.", file=sys.stderr)
    if not _ENDED:
        raise ProductError("Prefect ended the run before it began.")
    ended = _ENDED.pop()
    if isinstance(ended, Exception):
        raise ended
    return ended


def no_answer(error: Exception) -> str:
    """Return that no Prefect server answers, for people."""
    return (
        f"The Prefect server that PREFECT_API_URL names does not answer ({type(error).__name__}). "
        "Start it or correct the address; without PREFECT_API_URL no server is asked."
    )
