"""What a run prints: organisations, figures, alerts, and what was rejected and why."""

from pipeline.decisions.decision import UNKNOWN_FILE
from pipeline.outcome import Outcome, Rejection
from pipeline.settings import Home, Settings

_MOST_ALERTS = 6


def print_summary(outcome: Outcome, settings: Settings, *, is_sample: bool = False) -> None:
    """Print what became of a run, in plain lines, for whoever ran it."""
    if outcome.new_keys:
        print_new_keys(settings.home)
    if outcome.interrupted:
        print(
            f"The run before this one, which began on {outcome.interrupted}, was ended before it "
            "was done; this one went on where it stopped."
        )
    _print_received(outcome, settings.home)
    _print_rejections(outcome.rejections)
    if outcome.stop_reasons:
        print("The gate stopped the release; the one before stays:")
        for reason in outcome.stop_reasons:
            print(f"  {reason}")
    elif outcome.released:
        _print_release(outcome, settings)
        if outcome.released.alerts and outcome.told is None and not is_sample:
            print(f"Nobody was told of the alerts: there is no {settings.home.channels}")
    elif outcome.put_back:
        print(
            f"Nothing new: release {outcome.put_back} stays in the place of {outcome.release_id}, "
            f"as somebody asked for. Until new input makes another release, `equality restore "
            f"{outcome.release_id}` takes that back."
        )
        print_published(settings.home)
    elif outcome.release_id:
        print(f"Nothing new: release {outcome.release_id} stands.")
        print_published(settings.home)
    else:
        print("Nothing could be released: no file was accepted.")
    _print_told(outcome)


def print_published(home: Home) -> None:
    """Print where the newest release is to be read, and why elsewhere than under its plain name."""
    from pipeline.publish.release import current_database, current_release, shown_report

    path = current_database(home)
    print(f"Published: {path}")
    page, newest = home.published_database.with_name("index.html"), current_release(home)
    if newest and page.exists() and not shown_report(home, newest).exists():
        print(f"  {page} still leads to the report of an earlier release. Run: equality report")
    if path != home.published_database and not home.has_dated_names:
        print(
            f"  {home.published_database.name} is open in another program and could not be "
            "replaced: it holds an earlier release. Until it is closed and `equality run` has run "
            "again, the newest release is the file above, which current.txt names."
        )


def print_new_keys(home: Home) -> None:
    """Print that a home has new keys, and what that asks of the user."""
    print(
        f"New keys were made in {home.keys}. Keep a copy in a safe place: without them nobody, "
        "you included, can read or extend this home."
    )


def _print_received(outcome: Outcome, home: Home) -> None:
    if outcome.loads:
        _print_loads(outcome)
    if outcome.decided:
        print(f"Read again for a decision: {_count(len(outcome.decided), 'file')}.")
    if outcome.unknown_codes:
        print(
            f"Values that no code list knows: {outcome.unknown_codes}; decide on them: "
            f"{home.decisions / UNKNOWN_FILE}"
        )


def _print_loads(outcome: Outcome) -> None:
    loads = outcome.loads
    organisations = {load.place.organisation_code for load in loads}
    print(
        f"Received {_count(len(loads), 'file')} from "
        f"{_count(len(organisations), 'organisation')}: "
        f"{_count(sum(load.rows_landed for load in loads), 'row')} landed, "
        f"{sum(load.rows_quarantined for load in loads)} in quarantine, "
        f"{sum(load.rows_warned for load in loads)} with a warning."
    )
    if outcome.read_again:
        print(f"Read again for a new staff extract: {_count(len(outcome.read_again), 'file')}.")
    for load in (*loads, *outcome.read_again):
        if load.rows_quarantined:
            print(f"  {load.place}: {load.rows_quarantined} in quarantine")
    print(f"Feedback for each submitter: {outcome.feedback}")


def _count(number: int, thing: str) -> str:
    """Return ``1 file``, ``2 files``, ``0 files``."""
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _print_rejections(rejections: tuple[Rejection, ...]) -> None:
    if not rejections:
        return
    print(f"Rejected ({len(rejections)}):")
    for rejection in rejections:
        for message in rejection.messages:
            print(f"  {rejection.name}: {message}")


def _print_told(outcome: Outcome) -> None:
    """Print how many were told, and who could not be; where nobody had to be, nothing."""
    from pipeline.alert.wording import counted

    if outcome.told is None:
        return
    if outcome.told.sent:
        print(f"Told: {counted(outcome.told.sent, 'digest')} sent.")
    if outcome.told.unsent:
        unsent = counted(len(outcome.told.unsent), "digest")
        print(f"{unsent.capitalize()} could not be sent and will be tried again:")
        for line in outcome.told.unsent:
            print(f"  {line}")


def _print_release(outcome: Outcome, settings: Settings) -> None:
    released = outcome.released
    if released is None:
        return
    print(f"Release {released.release_id}")
    print(f"  organisations  {len(released.organisations)}: {', '.join(released.organisations)}")
    print(f"  snapshots      {len(released.periods)}: {', '.join(released.periods)}")
    print(f"  figures        {released.figures}, of which {released.suppressed} suppressed")
    print(
        f"  protection     {_count(released.attacked, 'hidden count')} attacked, none of them can "
        "be worked out"
    )
    if released.out:
        print(
            f"    {_count(released.out, 'hidden count')} told by earlier releases: "
            "see manifest.json"
        )
    print(f"  alerts         {released.alerts}; of the newest snapshot:")
    for line in released.newest_alerts[:_MOST_ALERTS] or ("none",):
        print(f"    {line}")
    more = len(released.newest_alerts) - _MOST_ALERTS
    if more > 0:
        print(f"    and {more} more; `equality alerts` lists each alert by itself")
    print_published(settings.home)
