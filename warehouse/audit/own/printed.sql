-- Grain: one row for each of our own figures that has a value and the counts behind it.
-- The same columns as a line of a printed table has, so that the same detectors read both. A value was
-- rounded before: times its decimals it is a whole number again. A pay quarter gives one sex as 100 less
-- the other.
with
valued as (
    select
        *,
        case when measure in ('share', 'rate') then cast(round(value * 10) as bigint) end as share_units
    from decided
    where
        value is not null
        and numerator is not null
        and measure in ('share', 'rate', 'relative_likelihood', 'difference_pp')
)

select
    row_number() over (
        order by
            period_end, level, organisation_code, standard, indicator, part, measure, group_code, comparator_code
    ) as row_number,
    period_end,
    level,
    organisation_code,
    standard,
    indicator,
    part,
    group_code,
    measure as figure_measure,
    organisation_code as organisation,
    cast(period_end as text) as period,
    standard as table_name,
    case
        when
            extract(month from period_end) in (3, 6, 9, 12)
            and extract(day from period_end + interval '1' day) = 1 then 1
        else 0
    end as is_period_valid,
    '' as base_label,
    0 as is_total,
    0 as is_unknown,
    case when indicator like 'quarter_%' then 1 else 0 end as is_complement,
    case
        when
            split_part(coalesce(numerator_people, ''), '/', 1) in (
                'disciplinary', 'capability_performance', 'capability_ill_health', 'starters', 'leavers'
            )
            then 1
        else 0
    end as counts_cases,
    numerator as printed_count,
    cast(null as bigint) as printed_base,
    denominator as base,
    cast(null as bigint) as other_base,
    share_units as percent_units,
    10 as percent_scale,
    share_units as plain_percent_units,
    10 as plain_percent_scale,
    share_units * 100000000 as percent_billionths,
    greatest(share_units * 100000000 - 50000000, 0) as percent_low,
    share_units * 100000000 + 50000000 as percent_high,
    case when measure = 'relative_likelihood' then cast(round(value * 100) as bigint) end as ratio_units,
    100 as ratio_scale,
    case when measure = 'difference_pp' then cast(round(value * 10) as bigint) end as difference_units,
    10 as difference_scale,
    comparator_numerator as comparator_count,
    comparator_denominator as comparator_base,
    cast(null as bigint) as comparator_other_base,
    cast(null as bigint) as comparator_low,
    cast(null as bigint) as comparator_high,
    cast(null as bigint) as comparator_percent_units,
    cast(null as bigint) as comparator_percent_scale
from valued
