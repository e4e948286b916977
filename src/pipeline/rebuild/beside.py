"""The home in which a rebuild works: beside the old things, with the snapshots of the old home."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from pipeline.settings import Home


@dataclass(frozen=True, slots=True)
class Beside(Home):
    """A home below another one, which reads that one's snapshots and writes nothing outside.

    Attributes:
        kept: the root of the home that is rebuilt.
    """

    kept: Path = Path()

    @property
    def snapshots(self) -> Path:
        """The received files, which a rebuild reads and never changes."""
        return self.kept / "snapshots"

    @property
    def receipts(self) -> Path:
        """Receipts of what the rebuild does again; those of the home stay as they are."""
        return self.root / "receipts"


def beside(home: Home) -> Beside:
    """Return the home in which ``home`` is rebuilt."""
    return Beside(home.root / ".rebuild", limits=home.limits, kept=home.root)


def linked_copy(source: Path, target: Path) -> None:
    """Put the files of a release's folder into another one without copying what they hold."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True, mode=0o700)
    for path in sorted(source.iterdir()):
        if path.is_file():
            try:
                os.link(path, target / path.name)
            except OSError:  # a disk without links
                shutil.copy2(path, target / path.name)
