"""The commands that run the main job: on an inbox, on the sample, by a schedule."""

import argparse
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import EqualityError, ExitCode, UsageError
from pipeline.files import HOME_MODE, make_folder, write_whole
from pipeline.settings import Settings, load_settings

if TYPE_CHECKING:
    from pipeline.outcome import Outcome


_SAMPLE_MARK = "sample.txt"


def run(home: Path, options: argparse.Namespace) -> int:
    """Run the main job, tracked by Prefect where an API is configured."""
    from pipeline.summary import print_summary

    settings = load_settings(home, options.inbox, options.engine)
    is_sample = (settings.home.root / _SAMPLE_MARK).exists()
    if options.scheduled:
        return _look(settings, is_sample=is_sample)
    outcome = _run(settings, options, is_sample=is_sample)
    print_summary(outcome, settings, is_sample=is_sample)
    return outcome.exit_code


def _run(settings: Settings, options: argparse.Namespace, *, is_sample: bool) -> "Outcome":
    period = getattr(options, "period", None)
    had_keys = settings.home.keys.exists()
    try:
        if os.environ.get("PREFECT_API_URL"):
            from flows.quarterly import run_tracked

            return run_tracked(settings, period=period, is_sample=is_sample)
        from pipeline.run import run as run_here

        return run_here(settings, period=period, is_sample=is_sample)
    except EqualityError:
        # The next run finds the keys there, and would not tell of them.
        if settings.home.keys.exists() and not had_keys:
            from pipeline.summary import print_new_keys

            print_new_keys(settings.home)
        raise


def _look(settings: Settings, *, is_sample: bool) -> int:
    """Look what is due, as the schedule does, and do it."""
    from pipeline.schedule.summary import print_looked

    if os.environ.get("PREFECT_API_URL"):
        from flows.quarterly import look_tracked

        looked = look_tracked(settings, is_sample=is_sample)
    else:
        from pipeline.report.whole import make_report
        from pipeline.schedule.run import look

        looked = look(settings, is_sample=is_sample, report=make_report)
    print_looked(looked, settings, is_sample=is_sample)
    return looked.exit_code


def demo(home: Path, options: argparse.Namespace) -> int:
    """Write the sample under ``home/inbox`` and run the main job on it."""
    from pipeline.sample import planted_rejections
    from pipeline.summary import print_summary

    settings = load_settings(home, home.expanduser().absolute() / "inbox")
    _sample_inbox(settings, options.seed)
    outcome = _run(settings, options, is_sample=True)
    print_summary(outcome, settings, is_sample=True)
    if outcome.stop_reasons:
        return ExitCode.STOPPED
    rejected = {rejection.place for rejection in outcome.rejections}
    return ExitCode.RELEASED if rejected == planted_rejections() else ExitCode.REJECTED


def _sample_inbox(settings: Settings, seed: int) -> None:
    """Write the sample where it is not there yet; a part that an earlier call left is replaced."""
    from pipeline.sample import write_sample

    root, said = settings.home.root, f"seed {seed}\n"
    mark = root / _SAMPLE_MARK
    if not mark.exists():
        _refuse_filled(root, "Name a new home with --home.")
        make_folder(root, mode=HOME_MODE)
        write_whole(mark, said.encode("ascii"))
    elif mark.read_text(encoding="ascii") != said:
        raise UsageError(f"{root} holds the sample of another seed. Name another home with --home.")
    if not settings.inbox.exists():
        unfinished = root / ".inbox.unfinished"
        write_sample(unfinished, seed=seed)
        unfinished.rename(settings.inbox)


def _refuse_filled(folder: Path, mend: str) -> None:
    if folder.is_dir() and any(folder.iterdir()):
        raise UsageError(f"{folder} holds other data, and the sample is not mixed with it. {mend}")


def sample(home: Path, options: argparse.Namespace) -> int:
    """Write the sample inbox, or a larger one, into a folder."""
    from pipeline.sample import write_sample

    folder = options.folder.expanduser().absolute()
    _refuse_filled(folder, "Name a new or empty folder.")
    if options.scale != "demo":
        return _scaled_sample(folder, options)
    if {options.people, options.snapshots, options.systems} != {None}:
        raise UsageError(
            "The demo's sample has its own people and quarters. Leave --people, --snapshots and "
            "--systems out, or choose --scale ics or england."
        )
    plan = write_sample(folder, seed=options.seed)
    print(f"{len(plan.files)} files of invented people in {folder} (seed {options.seed})")
    return ExitCode.RELEASED


def _scaled_sample(folder: Path, options: argparse.Namespace) -> int:
    """Write a sample of the size of a system, or of England."""
    from pipeline.sample.scaled import SCALES, write_scaled

    told = {
        "people": options.people,
        "quarters": options.snapshots,
        "systems": options.systems,
    }
    changed = {name: number for name, number in told.items() if number is not None}
    plan = write_scaled(folder, replace(SCALES[options.scale], **changed), options.seed)
    print(
        f"{plan.files} files of {len(plan.organisations)} employers in {folder} (seed "
        f"{options.seed}): {sum(plan.rows.values())} rows of invented people, "
        f"{plan.rows['esr_staff']} of them assignments"
    )
    return ExitCode.RELEASED


def serve(home: Path, options: argparse.Namespace) -> int:
    """Serve the schedule until interrupted, by a server of our own where none is set."""
    from contextlib import nullcontext

    from flows.server import local_server
    from pipeline.schedule.postgresql import database_settings

    settings = load_settings(home)
    is_sample = (settings.home.root / _SAMPLE_MARK).exists()
    has_server = bool(os.environ.get("PREFECT_API_URL"))
    if not has_server:
        print(f"Starting a Prefect server in {settings.home.prefect} ...", flush=True)
    database = database_settings(settings.schedule, settings.home.root)
    own = local_server(settings.home.prefect, port=settings.schedule.port, database=database)
    with nullcontext() if has_server else own:
        # Prefect reads its settings when it is imported, so only now.
        from flows.served import serve_schedule

        print(f"Serving at {os.environ['PREFECT_API_URL']}; stop with Ctrl+C.", flush=True)
        serve_schedule(settings, is_sample=is_sample, is_own_server=not has_server)
    return ExitCode.RELEASED
