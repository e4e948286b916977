-- Grain: one row for each snapshot, level, organisation, step from tier to tier and side of the workforce.
-- White staff in the higher tier for each in the lower, against the same of BME staff.
with
step as (
    select
        'lower_to_middle' as indicator,
        'tier_lower' as lower_tier,
        'tier_middle' as higher_tier
    union all
    select
        'middle_to_upper' as indicator,
        'tier_middle' as lower_tier,
        'tier_upper' as higher_tier
    union all
    select
        'lower_to_upper' as indicator,
        'tier_lower' as lower_tier,
        'tier_upper' as higher_tier
),

side as (
    select
        'all' as part,
        '' as part_prefix
    union all
    select
        'clinical' as part,
        'clinical:' as part_prefix
    union all
    select
        'non_clinical' as part,
        'non_clinical:' as part_prefix
),

tier as (
    select
        period_end,
        level,
        organisation_code,
        is_sent,
        part,
        max(case when group_code = 'WHITE' then headcount end) as white,
        max(case when group_code = 'BME' then headcount end) as bme
    from core.workforce_group
    where characteristic = 'ethnicity' and part like '%tier%'
    group by period_end, level, organisation_code, is_sent, part
)

select
    higher.period_end,
    higher.level,
    higher.organisation_code,
    'RDR' as standard,
    step.indicator,
    side.part,
    'ratio' as measure,
    'WHITE' as group_code,
    'BME' as comparator_code,
    higher.white as numerator,
    lower_one.white as denominator,
    higher.bme as comparator_numerator,
    lower_one.bme as comparator_denominator,
    concat('workforce/', higher.part, '/ethnicity/WHITE') as numerator_people,
    concat('workforce/', lower_one.part, '/ethnicity/WHITE') as denominator_people,
    concat('workforce/', higher.part, '/ethnicity/BME') as comparator_numerator_people,
    concat('workforce/', lower_one.part, '/ethnicity/BME') as comparator_denominator_people,
    case when not higher.is_sent then 'MISSING_SOURCE' end as reason
from step
cross join side
inner join tier as higher
    on higher.part = concat(side.part_prefix, step.higher_tier)
inner join tier as lower_one
    on
        higher.period_end = lower_one.period_end
        and higher.level = lower_one.level
        and higher.organisation_code = lower_one.organisation_code
        and lower_one.part = concat(side.part_prefix, step.lower_tier)
