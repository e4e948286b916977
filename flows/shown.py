"""What a run shows in the Prefect interface: how far it is, what became of it, and where to look.

A server may be read by others than who may see the figures, so it learns names of files, folders
and organisations, and no number of people. Nothing here can fail a run.
"""

from collections.abc import Iterable, Iterator
from typing import cast
from uuid import UUID

from prefect.artifacts import (
    create_link_artifact,
    create_markdown_artifact,
    create_progress_artifact,
    update_progress_artifact,
)
from prefect.logging import get_run_logger

from pipeline.alert.digests import without_figures
from pipeline.alert.wording import day
from pipeline.outcome import Outcome
from pipeline.schedule.decision import Decision
from pipeline.schedule.reminders import points
from pipeline.schedule.run import Looked
from pipeline.settings import Settings

OUTCOME_KEY, PROGRESS_KEY, REPORT_KEY = "equality-outcome", "equality-progress", "equality-report"

_BEGINS_AT = {
    "receive": 0, "read": 5, "check": 15, "land": 20, "build": 30, "assess": 45, "protect": 55,
    "attack": 65, "gate": 80, "alert": 85, "publish": 90, "tell": 95, "remind": 96, "report": 97,
}  # fmt: skip
"""In percent; protection and attack take turns, so they stand for many of their turns."""


class Progress:
    """How far a run is, in percent, shown as an artifact that only grows."""

    def __init__(self) -> None:
        self._artifact: UUID | None = None
        self._shown = -1.0
        self._is_broken = False

    def begin(self, stage: str) -> None:
        """Show that a stage begins."""
        self._show(_BEGINS_AT.get(stage, 0), f"In stage: {stage}")

    def end(self) -> None:
        """Show that the run has ended."""
        self._show(100, "Ended")

    def _show(self, percent: float, words: str) -> None:
        if self._is_broken or percent <= self._shown:
            return
        try:
            if self._artifact is None:
                made = create_progress_artifact(percent, PROGRESS_KEY, words)
                self._artifact = cast(UUID, made)  # outside of a coroutine it is no coroutine
            else:
                update_progress_artifact(self._artifact, percent, words)
            self._shown = percent
        except Exception as error:  # noqa: BLE001 - a run does not depend on being watched
            self._is_broken = True
            get_run_logger().warning("Progress is not shown: %s", type(error).__name__)


def show_outcome(settings: Settings, looked: Looked) -> None:
    """Show what became of a run, and link to the report that readers find."""
    try:
        create_markdown_artifact(
            key=OUTCOME_KEY,
            markdown=outcome_page(settings, looked),
            description="What became of the run, and where to look",
        )
        page = settings.home.published_database.with_name("index.html")
        if page.exists():
            address = settings.schedule.report_address
            create_link_artifact(
                key=REPORT_KEY,
                link=f"{address.rstrip('/')}/index.html" if address else page.as_uri(),
                link_text="The report of the newest release",
                description="Where readers find the report",
            )
    except Exception as error:  # noqa: BLE001 - the release is out, whatever the server says
        get_run_logger().warning("The outcome is not shown: %s", type(error).__name__)


def outcome_page(settings: Settings, looked: Looked) -> str:
    """Return what became of a run in Markdown, without a number of people."""
    parts = [_headline(looked)]
    if looked.decision is not None:
        parts += _schedule(looked.decision)
    for outcome in looked.outcomes:
        parts += _reasons(outcome)
    received = [str(load.place) for outcome in looked.outcomes for load in outcome.loads]
    if received:
        parts += ["## Received", _listed(received)]
    rejected = ["/".join(each.place) for each in looked.outcome.rejections if each.place]
    strays = len(looked.outcome.rejections) - len(rejected)
    rejected += [f"{strays} without a place in the inbox"] if strays else []
    if rejected:
        parts += ["## Rejected", _listed(rejected)]
    return "\n\n".join([*parts, "## Where to look", _places(settings)]) + "\n"


def _headline(looked: Looked) -> str:
    released = [each.released for each in looked.outcomes if each.released]
    if any(outcome.stop_reasons for outcome in looked.outcomes):
        return "# The gate stopped the release; the one before stays"
    if released:
        return f"# Release {released[-1].release_id}"
    if looked.decision is not None and looked.decision.waits:
        return "# Waiting for extracts"
    return f"# Nothing new: release {looked.outcome.release_id or 'none yet'}"


def _schedule(decision: Decision) -> Iterator[str]:
    yield decision.sentence()
    if decision.outstanding:
        yield f"## Missing at {day(decision.period_end)}"
        yield _listed(points(decision.outstanding))


def _reasons(outcome: Outcome) -> Iterator[str]:
    if outcome.stop_reasons:
        yield "## Why"
        yield _listed(map(without_figures, outcome.stop_reasons))


def _listed(lines: Iterable[str]) -> str:
    return "\n".join(f"- {_plain(line)}" for line in lines)


def _places(settings: Settings) -> str:
    """Return a table of the folders to look in; a browser opens those that an address leads to."""
    home, address = settings.home, settings.schedule.report_address
    shown = [
        ("Report", home.published_database.with_name("index.html")),
        ("Published database", home.published_database),
        ("Feedback for each submitter", home.feedback),
        ("Checks", home.root / "quality" / "index.html"),
    ]
    rows = [(what, f"`{_plain(str(path))}`") for what, path in shown if path.exists()]
    if address and rows and rows[0][0] == "Report":
        rows[0] = ("Report", f"[{rows[0][1]}]({address.rstrip('/')}/index.html)")
    lines = [("What", "Where"), ("---", "---"), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _plain(text: str) -> str:
    return text.replace("|", "\\|").replace("`", "'").replace("\n", " ")
