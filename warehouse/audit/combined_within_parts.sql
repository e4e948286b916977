-- Grain: one row for each percentage that lies below or above every part that it is made of.
select
    'COMBINED' as code,
    total.row_number,
    cast(null as bigint) as other_row,
    cast(
        case
            when total.percent_high < min(child.percent_low) then min(child.percent_low)
            else max(child.percent_high)
        end as bigint
    ) as found
from relation
inner join printed as total
    on relation.total_row = total.row_number
inner join printed as child
    on relation.child_row = child.row_number
where
    total.is_total = 0
    and (relation.kind = 'parts' or (relation.kind = 'subgroups' and child.printed_base is not null))
group by relation.relation_id, total.row_number, total.percent_low, total.percent_high
having
    count(child.percent_low) = count(*)
    and (total.percent_high < min(child.percent_low) or total.percent_low > max(child.percent_high))
