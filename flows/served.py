"""The schedule served: the deployment of ``prefect.yaml``, and what was missed of it."""

import warnings
from typing import Any, cast

import yaml
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron, Schedule
from prefect.types.entrypoint import EntrypointType

from flows.catch_up import forget_missed, look_now
from flows.quarterly import no_answer, quarterly
from pipeline.errors import UsageError
from pipeline.resources import ROOT
from pipeline.settings import Settings


def deployment() -> dict[str, Any]:
    """Return the deployment of ``prefect.yaml``."""
    for path in (ROOT / "prefect.yaml", ROOT / "flows" / "prefect.yaml"):
        if path.exists():
            entry = yaml.safe_load(path.read_text(encoding="utf-8"))
            return dict(entry["deployments"][0])
    raise FileNotFoundError("prefect.yaml")


def serve_schedule(settings: Settings, *, is_sample: bool, is_own_server: bool) -> None:
    """Serve the flow on its schedule until this process is interrupted.

    What was scheduled while nobody served it is forgotten, and one look is made at once instead.

    Raises:
        UsageError: no Prefect server answers, or it does not take the schedule.
    """
    spec = deployment()
    (schedule,) = spec["schedules"]
    cron = _cron(settings.schedule.cron or schedule["cron"], schedule["timezone"])
    name = f"{quarterly.name}/{spec['name']}"
    described: dict[str, Any] = {
        "name": spec["name"],
        "description": spec["description"],
        "tags": spec["tags"],
        "schedule": cron,
        "entrypoint_type": EntrypointType.MODULE_PATH,
        "parameters": {
            "home": str(settings.home.root),
            "inbox": str(settings.inbox),
            "is_sample": is_sample,
            "is_scheduled": True,
        },
    }
    # Prefect's runner says this of itself whenever it is terminated.
    warnings.filterwarnings("ignore", "coroutine 'Runner.astop'", RuntimeWarning)
    try:
        forget_missed(name, is_own_server=is_own_server)
        cast(RunnerDeployment, quarterly.to_deployment(**described)).apply()
        look_now(name)
        quarterly.serve(
            **described,
            limit=spec["concurrency_limit"],
            pause_on_shutdown=False,
            print_starting_message=False,
        )
    except Exception as error:  # noqa: BLE001 - Prefect's own, told in a sentence
        raise UsageError(no_answer(error)) from None


def _cron(text: str, timezone: str) -> Schedule:
    """Return when is looked.

    Raises:
        UsageError: Prefect does not understand it.
    """
    try:
        return Cron(text, timezone=timezone)
    except ValueError:
        raise UsageError(
            f"The schedule '{text}' is not understood. settings.toml, [schedule]: cron has five "
            'fields, minute, hour, day, month and weekday, as in "0 6 * * *".'
        ) from None
