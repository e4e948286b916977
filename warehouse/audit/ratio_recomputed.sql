-- Grain: one row for each ratio that its counts, or where one is hidden its percentages, do not give.
-- A ratio of r units of 1/s is right where 2 s count_1 base_2 lies from (2 r - 1) count_2 base_1 up to
-- (2 r + 1) count_2 base_1, the upper end left out. Nothing is a multiple of a rate of zero.
with
compared as (
    select
        row_number,
        cast(ratio_units as decimal(38, 0)) as units,
        cast(ratio_scale as decimal(38, 0)) as scale,
        cast(printed_count as decimal(38, 0)) as own,
        cast(base as decimal(38, 0)) as own_base,
        cast(comparator_count as decimal(38, 0)) as other,
        cast(comparator_base as decimal(38, 0)) as other_base,
        cast(percent_low as decimal(38, 0)) as low,
        cast(percent_high as decimal(38, 0)) as high,
        cast(comparator_low as decimal(38, 0)) as other_low,
        cast(comparator_high as decimal(38, 0)) as other_high
    from printed
    where ratio_units is not null
)

select
    'RATIO' as code,
    row_number,
    cast(null as bigint) as other_row,
    cast(null as bigint) as found
from compared
where
    case
        when own is not null and other is not null and own_base > 0 and other_base > 0
            then
                other = 0
                or 2 * scale * own * other_base < (2 * units - 1) * other * own_base
                or 2 * scale * own * other_base >= (2 * units + 1) * other * own_base
        when low is not null and other_high > 0
            then
                2 * scale * high < (2 * units - 1) * other_low
                or 2 * scale * low > (2 * units + 1) * other_high
        else false
    end
