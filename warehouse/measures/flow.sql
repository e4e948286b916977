-- Grain: one row for each snapshot, level, organisation, indicator, characteristic, measure, group and comparator.
-- Starters, leavers and promotions as counts; attrition, promotions and exit interviews as rates of each
-- group, and the first two of one group against the other.
with
rated as (
    select
        case population
            when 'leavers' then 'attrition'
            when 'promoted' then 'promotions'
            else 'exit_interview'
        end as indicator,
        *
    from core.flow_group
    where population in ('leavers', 'promoted') or (population = 'exit_interviewed' and characteristic = 'ethnicity')
),

counted as (
    select
        case population when 'promoted' then 'promotions' else population end as indicator,
        *
    from core.flow_group
    where population in ('starters', 'leavers', 'promoted')
)

select
    period_end,
    level,
    organisation_code,
    'FLOW' as standard,
    indicator,
    characteristic as part,
    'count' as measure,
    group_code,
    cast(null as varchar) as comparator_code,
    events as numerator,
    cast(null as bigint) as denominator,
    cast(null as bigint) as comparator_numerator,
    cast(null as bigint) as comparator_denominator,
    people as numerator_people,
    cast(null as varchar) as denominator_people,
    cast(null as varchar) as comparator_numerator_people,
    cast(null as varchar) as comparator_denominator_people,
    reason
from counted
union all
select
    period_end,
    level,
    organisation_code,
    'FLOW' as standard,
    indicator,
    'all' as part,
    'count' as measure,
    'ALL' as group_code,
    cast(null as varchar) as comparator_code,
    cast(sum(events) as bigint) as numerator,
    cast(null as bigint) as denominator,
    cast(null as bigint) as comparator_numerator,
    cast(null as bigint) as comparator_denominator,
    concat(population, '/all//ALL') as numerator_people,
    cast(null as varchar) as denominator_people,
    cast(null as varchar) as comparator_numerator_people,
    cast(null as varchar) as comparator_denominator_people,
    reason
from counted
where characteristic = 'ethnicity'
group by period_end, level, organisation_code, indicator, population, reason
union all
select
    period_end,
    level,
    organisation_code,
    'FLOW' as standard,
    indicator,
    characteristic as part,
    'rate' as measure,
    group_code,
    cast(null as varchar) as comparator_code,
    events as numerator,
    base as denominator,
    cast(null as bigint) as comparator_numerator,
    cast(null as bigint) as comparator_denominator,
    people as numerator_people,
    base_people as denominator_people,
    cast(null as varchar) as comparator_numerator_people,
    cast(null as varchar) as comparator_denominator_people,
    rate_reason as reason
from rated
union all
select
    compared.period_end,
    compared.level,
    compared.organisation_code,
    'FLOW' as standard,
    compared.indicator,
    compared.characteristic as part,
    'relative_likelihood' as measure,
    compared.group_code,
    comparator.group_code as comparator_code,
    compared.events as numerator,
    compared.base as denominator,
    comparator.events as comparator_numerator,
    comparator.base as comparator_denominator,
    compared.people as numerator_people,
    compared.base_people as denominator_people,
    comparator.people as comparator_numerator_people,
    comparator.base_people as comparator_denominator_people,
    compared.rate_reason as reason
from rated as compared
inner join reference.comparison as comparison
    on
        comparison.standard = 'FLOW'
        and compared.indicator = comparison.indicator
        and compared.characteristic = comparison.characteristic
        and compared.group_code = comparison.group_code
inner join rated as comparator
    on
        compared.period_end = comparator.period_end
        and compared.level = comparator.level
        and compared.organisation_code = comparator.organisation_code
        and compared.indicator = comparator.indicator
        and compared.characteristic = comparator.characteristic
        and comparison.comparator_code = comparator.group_code
