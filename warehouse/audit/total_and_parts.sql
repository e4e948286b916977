-- Grain: one row for each printed total that its groups or parts cannot add up to.
select
    'TOTAL' as code,
    total.row_number,
    cast(null as bigint) as other_row,
    cast(sum(child.count_low) as bigint) as found
from relation
inner join printed as total
    on relation.total_row = total.row_number
inner join printed as child
    on relation.child_row = child.row_number
where total.count_low = total.count_high
group by relation.relation_id, total.row_number, total.count_low
having
    sum(child.count_low) > total.count_low
    or (count(child.count_high) = count(*) and sum(child.count_high) < total.count_low)
