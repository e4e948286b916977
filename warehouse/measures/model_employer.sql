-- Grain: one row for each snapshot, level, organisation, indicator and senior band (or total of senior bands).
-- How many BME staff parity with the workforce would mean, and the straight line from the baseline to it.
-- Amounts are numerator over base of one exact fraction. Where BME staff were at parity or above it at
-- the baseline the line is parity itself: a target never asks for fewer. since is the baseline, whose
-- counts stand behind the amounts too: where one of them is hidden, the amount is. The comparator's
-- denominator is what the share is of: who knows the rest could work it out from the amount.
with
target as (
    select
        value as target_year,
        cast(value as bigint) * 12 + 3 as target_month
    from reference.model_employer
    where setting = 'target_year'
),

way as (
    select
        senior.*,
        target.target_year,
        target.target_month <= senior.month as is_due,
        target.target_month - senior.baseline_month as months_to_go,
        least(senior.month, target.target_month) - senior.baseline_month as months_gone,
        case
            when senior.reason is not null then senior.reason
            when target.target_month <= senior.baseline_month then 'NO_BASELINE'
            when senior.parity < senior.share_of then 'PARITY_BELOW_ONE'
        end as line_reason
    from core.senior_parity as senior
    cross join target
),

line as (
    select
        *,
        case
            when baseline_bme * share_of >= parity then parity * months_to_go
            else baseline_bme * share_of * (months_to_go - months_gone) + parity * months_gone
        end as line_amount,
        share_of * months_to_go as line_base
    from way
),

counted as (
    select
        *,
        'parity' as indicator,
        'score' as measure,
        parity as amount,
        share_of as amount_base,
        reason as why_not
    from core.senior_parity
    union all
    select
        *,
        'shortfall' as indicator,
        'count' as measure,
        greatest(
            0, cast(ceil(cast(parity as double) / nullif(share_of, 0)) as bigint) - bme
        ) as amount,
        1 as amount_base,
        case
            when reason is not null then reason
            when parity < share_of then 'PARITY_BELOW_ONE'
        end as why_not
    from core.senior_parity
    where is_total
),

lined as (
    select
        *,
        concat('line_', target_year) as indicator,
        'score' as measure,
        line_amount as amount,
        line_base as amount_base
    from line
    union all
    select
        *,
        concat('on_track_', target_year) as indicator,
        'count' as measure,
        case
            when is_due and bme * line_base >= line_amount then 1
            when not is_due and bme >= floor(cast(2 * line_amount + line_base as double) / (2 * line_base)) then 1
            else 0
        end as amount,
        1 as amount_base
    from line
    where is_total
),

stated as (
    select
        period_end,
        level,
        organisation_code,
        indicator,
        part,
        measure,
        bme,
        everybody,
        workforce_bme,
        workforce_base,
        workforce_base_people,
        baseline_day,
        why_not,
        amount,
        amount_base
    from counted
    union all
    select
        period_end,
        level,
        organisation_code,
        indicator,
        part,
        measure,
        bme,
        everybody,
        workforce_bme,
        workforce_base,
        workforce_base_people,
        baseline_day,
        line_reason as why_not,
        amount,
        amount_base
    from lined
)

select
    period_end,
    level,
    organisation_code,
    'MODEL_EMPLOYER' as standard,
    indicator,
    part,
    measure,
    'BME' as group_code,
    cast(null as varchar) as comparator_code,
    bme as numerator,
    everybody as denominator,
    workforce_bme as comparator_numerator,
    workforce_base as comparator_denominator,
    concat('workforce/', part, '/ethnicity/BME') as numerator_people,
    concat('workforce/', part, '//ALL') as denominator_people,
    'workforce/all/ethnicity/BME' as comparator_numerator_people,
    concat('workforce/all/', workforce_base_people) as comparator_denominator_people,
    why_not as reason,
    case when why_not is null then cast(amount as decimal(18, 0)) end as amount,
    case when why_not is null then cast(amount_base as bigint) end as amount_base,
    baseline_day as since
from stated
