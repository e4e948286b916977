"""Delivery: every digest once to each channel, tried again by the next run where it failed.

A digest is kept in ``ledger.delivery`` before it is sent and marked as sent right after, so that a
run that is killed leaves one that is sent by the next run, or at worst is sent twice. A channel is
kept by a keyed hash of its address: the address itself, which may hold a token, is in no database.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.alert import mail, targets
from pipeline.alert.channels import ANALYST, Channels, Receiver
from pipeline.alert.digests import Digest
from pipeline.alert.failure import Failure
from pipeline.store import transaction

if TYPE_CHECKING:
    import duckdb

    from pipeline.identity import Keys

WAITING, SENT, REPLACED = "waiting", "sent", "replaced"
_EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Channel:
    """One address at which somebody is told of an organisation.

    Attributes:
        organisation_code: of which organisation.
        name: the kind of channel and a keyed hash of the address.
        kind: ``email`` or the service of Apprise.
        address: the address; it enters no message and no database.
    """

    organisation_code: str
    name: str
    kind: str
    address: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of the digests of a run.

    Attributes:
        sent: how many were sent.
        unsent: for each that was not, whom it concerns, the channel's kind and why.
    """

    sent: int = 0
    unsent: tuple[str, ...] = ()


def channels_of(settings: Channels, keys: "Keys", purpose: str = "channel") -> list[Channel]:
    """Return every address of the settings as a channel.

    What is told for another ``purpose`` goes to channels of its own, so that neither takes the
    other's place.
    """

    def channel(receiver: Receiver, kind: str, address: str) -> Channel:
        name = f"{kind}:{keys.name(purpose, address)}"
        return Channel(receiver.organisation_code, name, kind, address)

    found = []
    for receiver in settings.receivers:
        found += [channel(receiver, _EMAIL, address) for address in receiver.email]
        found += [
            channel(receiver, targets.service(address), address) for address in receiver.apprise
        ]
    return found


def keep(
    connection: "duckdb.DuckDBPyConnection", digests: Iterable[Digest], channels: list[Channel]
) -> None:
    """Keep each digest for each channel that was not told it last; it replaces what still waits."""
    for digest in digests:
        for channel in channels:
            if channel.organisation_code == digest.organisation_code:
                with transaction(connection):
                    _keep(connection, digest, channel)


def _keep(connection: "duckdb.DuckDBPyConnection", digest: Digest, channel: Channel) -> None:
    key = [channel.organisation_code, channel.name]
    last = connection.execute(
        "select digest from ledger.delivery where organisation_code = ? and channel = ? "
        "order by sequence desc limit 1",
        key,
    ).fetchone()
    if last == (digest.identity,):
        return
    connection.execute(
        "update ledger.delivery set status = ? "
        "where organisation_code = ? and channel = ? and status = ?",
        [REPLACED, *key, WAITING],
    )
    connection.execute(
        "insert or replace into ledger.delivery "
        "select coalesce(max(sequence), 0) + 1, ?, ?, ?, ?, ?, ?, ?, 0, '', "
        "current_localtimestamp() from ledger.delivery",
        [*key, digest.identity, digest.subject, digest.text, digest.html, WAITING],
    )


def send_waiting(
    connection: "duckdb.DuckDBPyConnection", settings: Channels, channels: list[Channel]
) -> Delivery:
    """Send what waits for any of ``channels``, and return what became of it."""
    by_key = {(channel.organisation_code, channel.name): channel for channel in channels}
    rows = connection.execute(
        "select organisation_code, channel, digest, subject, content_text, content_html "
        f"from ledger.delivery where status = '{WAITING}' order by sequence"
    ).fetchall()
    post = _Post(settings)
    sent, unsent = 0, []
    for code, name, identity, subject, text, html in rows:
        channel = by_key.get((code, name))
        if channel is None:
            continue
        reason, attempts = post.send(channel, Digest(code, subject, text, html, identity))
        connection.execute(
            "update ledger.delivery set status = ?, attempts = attempts + ?, reason = ?, "
            "noted_at = current_localtimestamp() "
            "where organisation_code = ? and channel = ? and digest = ?",
            [WAITING if reason else SENT, attempts, reason, code, name, identity],
        )
        if reason:
            whom = "the analyst" if code == ANALYST else code
            how = "by e-mail" if channel.kind == _EMAIL else f"by {channel.kind}"
            unsent.append(f"{whom} {how}: {reason}")
        else:
            sent += 1
    return Delivery(sent, tuple(unsent))


class _Post:
    """Sends messages, and asks a mail server that is down no more in the same run."""

    def __init__(self, settings: Channels) -> None:
        self._settings = settings
        self._server_fails = ""

    def send(self, channel: Channel, digest: Digest) -> tuple[str, int]:
        """Send a digest; return why it was not taken, or nothing, and after how many attempts."""
        if channel.kind == _EMAIL and self._server_fails:
            return self._server_fails, 0
        attempt = 0
        while True:
            attempt += 1
            failure = self._attempt(channel, digest)
            if failure is None:
                return "", attempt
            if not failure.may_pass or attempt >= self._settings.attempts:
                break
            time.sleep(self._settings.wait_seconds * 2 ** (attempt - 1))
        if failure.is_of_server:
            self._server_fails = str(failure)
        return str(failure), attempt

    def _attempt(self, channel: Channel, digest: Digest) -> Failure | None:
        try:
            self._hand_over(channel, digest)
        except Failure as failure:
            return failure
        except Exception as error:  # noqa: BLE001 - its text may hold the address
            return Failure(f"{type(error).__name__} while it was sent", may_pass=False)
        return None

    def _hand_over(self, channel: Channel, digest: Digest) -> None:
        server = self._settings.server
        if channel.kind != _EMAIL or server is None:
            targets.post(channel.address, digest.subject, digest.text)
            return
        identity = f"{digest.identity[:32]}.{channel.name.rpartition(':')[2]}"
        made = mail.message(
            server, channel.address, digest.subject, digest.text, digest.html, identity
        )
        mail.send(server, made)
