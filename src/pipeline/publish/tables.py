"""The frames of the published tables. Nothing here reads anything but protected figures."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pandas as pd

from pipeline.assess.columns import FIGURE, KEY
from pipeline.assess.rounding import round_half_away
from pipeline.disclosure import Policy
from pipeline.publish.basis import Basis
from pipeline.quality.checks import CRITICAL
from pipeline.quality.gate import CheckResult, results_table
from pipeline.receive.inbox import CONTROL_TOTALS
from pipeline.registry import Indicator

if TYPE_CHECKING:
    import duckdb

TYPED_PART = "directorate:"
"""How a part begins that bears a name as received."""
_NAMED = ["organisation_code", "part"]

ATTRIBUTION = (
    "Population: Office for National Statistics, Census 2021, licensed under the Open Government "
    "Licence v3.0. Organisations: NHS Organisation Data Service, and ONS look-ups, Open Government "
    "Licence v3.0."
)


def figure_table(published: pd.DataFrame, release_id: str) -> pd.DataFrame:
    """Return the table ``figure``, sorted by its key."""
    return published.assign(release_id=release_id)[list(FIGURE)]


def without_untold_names(figure: pd.DataFrame) -> pd.DataFrame:
    """Return the figures without the names of parts of which nothing is told at any snapshot.

    A directorate is named by what somebody typed, and one of few people may bear the name of one of
    them. Where it is told it has as many people as the policy asks of a part; where it is not, it
    keeps its place as ``directorate:(not named 1)``, numbered within the organisation, so that a
    reader knows of as many parts as there are and of no name.
    """
    named = figure["part"].str.startswith(TYPED_PART)
    told = figure.loc[named & figure["status"].eq("ok"), _NAMED].drop_duplicates()
    every = figure.loc[named, _NAMED].drop_duplicates()
    untold = every.merge(told, on=_NAMED, how="left", indicator=True)
    untold = untold[untold.pop("_merge").eq("left_only")].sort_values(_NAMED, ignore_index=True)
    numbers = untold.groupby("organisation_code").cumcount().add(1).astype("str")
    names = dict(
        zip(untold.itertuples(index=False, name=None), f"{TYPED_PART}(not named " + numbers + ")",
            strict=True)
    )  # fmt: skip
    places = zip(figure["organisation_code"], figure["part"], strict=True)
    renamed = figure.assign(part=[names.get(place, place[1]) for place in places])
    return renamed.sort_values(list(KEY), ignore_index=True, na_position="first")


def organisation_table(connection: "duckdb.DuckDBPyConnection") -> pd.DataFrame:
    """Return the employers of the release and their ICBs, under every name in turn."""
    return connection.execute(
        "select organisation_code, organisation_name, kind, icb_code, gss_code, "
        "cast(valid_from as date) as valid_from, cast(valid_to as date) as valid_to "
        "from reference.organisation where organisation_code in ("
        "select organisation_code from core.membership "
        "union select employer_code from core.membership) order by all"
    ).df()


def indicator_table(registry: Iterable[Indicator]) -> pd.DataFrame:
    """Return the registry, one row for each indicator and measure."""
    return pd.DataFrame(
        {
            "standard": entry.standard,
            "indicator": entry.indicator,
            "title": entry.title,
            "measure": measure.name,
            "method": measure.method,
            "decimals": measure.decimals,
            "needs": ", ".join(entry.needs),
            "source": entry.source,
            "definition": entry.definition,
            "why_it_matters": entry.why_it_matters,
            "numerator": entry.numerator,
            "denominator": entry.denominator,
            "comparison": entry.comparison,
            "favourable": entry.favourable,
            "valid_from": entry.valid_from,
            "valid_to": entry.valid_to,
            "groups": "; ".join(f"{group}: {label}" for group, label in entry.groups.items()),
        }
        for entry in registry
        for measure in entry.measures.values()
    )


def series_break_table(registry: Iterable[Indicator]) -> pd.DataFrame:
    """Return the breaks in series, one row for each indicator and day; possibly none."""
    rows = [
        {
            "standard": entry.standard,
            "indicator": entry.indicator,
            "since": one.since,
            "change": one.change,
        }
        for entry in registry
        for one in entry.breaks
    ]
    return pd.DataFrame(rows, columns=["standard", "indicator", "since", "change"])


def coverage_table(connection: "duckdb.DuckDBPyConnection") -> pd.DataFrame:
    """Return whose extracts are pooled in each organisation, so that like is told from unlike."""
    return connection.execute("select * from core.pooled_body order by all").df()


def benchmark_table(connection: "duckdb.DuckDBPyConnection") -> pd.DataFrame:
    """Return what other bodies published for the registered indicators."""
    rows = connection.execute("select * from core.benchmark order by all").df()
    rounded = [round_half_away(value, 1) for value in rows["exact_value"]]
    return rows.assign(value=rounded).drop(columns="exact_value")


def load_table(connection: "duckdb.DuckDBPyConnection") -> pd.DataFrame:
    """Return what became of each extract, without names, hashes or row counts."""
    return connection.execute(
        "select coverage.period_end, coverage.organisation_code, coverage.organisation_name, "
        "coverage.source, coalesce(min(received.status), 'missing') as status "
        "from core.coverage as coverage left join ledger.load as received "
        "on coverage.period_end = received.period_end and coverage.source = received.source "
        "and coverage.organisation_code = received.organisation_code "
        "and received.status not in ('superseded', 'expired') where coverage.level = 'employer' "
        # Nobody is asked for control totals, so that nobody misses them.
        f"and (coverage.source <> '{CONTROL_TOTALS}' or received.status is not null) "
        "group by all order by all"
    ).df()


def check_result_table(results: Iterable[CheckResult]) -> pd.DataFrame:
    """Return the critical checks without their rows; what a warning looks at may be hidden."""
    told = results_table(results)
    critical = told[told["severity"].eq(CRITICAL)]
    return critical.drop(columns=["rows", "rows_failing"]).reset_index(drop=True)


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
