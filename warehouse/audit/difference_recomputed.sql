-- Grain: one row for each difference in percentage points that its counts do not give.
-- Unrounded percentages are subtracted and the difference is rounded once, half away from zero. Where a
-- count is hidden the printed percentages say between which ends it lies. BASES_DIFFER: one percentage is
-- of all staff, the other of those known, so that the difference is of nothing.
with
compared as (
    select
        row_number,
        cast(difference_units as decimal(38, 0)) as units,
        cast(difference_scale as decimal(38, 0)) as scale,
        cast(printed_count as decimal(38, 0)) as own,
        cast(base as decimal(38, 0)) as own_base,
        cast(other_base as decimal(38, 0)) as own_other,
        cast(percent_units as decimal(38, 0)) as own_units,
        cast(percent_scale as decimal(38, 0)) as own_scale,
        cast(comparator_count as decimal(38, 0)) as other,
        cast(comparator_base as decimal(38, 0)) as other_base,
        cast(comparator_other_base as decimal(38, 0)) as other_other,
        cast(comparator_percent_units as decimal(38, 0)) as other_units,
        cast(comparator_percent_scale as decimal(38, 0)) as other_scale,
        percent_units is not null and comparator_percent_units is not null as has_percents,
        percent_low - comparator_high as low,
        percent_high - comparator_low as high
    from printed
    where difference_units is not null
),

subtracted as (
    select
        row_number,
        units,
        scale,
        has_percents,
        low,
        high,
        own_base * other_base as bases,
        own * other_base - other * own_base as gap,
        coalesce(
            not (
                (2 * own_units - 1) * own_base <= 200 * own_scale * own
                and 200 * own_scale * own < (2 * own_units + 1) * own_base
            )
            and (2 * own_units - 1) * own_other <= 200 * own_scale * own
            and 200 * own_scale * own < (2 * own_units + 1) * own_other, false
        ) as is_own_moved,
        coalesce(
            not (
                (2 * other_units - 1) * other_base <= 200 * other_scale * other
                and 200 * other_scale * other < (2 * other_units + 1) * other_base
            )
            and (2 * other_units - 1) * other_other <= 200 * other_scale * other
            and 200 * other_scale * other < (2 * other_units + 1) * other_other, false
        ) as is_other_moved
    from compared
),

judged as (
    select
        row_number,
        is_own_moved <> is_other_moved as is_mixed,
        case
            when gap is not null and bases > 0
                then
                    200 * scale * abs(gap) < (2 * abs(units) - 1) * bases
                    or 200 * scale * abs(gap) >= (2 * abs(units) + 1) * bases
                    or gap * units < 0
            when has_percents
                then
                    high * 2 * scale < (2 * units - 1) * 1000000000
                    or low * 2 * scale > (2 * units + 1) * 1000000000
            else false
        end as is_wrong
    from subtracted
)

select
    case when is_mixed then 'BASES_DIFFER' else 'DIFFERENCE' end as code,
    row_number,
    cast(null as bigint) as other_row,
    cast(null as bigint) as found
from judged
where is_mixed or is_wrong
