"""Missed looks of the schedule: one look makes up for all of them, however many there were.

A look finds what is due by itself, so that the one that comes last does all the work. What was
scheduled while nothing served it is marked as skipped when it is served again; what comes late in a
row, as after this machine slept, gives way to the last of the row.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterExpectedStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.exceptions import ObjectNotFound
from prefect.runtime import deployment, flow_run
from prefect.states import Cancelled, Crashed

SKIPPED = "Skipped"
LATE = timedelta(minutes=10)
"""From when on a run gives way to a later one. One that is less late runs, so that where a start
takes longer than the schedule's interval not every run gives way to the next."""
_UNDER_WAY = [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING]


def is_overtaken() -> bool:
    """Return whether this run is late, and a later one of the schedule is due already."""
    began, own, now = flow_run.scheduled_start_time, deployment.id, datetime.now(UTC)
    if not own or began is None or now - began < LATE:
        return False
    try:
        with get_client(sync_client=True) as client:
            due = _runs(client, UUID(own), [StateType.SCHEDULED], now)
    except Exception:  # noqa: BLE001 - a look too many does nothing, so this is no reason to fail
        return False
    return any(each.expected_start_time > began for each in due if each.expected_start_time)


def forget_missed(name: str, *, is_own_server: bool) -> UUID | None:
    """Skip the runs of a deployment that are late, and return the deployment where there is one.

    Args:
        name: of the deployment, ``flow/deployment``.
        is_own_server: whether nobody but this process serves it, so that what it calls running was
            killed with an earlier process.
    """
    with get_client(sync_client=True) as client:
        try:
            own = client.read_deployment_by_name(name).id
        except ObjectNotFound:
            return None
        late: State[Any] = Cancelled(
            name=SKIPPED, message="Nothing served the schedule; a later look did it"
        )
        for each in _runs(client, own, [StateType.SCHEDULED], datetime.now(UTC)):
            client.set_flow_run_state(each.id, late, force=True)
        if is_own_server:
            ended: State[Any] = Crashed(
                message="The process that ran it ended; the next look goes on"
            )
            for each in _runs(client, own, _UNDER_WAY, None):
                client.set_flow_run_state(each.id, ended, force=True)
        return own


def look_now(name: str) -> None:
    """Ask for one run of a deployment at once."""
    with get_client(sync_client=True) as client:
        client.create_flow_run_from_deployment(
            client.read_deployment_by_name(name).id, tags=["equality", "at start"]
        )


def _runs(
    client: SyncPrefectClient, own: UUID, states: list[StateType], until: datetime | None
) -> list[FlowRun]:
    before = FlowRunFilterExpectedStartTime(before_=cast(Any, until)) if until else None
    chosen = FlowRunFilter(
        deployment_id=FlowRunFilterDeploymentId(any_=[own]),
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=states)),
        expected_start_time=before,
    )
    found: list[FlowRun] = []
    while page := client.read_flow_runs(flow_run_filter=chosen, limit=200, offset=len(found)):
        found += page
    return found
