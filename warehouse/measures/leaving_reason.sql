-- Grain: one row for each snapshot, level, organisation, ethnic group of the leavers (or all) and reason.
-- Why people left: each leaver has one reason, the unknown one among them.
with
ethnic_group as (
    select distinct group_code as part
    from core.category
    where characteristic = 'ethnicity'
    union all
    select 'all' as part
),

reason_list as (
    select distinct code as leaving_reason
    from reference.leaving_reason
),

counted as (
    select
        mover.period_end,
        mover.level,
        mover.organisation_code,
        ethnic_group.part,
        mover.leaving_reason,
        count(*) as leavers
    from core.mover as mover
    inner join ethnic_group
        on mover.group_code = ethnic_group.part or ethnic_group.part = 'all'
    where mover.movement = 'LEAVER' and mover.characteristic = 'ethnicity'
    group by
        mover.period_end,
        mover.level,
        mover.organisation_code,
        ethnic_group.part,
        mover.leaving_reason
),

listed as (
    select
        coverage.period_end,
        coverage.level,
        coverage.organisation_code,
        coverage.is_sent,
        ethnic_group.part,
        reason_list.leaving_reason,
        case ethnic_group.part
            when 'all' then '//ALL' else concat('/ethnicity/', ethnic_group.part)
        end as group_people,
        cast(coalesce(counted.leavers, 0) as bigint) as leavers
    from core.coverage as coverage
    cross join ethnic_group
    cross join reason_list
    left join counted
        on
            coverage.period_end = counted.period_end
            and coverage.level = counted.level
            and coverage.organisation_code = counted.organisation_code
            and ethnic_group.part = counted.part
            and reason_list.leaving_reason = counted.leaving_reason
    where coverage.source = 'movers'
)

select
    period_end,
    level,
    organisation_code,
    'FLOW' as standard,
    'leaving_reason' as indicator,
    part,
    'share' as measure,
    leaving_reason as group_code,
    cast(null as varchar) as comparator_code,
    case when is_sent then leavers end as numerator,
    case
        when is_sent
            then cast(
                sum(leavers) over (partition by period_end, level, organisation_code, part) as bigint
            )
    end as denominator,
    cast(null as bigint) as comparator_numerator,
    cast(null as bigint) as comparator_denominator,
    concat('leavers/reason:', leaving_reason, group_people) as numerator_people,
    concat('leavers/all', group_people) as denominator_people,
    cast(null as varchar) as comparator_numerator_people,
    cast(null as varchar) as comparator_denominator_people,
    case when not is_sent then 'MISSING_SOURCE' end as reason
from listed
