-- Grain: one row for each percentage that its count and base do not give, and what is wrong with it.
-- A percentage of u units of 1/s is right where 200 s count lies from (2 u - 1) base up to (2 u + 1) base,
-- the upper end left out: half up, in whole numbers; of two that make exactly 100 one may be 100 less the
-- other. BASE_LABEL is right of the other base, all staff or those known; TRAILING_ZERO is right with the
-- decimals that it has before zeros were added.
with
counted as (
    select
        row_number,
        base_label,
        is_complement,
        cast(printed_count as decimal(38, 0)) as number_of,
        cast(base as decimal(38, 0)) as base,
        cast(other_base as decimal(38, 0)) as other_base,
        cast(percent_units as decimal(38, 0)) as units,
        cast(percent_scale as decimal(38, 0)) as scale,
        cast(plain_percent_units as decimal(38, 0)) as plain_units,
        cast(plain_percent_scale as decimal(38, 0)) as plain_scale
    from printed
    where percent_units is not null and printed_count is not null and base > 0
),

fitted as (
    select
        row_number,
        base_label,
        (2 * units - 1) * base <= 200 * scale * number_of
        and (
            200 * scale * number_of < (2 * units + 1) * base
            or (is_complement = 1 and 200 * scale * number_of = (2 * units + 1) * base)
        ) as fits,
        coalesce(
            (2 * units - 1) * other_base <= 200 * scale * number_of
            and 200 * scale * number_of < (2 * units + 1) * other_base, false
        ) as fits_other,
        (2 * plain_units - 1) * base <= 200 * plain_scale * number_of
        and 200 * plain_scale * number_of < (2 * plain_units + 1) * base as fits_plain
    from counted
)

select
    case
        when fits_other and base_label <> '' then 'BASE_LABEL'
        when fits_other then 'BASE_UNLABELLED'
        when fits_plain then 'TRAILING_ZERO'
        else 'PERCENT'
    end as code,
    row_number,
    cast(null as bigint) as other_row,
    cast(null as bigint) as found
from fitted
where not fits
