"""The frame that each registered check looks at: ``warehouse/checks/<check_id>.sql``."""

from typing import TYPE_CHECKING

import pandas as pd

from pipeline.protect.policy import Policy
from pipeline.quality.checks import FIGURE_CHECKS
from pipeline.resources import WAREHOUSE
from pipeline.store import one_thread

if TYPE_CHECKING:
    import duckdb


def check_frames(
    connection: "duckdb.DuckDBPyConnection",
    decided: pd.DataFrame,
    published: pd.DataFrame,
    registered: pd.DataFrame,
    policy: Policy,
) -> dict[str, pd.DataFrame]:
    """Return the frame of every check of the suite over figures.

    Args:
        connection: the private database, built.
        decided: the figures with their true counts.
        published: the figures as they would be published.
        registered: every registered measure with its method and the sources that it needs, as
            ``;first;second;``.
        policy: the disclosure policy.
    """
    views = {
        "decided": decided,
        "published": published,
        "registered": registered,
        "policy": pd.DataFrame({"threshold": [policy.threshold]}),
    }
    for name, frame in views.items():
        connection.register(name, frame)
    try:
        with one_thread(connection):
            return {
                check.check_id: connection.execute(_query(check.check_id)).df()
                for check in FIGURE_CHECKS
            }
    finally:
        for name in views:
            connection.unregister(name)


def _query(check_id: str) -> str:
    return (WAREHOUSE / "checks" / f"{check_id}.sql").read_text(encoding="utf-8")
