"""The counts that figures are made from, out of the tables that the registry names."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from pipeline.assess.frames import dates_of_days, records
from pipeline.assess.pooled import ESTIMATE, POOLED, STRATA, Owner, estimate_rows
from pipeline.registry import Indicator

if TYPE_CHECKING:
    import duckdb

_AMOUNTS = ("amount", "comparator_amount")


def count_rows(
    connection: "duckdb.DuckDBPyConnection", registry: Iterable[Indicator]
) -> pd.DataFrame:
    """Return the counts of every indicator, one row for each figure to be made.

    Only of the snapshots for which the indicator is defined, with the organisation's name at the
    snapshot. The columns are those of all the tables of counts; an amount is a decimal number as
    text, which loses nothing. Where the registry asks for it, there is a row for the
    Mantel-Haenszel estimate beside each pooled relative likelihood, with the counts of the
    employers in ``strata``.
    """
    registry = list(registry)
    defined = pd.DataFrame(
        {
            "counted_in": entry.table,
            "standard": entry.standard,
            "indicator": entry.indicator,
            "valid_from": entry.valid_from,
            "valid_to": entry.valid_to or date.max,
        }
        for entry in registry
    )
    connection.register("defined", defined)
    try:
        counts = connection.execute(_query(sorted(set(defined["counted_in"])))).df()
    finally:
        connection.unregister("defined")
    counts = dates_of_days(counts)
    estimates = _estimates(counts, registry, _employers(connection))
    return pd.concat([counts, estimates.astype(counts.dtypes)], ignore_index=True)


def _query(tables: Iterable[str]) -> str:
    """Return the select of the counts of all ``tables``; each has some columns of its own."""
    counted = " union all by name ".join(
        f"select '{table}' as counted_in, * from {table}" for table in tables
    )
    amounts = ", ".join(f"cast({name} as varchar) as {name}" for name in _AMOUNTS)
    return (
        f"select counted.* exclude (counted_in) replace ({amounts}), owner.organisation_name "
        f"from ({counted}) as counted "
        "inner join (select distinct period_end, level, organisation_code, organisation_name "
        "from core.membership) as owner on counted.period_end = owner.period_end "
        "and counted.level = owner.level and counted.organisation_code = owner.organisation_code "
        "inner join defined on counted.counted_in = defined.counted_in "
        "and counted.standard = defined.standard and counted.indicator = defined.indicator "
        "and counted.period_end between defined.valid_from and defined.valid_to"
    )


def _employers(connection: "duckdb.DuckDBPyConnection") -> dict[Owner, list[str]]:
    """Return the codes of the employers pooled in each organisation at each snapshot."""
    pooled: dict[Owner, list[str]] = defaultdict(list)
    for *owner, code in connection.execute(
        "select period_end, level, organisation_code, employer_code from core.membership "
        "where level <> 'employer' order by all"
    ).fetchall():
        pooled[tuple(owner)].append(code)
    return pooled


def _estimates(
    counts: pd.DataFrame, registry: Iterable[Indicator], employers: dict[Owner, list[str]]
) -> pd.DataFrame:
    """Return the rows of the Mantel-Haenszel estimates of all indicators that have one."""
    likelihoods = counts[counts["measure"].eq(POOLED) & counts["reason"].isna()]
    found = []
    for entry in registry:
        if any(measure.method == ESTIMATE for measure in entry.measures.values()):
            is_own = likelihoods["standard"].eq(entry.standard)
            is_own &= likelihoods["indicator"].eq(entry.indicator)
            found += estimate_rows(entry, records(likelihoods[is_own]), employers)
    return pd.DataFrame(found, columns=[*counts.columns, STRATA])
