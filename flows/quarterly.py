"""The quarterly flow: the stages of ``pipeline.run`` as Prefect tasks. It computes nothing.

Parameters are names of folders and periods only. What a stage gives, and the exception with which
it fails, stay in this process: results are not kept, and no row, count or key reaches a log or the
state of a run. ``flows/__init__.py`` holds the settings of Prefect, which reads them here.
"""

import sys
import traceback
import warnings
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Generic, TypeVar

import yaml
from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.logging import get_run_logger
from prefect.schedules import Cron
from prefect.states import Completed, Failed
from prefect.task_runners import ThreadPoolTaskRunner
from prefect.types.entrypoint import EntrypointType

from flows.raised import raise_alerts
from pipeline.errors import EqualityError, ProductError, UsageError
from pipeline.outcome import Outcome
from pipeline.publish.release import current_database, shown_report
from pipeline.report.whole import make_report
from pipeline.resources import ROOT
from pipeline.run import run
from pipeline.settings import Home, Settings, load_settings

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

    def call(self, stage: Callable[[], T], name: str) -> T:
        """Run one stage as a task."""
        own = _Stage(stage, name)

        def tracked() -> State[None]:
            return own.run()

        task(name=name, **_OPTIONS)(tracked)(return_state=True)
        return own.outcome()

    def each(
        self, stage: Callable[[Item], T], items: Sequence[Item], name: str, labels: Sequence[str]
    ) -> list[T]:
        """Run one mapped task for each item; a task knows its item by the label alone."""

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


@flow(
    name="quarterly",
    persist_result=False,
    log_prints=False,
    validate_parameters=False,
    task_runner=ThreadPoolTaskRunner(max_workers=2),  # type: ignore[arg-type]
)
def quarterly(
    home: str = "var",
    inbox: str | None = None,
    period: str | None = None,
    is_sample: bool = False,
    with_report: bool = False,
) -> State[None]:
    """Run the main job on the inbox of ``home`` and record what became of it.

    Where ``with_report`` asks for it, readers find the report of the newest release afterwards.
    """
    try:
        settings = load_settings(Path(home), Path(inbox) if inbox else None)
        outcome = run(
            settings,
            Tracked(),
            period=date.fromisoformat(period) if period else None,
            is_sample=is_sample,
        )
    except Exception as error:  # noqa: BLE001 - raised again by run_tracked
        _ENDED.append(error)
        return _failed(error)
    _ENDED.append(outcome)
    raise_alerts(current_database(settings.home), outcome)
    for line in outcome.told.unsent if outcome.told else ():
        get_run_logger().warning("Not sent: %s", line)
    if outcome.stop_reasons:
        return Failed(message="The gate stopped: " + "; ".join(outcome.stop_reasons))
    _log_rejections(outcome)
    if with_report and not _has_report(settings.home, outcome):
        try:
            Tracked().call(lambda: make_report(settings), "report")
        except Exception as error:  # noqa: BLE001 - the release stands; Prefect tells of the rest
            return _failed(error)
    return Completed(message=f"Release {outcome.release_id}; {len(outcome.loads)} files received")


def _has_report(home: Home, outcome: Outcome) -> bool:
    """Return whether readers find the report of the newest release, or there is none to report."""
    release_id = outcome.release_id
    return release_id is None or shown_report(home, release_id).exists()


# How the run ended goes to the caller in the same process, not through Prefect's result store.
_ENDED: list[Outcome | Exception] = []


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
    _ENDED.clear()
    try:
        quarterly(
            home=str(settings.home.root),
            inbox=str(settings.inbox),
            period=period.isoformat() if period else None,
            is_sample=is_sample,
            return_state=True,
        )
    except Exception as error:  # noqa: BLE001 - the flow raises nothing, so it is Prefect's own
        if not _ENDED:
            raise UsageError(_no_answer(error)) from None
        print("equality: Prefect could not record the end of this run.", file=sys.stderr)
    if not _ENDED:
        raise ProductError("Prefect ended the run before it began.")
    ended = _ENDED.pop()
    if isinstance(ended, Exception):
        raise ended
    return ended


def _no_answer(error: Exception) -> str:
    return (
        f"The Prefect server that PREFECT_API_URL names does not answer ({type(error).__name__}). "
        "Start it or correct the address; without PREFECT_API_URL no server is asked."
    )


def deployment() -> dict[str, Any]:
    """Return the deployment of ``prefect.yaml``."""
    for path in (ROOT / "prefect.yaml", ROOT / "flows" / "prefect.yaml"):
        if path.exists():
            entry = yaml.safe_load(path.read_text(encoding="utf-8"))
            return dict(entry["deployments"][0])
    raise FileNotFoundError("prefect.yaml")


def serve_schedule(settings: Settings, *, is_sample: bool) -> None:
    """Serve the flow on the schedule of ``prefect.yaml`` until this process is interrupted.

    The schedule stays active when this process ends, so that a quarter's run which fell into that
    time is made up for when it is served again.

    Raises:
        UsageError: no Prefect server answers.
    """
    spec = deployment()
    (schedule,) = spec["schedules"]
    # Prefect's runner says this of itself whenever it is terminated.
    warnings.filterwarnings("ignore", "coroutine 'Runner.astop'", RuntimeWarning)
    try:
        quarterly.serve(
            name=spec["name"],
            description=spec["description"],
            tags=spec["tags"],
            limit=spec["concurrency_limit"],
            schedule=Cron(schedule["cron"], timezone=schedule["timezone"]),
            pause_on_shutdown=False,
            print_starting_message=False,
            entrypoint_type=EntrypointType.MODULE_PATH,
            parameters={
                "home": str(settings.home.root),
                "inbox": str(settings.inbox),
                "is_sample": is_sample,
                "with_report": True,
            },
        )
    except Exception as error:  # noqa: BLE001 - Prefect's own, told in a sentence
        raise UsageError(_no_answer(error)) from None
