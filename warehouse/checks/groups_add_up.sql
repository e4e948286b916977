-- Grain: one row for each partition: the groups of an indicator and part, and what they add up to.
select
    decided.period_end,
    decided.level,
    decided.organisation_code,
    decided.standard,
    decided.indicator,
    decided.part,
    cast(sum(decided.numerator) as bigint) as found,
    case
        when min(decided.denominator) = max(decided.denominator) then max(decided.denominator)
    end as expected
from decided
inner join registered
    on
        decided.standard = registered.standard
        and decided.indicator = registered.indicator
        and decided.measure = registered.measure
where
    registered.is_partition
    and decided.status <> 'missing_source'
    and coalesce(decided.reason, '') <> 'NOT_ADDITIVE'
group by
    decided.period_end,
    decided.level,
    decided.organisation_code,
    decided.standard,
    decided.indicator,
    decided.part
