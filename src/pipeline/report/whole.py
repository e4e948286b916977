"""Everything that people read of a release: made whole, and only then put in its place."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.files import make_folder, write_whole
from pipeline.publish.release import current_release, shown_report
from pipeline.report.source import Published, need_release, read_release
from pipeline.settings import Home, Settings
from pipeline.trail import note

if TYPE_CHECKING:
    import duckdb

_REPORT = "report"
_READABLE_FOLDER, _READABLE_FILE = 0o755, 0o644
_DOWNLOADS = (
    ("spreadsheets/equality.xlsx", "Workbook for Excel"),
    ("spreadsheets/equality.ods", "Workbook for LibreOffice and others (OpenDocument)"),
    ("data/dictionary.html", "Data dictionary: every table and column, and where it comes from"),
    ("data/datapackage.json", "Data package: every table as CSV and Parquet"),
    ("data/examples.sql", "Twenty questions for the database"),
)
"""What stands beside the pages, as the first one lists it."""
_POINTER = """\
<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<title>Workforce equality: the newest report</title>
<meta http-equiv="refresh" content="0; url={folder}/index.html">
</head>
<body>
<main>
<h1>Workforce equality</h1>
<p><a href="{folder}/index.html">Go to the newest report</a></p>
</main>
</body>
</html>
"""


@dataclass(frozen=True, slots=True)
class Made:
    """What was made of a release.

    Attributes:
        release_id: of which.
        report: the folder of the report among the releases.
        first_page: where readers find it; None of a release that is not the newest.
        filings: the folder of the filings; None where the private figures are of another release.
    """

    release_id: str
    report: Path
    first_page: Path | None
    filings: Path | None

    def lines(self) -> Iterator[str]:
        """Yield what was made and where it is, a line each."""
        yield f"Report of release {self.release_id}"
        yield f"  pages         {self.first_page or self.report / 'index.html'}"
        yield f"  spreadsheets  {self.report / 'spreadsheets'}"
        yield f"  data          {self.report / 'data'}"
        if self.filings is None:
            yield (
                "  filings       not made: the private figures are of another run. "
                "Filings are made of the newest one."
            )
        else:
            yield f"  filings       {self.filings} (true counts: not for publication)"


def make_report(settings: Settings, release_id: str | None = None) -> Made:
    """Make the report and the filings of a release; without an id of the newest one.

    Raises:
        UsageError: there is no such release.
        LockedError: a run is under way.
        DiskError: the disk is full or failing.
    """
    from pipeline.lock import single_writer

    home = settings.home
    need_release(home, release_id)
    with single_writer(home, settings.lock_wait_seconds):
        # Read under the lock: a run that ends while this one waits makes another release newest.
        published = read_release(home, release_id)
        is_newest = published.release_id == current_release(home)
        whole_folder(published.folder / _REPORT, lambda folder: _write(published, folder))
        report = published.folder / _REPORT
        first_page = _show(home, published.release_id, report) if is_newest else None
        filings = _file(home, published.release_id)
        note(home, "report", {"release": published.release_id, "filings": filings is not None})
    return Made(published.release_id, published.folder / _REPORT, first_page, filings)


def made_report(home: Home, release_id: str) -> Path:
    """Return the folder of the report of a release, which is made where there is none yet."""
    folder = need_release(home, release_id) / _REPORT
    if not (folder / "index.html").exists():
        published = read_release(home, release_id)
        whole_folder(folder, lambda unfinished: _write(published, unfinished))
    return folder


def show_report(home: Home, release_id: str) -> Path | None:
    """Show readers the report of a release as it was made; None where none was made of it."""
    folder = need_release(home, release_id) / _REPORT
    return _show(home, release_id, folder) if (folder / "index.html").exists() else None


def _write(published: Published, folder: Path) -> None:
    from pipeline.report.copies import write_copies
    from pipeline.report.site import write_site
    from pipeline.report.spreadsheets import write_workbook
    from pipeline.report.telling import bodies

    write_site(published, bodies(published), folder, _DOWNLOADS)
    write_workbook(published, make_folder(folder / "spreadsheets"))
    write_copies(published, make_folder(folder / "data"))


def _file(home: Home, release_id: str) -> Path | None:
    """Write the filings where the private figures are those of the release."""
    from pipeline.filings import write_filings
    from pipeline.identity import load_keys
    from pipeline.store import open_private

    with open_private(home, load_keys(home), read_only=True) as connection:
        if _release_of(connection) != release_id:
            return None
        write_filings(connection, home, release_id)
    return home.filings / release_id


def _release_of(connection: "duckdb.DuckDBPyConnection") -> str | None:
    found = connection.execute("select max(release_id) from marts.figure").fetchone()
    return found[0] if found else None


def _show(home: Home, release_id: str, report: Path) -> Path:
    """Put a copy of the report where readers look, and lead them to it in one step."""
    shown = shown_report(home, release_id)
    place, name = make_folder(shown.parent, mode=_READABLE_FOLDER), shown.name

    def copy(folder: Path) -> None:
        shutil.copytree(report, folder, dirs_exist_ok=True)
        for path in (folder, *folder.rglob("*")):
            path.chmod(_READABLE_FOLDER if path.is_dir() else _READABLE_FILE)

    whole_folder(shown, copy)
    first_page = place / "index.html"
    write_whole(first_page, _POINTER.format(folder=name).encode(), mode=_READABLE_FILE)
    for pattern in (f"{_REPORT}-*", f".{_REPORT}-*"):
        for earlier in place.glob(pattern):
            if earlier.name != name:
                shutil.rmtree(earlier, ignore_errors=True)
    return first_page


def whole_folder(folder: Path, write: Callable[[Path], None]) -> None:
    """Write a folder beside its place and put it there when it is whole.

    What an interrupted run left beside it is cleared away; a folder that it took from its place
    without putting another there goes back first.
    """
    unfinished = folder.with_name(f".{folder.name}.unfinished")
    outdated = folder.with_name(f".{folder.name}.outdated")
    if outdated.exists() and not folder.exists():
        outdated.rename(folder)
    for left in (unfinished, outdated):
        shutil.rmtree(left, ignore_errors=True)
    make_folder(unfinished)
    write(unfinished)
    if folder.exists():
        folder.rename(outdated)
    unfinished.rename(folder)
    shutil.rmtree(outdated, ignore_errors=True)
