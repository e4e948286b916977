-- Grain: one row for each snapshot, level, organisation, standard (or all) and state of the actions of its plan.
-- An action is overdue where its due date has passed and it is neither complete nor cancelled; it is open too.
with
action as (
    select
        membership.period_end,
        membership.level,
        membership.organisation_code,
        sent.standard,
        sent.status,
        sent.status in ('OPEN', 'IN_PROGRESS') as is_open,
        sent.due_date < sent.period_end as is_past
    from staging.actions as sent
    inner join core.membership as membership
        on
            sent.period_end = membership.period_end
            and sent.organisation_code = membership.employer_code
),

part_action as (
    select
        period_end,
        level,
        organisation_code,
        standard as part,
        status,
        is_open,
        is_past
    from action
    union all
    select
        period_end,
        level,
        organisation_code,
        'all' as part,
        status,
        is_open,
        is_past
    from action
),

counted as (
    select
        period_end,
        level,
        organisation_code,
        part,
        count(*) as actions,
        sum(case when is_open then 1 else 0 end) as open_actions,
        sum(case when is_open and is_past then 1 else 0 end) as overdue,
        sum(case when status = 'COMPLETE' then 1 else 0 end) as complete,
        sum(case when status = 'CANCELLED' then 1 else 0 end) as cancelled
    from part_action
    group by period_end, level, organisation_code, part
),

every_part as (
    select
        coverage.period_end,
        coverage.level,
        coverage.organisation_code,
        'all' as part,
        coverage.is_sent
    from core.coverage as coverage
    where coverage.source = 'actions'
    union all
    select
        period_end,
        level,
        organisation_code,
        part,
        true as is_sent
    from counted
    where part <> 'all'
),

listed as (
    select
        every_part.period_end,
        every_part.level,
        every_part.organisation_code,
        every_part.part,
        state.group_code,
        case when not every_part.is_sent then 'MISSING_SOURCE' end as reason,
        coalesce(
            case state.group_code
                when 'OPEN' then counted.open_actions
                when 'OVERDUE' then counted.overdue
                when 'COMPLETE' then counted.complete
                when 'CANCELLED' then counted.cancelled
                else counted.actions
            end,
            0
        ) as amount
    from every_part
    cross join
        (values ('OPEN'), ('OVERDUE'), ('COMPLETE'), ('CANCELLED'), ('ALL')) as state (group_code)
    left join counted
        on
            every_part.period_end = counted.period_end
            and every_part.level = counted.level
            and every_part.organisation_code = counted.organisation_code
            and every_part.part = counted.part
)

select
    period_end,
    level,
    organisation_code,
    'ACTIONS' as standard,
    'status' as indicator,
    part,
    'count' as measure,
    group_code,
    cast(null as varchar) as comparator_code,
    cast(null as bigint) as numerator,
    cast(null as bigint) as denominator,
    cast(null as bigint) as comparator_numerator,
    cast(null as bigint) as comparator_denominator,
    cast(null as varchar) as numerator_people,
    cast(null as varchar) as denominator_people,
    cast(null as varchar) as comparator_numerator_people,
    cast(null as varchar) as comparator_denominator_people,
    reason,
    case when reason is null then cast(amount as decimal(18, 2)) end as amount,
    cast(1 as bigint) as amount_base,
    cast(null as decimal(18, 2)) as comparator_amount,
    cast(null as bigint) as comparator_amount_base
from listed
