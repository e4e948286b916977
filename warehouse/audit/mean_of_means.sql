-- Grain: one row for each percentage that its parts and their bases cannot give.
-- MEANS is the plain mean of the parts' percentages as printed, half up; POOLED is neither.
with
part as (
    select
        relation.relation_id,
        relation.total_row,
        cast(child.base as decimal(38, 0)) as base,
        cast(child.percent_low as decimal(38, 0)) as low,
        cast(child.percent_high as decimal(38, 0)) as high,
        cast(child.percent_billionths as decimal(38, 0)) as billionths
    from relation
    inner join printed as child
        on relation.child_row = child.row_number
    where relation.kind = 'parts' or (relation.kind = 'subgroups' and child.printed_base is not null)
),

pooled as (
    select
        relation_id,
        total_row,
        sum(base) as base,
        sum(base * low) as low,
        sum(base * high) as high,
        sum(billionths) as billionths,
        count(*) as parts,
        min(low) as lowest,
        max(high) as highest
    from part
    group by relation_id, total_row
    having count(base) = count(*) and count(low) = count(*) and count(*) > 1 and sum(base) > 0
)

select
    case
        when
            (2 * total.percent_units - 1) * 1000000000 * pooled.parts <= 2 * total.percent_scale * pooled.billionths
            and 2 * total.percent_scale * pooled.billionths < (2 * total.percent_units + 1) * 1000000000 * pooled.parts
            then 'MEANS'
        else 'POOLED'
    end as code,
    total.row_number,
    cast(null as bigint) as other_row,
    cast((pooled.low + pooled.high) / (2 * pooled.base) as bigint) as found
from pooled
inner join printed as total
    on pooled.total_row = total.row_number
where
    total.is_total = 0
    and total.percent_units is not null
    and not (total.percent_high < pooled.lowest or total.percent_low > pooled.highest)
    and (total.percent_high * pooled.base < pooled.low or total.percent_low * pooled.base > pooled.high)
