"""The last stage of a run: what each organisation is to be told, and that it is told.

It comes after the release is published, and whatever becomes of it the release stands.
"""

from typing import TYPE_CHECKING

from pipeline.alert.channels import Channels
from pipeline.alert.delivery import Delivery, channels_of, keep, send_waiting
from pipeline.alert.digests import Digest, employer_digest, icb_digest, stop_digest
from pipeline.alert.notices import newest_snapshot, private_notices, published_notices
from pipeline.publish.release import current_database
from pipeline.store import has_table

if TYPE_CHECKING:
    from pipeline.outcome import Outcome
    from pipeline.workspace import Workspace


def tell(
    workspace: "Workspace", settings: Channels, outcome: "Outcome", *, is_sample: bool
) -> Delivery:
    """Keep the digests of what stands now, and send everything that waits.

    After a release that the gate stopped the analyst is told alone: the figures contradict each
    other, so nothing that is made from them is sent.
    """
    channels = channels_of(settings, workspace.keys)
    if outcome.stop_reasons:
        digests = _stopped(outcome, is_sample=is_sample)
    elif outcome.put_back:
        digests = []  # the alerts are those of the release that was taken away
    else:
        digests = _digests(workspace, settings, outcome.release_id, is_sample=is_sample)
    keep(workspace.connection, digests, channels)
    return send_waiting(workspace.connection, settings, channels)


def _stopped(outcome: "Outcome", *, is_sample: bool) -> list[Digest]:
    if outcome.released is None:
        return []
    return [stop_digest(outcome.released.release_id, outcome.stop_reasons, is_sample=is_sample)]


def _digests(
    workspace: "Workspace", settings: Channels, release_id: str | None, *, is_sample: bool
) -> list[Digest]:
    """Return the digests of the organisations that somebody is told of."""
    connection = workspace.connection
    if release_id is not None and not _is_of(workspace, release_id):
        return []
    own = private_notices(connection, workspace.ledger)
    days = [notice.period_end for notice in own]
    newest = newest_snapshot(connection, "marts") or max(days, default=None)
    if newest is None:
        return []
    published = published_notices(current_database(workspace.home)) if release_id else own[:0]
    found = []
    for receiver in settings.receivers:
        code = receiver.organisation_code
        if receiver.kind == "employer":
            threshold = workspace.policy.threshold
            found.append(employer_digest(code, own, newest, threshold, is_sample=is_sample))
        elif receiver.kind == "icb":
            found.append(icb_digest(code, published, newest, is_sample=is_sample))
    return [digest for digest in found if digest is not None]


def _is_of(workspace: "Workspace", release_id: str) -> bool:
    """Return whether the private alerts are those of a release, and not of one that was stopped."""
    if not has_table(workspace.connection, "marts", "figure"):
        return False
    rows = workspace.connection.execute("select distinct release_id from marts.figure").fetchall()
    return rows == [(release_id,)]
