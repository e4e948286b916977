-- Grain: one row for each snapshot, level, organisation, standard and group that it compares.
-- How many of the relevant employees of the group, on full pay or not, were paid a bonus in the twelve months.
with
compared as (
    select
        standard,
        characteristic,
        group_code
    from reference.pay_comparison
    union all
    select
        standard,
        characteristic,
        compared_code as group_code
    from reference.pay_comparison
)

select
    coverage.period_end,
    coverage.level,
    coverage.organisation_code,
    compared.standard,
    'bonus_share' as indicator,
    case when coverage.is_illustrative then 'illustrative' else 'all' end as part,
    'rate' as measure,
    compared.group_code,
    cast(null as varchar) as comparator_code,
    case when coverage.is_sent then coalesce(counted.paid, 0) end as numerator,
    case when coverage.is_sent then coalesce(counted.headcount, 0) end as denominator,
    cast(null as bigint) as comparator_numerator,
    cast(null as bigint) as comparator_denominator,
    concat('bonus/all/', compared.characteristic, '/', compared.group_code) as numerator_people,
    concat('pay/all/', compared.characteristic, '/', compared.group_code) as denominator_people,
    cast(null as varchar) as comparator_numerator_people,
    cast(null as varchar) as comparator_denominator_people,
    case when not coverage.is_sent then 'MISSING_SOURCE' end as reason
from core.pay_coverage as coverage
cross join compared
left join core.bonus_group as counted
    on
        coverage.period_end = counted.period_end
        and coverage.level = counted.level
        and coverage.organisation_code = counted.organisation_code
        and compared.characteristic = counted.characteristic
        and compared.group_code = counted.group_code
