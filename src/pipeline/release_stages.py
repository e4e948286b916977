"""The stages from the landed rows to the release: build, assess, protect, gate, publish, alert."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from pipeline.assess.figures import FIGURE, assess
from pipeline.build import build, load_models
from pipeline.protect.figures import pooled_members, protect
from pipeline.protect.policy import Policy
from pipeline.publish import tables
from pipeline.publish.release import Basis, make_current, manifest, write_release
from pipeline.quality.checks import FIGURE_CHECKS, Check, Suite
from pipeline.quality.declaration import (
    ALERT,
    alert_rules,
    alerts,
    declaration_rates,
    published_rates,
    rule_frame,
)
from pipeline.quality.frames import check_frames
from pipeline.quality.gate import CheckResult, run_suite, stop_reasons
from pipeline.receive.ledger import Ledger
from pipeline.registry import load_registry
from pipeline.settings import Settings

if TYPE_CHECKING:
    import duckdb

    from pipeline.run import Runner


@dataclass(frozen=True, slots=True)
class Released:
    """What a run released, or would have released."""

    release_id: str
    organisations: tuple[str, ...]
    periods: tuple[str, ...]
    figures: int
    suppressed: int
    alerts: int
    stop_reasons: tuple[str, ...] = ()


def make_release(
    settings: Settings,
    policy: Policy,
    connection: "duckdb.DuckDBPyConnection",
    ledger: Ledger,
    made_from: Basis,
    runner: "Runner",
) -> Released:
    """Make a release of what has landed and return it.

    Where the gate finds figures that contradict each other nothing is published, the reasons are
    in the result, and the private tables hold the figures for whoever looks into it.

    Raises:
        ProductError: a query fails, or the new file is not what it should be.
    """
    registry = load_registry()
    earlier = [release["release_id"] for release in ledger.releases()]
    release_id = made_from.release_id(earlier)
    runner.call(lambda: build(connection, load_models()), "build")
    figures = runner.call(lambda: assess(connection, registry), "assess")
    decided, published = runner.call(
        lambda: protect(figures, pooled_members(connection), policy), "protect"
    )
    rates = declaration_rates(decided)
    results, reasons = runner.call(
        lambda: _gate(connection, decided, published, rates, policy), "gate"
    )
    found = alerts(alert_rules(), [r for r in results if r.check.suite is Suite.DECLARATION], rates)
    missing = _missing_alerts(connection)
    _keep_private(connection, decided.assign(release_id=release_id), rates, found, missing, results)
    shown_rates = published_rates(rates, published, policy)
    figure = tables.figure_table(published, release_id)
    alert = tables.alert_table(found, shown_rates, missing)
    released = Released(
        release_id=release_id,
        organisations=tuple(sorted(set(figure["organisation_code"]))),
        periods=tuple(sorted(str(day) for day in set(figure["period_end"]))),
        figures=len(figure),
        suppressed=int((figure["status"] == "suppressed").sum()),
        alerts=len(alert),
        stop_reasons=tuple(reasons),
    )
    if reasons:
        return released

    def publish() -> None:
        previous = settings.home.releases / earlier[-1] / "equality.duckdb" if earlier else None
        frames = {
            "figure": figure,
            "declaration_rate": shown_rates,
            "alert": alert,
            "organisation": tables.organisation_table(connection),
            "indicator": tables.indicator_table(registry),
            "load": tables.load_table(connection),
            "check_result": tables.check_result_table(results),
            "revision": tables.revision_table(figure, previous, earlier[-1] if earlier else ""),
            "about": tables.about_table(made_from, release_id, policy),
        }
        text = manifest(made_from, ledger.loads(), earlier, len(figure))
        write_release(settings.home, release_id, frames, text)
        ledger.record_release(release_id, made_from.fingerprint, text)
        make_current(settings.home, release_id)

    runner.call(publish, "publish")
    return released


def _gate(
    connection: "duckdb.DuckDBPyConnection",
    decided: pd.DataFrame,
    published: pd.DataFrame,
    rates: pd.DataFrame,
    policy: Policy,
) -> tuple[list[CheckResult], list[str]]:
    registered = pd.DataFrame(
        {
            "standard": entry.standard,
            "indicator": code,
            "measure": measure,
            "source": entry.sources[0],
        }
        for entry in load_registry()
        for code in entry.indicators
        for measure in entry.measures
    )
    frames = check_frames(connection, decided, published, registered, policy)
    rules = alert_rules()
    declaration_checks: list[Check] = [rule.check for rule in rules]
    frames |= {rule.check.check_id: rule_frame(rates, rule) for rule in rules}
    results = run_suite(Suite.FIGURES, FIGURE_CHECKS, frames)
    results += run_suite(Suite.DECLARATION, declaration_checks, frames)
    return results, stop_reasons([*FIGURE_CHECKS, *declaration_checks], results)


def _missing_alerts(connection: "duckdb.DuckDBPyConnection") -> pd.DataFrame:
    """Return an alert for each extract that is not part of a snapshot, and what that means."""
    rows = connection.execute(
        "select coverage.period_end, coverage.level, coverage.organisation_code, "
        "coverage.organisation_name, coverage.source, coverage.employers, "
        "coverage.employers_sent, max(received.status) as status "
        "from core.coverage as coverage left join ledger.load as received "
        "on coverage.period_end = received.period_end and coverage.source = received.source "
        "and coverage.organisation_code = received.organisation_code "
        "and received.status = 'rejected' and coverage.level = 'employer' "
        "where coverage.employers_sent < coverage.employers group by all order by all"
    ).fetchall()
    found = []
    for period_end, level, code, name, source, employers, sent, status in rows:
        if level == "employer":
            kind = "SOURCE_REJECTED" if status else "SOURCE_MISSING"
            message = f"{source} was {'rejected' if status else 'not received'}"
        else:
            kind = "COVERAGE_INCOMPLETE"
            message = f"{source} is pooled from {sent} of {employers} employers"
        found.append(
            dict.fromkeys(ALERT)
            | {
                "organisation_code": code,
                "organisation_name": name,
                "period_end": period_end,
                "code": kind,
                "severity": "warning",
                "message": message,
                "quarters_running": 1,
                "acknowledged": False,
            }
        )
    return pd.DataFrame(found, columns=list(ALERT))


def _keep_private(
    connection: "duckdb.DuckDBPyConnection",
    decided: pd.DataFrame,
    rates: pd.DataFrame,
    found: pd.DataFrame,
    missing: pd.DataFrame,
    results: list[CheckResult],
) -> None:
    """Keep the unprotected figures, rates, alerts and results for the analyst's own eyes."""
    frames = {
        "figure": decided[list(FIGURE)],
        "declaration_rate": rates,
        "alert": pd.concat([found, missing], ignore_index=True),
        "check_result": pd.DataFrame(
            {
                "suite": result.check.suite.value,
                "check_id": result.check.check_id,
                "severity": result.check.severity,
                "description": result.check.description,
                "passed": result.passed,
                "rows": result.rows,
                "rows_failing": len(result.failing),
            }
            for result in results
        ),
    }
    connection.execute("begin transaction")
    connection.execute("create schema if not exists marts")
    for name, frame in frames.items():
        connection.register("arriving", frame)
        connection.execute(f"create or replace table marts.{name} as select * from arriving")
        connection.unregister("arriving")
    connection.execute("commit")
