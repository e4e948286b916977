"""A release that somebody put back in the place of a newer one (``equality restore RELEASE``).

The trail says which. It holds until there is another release, or somebody puts the newest one back
in its turn. What a release has told stays told, whichever one readers see: protection counts the
one that was taken away among the releases that are out.
"""

import shutil
from pathlib import Path
from typing import Any

from pipeline.noted import RELEASE
from pipeline.publish.basis import Basis
from pipeline.publish.release import is_current, make_current, shown_report
from pipeline.settings import Home
from pipeline.trail import newest_first

RESTORE = "restore"
"""The action of its entry in the trail."""

_MADE_FROM = ("period_end", "organisation_code", "source", "sha256", "status")


def put_back(home: Home, newest: str) -> str | None:
    """Return the release that was put in the place of the newest one; None where none was."""
    for entry in newest_first(home, RESTORE, RELEASE):
        if entry.action == RELEASE and entry.detail.get("release") == newest:
            return None
        if entry.action == RESTORE and entry.detail.get("instead_of") == newest:
            release_id = str(entry.detail["release"])
            return release_id if release_id != newest else None
    return None


def has_new_input(manifest: dict[str, Any], made_from: Basis) -> bool:
    """Return whether a release would be made of other files, decisions or policy than another was.

    Another version of the product alone is nothing new: it would bring back, under another name,
    what somebody took away.
    """
    same = (
        manifest["policy_sha256"] == made_from.policy_sha256
        and manifest["decisions_sha256"] == made_from.decisions_sha256
        and manifest["is_sample"] == made_from.is_sample
    )
    return not same or _files(manifest["inputs"]) != _files(made_from.inputs)


def _files(inputs: Any) -> list[tuple[str, ...]]:
    return sorted(tuple(str(entry[name]) for name in _MADE_FROM) for entry in inputs)


def show(home: Home, release_id: str) -> None:
    """See that readers have a release, and no report of another one that was taken away.

    Raises:
        UsageError: the release is not there.
    """
    if not is_current(home, release_id):
        make_current(home, release_id)
    first_page = home.published_database.with_name("index.html")
    if first_page.exists() and not shown_report(home, release_id).exists():
        from pipeline.report.whole import show_report

        if show_report(home, release_id) is None:
            _take_report_away(first_page)


def _take_report_away(first_page: Path) -> None:
    first_page.unlink()
    for folder in first_page.parent.glob("report-*"):
        shutil.rmtree(folder, ignore_errors=True)
