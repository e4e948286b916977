"""The frame that each registered check looks at, out of the figures by SQL."""

from typing import TYPE_CHECKING

import pandas as pd

from pipeline.protect.policy import Policy

if TYPE_CHECKING:
    import duckdb

_OWNER = "period_end, level, organisation_code"

_QUERIES = {
    "share_in_range": """
        select value from decided where measure in ('share', 'rate') and value is not null""",
    "groups_add_up": f"""
        select {_OWNER}, standard, indicator, part,
            cast(sum(numerator) as bigint) as found, max(denominator) as expected
        from decided
        where measure = 'share' and reason is distinct from 'MISSING_SOURCE'
            and reason is distinct from 'NOT_ADDITIVE'
        group by all""",
    "same_workforce_everywhere": f"""
        with workforce as (
            select {_OWNER}, standard, indicator, denominator as headcount
            from decided
            where measure = 'share' and part = 'all' and standard in ('PSED', 'DECLARATION', 'WRES')
                and indicator not in ('9') and denominator is not null)
        select workforce.*, workforce.headcount as found, largest.headcount as expected
        from workforce
        inner join (select {_OWNER}, max(headcount) as headcount from workforce group by all)
            as largest using ({_OWNER})""",
    "pay_rows_add_up": f"""
        select {_OWNER},
            cast(sum(case when part not like '%:all' and part <> 'all' then numerator end) as bigint)
                as found,
            cast(sum(case when part = 'all' then numerator end) as bigint) as expected
        from decided
        where standard = 'WRES' and indicator = '1' and measure = 'share'
            and numerator is not null
        group by all""",
    "measures_present": """
        with expected as (
            select coverage.period_end, coverage.level, coverage.organisation_code,
                registered.standard, registered.indicator, registered.measure
            from core.coverage as coverage
            inner join registered on coverage.source = registered.source
            where coverage.is_sent
                and (registered.standard <> 'CENSUS' or coverage.organisation_code in
                    (select organisation_code from core.population)))
        select expected.*, 1 as expected, case when count(decided.status) > 0 then 1 else 0 end as found
        from expected
        left join decided on expected.period_end = decided.period_end
            and expected.level = decided.level
            and expected.organisation_code = decided.organisation_code
            and expected.standard = decided.standard
            and expected.indicator = decided.indicator
            and expected.measure = decided.measure
            and decided.status <> 'missing_source'
        group by all""",
    "pooled_at_most_sum": """
        with headcount as (
            select distinct period_end, level, organisation_code, numerator as headcount
            from decided
            where standard = 'PSED' and measure = 'headcount' and numerator is not null)
        select pooled.period_end, pooled.organisation_code,
            cast(sum(employer.headcount) as bigint) as found, max(pooled.headcount) as expected
        from headcount as pooled
        inner join core.membership as membership on pooled.period_end = membership.period_end
            and pooled.level = membership.level
            and pooled.organisation_code = membership.organisation_code
        inner join headcount as employer on membership.period_end = employer.period_end
            and membership.employer_code = employer.organisation_code
            and employer.level = 'employer'
        where pooled.level <> 'employer'
        group by all""",
    "no_small_count_published": """
        select standard, indicator, part from published
        where numerator between 1 and $threshold - 1 or denominator between 1 and $threshold - 1
            or comparator_numerator between 1 and $threshold - 1
            or comparator_denominator between 1 and $threshold - 1""",
    "hidden_means_hidden": """
        select standard, indicator, part from published
        where status <> 'ok' and (value is not null or ci_low is not null or ci_high is not null
            or p_value is not null or direction is not null)
            or status = 'suppressed' and reason <> 'SUPPRESSED'""",
}


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
        registered: standard, indicator, measure and source of every registered measure.
        policy: the disclosure policy.
    """
    views = {"decided": decided, "published": published, "registered": registered}
    for name, frame in views.items():
        connection.register(name, frame)
    try:
        return {
            check_id: connection.execute(
                query, {"threshold": policy.threshold} if "$threshold" in query else None
            ).df()
            for check_id, query in _QUERIES.items()
        }
    finally:
        for name in views:
            connection.unregister(name)
