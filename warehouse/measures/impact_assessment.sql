-- Grain: one row for each snapshot, level, organisation, measure and state of impact assessments.
-- Those of the quarter that ends at the snapshot. An assessment that was completed only after the decision
-- that it should have informed is named as such, and so is a decision without one.
with
assessment as (
    select
        period_end,
        organisation_code,
        characteristics_considered,
        coalesce(
            completed_date <= period_end
            and completed_date > last_day(cast(period_end - interval 3 month as date)),
            false
        ) as is_completed,
        decision_date is not null and decision_date <= period_end as is_decided,
        coalesce(completed_date > decision_date, false) as is_after_decision,
        coalesce(
            decision_date <= period_end
            and decision_date > last_day(cast(period_end - interval 3 month as date))
            and (completed_date is null or completed_date > period_end),
            false
        ) as is_decided_without
    from staging.duties
    where kind = 'IMPACT_ASSESSMENT'
),

counted as (
    select
        membership.period_end,
        membership.level,
        membership.organisation_code,
        sum(case when assessment.is_completed then 1 else 0 end) as completed,
        sum(
            case when assessment.is_completed and assessment.is_decided then 1 else 0 end
        ) as decided,
        sum(
            case when assessment.is_completed and assessment.is_after_decision then 1 else 0 end
        ) as after_decision,
        sum(case when assessment.is_decided_without then 1 else 0 end) as decided_without,
        sum(
            case when assessment.is_completed then assessment.characteristics_considered end
        ) as characteristics,
        count(
            case when assessment.is_completed then assessment.characteristics_considered end
        ) as with_characteristics
    from assessment
    inner join core.membership as membership
        on
            assessment.period_end = membership.period_end
            and assessment.organisation_code = membership.employer_code
    group by membership.period_end, membership.level, membership.organisation_code
),

listed as (
    select
        coverage.period_end,
        coverage.level,
        coverage.organisation_code,
        state.measure,
        state.group_code,
        case when not coverage.is_sent then 'MISSING_SOURCE' end as reason,
        coalesce(
            case state.group_code
                when 'COMPLETED' then counted.completed
                when 'DECIDED' then counted.decided
                when 'AFTER_DECISION' then counted.after_decision
                when 'DECIDED_WITHOUT' then counted.decided_without
                else counted.characteristics
            end,
            0
        ) as amount,
        case
            when state.measure = 'count' then 1 else coalesce(counted.with_characteristics, 0)
        end as amount_base
    from core.coverage as coverage
    cross join (
        values
        ('count', 'COMPLETED'),
        ('count', 'DECIDED'),
        ('count', 'AFTER_DECISION'),
        ('count', 'DECIDED_WITHOUT'),
        ('score', 'CHARACTERISTICS')
    ) as state (measure, group_code)
    left join counted
        on
            coverage.period_end = counted.period_end
            and coverage.level = counted.level
            and coverage.organisation_code = counted.organisation_code
    where coverage.source = 'duties'
)

select
    period_end,
    level,
    organisation_code,
    'DUTIES' as standard,
    'impact_assessment' as indicator,
    'all' as part,
    measure,
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
    case when reason is null then cast(amount_base as bigint) end as amount_base,
    cast(null as decimal(18, 2)) as comparator_amount,
    cast(null as bigint) as comparator_amount_base
from listed
