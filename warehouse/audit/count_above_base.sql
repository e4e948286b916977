-- Grain: one row for each count above its base, and each share above 100 whose count or base is not printed.
-- Cases may be more than the people that they are about. Who is not known is in no base of
-- those known, and neither is the total.
with
bounded as (
    select
        row_number,
        coalesce(
            printed_count > base
            and (base_label <> 'known' or (is_total = 0 and is_unknown = 0)), false
        ) as is_above_base,
        coalesce(percent_units > 100 * percent_scale, false) as is_above_100,
        printed_count is not null and base is not null as has_both
    from printed
    where counts_cases = 0
)

select
    case when is_above_base then 'COUNT_ABOVE_BASE' else 'SHARE_ABOVE_100' end as code,
    row_number,
    cast(null as bigint) as other_row,
    cast(null as bigint) as found
from bounded
-- With count and base both, a percentage above 100 of a count within its base is no percentage of the two.
where is_above_base or (is_above_100 and not has_both)
