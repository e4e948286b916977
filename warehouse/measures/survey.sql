-- Grain: one row for each snapshot, level, organisation, survey indicator, group and measure.
-- The share of each group's respondents who answered so, and the difference between the two groups.
with
item as (
    select distinct item
    from reference.survey_item
),

asked as (
    select
        comparison.standard,
        comparison.indicator,
        comparison.part,
        comparison.characteristic,
        item.item,
        comparison.group_code,
        comparison.comparator_code
    from reference.comparison as comparison
    inner join item
        on comparison.counted = item.item
    union all
    select
        comparison.standard,
        comparison.indicator,
        comparison.part,
        comparison.characteristic,
        item.item,
        comparison.comparator_code as group_code,
        cast(null as varchar) as comparator_code
    from reference.comparison as comparison
    inner join item
        on comparison.counted = item.item
    where comparison.comparator_code is not null
),

answer as (
    select
        coverage.period_end,
        coverage.level,
        coverage.organisation_code,
        asked.standard,
        asked.indicator,
        asked.part,
        asked.group_code,
        asked.comparator_code,
        result.events,
        result.base,
        concat(asked.item, '/', asked.characteristic, '/', asked.group_code) as people,
        case
            when result.item is null then 'MISSING_SOURCE'
            when not result.is_counted then 'WEIGHTED'
        end as reason
    from core.coverage as coverage
    cross join asked
    left join core.survey_result as result
        on
            coverage.period_end = result.period_end
            and coverage.level = result.level
            and coverage.organisation_code = result.organisation_code
            and asked.item = result.item
            and asked.group_code = result.group_code
    where coverage.source = 'survey'
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
    events as numerator,
    base as denominator,
    cast(null as bigint) as comparator_numerator,
    cast(null as bigint) as comparator_denominator,
    concat('survey/', people) as numerator_people,
    concat('survey_base/', people) as denominator_people,
    cast(null as varchar) as comparator_numerator_people,
    cast(null as varchar) as comparator_denominator_people,
    reason
from answer
union all
select
    compared.period_end,
    compared.level,
    compared.organisation_code,
    compared.standard,
    compared.indicator,
    compared.part,
    'difference_pp' as measure,
    compared.group_code,
    compared.comparator_code,
    compared.events as numerator,
    compared.base as denominator,
    comparator.events as comparator_numerator,
    comparator.base as comparator_denominator,
    concat('survey/', compared.people) as numerator_people,
    concat('survey_base/', compared.people) as denominator_people,
    concat('survey/', comparator.people) as comparator_numerator_people,
    concat('survey_base/', comparator.people) as comparator_denominator_people,
    coalesce(compared.reason, comparator.reason) as reason
from answer as compared
inner join answer as comparator
    on
        compared.period_end = comparator.period_end
        and compared.level = comparator.level
        and compared.organisation_code = comparator.organisation_code
        and compared.standard = comparator.standard
        and compared.indicator = comparator.indicator
        and compared.comparator_code = comparator.group_code
