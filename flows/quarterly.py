"""The quarterly flow: the stages of ``pipeline.run`` as Prefect tasks. It computes nothing.

Parameters are names of folders and periods only; results are not kept, and no row, count or key
reaches a log.
"""

import os
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import yaml
from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.logging import get_run_logger
from prefect.schedules import Cron
from prefect.task_runners import ThreadPoolTaskRunner

from pipeline.resources import ROOT
from pipeline.run import Outcome, run
from pipeline.settings import Settings, load_settings

T = TypeVar("T")
Item = TypeVar("Item")

_OPTIONS: dict[str, Any] = {"cache_policy": NO_CACHE, "persist_result": False, "log_prints": False}


class Tracked:
    """Runs every stage as a Prefect task of the current flow run."""

    def call(self, stage: Callable[[], T], name: str) -> T:
        """Run one stage as a task."""

        def tracked() -> T:
            return stage()

        return task(name=name, **_OPTIONS)(tracked)()

    def each(
        self, stage: Callable[[Item], T], items: Sequence[Item], name: str, labels: Sequence[str]
    ) -> list[T]:
        """Run one mapped task for each item; a task knows its item by the label alone."""
        by_label = dict(zip(labels, items, strict=True))

        def tracked(label: str) -> T:
            return stage(by_label[label])

        mapped = task(name=name, task_run_name=f"{name} {{label}}", **_OPTIONS)(tracked)
        return mapped.map(list(labels)).result()


@flow(
    name="quarterly",
    persist_result=False,
    log_prints=False,
    validate_parameters=False,
    task_runner=ThreadPoolTaskRunner(max_workers=2),  # type: ignore[arg-type]
)
def quarterly(
    home: str = "var", inbox: str | None = None, period: str | None = None, is_sample: bool = False
) -> None:
    """Run the main job on the inbox of ``home`` and record what became of it."""
    settings = load_settings(Path(home), Path(inbox) if inbox else None)
    outcome = run(
        settings,
        Tracked(),
        period=date.fromisoformat(period) if period else None,
        is_sample=is_sample,
    )
    _OUTCOMES.append(outcome)
    logger = get_run_logger()
    logger.info("Release %s; %d files received", outcome.release_id, len(outcome.loads))
    for rejection in outcome.rejections:
        logger.warning("Rejected: %s", rejection.name)
    if outcome.stop_reasons:
        raise RuntimeError("The gate stopped the release: " + "; ".join(outcome.stop_reasons))


# The outcome goes to the caller in the same process, not through Prefect's result store.
_OUTCOMES: list[Outcome] = []


def run_tracked(settings: Settings, *, period: date | None, is_sample: bool) -> Outcome:
    """Run the main job, recorded by the Prefect API that is configured."""
    _OUTCOMES.clear()
    state = quarterly(
        home=str(settings.home.root),
        inbox=str(settings.inbox),
        period=period.isoformat() if period else None,
        is_sample=is_sample,
        return_state=True,
    )
    if _OUTCOMES:
        return _OUTCOMES.pop()
    state.result()
    raise RuntimeError("The flow ended without an outcome.")


def deployment() -> dict[str, Any]:
    """Return the deployment of ``prefect.yaml``."""
    for path in (ROOT / "prefect.yaml", ROOT / "flows" / "prefect.yaml"):
        if path.exists():
            entry = yaml.safe_load(path.read_text(encoding="utf-8"))
            return dict(entry["deployments"][0])
    raise FileNotFoundError("prefect.yaml")


def serve_schedule(settings: Settings) -> None:
    """Serve the flow on its schedule; starts a local server where none is configured.

    A schedule does not run in the server that Prefect starts for a single run, so a server of its
    own is kept in ``home/prefect``.
    """
    spec = deployment()
    schedule = spec["schedules"][0]
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    quarterly.serve(
        name=spec["name"],
        tags=spec["tags"],
        limit=spec["concurrency_limit"],
        schedule=Cron(schedule["cron"], timezone=schedule["timezone"]),
        parameters={"home": str(settings.home.root), "inbox": str(settings.inbox)},
    )
