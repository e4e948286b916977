"""What a run tells a Prefect server of alerts: an event for each, and an artifact that lists them.

A server may be read by others than who may see the figures, so it learns what the published alerts
tell, and no number of people at all. Nothing here can fail a run.
"""

from collections.abc import Iterable
from pathlib import Path

from prefect.artifacts import create_markdown_artifact
from prefect.events import emit_event
from prefect.logging import get_run_logger

from pipeline.alert.digests import without_figures
from pipeline.alert.notices import Notice, published_notices
from pipeline.alert.wording import day, running
from pipeline.outcome import Outcome

ARTIFACT_KEY = "equality-alerts"
_ALERT, _STOPPED = "equality.alert", "equality.gate.stopped"


def raise_alerts(published: Path, outcome: Outcome) -> None:
    """Raise the published alerts as events where a run released, and list them for every run.

    A run that the gate stopped raises that instead, with its reasons and without their figures.
    """
    try:
        reasons = [without_figures(reason) for reason in outcome.stop_reasons]
        notices = published_notices(published) if outcome.release_id and not reasons else []
        if reasons:
            _emit_stop(reasons)
        elif outcome.released is not None:
            for notice in notices:
                _emit(notice)
        create_markdown_artifact(
            key=ARTIFACT_KEY,
            markdown=_stopped(reasons) if reasons else _listed(notices),
            description="What somebody should look at",
        )
    except Exception as error:  # noqa: BLE001 - the release is out, whatever the server says
        get_run_logger().warning("The alerts could not be recorded: %s", type(error).__name__)


def _emit(notice: Notice) -> None:
    emit_event(
        event=_ALERT,
        resource={
            "prefect.resource.id": f"equality.{notice.organisation_code}.{notice.code.lower()}",
            "prefect.resource.name": f"{notice.organisation_code} {notice.code}",
        },
        payload={
            "organisation_name": notice.organisation_name,
            "period_end": notice.period_end.isoformat(),
            "severity": notice.severity,
            "characteristic": notice.characteristic,
            "message": notice.message,
            "running": running(notice.quarters_running),
            "acknowledged": notice.is_acknowledged,
        },
    )


def _emit_stop(reasons: list[str]) -> None:
    emit_event(
        event=_STOPPED,
        resource={"prefect.resource.id": "equality.gate", "prefect.resource.name": "the gate"},
        payload={"reasons": reasons},
    )


def _stopped(reasons: Iterable[str]) -> str:
    points = "".join(f"\n- {_plain(reason)}" for reason in reasons)
    return f"The gate stopped the release; the one before stays.\n{points}\n"


def _listed(notices: list[Notice]) -> str:
    if not notices:
        return "There is no alert that everybody may read.\n"
    ordered = sorted(
        notices, key=lambda each: (each.is_acknowledged, each.quarters_running > 1, each.code)
    )
    rows = [
        (
            f"{notice.organisation_name} ({notice.organisation_code})",
            day(notice.period_end),
            notice.message,
            "acknowledged" if notice.is_acknowledged else running(notice.quarters_running),
        )
        for notice in ordered
    ]
    lines = [("Organisation", "Snapshot", "Alert", "Since"), ("---",) * 4, *rows]
    return "".join(f"| {' | '.join(map(_plain, line))} |\n" for line in lines)


def _plain(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
