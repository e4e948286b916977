"""The main job: receive, read, check, land, build, assess, protect, gate, publish, alert, tell.

The stages are plain functions. Who runs them is a ``Runner``: this process itself, or Prefect
(``flows/quarterly.py``); both call the same functions in the same order. Heavy modules are
imported where there is something new to work on, so that a run with nothing new ends at once.
"""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from pipeline import trail
from pipeline.arrive import Landed, land_received, note_landing, receive
from pipeline.backup.private_copy import copies_on_request
from pipeline.companion import Companion
from pipeline.decisions.decision import digest, meanings, of_home, shipped
from pipeline.decisions.in_force import in_force
from pipeline.decisions.read_again import note_decisions, to_read_again
from pipeline.disclosure import load_policy
from pipeline.engines import engine_of
from pipeline.errors import UsageError
from pipeline.files import words_for_disk_errors
from pipeline.identity import Keys, load_keys
from pipeline.lock import single_writer
from pipeline.noted import keep_head, noted_run
from pipeline.outcome import Outcome, Rejection
from pipeline.publish.basis import basis
from pipeline.publish.put_back import has_new_input, put_back, show
from pipeline.publish.release import is_current, make_current
from pipeline.receive.begin import begin
from pipeline.receive.inbox import Inbox, scan
from pipeline.receive.ledger import EMPTY, LANDED, REJECTED, Ledger, Load
from pipeline.receive.receipts import REPLACED, Receipts
from pipeline.receive.snapshots import Snapshots
from pipeline.retention import Limits, Removed, Retention, expire, remove_feedback, without_expired
from pipeline.rotation import finish as finish_rotation
from pipeline.settings import Home, Settings
from pipeline.store import open_private
from pipeline.workspace import InProcess, Runner, Workspace

if TYPE_CHECKING:
    from pipeline.alert.channels import Channels
    from pipeline.schedule.look import Look


def run(
    settings: Settings,
    runner: Runner | None = None,
    *,
    period: date | None = None,
    is_sample: bool = False,
    look: "Look | None" = None,
) -> Outcome:
    """Run the main job on ``settings.inbox`` and return what became of it.

    Args:
        settings: the home, the inbox and the policy.
        runner: who runs the stages; this process where None.
        period: the only snapshot whose folder of the inbox is read; all where None.
        is_sample: whether the inbox is the sample, so that the database says so.
        look: the look of the schedule that this is a part of, which may hold the release back;
            None for a run that somebody asked for, which waits for nothing.

    Raises:
        UsageError: an empty inbox in a new home, a missing or wrong key, a read-only home,
            channels that cannot be used, or an engine that is not installed.
        LockedError: another run holds the lock.
        DiskError: the disk is full or failing.
        ProductError: a fault of the product; the last release stays.
    """
    home = settings.home
    with words_for_disk_errors(home.root):
        inbox = _open_inbox(settings, period)
        policy = load_policy(settings.disclosure)
        engine = engine_of(settings)
        channels = _channels(home)
        with (
            single_writer(home, settings.lock_wait_seconds),
            noted_run(home, period) as noted,
        ):
            keys = finish_rotation(home, load_keys(home))
            _finish_forgetting(settings, keys)
            with (
                open_private(home, keys) as connection,
                copies_on_request(home, keys, connection),
                Companion() as companion,
            ):
                ledger = Ledger(connection)
                ledger.prepare(keys)
                keep_head(home, ledger)
                limits = Retention(settings).limits(ledger.loads())
                inbox = without_expired(inbox, ledger.loads(), limits)
                if period is None:
                    ledger.record_strays(inbox.strays)
                runner = runner or InProcess()
                workspace = Workspace(
                    home, policy, keys, connection, ledger, runner, companion, engine
                )
                receipts = Receipts(home, keys)
                begin(receipts, ledger, home)
                own = of_home(home)
                with in_force(meanings([*shipped(), *own])):
                    arriving = look.inbox(inbox, ledger) if look else inbox
                    landed = _land(workspace, arriving, limits)
                    if noted.is_after_a_failure:
                        _catch_up(workspace)
                    _expire(workspace, Retention(settings))
                    is_held = look is not None and look.holds(ledger)
                    outcome = _release(
                        workspace, landed, digest(own), is_sample=is_sample, is_held=is_held
                    )
                outcome = _tell(workspace, channels, outcome, is_sample=is_sample)
                if look is not None:
                    outcome = look.tell(workspace, channels, outcome, is_sample=is_sample)
                receipts.keep_notes(connection, ledger)
            noted.outcome = replace(outcome, interrupted=noted.since())
            return noted.outcome


def _finish_forgetting(settings: Settings, keys: Keys) -> None:
    """Finish what a process began that was killed while it took somebody out of the home."""
    if Receipts(settings.home, keys).numbers(REPLACED):
        from pipeline.forget.forget import finish

        finish(settings, keys)


def _catch_up(workspace: Workspace) -> None:
    """Write what a run that was killed, or failed, after it landed had no time for."""
    from pipeline.decisions.unknown_codes import write_table

    write_table(workspace.home, workspace.connection)


def _expire(workspace: Workspace, retention: Retention) -> None:
    """Remove what the settings say is kept no longer, and note which files those were."""

    def note(removed: Removed) -> None:
        periods = [str(period) for period in removed.periods]
        detail = {"snapshots": removed.snapshots, "rows_of_periods": periods}
        trail.note(workspace.home, "retention", detail)

    snapshots = Snapshots(workspace.home.snapshots, workspace.keys)
    removed = expire(workspace.connection, workspace.ledger, snapshots, retention, note)
    remove_feedback(workspace.home.feedback, removed)


def _open_inbox(settings: Settings, period: date | None) -> Inbox:
    if not settings.inbox.is_dir():
        raise UsageError(
            f"There is no inbox at {settings.inbox}. Make the folder and put the extracts in it as "
            "<period end>/<organisation code>/<source>.csv, or name another one with --inbox."
        )
    if period is not None and not (settings.inbox / period.isoformat()).is_dir():
        raise UsageError(
            f"The inbox {settings.inbox} has no folder {period}. Name one that it has, or leave "
            "--period out to read them all."
        )
    inbox = scan(settings.inbox, period, settings.largest_file_bytes)
    if not inbox.submissions and not inbox.strays and not settings.home.holds_data():
        raise UsageError(
            f"The inbox {settings.inbox} is empty. Put the extracts in it as "
            "<period end>/<organisation code>/<source>.csv, for example "
            "2022-03-31/01T/esr_staff.csv, and run again."
        )
    return inbox


def _land(workspace: Workspace, inbox: Inbox, limits: Limits) -> Landed:
    """Receive what is new and land it, with what a new decision makes to be read again."""
    received = workspace.runner.call(
        lambda: receive(workspace, inbox, limits.snapshots_from), "receive"
    )
    decided = to_read_again(workspace.ledger, workspace.connection)
    if not received and not decided:
        note_decisions(workspace.ledger)
        return Landed()
    note_landing(workspace, received)
    workspace.companion.start()  # beside this process, while files are read
    return land_received(workspace, received, decided, inbox)


def _release(
    workspace: Workspace,
    landed: Landed,
    decisions_sha256: str,
    *,
    is_sample: bool,
    is_held: bool,
) -> Outcome:
    """Make a release where something changed; else see that readers have the newest one."""
    known = workspace.ledger.loads()
    releases = workspace.ledger.releases()
    latest = releases[-1]["release_id"] if releases else None
    outcome = Outcome(
        release_id=latest,
        feedback=workspace.home.feedback,
        loads=landed.received,
        read_again=landed.read_again,
        decided=landed.decided,
        unknown_codes=landed.unknown_codes,
        rejections=_rejections(workspace.ledger, known),
        new_keys=workspace.keys.made,
    )
    if not any(load.status in (LANDED, EMPTY) for load in known):
        return outcome
    made_from = basis(
        known,
        workspace.policy,
        decisions_sha256,
        is_sample=is_sample,
        replaced=workspace.ledger.replaced(),
    )
    if latest is not None:
        withdrawn_for = put_back(workspace.home, latest)
        if withdrawn_for is not None and not has_new_input(releases[-1]["manifest"], made_from):
            show(workspace.home, withdrawn_for)
            return replace(outcome, put_back=withdrawn_for)
        if releases[-1]["fingerprint"] == made_from.fingerprint:
            if not is_current(workspace.home, latest):
                make_current(workspace.home, latest)
            return outcome
    if is_held:
        return outcome
    from pipeline.land import prepare
    from pipeline.release_stages import make_release

    prepare(workspace.connection)  # a home of an earlier version may lack the table of a source
    released = make_release(workspace, made_from)
    return replace(
        outcome,
        release_id=latest if released.stop_reasons else released.release_id,
        released=released,
        stop_reasons=released.stop_reasons,
    )


def _channels(home: Home) -> "Channels | None":
    """Return who is told, or None where nobody is; read before anything is done."""
    if not home.channels.exists():
        return None
    from pipeline.alert.channels import load_channels

    return load_channels(home.channels)


def _tell(
    workspace: Workspace, channels: "Channels | None", outcome: Outcome, *, is_sample: bool
) -> Outcome:
    """Tell people what they should look at, where channels are set."""
    if channels is None:
        return outcome
    from pipeline.alert.tell import tell

    told = workspace.runner.call(
        lambda: tell(workspace, channels, outcome, is_sample=is_sample), "tell"
    )
    return replace(outcome, told=told)


def _rejections(ledger: Ledger, loads: list[Load]) -> tuple[Rejection, ...]:
    strays = [Rejection(name, (message,)) for name, message in ledger.strays()]
    rejected = [
        Rejection(
            f"{load.place.period_end}/{load.place.organisation_code}/{load.file_name}",
            tuple(f.message() for f in ledger.faults(load.load_id) if f.severity == "file"),
            (load.place.period_end.isoformat(), load.place.organisation_code, load.place.source),
        )
        for load in loads
        if load.status == REJECTED
    ]
    return tuple(sorted(strays + rejected, key=lambda rejection: rejection.name))
