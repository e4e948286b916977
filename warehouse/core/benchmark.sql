-- Grain: one row for each indicator and group of other bodies: what they published.
-- The NHS Staff Survey as published (all bodies, and the ICBs pooled) and the filings of NHS employers with
-- the gender pay gap service (the median of them, of those of a size, and each body's own).
with
asked as (
    select
        standard,
        indicator,
        counted as item
    from reference.comparison
    union all
    select
        'WDES' as standard,
        '9a' as indicator,
        'engagement' as item
),

survey as (
    select
        asked.standard,
        asked.indicator,
        cast(concat(cast(cast(benchmark.survey_year as integer) + 1 as varchar), '-03-31') as date)
            as period_end,
        case benchmark.scope when 'ICB' then 'ICBS' else 'ENGLAND' end as peer_group,
        cast(null as varchar) as peer_code,
        cast(benchmark.organisations as bigint) as organisations,
        cast(benchmark.base as bigint) as base,
        cast(coalesce(benchmark.percent, benchmark.score) as double) as exact_value,
        cast(null as double) as lower_quartile,
        cast(null as double) as upper_quartile,
        benchmark.is_weighted = 'yes' as is_weighted,
        concat('NHS Staff Survey ', benchmark.survey_year) as source
    from reference.survey_benchmark as benchmark
    inner join asked
        on benchmark.item = asked.item
),

filing as (
    select
        'GPG' as standard,
        indicator,
        cast(snapshot as date) as period_end,
        case scope
            when 'ALL' then 'NHS_EMPLOYERS'
            when 'SIZE' then 'NHS_EMPLOYERS_OF_SIZE'
            else 'OWN_FILING'
        end as peer_group,
        case when scope <> 'ALL' then scope_code end as peer_code,
        cast(filings as bigint) as organisations,
        cast(null as bigint) as base,
        cast(median_gap as double) as exact_value,
        cast(lower_quartile as double) as lower_quartile,
        cast(upper_quartile as double) as upper_quartile,
        false as is_weighted,
        concat('GOV.UK gender pay gap service, ', reporting_year) as source
    from reference.pay_gap_benchmark
)

select * from survey
union all
select * from filing
