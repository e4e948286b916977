"""All filings of a release in one folder, whole or not at all."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.accessible import Column, Sheet
from pipeline.accessible import workbook as accessible_workbook
from pipeline.files import make_folder, write_whole
from pipeline.filings.figures import Filed, read_figures
from pipeline.filings.pay_gap import (
    NOTE_COLUMNS,
    pay_gap_columns,
    pay_gap_rows,
    reporting_year,
    snapshots,
    typed_columns,
)
from pipeline.filings.publications import HEADINGS, publications
from pipeline.filings.returns import returns
from pipeline.filings.texts import csv_bytes
from pipeline.filings.workbook import workbook
from pipeline.settings import Home, load_settings

if TYPE_CHECKING:
    import duckdb

_NOTHING = "-"
"""What stands in a cell of a workbook for the eyes of everybody that has nothing to tell."""

_CONTENTS = ("file", "what", "organisation_code", "snapshot", "need", "blanks_and_notes")


def write_filings(
    connection: "duckdb.DuckDBPyConnection", home: Home, release_id: str
) -> list[Path]:
    """Write the filings of a release into ``home/filings/<release_id>/`` and return their paths.

    They hold true counts: files have mode 0600, folders 0700, and nothing of them is published.
    Written again they are the same, byte for byte.

    Args:
        connection: the private database, to be read.
        home: where it lies.
        release_id: the release of its figures.

    Raises:
        UsageError: there are no figures yet, or they are those of another release.
        ProductError: a return would contradict its figures.
    """
    filed = read_figures(connection, release_id)
    voluntary = load_settings(home.root).voluntary_pay_gaps
    files: dict[str, bytes] = {}
    contents: list[dict[str, str]] = []
    parts = (
        _returns(filed, release_id),
        _pay_gaps(filed, voluntary=voluntary),
        _publications(connection, filed),
    )
    for part in parts:
        for name, content, *facts in part:
            files[name] = content
            contents.append(dict(zip(_CONTENTS, (name, *facts), strict=True)))
    files["contents.csv"] = csv_bytes(_CONTENTS, contents)
    folder = make_folder(home.filings)
    folder.chmod(0o700)
    return _write(folder, release_id, files)


def _write(folder: Path, release_id: str, files: dict[str, bytes]) -> list[Path]:
    for left in folder.glob(".*.unfinished"):
        shutil.rmtree(left, ignore_errors=True)
    unfinished = make_folder(folder / f".{release_id}.unfinished")
    whole, earlier = folder / release_id, folder / f".{release_id}.earlier.unfinished"
    try:
        for name, content in files.items():
            write_whole(unfinished / name, content)
        if whole.exists():
            whole.rename(earlier)
        unfinished.rename(whole)
    finally:
        # True counts are not left lying about.
        for left in (unfinished, earlier):
            shutil.rmtree(left, ignore_errors=True)
    return [whole / name for name in files]


_File = tuple[str, bytes, str, str, str, str, str]
"""Path, content, and the facts of the contents."""


def _returns(filed: Filed, release_id: str) -> Iterator[_File]:
    for filled in returns(filed):
        body, standard = filled.body, filled.template.standard
        pooled = "-pooled" if body.level == "icb" else ""
        name = f"{body.code}/{standard.lower()}-{body.snapshot.year}{pooled}.xlsx"
        what = f"{standard} return{' of the pooled bodies' if pooled else ''}"
        facts = (what, body.code, body.snapshot.isoformat(), filled.need, str(len(filled.blanks)))
        yield name, workbook(filled, release_id), *facts


def _pay_gaps(filed: Filed, *, voluntary: bool) -> Iterator[_File]:
    for snapshot in snapshots(filed):
        rows = pay_gap_rows(filed, snapshot, voluntary=voluntary)
        year, day = reporting_year(snapshot), snapshot.isoformat()
        notes = [line for row in rows for line in row.notes]
        name = f"gender-pay-gap-{year}"
        for suffix, content, what, number in (
            ("", csv_bytes(pay_gap_columns(), (row.cells for row in rows)), "rows", len(notes)),
            ("-notes", csv_bytes(NOTE_COLUMNS, [*notes, *typed_columns()]), "notes", len(notes)),
        ):
            need = "voluntary too" if voluntary else "compulsory"
            yield (
                f"{name}{suffix}.csv",
                content,
                f"Gender pay gap {year}, {what}",
                "",
                day,
                need,
                str(number),
            )


def _publications(connection: "duckdb.DuckDBPyConnection", filed: Filed) -> Iterator[_File]:
    rows = publications(connection, filed)
    missing = sum(1 for row in rows if row["what_is_missing"])
    newest = max((row["as_at"] for row in rows), default="")
    facts = ("Publications and what is missing", "", newest, "compulsory", str(missing))
    yield "psed.csv", csv_bytes(tuple(HEADINGS), rows), *facts
    if rows:
        yield "psed.xlsx", _list(rows), *facts


def _list(rows: list[dict[str, str]]) -> bytes:
    title = "What each body has to publish, by when, and what is missing"
    sheet = Sheet(
        "Publications",
        title,
        "A row for each body, publication and deadline: the last that passed and the next.",
        [Column(name.replace("_", " ").capitalize(), width) for name, width in HEADINGS.items()],
        [tuple(cell or _NOTHING for cell in row.values()) for row in rows],
    )
    return accessible_workbook(title, "Duties to publish", [sheet])
