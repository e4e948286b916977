"""Engines: what builds ``warehouse/``. The SQL, the order and the figures are the same."""

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from pipeline.engines.duckdb import DuckDB

if TYPE_CHECKING:
    import duckdb

    from pipeline.models import Model
    from pipeline.settings import Settings

# pandera imports PySpark wherever it is installed, and PySpark warns of pandas 3, though no engine
# uses its pandas.
warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)


class Engine(Protocol):
    """Who builds the models of the warehouse."""

    @property
    def name(self) -> str:
        """What the manifest of a release calls it."""

    def make(self, connection: "duckdb.DuckDBPyConnection", models: "Sequence[Model]") -> None:
        """Make each model's table or view in the private database.

        Args:
            connection: the private database within a transaction; the schemas are there, empty.
            models: in an order in which each comes after what it reads.

        Raises:
            ProductError: a query fails; names the file, and no value.
        """


def engine_of(settings: "Settings") -> Engine:
    """Return the engine that the settings name; nothing of Spark is imported for another one.

    Raises:
        UsageError: it is not installed.
    """
    if settings.engine == DuckDB.name:
        return DuckDB()
    from pipeline.engines.spark import Spark

    return Spark(settings.home, settings.spark)
