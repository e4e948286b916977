"""The counts that figures are made from, out of the tables that the registry names."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from pipeline.registry import IndicatorSet

if TYPE_CHECKING:
    import duckdb

Counted = tuple[IndicatorSet, list[dict[str, Any]]]
"""A set of indicators with its rows of counts, keyed by column."""


def count_rows(
    connection: "duckdb.DuckDBPyConnection", registry: Iterable[IndicatorSet]
) -> list[Counted]:
    """Return the rows of every table of counts, with the organisation's name as at the snapshot."""
    return [(entry, _rows(connection, entry)) for entry in registry]


def _rows(connection: "duckdb.DuckDBPyConnection", entry: IndicatorSet) -> list[dict[str, Any]]:
    cursor = connection.execute(
        "select counted.*, coverage.organisation_name "
        f"from {entry.table} as counted "
        "inner join core.coverage as coverage on counted.period_end = coverage.period_end "
        "and counted.level = coverage.level "
        "and counted.organisation_code = coverage.organisation_code "
        f"and coverage.source = '{entry.sources[0]}'"
    )
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
