"""The private database of a home, for the commands that only look."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import UsageError
from pipeline.settings import load_settings
from pipeline.store import has_table, open_private

if TYPE_CHECKING:
    import duckdb


def need_figures(connection: "duckdb.DuckDBPyConnection") -> None:
    """Make sure that figures have been made.

    Raises:
        UsageError: there are none yet.
    """
    if not has_table(connection, "marts", "figure"):
        raise UsageError("No figures have been made yet. Run: equality run")


def open_ledger(
    home: Path, *, read_only: bool = True
) -> "AbstractContextManager[duckdb.DuckDBPyConnection]":
    """Open the private database of a home that has one.

    Raises:
        UsageError: the home has none.
    """
    from pipeline.identity import load_keys

    settings = load_settings(home)
    if not settings.home.private_database.exists():
        raise UsageError(f"{settings.home.root} holds nothing yet. Run: equality run --home {home}")
    return open_private(settings.home, load_keys(settings.home), read_only=read_only)
