-- Grain: one row for each snapshot, level, organisation, standard, pay quarter and group.
-- The share of each group in each quarter of the full-pay employees; whose sex is not known is in none of them.
with
quarter as (
    select 1 as quarter
    union all
    select 2 as quarter
    union all
    select 3 as quarter
    union all
    select 4 as quarter
),

listed as (
    select
        standard,
        characteristic,
        group_code,
        'first' as counted_as,
        ranks_unknown
    from reference.pay_comparison
    union all
    select
        standard,
        characteristic,
        compared_code as group_code,
        'second' as counted_as,
        ranks_unknown
    from reference.pay_comparison
    union all
    select
        standard,
        characteristic,
        'UNKNOWN' as group_code,
        'rest' as counted_as,
        ranks_unknown
    from reference.pay_comparison
    where ranks_unknown = '1'
)

select
    coverage.period_end,
    coverage.level,
    coverage.organisation_code,
    listed.standard,
    concat('quarter_', cast(quarter.quarter as varchar)) as indicator,
    case when coverage.is_illustrative then 'illustrative' else 'all' end as part,
    'share' as measure,
    listed.group_code,
    cast(null as varchar) as comparator_code,
    case
        when not coverage.is_sent then null
        when listed.counted_as = 'first' then coalesce(counted.first_headcount, 0)
        when listed.counted_as = 'second' then coalesce(counted.second_headcount, 0)
        else coalesce(counted.headcount - counted.first_headcount - counted.second_headcount, 0)
    end as numerator,
    case when coverage.is_sent then coalesce(counted.headcount, 0) end as denominator,
    cast(null as bigint) as comparator_numerator,
    cast(null as bigint) as comparator_denominator,
    concat('full_pay/quarter:', cast(quarter.quarter as varchar), '/', listed.characteristic, '/', listed.group_code)
        as numerator_people,
    case
        when listed.ranks_unknown = '1' then concat('full_pay/quarter:', cast(quarter.quarter as varchar), '//ALL')
        else concat('full_pay/quarter:', cast(quarter.quarter as varchar), '/', listed.characteristic, '/KNOWN')
    end as denominator_people,
    cast(null as varchar) as comparator_numerator_people,
    cast(null as varchar) as comparator_denominator_people,
    case when not coverage.is_sent then 'MISSING_SOURCE' end as reason
from core.pay_coverage as coverage
cross join quarter
cross join listed
left join core.pay_quarter as counted
    on
        coverage.period_end = counted.period_end
        and coverage.level = counted.level
        and coverage.organisation_code = counted.organisation_code
        and listed.standard = counted.standard
        and quarter.quarter = counted.quarter
