-- Grain: one row for each snapshot, level, organisation, characteristic, part, measure and group.
-- Part `all` holds the groups of the standards; part `detail` the categories where they are finer; the
-- directorates, the band groups `cluster_1` to `cluster_7` and part `coarse` at most three groups each.
with
detailed as (
    select distinct characteristic
    from core.category
    where category_code <> group_code
),

detail as (
    select
        coverage.period_end,
        coverage.level,
        coverage.organisation_code,
        coverage.is_sent,
        category.characteristic,
        category.category_code,
        category.group_code,
        cast(counted.headcount as bigint) as headcount,
        cast(counted.part_headcount as bigint) as part_headcount
    from core.coverage as coverage
    cross join core.category as category
    inner join detailed
        on category.characteristic = detailed.characteristic
    left join core.workforce_count as counted
        on
            coverage.period_end = counted.period_end
            and coverage.level = counted.level
            and coverage.organisation_code = counted.organisation_code
            and category.characteristic = counted.characteristic
            and category.category_code = counted.category_code
    where coverage.source = 'esr_staff'
)

select
    period_end,
    level,
    organisation_code,
    'PSED' as standard,
    characteristic as indicator,
    'all' as part,
    'share' as measure,
    group_code,
    cast(null as varchar) as comparator_code,
    headcount as numerator,
    part_headcount as denominator,
    cast(null as bigint) as comparator_numerator,
    cast(null as bigint) as comparator_denominator,
    concat('workforce/all/', characteristic, '/', group_code) as numerator_people,
    'workforce/all//ALL' as denominator_people,
    cast(null as varchar) as comparator_numerator_people,
    cast(null as varchar) as comparator_denominator_people,
    case when not is_sent then 'MISSING_SOURCE' end as reason
from core.workforce_group
where part = 'all'
union all
select
    period_end,
    level,
    organisation_code,
    'PSED' as standard,
    characteristic as indicator,
    'detail' as part,
    'share' as measure,
    category_code as group_code,
    cast(null as varchar) as comparator_code,
    headcount as numerator,
    part_headcount as denominator,
    cast(null as bigint) as comparator_numerator,
    cast(null as bigint) as comparator_denominator,
    case
        when category_code = 'UNKNOWN' then concat('workforce/all/', characteristic, '/UNKNOWN')
        else concat('workforce/all/', characteristic, ':', group_code, '/', category_code)
    end as numerator_people,
    'workforce/all//ALL' as denominator_people,
    cast(null as varchar) as comparator_numerator_people,
    cast(null as varchar) as comparator_denominator_people,
    case when not is_sent then 'MISSING_SOURCE' end as reason
from detail
union all
select
    period_end,
    level,
    organisation_code,
    'PSED' as standard,
    characteristic as indicator,
    'all' as part,
    'headcount' as measure,
    'ALL' as group_code,
    cast(null as varchar) as comparator_code,
    headcount as numerator,
    cast(null as bigint) as denominator,
    cast(null as bigint) as comparator_numerator,
    cast(null as bigint) as comparator_denominator,
    'workforce/all//ALL' as numerator_people,
    cast(null as varchar) as denominator_people,
    cast(null as varchar) as comparator_numerator_people,
    cast(null as varchar) as comparator_denominator_people,
    case when not is_sent then 'MISSING_SOURCE' end as reason
from core.declaration
union all
select
    period_end,
    level,
    organisation_code,
    'PSED' as standard,
    characteristic as indicator,
    part,
    'share' as measure,
    group_code,
    cast(null as varchar) as comparator_code,
    headcount as numerator,
    part_headcount as denominator,
    cast(null as bigint) as comparator_numerator,
    cast(null as bigint) as comparator_denominator,
    concat(
        'workforce/', case part when 'coarse' then 'all' else part end, '/', coarse_characteristic, '/', group_code
    ) as numerator_people,
    concat('workforce/', case part when 'coarse' then 'all' else part end, '//ALL') as denominator_people,
    cast(null as varchar) as comparator_numerator_people,
    cast(null as varchar) as comparator_denominator_people,
    case when not is_sent then 'MISSING_SOURCE' end as reason
from core.profile_group
