-- Grain: one row for each of our own figures that has a value and the counts behind it.
-- The same columns as a line of a printed table has, so that the same detectors read both. A value was
-- rounded before: times its decimals it is a whole number again.
select
    row_number() over (
        order by
            decided.period_end, decided.level, decided.organisation_code, decided.standard, decided.indicator,
            decided.part, decided.measure, decided.group_code, decided.comparator_code
    ) as row_number,
    decided.period_end,
    decided.level,
    decided.organisation_code,
    decided.standard,
    decided.indicator,
    decided.part,
    decided.measure as own_measure,
    decided.group_code,
    '' as base_label,
    decided.numerator as printed_count,
    decided.denominator as base,
    cast(null as bigint) as other_base,
    decided.comparator_numerator as comparator_count,
    decided.comparator_denominator as comparator_base,
    cast(null as bigint) as comparator_other_base,
    case when decided.measure in ('share', 'rate') then cast(round(decided.value * 10) as bigint) end as percent_units,
    10 as percent_scale,
    case when decided.measure in ('share', 'rate') then cast(round(decided.value * 10) as bigint) end
        as plain_percent_units,
    10 as plain_percent_scale,
    case
        when decided.measure = 'relative_likelihood' then cast(round(decided.value * 100) as bigint)
    end as ratio_units,
    100 as ratio_scale,
    case when decided.measure = 'difference_pp' then cast(round(decided.value * 10) as bigint) end as difference_units,
    10 as difference_scale
from decided
where decided.value is not null and decided.numerator is not null
