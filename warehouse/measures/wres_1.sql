-- Grain: one row for each snapshot, level, organisation, pay row, measure and ethnic group.
-- The share of each group in the row (unknown included), and the row's BME share against the workforce's.
with
ethnicity as (
    select workforce.*
    from core.workforce_group as workforce
    inner join reference.workforce_part as part
        on workforce.part = part.part
    where
        workforce.characteristic = 'ethnicity'
        and (part.standard = 'WRES' or part.part = 'all')
)

select
    period_end,
    level,
    organisation_code,
    'WRES' as standard,
    '1' as indicator,
    part,
    'share' as measure,
    group_code,
    cast(null as varchar) as comparator_code,
    headcount as numerator,
    part_headcount as denominator,
    cast(null as bigint) as comparator_numerator,
    cast(null as bigint) as comparator_denominator,
    concat('workforce/', part, '/ethnicity/', group_code) as numerator_people,
    concat('workforce/', part, '//ALL') as denominator_people,
    cast(null as varchar) as comparator_numerator_people,
    cast(null as varchar) as comparator_denominator_people,
    case when not is_sent then 'MISSING_SOURCE' end as reason
from ethnicity
union all
select
    pay_row.period_end,
    pay_row.level,
    pay_row.organisation_code,
    'WRES' as standard,
    '1' as indicator,
    pay_row.part,
    'difference_pp' as measure,
    pay_row.group_code,
    'ALL' as comparator_code,
    pay_row.headcount as numerator,
    pay_row.part_headcount as denominator,
    overall.headcount as comparator_numerator,
    overall.part_headcount as comparator_denominator,
    concat('workforce/', pay_row.part, '/ethnicity/BME') as numerator_people,
    concat('workforce/', pay_row.part, '//ALL') as denominator_people,
    'workforce/all/ethnicity/BME' as comparator_numerator_people,
    'workforce/all//ALL' as comparator_denominator_people,
    case when not pay_row.is_sent then 'MISSING_SOURCE' end as reason
from ethnicity as pay_row
inner join ethnicity as overall
    on
        pay_row.period_end = overall.period_end
        and pay_row.level = overall.level
        and pay_row.organisation_code = overall.organisation_code
        and pay_row.group_code = overall.group_code
        and overall.part = 'all'
where pay_row.group_code = 'BME' and pay_row.part <> 'all'
