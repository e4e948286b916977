-- Grain: one row for each snapshot, employer and action that names an indicator; a row without one for the others.
-- What is compared follows from the figures: from which day the action runs, and of which indicator it is to
-- close the gap. The part is the reference as sent, less every character that is none of letters, digits,
-- space, full stop, hyphen and underscore; where that makes two references alike, the second is numbered.
-- Of all snapshots: an action runs from the first one at which it was sent.
with
dated as (
    select
        period_end,
        organisation_code,
        reference,
        standard,
        indicator,
        min(period_end) over (
            partition by organisation_code, reference
        ) as first_sent,
        min(updated) over (
            partition by organisation_code, reference
            order by period_end
            rows between unbounded preceding and current row
        ) as first_updated,
        coalesce(
            nullif(trim(regexp_replace(reference, '[^A-Za-z0-9 ._-]', '', 'g')), ''), 'action'
        ) as part
    from staging.actions
),

numbered as (
    select
        period_end,
        organisation_code,
        reference,
        standard,
        indicator,
        first_sent,
        first_updated,
        part,
        row_number() over (
            partition by period_end, organisation_code, part
            order by reference
        ) as alike_rank
    from dated
    where indicator is not null
),

evidence as (
    select
        coverage.period_end,
        coverage.level,
        coverage.organisation_code,
        numbered.standard as named_standard,
        numbered.indicator as named_indicator,
        numbered.first_sent,
        least(numbered.first_sent, coalesce(numbered.first_updated, numbered.first_sent)) as began_on,
        case
            when numbered.part is null then 'all'
            when numbered.alike_rank = 1 then numbered.part
            else concat(numbered.part, '__', cast(numbered.alike_rank as varchar))
        end as part,
        case
            when not coverage.is_sent then 'MISSING_SOURCE'
            when coverage.level <> 'employer' then 'NOT_ADDITIVE'
            when numbered.part is null then 'NO_NUMERATOR_BASE'
        end as reason
    from core.coverage as coverage
    left join numbered
        on
            coverage.period_end = numbered.period_end
            and coverage.organisation_code = numbered.organisation_code
            and coverage.level = 'employer'
    where coverage.source = 'actions'
)

select
    period_end,
    level,
    organisation_code,
    'ACTIONS' as standard,
    'evidence' as indicator,
    part,
    'score' as measure,
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
    reason,
    named_standard,
    named_indicator,
    first_sent,
    began_on
from evidence
