-- Grain: one row for each snapshot, level and organisation: the actions on WDES 9b that were begun or done.
with
counted as (
    select
        membership.period_end,
        membership.level,
        membership.organisation_code,
        count(*) as actions
    from staging.actions as action
    inner join core.membership as membership
        on
            action.period_end = membership.period_end
            and action.organisation_code = membership.employer_code
    where
        action.standard = 'WDES'
        and lower(action.indicator) = '9b'
        and action.status in ('IN_PROGRESS', 'COMPLETE')
    group by membership.period_end, membership.level, membership.organisation_code
)

select
    coverage.period_end,
    coverage.level,
    coverage.organisation_code,
    'WDES' as standard,
    '9b' as indicator,
    'all' as part,
    'count' as measure,
    'ALL' as group_code,
    cast(null as varchar) as comparator_code,
    cast(null as bigint) as numerator,
    cast(null as bigint) as denominator,
    cast(null as bigint) as comparator_numerator,
    cast(null as bigint) as comparator_denominator,
    cast(null as varchar) as numerator_people,
    cast(null as varchar) as denominator_people,
    cast(null as varchar) as comparator_numerator_people,
    cast(null as varchar) as comparator_denominator_people,
    case when not coverage.is_sent then 'MISSING_SOURCE' end as reason,
    cast(coalesce(counted.actions, 0) as bigint) as amount,
    cast(1 as bigint) as amount_base,
    cast(null as bigint) as comparator_amount,
    cast(null as bigint) as comparator_amount_base
from core.coverage as coverage
left join counted
    on
        coverage.period_end = counted.period_end
        and coverage.level = counted.level
        and coverage.organisation_code = counted.organisation_code
where coverage.source = 'actions'
