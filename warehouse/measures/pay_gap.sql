-- Grain: one row for each snapshot, level, organisation, standard, mean or median of hourly pay or bonus, and part.
-- The pay of the first group of each standard, or of White British staff, and of the group compared with it.
-- Amounts are millionths of a pound an hour, or pence of bonus in twelve months.
-- Where the compared group has relevant employees and none of them was paid a bonus, the setting says which gap
-- that is: their bonus is then the part of the first group's that leaves this gap.
with
statistic as (
    select
        'full_pay' as population,
        'mean_hourly' as indicator,
        true as is_mean
    union all
    select
        'full_pay' as population,
        'median_hourly' as indicator,
        false as is_mean
    union all
    select
        'bonus' as population,
        'mean_bonus' as indicator,
        true as is_mean
    union all
    select
        'bonus' as population,
        'median_bonus' as indicator,
        false as is_mean
),

compared as (
    select
        coverage.period_end,
        coverage.level,
        coverage.organisation_code,
        coverage.is_sent,
        coverage.is_illustrative,
        comparison.standard,
        comparison.population,
        comparison.part,
        comparison.group_code,
        comparison.compared_code,
        comparison.reference_people,
        comparison.compared_people,
        coalesce(first_group.headcount, 0) as headcount,
        coalesce(second_group.headcount, 0) as other_headcount,
        first_group.total,
        first_group.middle,
        first_group.middles,
        second_group.total as other_total,
        second_group.middle as other_middle,
        second_group.middles as other_middles,
        coalesce(first_group.headcount, 0) > 0
        and coalesce(second_group.headcount, 0) > 0
        and least(first_group.headcount, second_group.headcount) < cast(minimum.value as integer) as is_too_small,
        case when second_group.headcount is null then cast(unpaid.value as decimal(5, 1)) end as gap_of_unpaid
    from core.pay_coverage as coverage
    inner join core.pay_comparison as comparison
        on coverage.is_sent or comparison.part = 'all'
    left join core.pay_group as first_group
        on
            coverage.period_end = first_group.period_end
            and coverage.level = first_group.level
            and coverage.organisation_code = first_group.organisation_code
            and comparison.population = first_group.population
            and comparison.part = first_group.part
            and comparison.characteristic = first_group.characteristic
            and comparison.group_code = first_group.group_code
    left join core.pay_group as second_group
        on
            coverage.period_end = second_group.period_end
            and coverage.level = second_group.level
            and coverage.organisation_code = second_group.organisation_code
            and comparison.population = second_group.population
            and comparison.part = second_group.part
            and comparison.characteristic = second_group.characteristic
            and comparison.compared_code = second_group.group_code
    left join reference.pay_gap_setting as minimum
        on comparison.part = 'detail' and minimum.setting = 'minimum_category_staff'
    left join core.bonus_group as employed
        on
            coverage.period_end = employed.period_end
            and coverage.level = employed.level
            and coverage.organisation_code = employed.organisation_code
            and comparison.characteristic = employed.characteristic
            and comparison.compared_code = employed.group_code
    left join reference.pay_gap_setting as unpaid
        on
            comparison.population = 'bonus'
            and employed.headcount > 0
            and unpaid.setting = 'bonus_gap_of_unpaid_group'
),

amounts as (
    select
        compared.*,
        statistic.indicator,
        case when statistic.is_mean then compared.total else compared.middle end as amount,
        case when statistic.is_mean then compared.headcount else compared.middles end as amount_base,
        case when statistic.is_mean then compared.other_total else compared.other_middle end as other_amount,
        case when statistic.is_mean then compared.other_headcount else compared.other_middles end
            as other_amount_base
    from compared
    inner join statistic
        on compared.population = statistic.population
)

select
    period_end,
    level,
    organisation_code,
    standard,
    indicator,
    case
        when not is_illustrative then part
        when part = 'all' then 'illustrative'
        else concat('illustrative:', part)
    end as part,
    'gap_percent' as measure,
    group_code,
    compared_code as comparator_code,
    case when is_sent then headcount end as numerator,
    cast(null as bigint) as denominator,
    case when is_sent then other_headcount end as comparator_numerator,
    cast(null as bigint) as comparator_denominator,
    concat(population, '/', reference_people) as numerator_people,
    cast(null as varchar) as denominator_people,
    concat(population, '/', compared_people) as comparator_numerator_people,
    cast(null as varchar) as comparator_denominator_people,
    case
        when not is_sent then 'MISSING_SOURCE'
        when is_too_small then 'BELOW_MINIMUM'
    end as reason,
    amount,
    amount_base,
    case
        when gap_of_unpaid is null then other_amount
        else cast(amount * (1000 - 10 * gap_of_unpaid) as bigint)
    end as comparator_amount,
    case when gap_of_unpaid is null then other_amount_base else 1000 * amount_base end
        as comparator_amount_base
from amounts
