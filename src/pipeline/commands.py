"""What each command does: the home and the options in, an exit code out."""

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import EqualityError, ExitCode, UsageError
from pipeline.files import HOME_MODE, make_folder, write_whole
from pipeline.settings import Settings, load_settings

if TYPE_CHECKING:
    import duckdb

    from pipeline.run import Outcome

_SAMPLE_MARK = "sample.txt"


def run(home: Path, options: argparse.Namespace) -> int:
    """Run the main job, tracked by Prefect where an API is configured."""
    from pipeline.summary import print_summary

    settings = load_settings(home, options.inbox)
    is_sample = (settings.home.root / _SAMPLE_MARK).exists()
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
    """Write the sample inbox into a folder."""
    from pipeline.sample import write_sample

    folder = options.folder.expanduser().absolute()
    _refuse_filled(folder, "Name a new or empty folder.")
    plan = write_sample(folder, seed=options.seed)
    print(f"{len(plan.files)} files of invented people in {folder} (seed {options.seed})")
    return ExitCode.RELEASED


def status(home: Path, options: argparse.Namespace) -> int:
    """List what has been received in each place, and what became of it."""
    from pipeline.listing import print_rows

    with _open_ledger(home) as connection:
        cursor = connection.execute(
            "select period_end, organisation_code, source, file_name, status, rows_received, "
            "rows_landed, rows_quarantined, rows_warned from ledger.load "
            "where status <> 'superseded' order by all"
        )
        names = [column[0] for column in cursor.description or ()]
        rows = cursor.fetchall()
        strays = connection.execute("select name, message from ledger.stray order by name")
        rejected = strays.fetchall()
        release = connection.execute("select max_by(release_id, sequence) from ledger.release")
        newest = (release.fetchone() or (None,))[0]
    print_rows(names, rows, as_json=options.json)
    if not options.json:
        for name, message in rejected:
            print(f"Rejected by its name: {name}: {message}")
        print(f"\nNewest release: {newest or 'none yet'}")
    return ExitCode.RELEASED


def feedback(home: Path, options: argparse.Namespace) -> int:
    """List the faults of the newest file of each place."""
    from pipeline.faults import catalogue
    from pipeline.listing import print_rows

    with _open_ledger(home) as connection:
        rows = connection.execute(
            "select received.period_end, received.organisation_code, received.file_name, "
            "fault.severity, fault.code, fault.row_number, fault.column_name, fault.detail "
            "from ledger.fault as fault inner join ledger.load as received "
            "on fault.load_id = received.load_id where received.status <> 'superseded' "
            "and ($code is null or received.organisation_code = $code) order by all",
            {"code": options.organisation},
        ).fetchall()
    kinds = catalogue()
    names = (
        "period_end", "organisation_code", "file_name", "severity", "code", "row_number",
        "column_name", "detail", "meaning", "mend",
    )  # fmt: skip
    full = [(*row, kinds[row[4]].meaning, kinds[row[4]].mend) for row in rows]
    print_rows(names, full, as_json=options.json)
    return ExitCode.RELEASED


def figures(home: Path, options: argparse.Namespace) -> int:
    """List figures: the published ones, or with ``--unprotected`` the true ones."""
    from pipeline.listing import print_rows
    from pipeline.store import open_published

    if not options.unprotected:
        with open_published(load_settings(home).home.published_database) as connection:
            names, rows = _figure_rows(connection, "figure", options.where)
    else:
        from pipeline.receive.ledger import Ledger

        with _open_ledger(home, read_only=False) as connection:
            _need_figures(connection)
            Ledger(connection).trail("figures --unprotected", options.where or "all")
            names, rows = _figure_rows(connection, "marts.figure", options.where)
    print_rows(names, rows, as_json=options.json)
    return ExitCode.RELEASED


def _figure_rows(
    connection: "duckdb.DuckDBPyConnection", table: str, where: str | None
) -> tuple[list[str], list[tuple[object, ...]]]:
    import duckdb

    query = f"select * from (from {table}) as figure where {where or 'true'}\norder by all"
    try:
        # A condition that ends the query and begins another one could change the database.
        if len(connection.extract_statements(query)) != 1:
            raise UsageError("The condition --where is not understood: it is more than one.")
        cursor = connection.execute(query)
        return [column[0] for column in cursor.description or ()], cursor.fetchall()
    except duckdb.Error as error:
        raise UsageError(
            f"The condition --where is not understood: {str(error).splitlines()[0]}"
        ) from None


def _need_figures(connection: "duckdb.DuckDBPyConnection") -> None:
    made = connection.execute(
        "select count(*) from duckdb_tables() where schema_name = 'marts' "
        "and table_name = 'figure' and database_name = 'private'"
    )
    if made.fetchone() == (0,):
        raise UsageError("No figures have been made yet. Run: equality run")


def alerts(home: Path, options: argparse.Namespace) -> int:
    """List the alerts with their numbers, for the analyst's own eyes."""
    from pipeline.alert.acknowledgements import acknowledgements, is_acknowledged
    from pipeline.listing import print_rows

    with _open_ledger(home) as connection:
        _need_figures(connection)
        known = acknowledgements(connection)
        cursor = connection.execute(
            "select * from marts.alert order by period_end desc, organisation_code, code"
        )
        names = [column[0] for column in cursor.description or ()]
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    rows = [row | {"acknowledged": is_acknowledged(row, known)} for row in found]
    print_rows(names, [list(row.values()) for row in rows], as_json=options.json)
    return ExitCode.RELEASED


def alerts_acknowledge(home: Path, options: argparse.Namespace) -> int:
    """Record that alerts are known, or with ``--withdraw`` that they are so no more."""
    from pipeline.alert.acknowledgements import Wanted, acknowledge, withdraw
    from pipeline.identity import load_keys
    from pipeline.receive.ledger import Ledger

    wanted = Wanted(
        options.organisation, options.code, options.characteristic, options.part, options.period
    )
    with _open_ledger(home, read_only=False) as connection:
        _need_figures(connection)
        # A home of an earlier version has no table of acknowledgements yet.
        Ledger(connection).prepare(load_keys(load_settings(home).home))
        if options.withdraw:
            subjects, done = withdraw(connection, wanted), "No longer acknowledged"
        else:
            subjects, done = acknowledge(connection, wanted, options.note), "Acknowledged"
    for subject in subjects:
        print(f"{done}: {subject.organisation_code} {subject}")
    return ExitCode.RELEASED


def alerts_charts(home: Path, options: argparse.Namespace) -> int:
    """Draw the declaration rates of each employer as private pages, for the analyst's own eyes."""
    from pipeline.quality.rules import load_rules
    from pipeline.quality.xmr_pages import write_pages
    from pipeline.receive.ledger import Ledger
    from pipeline.store import has_table

    settings = load_settings(home)
    with _open_ledger(home, read_only=False) as connection:
        _need_figures(connection)
        if not has_table(connection, "marts", "declaration_xmr"):
            raise UsageError(
                "These figures were made by an earlier version, which kept nothing to draw. "
                "Run: equality run"
            )
        Ledger(connection).trail("alerts charts", options.organisation or "all")
        points = connection.execute(
            "select * from marts.declaration_xmr "
            "where $code is null or organisation_code = $code order by all",
            {"code": options.organisation},
        ).df()
    if points.empty:
        raise UsageError(
            f"There is no declaration rate of {options.organisation or 'anybody'}. "
            "`equality status` lists who sent staff records."
        )
    targets = {
        rule.characteristic: float(rule.limit)
        for rule in load_rules()
        if rule.code == "DECLARATION_BELOW_TARGET"
    }
    for path in write_pages(settings.home.quality / "xmr", points, targets):
        print(path)
    return ExitCode.RELEASED


def audit(home: Path, options: argparse.Namespace) -> int:
    """List what in a printed table cannot be true, and which hidden cells can be worked out."""
    import json

    from pipeline.audit.run import audit as findings_of

    found = findings_of(options.table)
    if options.json:
        print(json.dumps([finding.as_row() for finding in found]))
        return ExitCode.RELEASED
    for finding in found:
        print(finding.sentence())
    said = {one.detector.severity: 0 for one in found}
    for one in found:
        said[one.detector.severity] += 1
    counted = ", ".join(f"{number} {severity}" for severity, number in sorted(said.items()))
    print(f"{options.table.name}: {counted or 'nothing found'}")
    return ExitCode.RELEASED


def check_registry(home: Path, options: argparse.Namespace) -> int:
    """Check the registry and the warehouse against each other; every fault at once."""
    from pipeline.build import load_models
    from pipeline.decisions import of_home, shipped_faults
    from pipeline.errors import ProductError
    from pipeline.quality.alert_frames import check_frames_of
    from pipeline.quality.rules import load_rules
    from pipeline.registry import load_registry
    from schemas.published import TABLES

    registry = load_registry()
    wrong = shipped_faults()
    if wrong:
        raise ProductError("The decisions on values are wrong: " + "; ".join(wrong) + ".")
    of_home(load_settings(home).home)
    models = load_models()
    views = load_models(("marts",), given=frozenset(TABLES))
    rules = load_rules()
    frames = check_frames_of(rules, frozenset(model.name for model in models))
    print(
        f"{len(registry)} indicators, {len(models)} tables, {len(views)} views and {len(rules)} "
        f"alert rules on {frames} frames: no fault found"
    )
    return ExitCode.RELEASED


def serve(home: Path, options: argparse.Namespace) -> int:
    """Serve the quarterly schedule until interrupted, by a server of our own where none is set."""
    from contextlib import nullcontext

    from flows.server import local_server

    settings = load_settings(home)
    is_sample = (settings.home.root / _SAMPLE_MARK).exists()
    has_server = bool(os.environ.get("PREFECT_API_URL"))
    if not has_server:
        print(f"Starting a Prefect server in {settings.home.prefect} ...", flush=True)
    with nullcontext() if has_server else local_server(settings.home.prefect):
        # Prefect reads its settings when it is imported, so only now.
        from flows.quarterly import serve_schedule

        print(f"Serving at {os.environ['PREFECT_API_URL']}; stop with Ctrl+C.", flush=True)
        serve_schedule(settings, is_sample=is_sample)
    return ExitCode.RELEASED


def _open_ledger(home: Path, *, read_only: bool = True):  # type: ignore[no-untyped-def]  # noqa: ANN202
    """Open the private database of a home that has one."""
    from pipeline.identity import load_keys
    from pipeline.store import open_private

    settings = load_settings(home)
    if not settings.home.private_database.exists():
        raise UsageError(f"{settings.home.root} holds nothing yet. Run: equality run --home {home}")
    return open_private(settings.home, load_keys(settings.home), read_only=read_only)
