-- Grain: one row for each set of groups whose percentages cannot add up to 100, whatever was rounded.
-- Where they are of those of known characteristic, unknown groups stand outside. Groups with bases of their
-- own are rates, and add up to nothing. Where a percentage is not printed the others must not exceed 100.
with
child as (
    select
        relation.relation_id,
        relation.total_row,
        printed.base_label,
        printed.is_unknown,
        printed.percent_units,
        printed.percent_low,
        printed.percent_high,
        printed.percent_billionths,
        printed.printed_base,
        max(case when printed.base_label = 'known' then 1 else 0 end) over (
            partition by relation.relation_id
        ) as is_of_known
    from relation
    inner join printed
        on relation.child_row = printed.row_number
    where relation.kind = 'groups'
),

share as (
    select
        child.relation_id,
        child.total_row,
        sum(case when child.percent_units is not null then child.percent_low end) as low,
        sum(child.percent_high) as high,
        sum(child.percent_billionths) as found,
        count(*) as groups,
        count(child.percent_units) as shown,
        count(case when child.base_label <> 'known' and child.percent_units is not null then 1 end) as others,
        max(child.is_of_known) as is_of_known,
        count(child.printed_base) as bases,
        min(child.printed_base) as lowest_base,
        max(child.printed_base) as highest_base
    from child
    where child.is_of_known = 0 or child.is_unknown = 0
    group by child.relation_id, child.total_row
)

select
    'SHARES' as code,
    share.total_row as row_number,
    cast(null as bigint) as other_row,
    cast(share.found as bigint) as found
from share
inner join printed as total
    on share.total_row = total.row_number
where
    share.shown > 0
    and (share.is_of_known = 0 or share.others = 0)
    and (
        share.bases = 0
        or (
            share.bases = share.groups
            and share.lowest_base = share.highest_base
            and coalesce(share.lowest_base in (total.base, total.other_base), false)
        )
    )
    and (share.low > 100000000000 or (share.shown = share.groups and share.high <= 100000000000))
