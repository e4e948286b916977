-- Grain: one row for each snapshot, level, organisation and group of WDES 9a: the staff engagement score.
-- The amount is the score times the respondents, so that a pooled score is the mean over respondents.
with
asked as (
    select
        'DISABLED' as group_code,
        'disability' as characteristic
    union all
    select
        'NON_DISABLED' as group_code,
        'disability' as characteristic
    union all
    select
        'ALL' as group_code,
        'all' as characteristic
)

select
    coverage.period_end,
    coverage.level,
    coverage.organisation_code,
    'WDES' as standard,
    '9a' as indicator,
    'all' as part,
    'score' as measure,
    asked.group_code,
    cast(null as varchar) as comparator_code,
    cast(null as bigint) as numerator,
    result.base as denominator,
    cast(null as bigint) as comparator_numerator,
    cast(null as bigint) as comparator_denominator,
    cast(null as varchar) as numerator_people,
    concat('survey_base/engagement/', asked.characteristic, '/', asked.group_code) as denominator_people,
    cast(null as varchar) as comparator_numerator_people,
    cast(null as varchar) as comparator_denominator_people,
    case
        when result.item is null then 'MISSING_SOURCE'
        when not result.is_counted then 'WEIGHTED'
    end as reason,
    result.score_of_all as amount,
    result.base as amount_base,
    cast(null as decimal(18, 2)) as comparator_amount,
    cast(null as bigint) as comparator_amount_base
from core.coverage as coverage
cross join asked
left join core.survey_result as result
    on
        coverage.period_end = result.period_end
        and coverage.level = result.level
        and coverage.organisation_code = result.organisation_code
        and asked.group_code = result.group_code
        and result.item = 'engagement'
where coverage.source = 'survey'
