-- Grain: one row for each of our own figures that has a value and the counts behind it.
-- The same columns as a line of a printed table has, so that the same detectors read both. A value was
-- rounded before: times its decimals it is a whole number again.
with
decided_share as (
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
            decided_share.period_end,
            decided_share.level,
            decided_share.organisation_code,
            decided_share.standard,
            decided_share.indicator,
            decided_share.part, decided_share.measure, decided_share.group_code, decided_share.comparator_code
    ) as row_number,
    decided_share.period_end,
    decided_share.level,
    decided_share.organisation_code,
    decided_share.standard,
    decided_share.indicator,
    decided_share.part,
    decided_share.group_code,
    decided_share.measure as figure_measure,
    '' as base_label,
    0 as is_total,
    0 as is_unknown,
    case when decided_share.indicator like 'quarter_%' then 1 else 0 end as is_complement,
    decided_share.numerator as printed_count,
    cast(null as bigint) as printed_base,
    decided_share.denominator as base,
    cast(null as bigint) as other_base,
    decided_share.share_units as percent_units,
    10 as percent_scale,
    decided_share.share_units as plain_percent_units,
    10 as plain_percent_scale,
    decided_share.share_units * 100000000 as percent_billionths,
    greatest(decided_share.share_units * 100000000 - 50000000, 0) as percent_low,
    decided_share.share_units * 100000000 + 50000000 as percent_high,
    case
        when decided_share.measure = 'relative_likelihood' then cast(round(decided_share.value * 100) as bigint)
    end as ratio_units,
    100 as ratio_scale,
    case when decided_share.measure = 'difference_pp' then cast(round(decided_share.value * 10) as bigint) end
        as difference_units,
    10 as difference_scale,
    decided_share.comparator_numerator as comparator_count,
    decided_share.comparator_denominator as comparator_base,
    cast(null as bigint) as comparator_other_base,
    cast(null as bigint) as comparator_low,
    cast(null as bigint) as comparator_high,
    cast(null as bigint) as comparator_percent_units,
    cast(null as bigint) as comparator_percent_scale
from decided_share
