"""The command that explains a figure: from what is published back to files, rows and rule."""

import argparse
import json
from pathlib import Path

from pipeline.commands.databases import need_figures, open_ledger
from pipeline.errors import ExitCode, UsageError
from pipeline.settings import load_settings


def explain(home: Path, options: argparse.Namespace) -> int:
    """Explain the published figures of an indicator, organisation and snapshot.

    The private database says which files stand behind them, so that the look is recorded. Rows of
    files and true counts are told with ``--unprotected`` alone.
    """
    from pipeline.explain.asked import Asked, find
    from pipeline.explain.evidence import employers, files, truth
    from pipeline.explain.explanation import Explanation, records
    from pipeline.publish.release import current_database
    from pipeline.store import open_published
    from pipeline.trail import note

    page: Path | None = options.html
    if page is not None and not page.absolute().parent.is_dir():
        raise UsageError(f"There is no folder {page.absolute().parent} to write {page.name} into.")
    asked = Asked(
        standard=options.standard,
        indicator=options.indicator,
        organisation_code=options.organisation,
        period_end=options.period,
        part=options.part,
        group_code=options.group,
        measure=options.measure,
        level=options.level,
    )
    kept = load_settings(home).home
    with open_published(current_database(kept)) as connection:
        found = find(connection, asked)
        about = dict(connection.execute("select name, value from about").fetchall())
    folder = kept.releases / about["release_id"]
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UsageError(
            f"The release {about['release_id']} is not in {kept.releases}, so that nobody can say "
            "what it was made from. Put it back from a backup."
        ) from None
    with open_ledger(home) as connection:
        need_figures(connection)
        action = "explain --unprotected" if options.unprotected else "explain"
        note(kept, action, {"figures": asked.words(), "release": about["release_id"]})
        bodies = employers(connection, found.figures)
        every = {code for codes in bodies.values() for code in codes}
        sent = files(connection, manifest, every, found.entry.needs, asked.period_end)
        told = None
        if options.unprotected:
            told = truth(connection, manifest, found.figures, bodies)
    explanation = Explanation(found, about, tuple(sent), told)
    if page is not None:
        from pipeline.explain.page import page as html
        from pipeline.files import write_whole

        write_whole(page, html(explanation).encode())
    if options.json:
        print(json.dumps(records(explanation), default=str))
    elif page is not None:
        print(f"Written: {page}")
    else:
        from pipeline.explain.text import lines

        for line in lines(explanation):
            print(line)
    return ExitCode.RELEASED
