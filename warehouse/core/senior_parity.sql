-- Grain: one row for each snapshot, level, organisation and senior band (or total of senior bands).
-- The BME headcount, and what parity with the workforce at the baseline would make it: parity / share_of.
-- workforce_base is at the snapshot what share_of is at the baseline; workforce_base_people says who they are.
-- Of all snapshots: the baseline is the first one of an organisation.
with
setting as (
    select
        max(case when setting = 'baseline_from' then cast(value as date) end) as baseline_from,
        max(case when setting = 'share_base' then value end) as share_base
    from reference.model_employer
),

headcount as (
    select
        period_end,
        level,
        organisation_code,
        is_sent,
        part,
        max(part_headcount) as everybody,
        max(case when group_code = 'BME' then headcount end) as bme,
        max(part_headcount) - max(case when group_code = 'UNKNOWN' then headcount end) as known
    from core.workforce_group
    where
        characteristic = 'ethnicity'
        and part in (
            'all', 'band_8a', 'band_8b', 'band_8c', 'band_8d', 'band_9', 'band_vsm', 'tier_upper', 'cluster_4'
        )
    group by period_end, level, organisation_code, is_sent, part
),

baseline_day as (
    select
        headcount.level,
        headcount.organisation_code,
        min(headcount.period_end) as period_end
    from headcount
    cross join setting
    where
        headcount.is_sent
        and extract(month from headcount.period_end) = 3
        and headcount.period_end >= setting.baseline_from
    group by headcount.level, headcount.organisation_code
),

baseline as (
    select
        baseline_day.level,
        baseline_day.organisation_code,
        baseline_day.period_end,
        part.part,
        part.bme as part_bme,
        workforce.bme as share_bme,
        case
            when setting.share_base = 'known' then workforce.known else workforce.everybody
        end as share_of
    from baseline_day
    cross join setting
    inner join headcount as workforce
        on
            baseline_day.period_end = workforce.period_end
            and baseline_day.level = workforce.level
            and baseline_day.organisation_code = workforce.organisation_code
            and workforce.part = 'all'
    inner join headcount as part
        on
            baseline_day.period_end = part.period_end
            and baseline_day.level = part.level
            and baseline_day.organisation_code = part.organisation_code
)

select
    part.period_end,
    part.level,
    part.organisation_code,
    part.part,
    part.part in ('tier_upper', 'cluster_4') as is_total,
    part.bme,
    part.everybody,
    workforce.bme as workforce_bme,
    case when setting.share_base = 'known' then workforce.known else workforce.everybody end as workforce_base,
    case when setting.share_base = 'known' then 'ethnicity/KNOWN' else '/ALL' end as workforce_base_people,
    baseline.period_end as baseline_day,
    baseline.part_bme as baseline_bme,
    baseline.share_of,
    baseline.share_bme * part.everybody as parity,
    extract(year from part.period_end) * 12 + extract(month from part.period_end) as month,
    extract(year from baseline.period_end) * 12 + 3 as baseline_month,
    case
        when not part.is_sent then 'MISSING_SOURCE'
        when baseline.period_end is null then 'NO_BASELINE'
        when baseline.share_of = 0 then 'NO_COMPARATOR_BASE'
        when part.everybody = 0 then 'NO_NUMERATOR_BASE'
    end as reason
from headcount as part
inner join headcount as workforce
    on
        part.period_end = workforce.period_end
        and part.level = workforce.level
        and part.organisation_code = workforce.organisation_code
        and workforce.part = 'all'
cross join setting
left join baseline
    on
        part.level = baseline.level
        and part.organisation_code = baseline.organisation_code
        and part.part = baseline.part
        and part.period_end >= baseline.period_end
where part.part <> 'all'
