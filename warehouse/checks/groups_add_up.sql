-- Grain: one row for each partition: the groups of an indicator and part, and what they add up to.
select
    period_end,
    level,
    organisation_code,
    standard,
    indicator,
    part,
    cast(sum(numerator) as bigint) as found,
    case when min(denominator) = max(denominator) then max(denominator) end as expected
from decided
where measure = 'share' and status <> 'missing_source' and coalesce(reason, '') <> 'NOT_ADDITIVE'
group by period_end, level, organisation_code, standard, indicator, part
