-- Grain: one row for each snapshot, level, organisation, indicator, pay row or cluster, measure and group.
-- The share of each group in the row (unknown included), and the row's share of one of them against
-- the workforce's.
with
staff as (
    select
        workforce.period_end,
        workforce.level,
        workforce.organisation_code,
        comparison.standard,
        comparison.indicator,
        workforce.part,
        workforce.characteristic,
        workforce.group_code,
        workforce.headcount,
        workforce.part_headcount,
        case when workforce.group_code = comparison.group_code then comparison.comparator_code end as comparator_code,
        concat('workforce/', workforce.part, '/', workforce.characteristic, '/', workforce.group_code) as people,
        concat('workforce/', workforce.part, '//ALL') as part_people,
        case when not workforce.is_sent then 'MISSING_SOURCE' end as reason
    from core.workforce_group as workforce
    inner join reference.comparison as comparison
        on
            workforce.characteristic = comparison.characteristic
            and comparison.counted = 'workforce'
    inner join reference.workforce_part as part
        on
            workforce.part = part.part
            and (comparison.standard = part.standard or part.part = 'all')
)

select
    period_end,
    level,
    organisation_code,
    standard,
    indicator,
    part,
    'share' as measure,
    group_code,
    cast(null as varchar) as comparator_code,
    headcount as numerator,
    part_headcount as denominator,
    cast(null as bigint) as comparator_numerator,
    cast(null as bigint) as comparator_denominator,
    people as numerator_people,
    part_people as denominator_people,
    cast(null as varchar) as comparator_numerator_people,
    cast(null as varchar) as comparator_denominator_people,
    reason
from staff
union all
select
    pay_row.period_end,
    pay_row.level,
    pay_row.organisation_code,
    pay_row.standard,
    pay_row.indicator,
    pay_row.part,
    'difference_pp' as measure,
    pay_row.group_code,
    pay_row.comparator_code,
    pay_row.headcount as numerator,
    pay_row.part_headcount as denominator,
    overall.headcount as comparator_numerator,
    overall.part_headcount as comparator_denominator,
    pay_row.people as numerator_people,
    pay_row.part_people as denominator_people,
    overall.people as comparator_numerator_people,
    overall.part_people as comparator_denominator_people,
    pay_row.reason
from staff as pay_row
inner join staff as overall
    on
        pay_row.period_end = overall.period_end
        and pay_row.level = overall.level
        and pay_row.organisation_code = overall.organisation_code
        and pay_row.standard = overall.standard
        and pay_row.group_code = overall.group_code
        and overall.part = 'all'
where pay_row.comparator_code is not null and pay_row.part <> 'all'
