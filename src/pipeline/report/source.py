"""A release as the report reads it: its published tables and its manifest, and nothing private."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd

from pipeline.errors import UsageError
from pipeline.publish.release import current_release
from pipeline.settings import Home
from pipeline.store import open_published

_DATABASE, _MANIFEST = "equality.duckdb", "manifest.json"


@dataclass(frozen=True, slots=True)
class Published:
    """A release.

    Attributes:
        release_id: its name.
        folder: its folder among the releases of a home.
        manifest: what it was made from.
        tables: its published tables by name, days as ``datetime.date``. The index of ``figure`` is
            the place of each figure by its key: it names the figure within this release.
    """

    release_id: str
    folder: Path
    manifest: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]

    @property
    def database(self) -> Path:
        """The published database."""
        return self.folder / _DATABASE

    @property
    def figure(self) -> pd.DataFrame:
        """The published figures, sorted by their key."""
        return self.tables["figure"]

    @property
    def is_sample(self) -> bool:
        """Whether the people in it are invented."""
        return bool(self.manifest["is_sample"])

    @property
    def newest(self) -> date:
        """The newest snapshot in it."""
        newest: date = max(self.figure["period_end"])
        return newest

    def about(self, name: str) -> str:
        """Return a fact of the table ``about``.

        Raises:
            KeyError: there is no such fact.
        """
        told = self.tables["about"]
        return str(told.set_index("name")["value"][name])


def read_release(home: Home, release_id: str | None = None) -> Published:
    """Return a release of a home; without an id the one that readers see.

    Raises:
        UsageError: there is none, or none of that name.
    """
    folder = need_release(home, release_id)
    manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
    with open_published(folder / _DATABASE) as connection:
        names = connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'main' order by all"
        ).fetchall()
        tables = {name: connection.execute(f'from "{name}"').df() for (name,) in names}
    return Published(
        release_id=manifest["release_id"],
        folder=folder,
        manifest=manifest,
        tables=MappingProxyType({name: _days(frame) for name, frame in tables.items()}),
    )


def need_release(home: Home, release_id: str | None = None) -> Path:
    """Return the folder of a release of a home; without an id of the one that readers see.

    Raises:
        UsageError: there is none, or none of that name.
    """
    name = current_release(home) if release_id is None else release_id
    if name is None:
        raise UsageError(
            f"Nothing has been released in {home.root} yet. Run: equality run --home {home.root}"
        )
    folder = home.releases / name
    # A name that is a path, such as `..`, is the folder of no release.
    if folder.name != name or not all((folder / one).exists() for one in (_DATABASE, _MANIFEST)):
        raise UsageError(
            f"There is no release {name} in {home.releases}. `equality status` tells the newest."
        )
    return folder


def _days(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame whose columns of time hold days, or nothing where there is none."""
    for name, kind in frame.dtypes.items():
        if pd.api.types.is_datetime64_any_dtype(kind):
            days = frame[name].dt.date.astype(object)
            frame[name] = days.where(frame[name].notna(), None)
    return frame
