"""The commands that list what came in, what to mend and the figures."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.commands.databases import need_figures, open_ledger
from pipeline.errors import ExitCode, UsageError
from pipeline.settings import load_settings

if TYPE_CHECKING:
    import duckdb


def status(home: Path, options: argparse.Namespace) -> int:
    """List what has been received in each place, and what became of it."""
    from pipeline.listing import print_rows
    from pipeline.receive.ledger import Ledger
    from pipeline.schedule.summary import status_lines

    with open_ledger(home) as connection:
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
        waits = status_lines(Ledger(connection), load_settings(home).schedule)
    print_rows(names, rows, as_json=options.json)
    if not options.json:
        for name, message in rejected:
            print(f"Rejected by its name: {name}: {message}")
        print(f"\nNewest release: {newest or 'none yet'}")
        for line in waits:
            print(line)
    return ExitCode.RELEASED


def feedback(home: Path, options: argparse.Namespace) -> int:
    """List the faults of the newest file of each place."""
    from pipeline.faults import catalogue
    from pipeline.listing import print_rows

    with open_ledger(home) as connection:
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
    from pipeline.publish.release import current_database
    from pipeline.store import open_published

    if not options.unprotected:
        with open_published(current_database(load_settings(home).home)) as connection:
            names, rows = _figure_rows(connection, "figure", options.where)
    else:
        from pipeline.trail import note

        with open_ledger(home) as connection:
            need_figures(connection)
            looked_at = {"where": options.where or "all"}
            note(load_settings(home).home, "figures --unprotected", looked_at)
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
