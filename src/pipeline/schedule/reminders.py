"""Reminders: who is told, by the channels of the alerts, which extracts are not there yet."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from pipeline import organisations
from pipeline.alert.channels import ANALYST, Channels
from pipeline.alert.delivery import (
    REPLACED,
    WAITING,
    Channel,
    Delivery,
    channels_of,
    keep,
    send_waiting,
)
from pipeline.alert.digests import Digest, icb_of, plain_digest
from pipeline.alert.wording import day
from pipeline.schedule.decision import Decision, Verdict
from pipeline.schedule.expected import Lack, Outstanding

if TYPE_CHECKING:
    from pipeline.workspace import Workspace

_TO_DO = (
    "Send what is missing, or ask your analyst to take it off the list of what is expected. A "
    "rejected file has a feedback workbook that says, row by row, what to mend."
)


def remind(
    workspace: "Workspace", settings: Channels, decision: Decision, *, is_sample: bool
) -> Delivery:
    """Remind everybody of what they owe, where it is time to, and tell them of a deadline missed.

    Each is told once for each day on which is reminded, however often it is looked.
    """
    channels = channels_of(settings, workspace.keys, purpose="reminder")
    digests = reminders(decision, channels, is_sample=is_sample)
    told = {
        (code, name, identity)
        for code, name, identity in workspace.connection.execute(
            "select organisation_code, channel, digest from ledger.delivery"
        ).fetchall()
    }
    for channel in channels:
        new = [
            digest
            for digest in digests
            if (channel.organisation_code, channel.name, digest.identity) not in told
        ]
        keep(workspace.connection, new, [channel])
    if not decision.outstanding:
        _withdraw(workspace, channels)
    return send_waiting(workspace.connection, settings, channels)


def _withdraw(workspace: "Workspace", channels: Iterable[Channel]) -> None:
    """Take back what could not be sent and is no longer true."""
    for channel in channels:
        workspace.connection.execute(
            "update ledger.delivery set status = ? "
            "where organisation_code = ? and channel = ? and status = ?",
            [REPLACED, channel.organisation_code, channel.name, WAITING],
        )


def reminders(decision: Decision, channels: Iterable[Channel], *, is_sample: bool) -> list[Digest]:
    """Return what each organisation with a channel, its ICB and the analyst are to be told."""
    stage = _stage(decision)
    if stage is None:
        return []
    found = []
    for code in sorted({channel.organisation_code for channel in channels}):
        own = [each for each in decision.outstanding if _concerns(code, each)]
        if own:
            found.append(_digest(code, own, decision, stage, is_sample=is_sample))
    return found


def _stage(decision: Decision) -> date | None:
    """Return the day of the newest reminder; the deadline's own is that of the missed deadline."""
    if decision.verdict is Verdict.DEADLINE and decision.outstanding:
        return decision.deadline
    return decision.reminder


def _concerns(code: str, each: Outstanding) -> bool:
    own = each.place.organisation_code
    return code in (ANALYST, own, icb_of(own))


def _digest(
    code: str, own: Sequence[Outstanding], decision: Decision, stage: date, *, is_sample: bool
) -> Digest:
    snapshot, deadline = day(decision.period_end), day(decision.deadline)
    is_over = decision.verdict is Verdict.DEADLINE
    opening = (
        f"The deadline for extracts of {snapshot} was {deadline}. What is listed here is not part "
        "of the figures; what comes later is, from the next look on."
        if is_over
        else f"Extracts of {snapshot} are waited for until {deadline}."
    )
    subject = f"Extracts of {snapshot} {'missing' if is_over else 'expected by ' + deadline}"
    return plain_digest(
        code,
        subject if code == ANALYST else f"{subject}: {name_of(code, decision.period_end)} ({code})",
        opening,
        "Not there yet" if not is_over else "Missing",
        points(own),
        (_TO_DO,),
        _hash(["reminder", decision.period_end, stage, decision.verdict, is_sample]),
        is_sample=is_sample,
    )


def points(own: Iterable[Outstanding]) -> tuple[str, ...]:
    """Return a point for each organisation: ``NHS X CCG (01T): board (rejected), esr_staff``."""
    found = []
    for code, extracts in groupby(sorted(own), lambda each: each.place.organisation_code):
        listed = list(extracts)
        names = ", ".join(
            each.place.source + ("" if each.lack is Lack.NOT_RECEIVED else f" ({each.lack})")
            for each in listed
        )
        found.append(f"{name_of(code, listed[0].place.period_end)} ({code}): {names}")
    return tuple(found)


def name_of(code: str, on: date) -> str:
    """Return the name that an organisation has on a day, or has had since, or else its code."""
    found = organisations.find(code, on)
    if found is None and organisations.is_known(code):
        found = organisations.latest(code)
    return found.organisation_name if found else code


def _hash(content: object) -> str:
    return hashlib.sha256(json.dumps(content, default=str).encode()).hexdigest()
