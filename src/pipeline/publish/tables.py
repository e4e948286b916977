"""The frames of the published tables. Nothing here reads anything but protected figures."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from pipeline.assess.figures import FIGURE, KEY
from pipeline.protect.policy import Policy
from pipeline.publish.release import Basis
from pipeline.quality.declaration import ALERT
from pipeline.quality.gate import CheckResult
from pipeline.registry import IndicatorSet
from pipeline.store import open_published

if TYPE_CHECKING:
    import duckdb

ATTRIBUTION = (
    "Population: Office for National Statistics, Census 2021, licensed under the Open Government "
    "Licence v3.0. Organisations: NHS Organisation Data Service, and ONS look-ups, Open Government "
    "Licence v3.0."
)


def figure_table(published: pd.DataFrame, release_id: str) -> pd.DataFrame:
    """Return the table ``figure``, sorted by its key."""
    return published.assign(release_id=release_id)[list(FIGURE)]


def alert_table(private: pd.DataFrame, rates: pd.DataFrame, missing: pd.DataFrame) -> pd.DataFrame:
    """Return the alerts as everybody may see them.

    An alert on a declaration rate is told where the published rates tell that it is below its
    target, and then only what they tell of it.

    Args:
        private: the alerts with their numbers.
        rates: the published declaration rates.
        missing: the alerts on extracts that did not come; they hold no counts.
    """
    shown = private.merge(
        rates[rates["level"] == "employer"][
            ["organisation_code", "period_end", "characteristic", "rate", "band"]
        ],
        on=["organisation_code", "period_end", "characteristic"],
        how="inner",
    )
    rate_told = shown["rate"].notna()
    band_told = shown["band"].eq("below 95%") & shown["target"].eq(95)
    shown = shown[rate_told | band_told]
    rate_told = shown["rate"].notna()
    shown = shown.assign(
        value=shown["rate"],
        records_to_target=shown["records_to_target"].where(rate_told).astype("Int64"),
        message=shown["message"].str.partition(";")[0],
        quarters_running=[_running(shown, row) for row in shown.to_dict("records")],
    )
    return pd.concat([shown[list(ALERT)], missing[list(ALERT)]], ignore_index=True).sort_values(
        ["period_end", "organisation_code", "code"], ignore_index=True
    )


def _running(shown: pd.DataFrame, row: dict[str, object]) -> int:
    """Return for how many published snapshots in a row, up to this one, the alert stands."""
    same = shown[
        (shown["organisation_code"] == row["organisation_code"])
        & (shown["characteristic"] == row["characteristic"])
        & (shown["code"] == row["code"])
    ]
    quarters = {pd.Timestamp(day).to_period("Q") for day in same["period_end"]}
    quarter = pd.Timestamp(row["period_end"]).to_period("Q")  # type: ignore[arg-type]
    running = 0
    while quarter in quarters:
        running += 1
        quarter -= 1
    return running


def organisation_table(connection: "duckdb.DuckDBPyConnection") -> pd.DataFrame:
    """Return the employers of the release and their ICBs, under every name in turn."""
    return connection.execute(
        "select organisation_code, organisation_name, kind, icb_code, gss_code, "
        "cast(valid_from as date) as valid_from, cast(valid_to as date) as valid_to "
        "from reference.organisation where organisation_code in ("
        "select organisation_code from core.membership "
        "union select employer_code from core.membership) order by all"
    ).df()


def indicator_table(registry: Iterable[IndicatorSet]) -> pd.DataFrame:
    """Return the registry, one row for each indicator and measure."""
    return pd.DataFrame(
        {
            "standard": entry.standard,
            "indicator": code,
            "title": title if entry.title == title else f"{entry.title}: {title}",
            "measure": measure.name,
            "method": measure.method,
            "sources": ", ".join(entry.sources),
            "definition": entry.definition.strip(),
            "why_it_matters": entry.why_it_matters.strip(),
            "groups": "; ".join(f"{group}: {label}" for group, label in entry.groups.items()),
        }
        for entry in registry
        for code, title in entry.indicators.items()
        for measure in entry.measures.values()
    )


def load_table(connection: "duckdb.DuckDBPyConnection") -> pd.DataFrame:
    """Return what became of each extract, without names, hashes or row counts."""
    return connection.execute(
        "select coverage.period_end, coverage.organisation_code, coverage.organisation_name, "
        "coverage.source, coalesce(min(received.status), 'missing') as status "
        "from core.coverage as coverage left join ledger.load as received "
        "on coverage.period_end = received.period_end and coverage.source = received.source "
        "and coverage.organisation_code = received.organisation_code "
        "and received.status <> 'superseded' where coverage.level = 'employer' "
        "group by all order by all"
    ).df()


def check_result_table(results: Iterable[CheckResult]) -> pd.DataFrame:
    """Return the critical checks; what a warning looks at may be hidden."""
    return pd.DataFrame(
        {
            "suite": result.check.suite.value,
            "check_id": result.check.check_id,
            "severity": result.check.severity,
            "description": result.check.description,
            "passed": result.passed,
        }
        for result in results
        if result.check.severity == "critical"
    )


def revision_table(figure: pd.DataFrame, previous: Path | None, previous_id: str) -> pd.DataFrame:
    """Return the figures that read otherwise than in the release before.

    Both sides are what everybody can read already, so the table tells nothing new.
    """
    same = " and ".join(f"now.{name} is not distinct from before.{name}" for name in KEY)
    told = ("numerator", "denominator", "value", "status")
    changed = " or ".join(f"now.{name} is distinct from before.{name}" for name in told)
    names = (*KEY, "organisation_name")
    if previous is None:
        return pd.DataFrame(columns=[*names, "previous_release_id", "change"])
    chosen = ", ".join(f"coalesce(now.{name}, before.{name}) as {name}" for name in names)
    with open_published(previous) as connection:
        connection.register("now", figure)
        return connection.execute(
            f"select {chosen}, $previous_id as previous_release_id, "
            "case when before.status is null then 'appeared' "
            "when now.status is null then 'withdrawn' else 'changed' end as change "
            f"from now full join figure as before on {same} where {changed} order by all",
            {"previous_id": previous_id},
        ).df()


def about_table(basis: Basis, release_id: str, policy: Policy) -> pd.DataFrame:
    """Return what the file is: one row a fact."""
    facts = {
        "release_id": release_id,
        "is_sample": "yes: invented people" if basis.is_sample else "no",
        "code_version": basis.code_version,
        "disclosure_policy": policy.name,
        "disclosure_policy_sha256": policy.sha256,
        "threshold": str(policy.threshold),
        "intervals": (
            "95%. All staff are counted, so an interval describes chance in the underlying rate, "
            "not sampling."
        ),
        "population": ATTRIBUTION,
    }
    return pd.DataFrame({"name": list(facts), "value": list(facts.values())})
