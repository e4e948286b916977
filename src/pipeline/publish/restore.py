"""Make an earlier release the one that readers see: the newest one was wrong."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.identity import load_keys
from pipeline.lock import single_writer
from pipeline.publish.put_back import RESTORE, put_back, show
from pipeline.publish.release import SUMS, current_release, sha256_of
from pipeline.receive.ledger import Ledger
from pipeline.settings import Home, Settings
from pipeline.store import open_private
from pipeline.trail import note


@dataclass(frozen=True, slots=True)
class Restored:
    """Which release readers see now, and which one before it was put there.

    Attributes:
        release_id: the release that readers see.
        newest: the newest release.
        was: what they saw before.
        first_page: the first page of the report that they see; None where there is none.
    """

    release_id: str
    newest: str
    was: str | None
    first_page: Path | None

    def lines(self) -> Iterator[str]:
        """Yield what became of it, a line each."""
        if self.release_id == self.was:
            yield f"Release {self.release_id} is what readers see already."
        else:
            yield f"Readers see release {self.release_id} again, instead of {self.was}."
        if self.release_id != self.newest:
            yield (
                f"  It stays until new input makes another release, or until: equality restore "
                f"{self.newest}"
            )
            yield f"  What {self.newest} has told stays told: protection counts it as published."
        yield f"  report  {self.first_page or 'none: readers had none before'}"


def restore_release(settings: Settings, release_id: str) -> Restored:
    """Put a release in the place of the newest one, and its report where readers look.

    The entry in the trail decides: a run that finds it, and nothing new, sees that readers have the
    release that it names.

    Raises:
        UsageError: there is no such release, or it is damaged.
        LockedError: a run is under way.
        DiskError: the disk is full.
    """
    home = settings.home
    if not home.private_database.exists():
        raise UsageError(f"{home.root} holds nothing yet. Run: equality run --home {home.root}")
    with single_writer(home, settings.lock_wait_seconds):
        newest = _newest(home, release_id)
        first_page = home.published_database.with_name("index.html")
        if first_page.exists():
            from pipeline.report.whole import made_report

            made_report(home, release_id)
        was = current_release(home)
        if (put_back(home, newest) or newest) != release_id:
            told = {"release": release_id, "instead_of": newest, "was": was}
            note(home, RESTORE, told)
        show(home, release_id)
    return Restored(release_id, newest, was, first_page if first_page.exists() else None)


def _newest(home: Home, release_id: str) -> str:
    """Return the newest release, where ``release_id`` is one and is whole."""
    from pipeline.report.source import need_release

    with open_private(home, load_keys(home), read_only=True) as connection:
        known = [each["release_id"] for each in Ledger(connection).releases()]
    if release_id not in known:
        raise UsageError(
            f"There is no release {release_id}. There are: {', '.join(known) or 'none'}."
        )
    folder = need_release(home, release_id)
    sums = folder / SUMS
    line = f"{sha256_of(folder / 'equality.duckdb')}  equality.duckdb"
    if sums.exists() and line not in sums.read_text(encoding="ascii").splitlines():
        raise UsageError(
            f"The database of release {release_id} is damaged. Put the folder {folder} back from a "
            "backup; readers see what they saw."
        )
    return str(known[-1])
