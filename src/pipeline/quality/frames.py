"""The frame that each registered check looks at: ``warehouse/checks/<check_id>.sql``."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from pipeline.protect.policy import Policy
from pipeline.quality.checks import CHECKS
from pipeline.registry import METHODS, Indicator

if TYPE_CHECKING:
    import duckdb


def check_frames(
    connection: "duckdb.DuckDBPyConnection",
    decided: pd.DataFrame,
    published: pd.DataFrame,
    registry: Iterable[Indicator],
    policy: Policy,
) -> dict[str, pd.DataFrame]:
    """Return the frame of every check over figures, by its id.

    Args:
        connection: the private database, built.
        decided: the figures with their true counts.
        published: the figures as they would be published.
        registry: the indicators.
        policy: the disclosure policy.
    """
    registry = list(registry)
    views = {
        "decided": decided,
        "published": published,
        "registered": _registered_measures(registry),
        "registered_group": _registered_groups(registry),
        "policy": pd.DataFrame({"threshold": [policy.threshold]}),
    }
    for name, frame in views.items():
        connection.register(name, frame)
    try:
        return {
            path.stem: connection.execute(path.read_text(encoding="utf-8")).df()
            for path in sorted(CHECKS.glob("*.sql"))
        }
    finally:
        for name in views:
            connection.unregister(name)


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
