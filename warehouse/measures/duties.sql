-- Grain: one row for each snapshot, level, organisation, duty, part and state of DUTIES.
-- A document of a provider that several commissioners of an ICB name counts once.
with
duty_part as (
    select distinct
        rule.duty,
        part.part
    from reference.duty_rule as rule
    cross join (values ('all'), ('next')) as part (part)
    union all
    select
        'provider_publications' as duty,
        part.part
    from (values ('all'), ('next')) as part (part)
),

pooled as (
    select
        membership.period_end,
        membership.level,
        membership.organisation_code,
        state.duty,
        state.part,
        state.subject_code,
        state.document,
        bool_or(state.is_due) as is_due,
        bool_or(state.is_done) as is_done,
        bool_or(state.is_late) as is_late,
        bool_and(state.is_missing) as is_missing,
        bool_and(state.is_without_address) as is_without_address
    from core.duty_state as state
    inner join core.membership as membership
        on
            state.period_end = membership.period_end
            and state.organisation_code = membership.employer_code
    inner join ledger.load as received
        on
            state.period_end = received.period_end
            and state.organisation_code = received.organisation_code
            and received.source = 'duties'
            and received.status = 'landed'
    group by
        membership.period_end,
        membership.level,
        membership.organisation_code,
        state.duty,
        state.part,
        state.subject_code,
        state.document
),

counted as (
    select
        period_end,
        level,
        organisation_code,
        duty,
        part,
        count(*) as listed,
        count(is_due) as known,
        sum(case when is_due then 1 else 0 end) as due,
        sum(case when is_done then 1 else 0 end) as done,
        sum(case when is_late and not is_done then 1 else 0 end) as late,
        sum(case when is_missing then 1 else 0 end) as missing,
        sum(case when is_without_address then 1 else 0 end) as without_address
    from pooled
    group by period_end, level, organisation_code, duty, part
),

listed as (
    select
        coverage.period_end,
        coverage.level,
        coverage.organisation_code,
        duty_part.duty,
        duty_part.part,
        state_code.group_code,
        case
            when not coverage.is_sent then 'MISSING_SOURCE'
            when counted.listed > 0 and counted.known = 0 then 'NO_NUMERATOR_BASE'
        end as reason,
        coalesce(
            case state_code.group_code
                when 'DUE' then counted.due
                when 'DONE' then counted.done
                when 'LATE' then counted.late
                when 'MISSING' then counted.missing
                else counted.without_address
            end,
            0
        ) as amount
    from core.coverage as coverage
    cross join duty_part
    cross join
        (values ('DUE'), ('DONE'), ('LATE'), ('MISSING'), ('NO_ADDRESS')) as state_code (group_code)
    left join counted
        on
            coverage.period_end = counted.period_end
            and coverage.level = counted.level
            and coverage.organisation_code = counted.organisation_code
            and duty_part.duty = counted.duty
            and duty_part.part = counted.part
    where
        coverage.source = 'duties'
        and (duty_part.part = 'all' or state_code.group_code in ('DUE', 'DONE'))
)

select
    period_end,
    level,
    organisation_code,
    'DUTIES' as standard,
    duty as indicator,
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
