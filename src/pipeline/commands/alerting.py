"""The commands on alerts: list them, say that they are known, draw declaration rates."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.commands.databases import need_figures, open_ledger
from pipeline.errors import ExitCode, UsageError
from pipeline.settings import load_settings

if TYPE_CHECKING:
    pass


def alerts(home: Path, options: argparse.Namespace) -> int:
    """List the alerts with their numbers, for the analyst's own eyes."""
    from pipeline.alert.acknowledgements import acknowledgements, is_acknowledged
    from pipeline.listing import print_rows

    with open_ledger(home) as connection:
        need_figures(connection)
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
    from pipeline.receive.receipts import Receipts
    from pipeline.trail import note

    kept = load_settings(home).home
    wanted = Wanted(
        options.organisation, options.code, options.characteristic, options.part, options.period
    )
    with open_ledger(home, read_only=False) as connection:
        need_figures(connection)
        # A home of an earlier version has no table of acknowledgements yet.
        keys, ledger = load_keys(kept), Ledger(connection)
        ledger.prepare(keys)
        if options.withdraw:
            subjects, done = withdraw(connection, wanted), "No longer acknowledged"
        else:
            subjects, done = acknowledge(connection, wanted, options.note), "Acknowledged"
        receipts = Receipts(kept, keys)
        if receipts.are_kept:
            receipts.keep_notes(connection, ledger)
    # Why it is known stays in the private database: it is free text, which may name somebody.
    action = "alerts acknowledge --withdraw" if options.withdraw else "alerts acknowledge"
    note(
        kept, action, {"alerts": [f"{subject.organisation_code} {subject}" for subject in subjects]}
    )
    for subject in subjects:
        print(f"{done}: {subject.organisation_code} {subject}")
    return ExitCode.RELEASED


def alerts_charts(home: Path, options: argparse.Namespace) -> int:
    """Draw the declaration rates of each employer as private pages, for the analyst's own eyes."""
    from pipeline.quality.rules import alert_rules
    from pipeline.quality.xmr_pages import write_pages
    from pipeline.store import has_table
    from pipeline.trail import note

    settings = load_settings(home)
    with open_ledger(home) as connection:
        need_figures(connection)
        if not has_table(connection, "marts", "declaration_xmr"):
            raise UsageError(
                "These figures were made by an earlier version, which kept nothing to draw. "
                "Run: equality run"
            )
        note(settings.home, "alerts charts", {"organisation": options.organisation or "all"})
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
        for rule in alert_rules()
        if rule.code == "DECLARATION_BELOW_TARGET" and rule.part == "all"
    }
    for path in write_pages(settings.home.quality / "xmr", points, targets):
        print(path)
    return ExitCode.RELEASED
