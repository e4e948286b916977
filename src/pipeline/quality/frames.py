"""The frame that each registered check looks at: ``warehouse/checks/<check_id>.sql``.

A check without a file there is a detector of ``warehouse/audit``, run over our own figures.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from pipeline.audit.own import TABLES, own_query, register_own_figures
from pipeline.disclosure import Policy
from pipeline.quality.checks import CHECKS, Check
from pipeline.registry import METHODS, Indicator
from pipeline.store import one_thread

if TYPE_CHECKING:
    import duckdb


def checked_tables(
    decided: pd.DataFrame,
    published: pd.DataFrame,
    registry: Iterable[Indicator],
    policy: Policy,
) -> dict[str, pd.DataFrame]:
    """Return the tables that the queries of the checks know beside those of the database.

    Args:
        decided: the figures with their true counts.
        published: the figures as they would be published.
        registry: the indicators.
        policy: the disclosure policy.
    """
    registry = list(registry)
    return {
        "decided": decided,
        "published": published,
        "registered": _registered_measures(registry),
        "registered_group": _registered_groups(registry),
        "policy": _policy(policy),
    }


def check_frames(
    connection: "duckdb.DuckDBPyConnection",
    tables: Mapping[str, pd.DataFrame],
    checks: Iterable[Check],
) -> dict[str, pd.DataFrame]:
    """Return the frame of each check by its id.

    Args:
        connection: the private database, built.
        tables: those of ``checked_tables``.
        checks: the checks over figures whose frames are asked for.
    """
    for name, table in tables.items():
        connection.register(name, table)
    try:
        with one_thread(connection):
            register_own_figures(connection)
            return {
                check_id: connection.execute(_query(check_id)).df()
                for check_id in dict.fromkeys(check.check_id for check in checks)
            }
    finally:
        for name in (*tables, *TABLES):
            connection.unregister(name)


def _query(check_id: str) -> str:
    path = CHECKS / f"{check_id}.sql"
    return path.read_text(encoding="utf-8") if path.is_file() else own_query(check_id)


def _policy(policy: Policy) -> pd.DataFrame:
    """Return which counts are small, in one row; below a threshold of 0 there is none."""
    return pd.DataFrame(
        {
            "threshold": [policy.threshold if policy.hide_small else 0],
            "board_public_office": [policy.board_public_office],
            "unknown_sensitive": [policy.unknown_sensitive],
        }
    )


def _registered_measures(registry: Iterable[Indicator]) -> pd.DataFrame:
    """Return every registered measure; ``needs`` lists its sources as ``;first;second;``."""
    return pd.DataFrame(
        {
            "standard": entry.standard,
            "indicator": entry.indicator,
            "measure": measure.name,
            "method": measure.method,
            "decimals": measure.decimals,
            "source": entry.needs[0],
            "needs": f";{';'.join(entry.needs)};",
            "valid_from": entry.valid_from,
            "valid_to": entry.valid_to or date.max,
            "is_partition": METHODS[measure.method].is_partition,
        }
        for entry in registry
        for measure in entry.measures.values()
    )


def _registered_groups(registry: Iterable[Indicator]) -> pd.DataFrame:
    return pd.DataFrame(
        {"standard": entry.standard, "indicator": entry.indicator, "group_code": group}
        for entry in registry
        for group in entry.groups
    )
