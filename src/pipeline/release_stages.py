"""The stages from the landed rows to the release: build, assess, protect, attack, gate, publish."""

import json
from collections.abc import Hashable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from pipeline.alert.points import place, subject, together, words
from pipeline.assess.columns import FIGURE
from pipeline.assess.counted import count_rows
from pipeline.assess.figures import assess
from pipeline.build import build
from pipeline.decisions.decision import text_of_home
from pipeline.models import load_models
from pipeline.noted import RELEASE, noted_release
from pipeline.outcome import Released
from pipeline.protect.figures import pooled_members
from pipeline.proved import Proved, ToTables, breach_names, derivable_table, prove
from pipeline.publish import tables
from pipeline.publish.basis import Basis, manifest
from pipeline.publish.reasons import Reasons
from pipeline.publish.release import SUMS, make_current, sha256_of, write_release
from pipeline.publish.revisions import Previous, members, revision_table
from pipeline.quality.alert_feedback import write_alerts
from pipeline.quality.alerts import public_alerts
from pipeline.quality.declaration import declaration_rates, published_rates
from pipeline.quality.gate import results_table
from pipeline.quality.judge import Judged, judge
from pipeline.quality.pages import write_pages
from pipeline.quality.xmr import declaration_xmr
from pipeline.receive.begin import of_release
from pipeline.receive.receipts import RELEASE as RECEIPT
from pipeline.receive.receipts import Receipts
from pipeline.registry import load_registry
from pipeline.store import one_thread, transaction
from pipeline.trail import note
from pipeline.workspace import Workspace

if TYPE_CHECKING:
    import duckdb


def make_release(workspace: Workspace, made_from: Basis) -> Released:
    """Make a release of what has landed and return it.

    Where the attack can work out a hidden count, or the gate finds figures that contradict each
    other, nothing is published, the reasons are in the result, and the private tables hold the
    figures for whoever looks into it.

    Raises:
        ProductError: a query fails, or the new file is not what it should be.
    """
    workspace.companion.start()
    call, connection = workspace.runner.call, workspace.connection
    earlier = [release["release_id"] for release in workspace.ledger.releases()]
    release_id = made_from.release_id(earlier)
    call(lambda: build(connection, load_models(), workspace.engine), "build")
    figures = call(lambda: _assess(workspace), "assess")
    members = pooled_members(connection)
    proved = prove(workspace, figures, members, _to_tables(workspace, release_id))
    decided, published = proved.decided, proved.published
    derivable = tuple(breach_names(proved.breaches))
    judged = judge(workspace, decided, published, members, derivable)
    private = _private_frames(decided.assign(release_id=release_id), judged, proved)
    _keep_private(connection, private)
    write_pages(workspace.home.quality, release_id, judged.results, judged.reasons)
    write_alerts(workspace.home.feedback, judged.alert)
    frames = {
        **proved.tables,
        "figure": tables.without_untold_names(proved.tables["figure"]),
        "alert": public_alerts(judged.alert, judged.shown_rates),
        "check_result": tables.check_result_table(judged.results),
    }
    if not judged.reasons:
        told = proved.told()
        call(lambda: _publish(workspace, made_from, earlier, frames, told), "publish")
    figure = frames["figure"]
    return Released(
        release_id=release_id,
        organisations=tuple(sorted(set(figure["organisation_code"]))),
        periods=tuple(sorted(str(day) for day in set(figure["period_end"]))),
        figures=len(figure),
        suppressed=int(figure["status"].eq("suppressed").sum()),
        attacked=proved.hidden,
        out=len(proved.out),
        alerts=len(frames["alert"]),
        newest_alerts=_alert_lines(frames["alert"], figure["period_end"].max()),
        stop_reasons=judged.reasons,
    )


def _to_tables(workspace: Workspace, release_id: str) -> ToTables:
    """Return what makes the tables that tell of people, of decided and of published figures."""
    of_no_count = {
        "organisation": tables.organisation_table(workspace.connection),
        "coverage": tables.coverage_table(workspace.connection),
    }

    def to_tables(decided: pd.DataFrame, published: pd.DataFrame) -> Mapping[str, pd.DataFrame]:
        rates = declaration_rates(decided)
        return {
            "figure": tables.figure_table(published, release_id),
            "declaration_rate": published_rates(rates, published, workspace.policy),
            **of_no_count,
        }

    return to_tables


def _assess(workspace: Workspace) -> pd.DataFrame:
    registry = load_registry()
    counts = count_rows(workspace.connection, registry)
    return assess(counts, registry, workspace.companion.answer)


def _alert_lines(alert: pd.DataFrame, period_end: date) -> tuple[str, ...]:
    """Return the alerts of a snapshot, those on figures before those on extracts that lack."""
    newest = [row for row in alert.to_dict("records") if row["period_end"] == period_end]
    newest.sort(key=lambda row: place(row["code"]))
    lines = []
    for rows in together(newest, _subject):
        code, messages = rows[0]["code"], [row["message"] for row in rows]
        told = messages[0] if _subject(rows[0]) is None else words(code, messages)
        lines.append(f"{rows[0]['organisation_code']} {rows[0]['organisation_name']}: {told}")
    return tuple(lines)


def _subject(row: Mapping[Hashable, Any]) -> Hashable | None:
    return subject(row["organisation_code"], row["code"])


def _publish(
    workspace: Workspace,
    made_from: Basis,
    earlier: list[str],
    frames: dict[str, pd.DataFrame],
    protection: Mapping[str, Any],
) -> None:
    """Write the release, record it, and only then show it to readers."""
    home, ledger = workspace.home, workspace.ledger
    release_id = made_from.release_id(earlier)
    told = {"figures": len(frames["figure"]), "engine": workspace.engine.name}
    text = manifest(made_from, ledger.loads(), earlier, told | {"protection": protection})
    frames = frames | {
        "indicator": tables.indicator_table(load_registry()),
        "series_break": tables.series_break_table(load_registry()),
        "benchmark": tables.benchmark_table(workspace.connection),
        "load": tables.load_table(workspace.connection),
        "revision": _revisions(workspace, frames["figure"], text),
        "about": tables.about_table(made_from, release_id, workspace.policy),
    }
    folder = write_release(home, release_id, frames, text)
    sums = sha256_of(folder / SUMS)
    # Noted before it is recorded: whatever readers may have seen stands in the trail.
    note(home, RELEASE, noted_release(made_from, release_id, sums))
    receipt = of_release(folder, json.loads(text), made_from.fingerprint, text_of_home(home))
    Receipts(home, workspace.keys).add(RECEIPT, receipt)
    ledger.record_release(release_id, made_from.fingerprint, text, sums)
    make_current(home, release_id)


def _revisions(workspace: Workspace, figure: pd.DataFrame, text: str) -> pd.DataFrame:
    """Return what reads otherwise than in the release before, which is the newest recorded."""
    previous = None
    if releases := workspace.ledger.releases():
        name, before = releases[-1]["release_id"], releases[-1]["manifest"]
        reasons = Reasons(before, json.loads(text), members(workspace.connection))
        previous = Previous(name, workspace.home.releases / name / "equality.duckdb", reasons)
    needs = {(one.standard, one.indicator): one.needs for one in load_registry()}
    return revision_table(figure, previous, needs, workspace.policy.threshold)


def _keep_private(
    connection: "duckdb.DuckDBPyConnection", frames: Mapping[str, pd.DataFrame]
) -> None:
    """Keep unprotected figures, rates, alerts and results for the analyst's own eyes."""
    with one_thread(connection), transaction(connection):
        connection.execute("create schema if not exists marts")
        for name, frame in frames.items():
            connection.register("arriving", frame)
            connection.execute(f"create or replace table marts.{name} as select * from arriving")
            connection.unregister("arriving")


def _private_frames(
    decided: pd.DataFrame, judged: Judged, proved: Proved
) -> dict[str, pd.DataFrame]:
    return {
        "derivable": derivable_table(proved.breaches),
        "figure": decided[list(FIGURE)],
        "declaration_rate": judged.rates,
        "declaration_part": judged.part_rates,
        "declaration_xmr": declaration_xmr(judged.rates),
        "alert": judged.alert,
        "check_result": results_table(judged.results),
    }
