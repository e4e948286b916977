"""Copies of a release for every other tool: CSV, Parquet, their description and their origins."""

import csv
import io
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from pipeline.publish.plain_csv import copy_csv
from pipeline.report.copies import dictionary
from pipeline.report.copies.examples import EXAMPLES
from pipeline.report.copies.lineage import Origin, headings, lineage
from pipeline.report.copies.package import descriptor
from pipeline.report.copies.picture import picture
from pipeline.report.source import Published
from pipeline.store import one_thread, open_published
from schemas.published import TABLES

__all__ = ["write_copies"]


def write_copies(published: Published, folder: Path) -> list[Path]:
    """Write the copies of a release into ``folder`` and return their paths, sorted.

    ``csv/`` and ``parquet/`` hold every published table; ``datapackage.json`` describes them;
    ``dictionary.csv`` and ``dictionary.html`` list every column of tables and views,
    ``lineage.csv`` and ``lineage.svg`` where each comes from, ``headings.csv`` what is read as each
    heading; ``examples.sql`` holds questions with their SQL. The same release gives the same bytes.

    Args:
        published: the release.
        folder: an empty folder, or one that is made.
    """
    for name in ("csv", "parquet"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    with open_published(published.database) as connection, one_thread(connection):
        for name in TABLES:
            copy_csv(connection, name, folder / "csv" / f"{name}.csv")
            target = str(folder / "parquet" / f"{name}.parquet").replace("'", "''")
            connection.execute(
                f"copy {name} to '{target}' (format parquet, compression zstd, "
                f"kv_metadata {{release_id: '{published.release_id}'}})"
            )
    origins = lineage()
    entries = dictionary.entries(published, origins)
    _write_csv(
        folder / "dictionary.csv",
        dictionary.COLUMNS,
        ([getattr(entry, name) for name in dictionary.COLUMNS] for entry in entries),
    )
    names = tuple(Origin.__slots__)
    _write_csv(
        folder / "lineage.csv", names, ([getattr(one, name) for name in names] for one in origins)
    )
    _write_csv(folder / "headings.csv", ("source", "heading", "received"), headings())
    texts = {
        "dictionary.html": dictionary.page(published, entries),
        "lineage.svg": picture(origins),
        "datapackage.json": descriptor(published, folder),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    shutil.copyfile(EXAMPLES, folder / EXAMPLES.name)
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _write_csv(path: Path, names: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write rows of the product's own words; none of them begins as a formula does."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(rows)
    path.write_text(file.getvalue(), encoding="utf-8", newline="\n")
