"""The counts that figures are made from, out of the tables that the registry names."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from pipeline.assess.pooled import Owner, estimate_rows
from pipeline.registry import Indicator

if TYPE_CHECKING:
    import duckdb

Row = dict[str, Any]
Counted = tuple[Indicator, list[Row]]
"""An indicator with its rows of counts, keyed by column."""


def count_rows(
    connection: "duckdb.DuckDBPyConnection", registry: Iterable[Indicator]
) -> list[Counted]:
    """Return the rows of counts of every indicator, with the organisation's name at the snapshot.

    Only of the snapshots for which the indicator is defined. Where the registry asks for it, with
    a row for the Mantel-Haenszel estimate beside each pooled relative likelihood.
    """
    registry = list(registry)
    employers = _employers(connection)
    by_indicator: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for table in sorted({entry.table for entry in registry}):
        for row in _rows(connection, table):
            by_indicator[table, row["standard"], row["indicator"]].append(row)
    counted = []
    for entry in registry:
        found = by_indicator[entry.table, entry.standard, entry.indicator]
        rows = [row for row in found if _is_defined(entry, row["period_end"])]
        if found:
            counted.append((entry, rows + estimate_rows(entry, rows, employers)))
    return counted


def _is_defined(entry: Indicator, period_end: date) -> bool:
    return entry.valid_from <= period_end <= (entry.valid_to or date.max)


def _employers(connection: "duckdb.DuckDBPyConnection") -> dict[Owner, list[str]]:
    """Return the codes of the employers pooled in each organisation at each snapshot."""
    pooled: dict[Owner, list[str]] = defaultdict(list)
    for *owner, code in connection.execute(
        "select period_end, level, organisation_code, employer_code from core.membership "
        "where level <> 'employer' order by all"
    ).fetchall():
        pooled[tuple(owner)].append(code)
    return pooled


def _rows(connection: "duckdb.DuckDBPyConnection", table: str) -> list[Row]:
    cursor = connection.execute(
        f"select counted.*, owner.organisation_name from {table} as counted inner join "
        "(select distinct period_end, level, organisation_code, organisation_name "
        "from core.membership) as owner on counted.period_end = owner.period_end "
        "and counted.level = owner.level and counted.organisation_code = owner.organisation_code"
    )
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
