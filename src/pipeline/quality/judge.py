"""Judge: what the gate and the alerts say of protected figures, before anything is published."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from pipeline.alert.acknowledgements import with_acknowledged
from pipeline.protect.cells import Owner
from pipeline.quality.alert_frames import rule_frames
from pipeline.quality.alerts import alerts
from pipeline.quality.checks import figure_checks
from pipeline.quality.declaration import declaration_rates, part_rates, published_rates
from pipeline.quality.extracts import extract_alerts
from pipeline.quality.frames import check_frames, checked_tables
from pipeline.quality.gate import CheckResult, stop_reasons
from pipeline.quality.pooling import pooling_alerts
from pipeline.quality.rules import alert_rules
from pipeline.registry import load_registry
from pipeline.workspace import Workspace

if TYPE_CHECKING:
    import duckdb

_MOST_NAMED = 20

Members = Mapping[Owner, list[list[Owner]]]


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found in figures.

    Attributes:
        rates: the declaration rates with their true counts.
        shown_rates: the declaration rates as they may be published.
        part_rates: the declaration rates of directorates and band groups, never published.
        results: what became of every check.
        reasons: why there must be no release; none where there may be one.
        alert: the alerts with their numbers, ``alerts.PRIVATE_ALERT``.
    """

    rates: pd.DataFrame
    shown_rates: pd.DataFrame
    part_rates: pd.DataFrame
    results: tuple[CheckResult, ...]
    reasons: tuple[str, ...]
    alert: pd.DataFrame


def judge(
    workspace: Workspace,
    decided: pd.DataFrame,
    published: pd.DataFrame,
    members: Members,
    derivable: Sequence[str] = (),
) -> Judged:
    """Run every check and every alert rule over figures.

    Args:
        workspace: the run; its private database is built.
        decided: the figures with their true counts.
        published: the figures as they may be published.
        members: for each pooled organisation the ways in which it is put together.
        derivable: the names of the hidden counts that the attack could work out.
    """
    call, connection = workspace.runner.call, workspace.connection
    rates = declaration_rates(decided)
    shown_rates = published_rates(rates, published, workspace.policy)
    rules = alert_rules()
    checks = [*figure_checks(), *(rule.check for rule in rules)]
    looked_at = rule_frames(connection, rules, workspace.companion.p_values)

    def gate() -> list[CheckResult]:
        registry = load_registry()
        tables = checked_tables(decided, published, registry, workspace.policy, derivable)
        frames = check_frames(connection, tables, figure_checks()) | looked_at
        return workspace.companion.run_checks(checks, frames)

    results = call(gate, "gate")

    def alert() -> pd.DataFrame:
        found = [
            alerts(rules, results, looked_at, _employers(connection), shown_rates),
            extract_alerts(connection),
            pooling_alerts(decided, published["status"].ne("suppressed"), members),
        ]
        return with_acknowledged(connection, pd.concat(found, ignore_index=True))

    reasons = (*stop_reasons(checks, results), *_named(derivable))
    found = call(alert, "alert")
    return Judged(rates, shown_rates, part_rates(connection), tuple(results), reasons, found)


def _named(derivable: Sequence[str]) -> list[str]:
    """Return what the attack could work out, each by name; of many the first ones."""
    shown = [f"  {name} can be worked out" for name in derivable[:_MOST_NAMED]]
    more = len(derivable) - len(shown)
    return (
        [*shown, f"  and {more} more: see marts.derivable in the private database"]
        if more > 0
        else shown
    )


def _employers(connection: "duckdb.DuckDBPyConnection") -> pd.DataFrame:
    return connection.execute(
        "select period_end, organisation_code, organisation_name from core.organisation"
    ).df()
