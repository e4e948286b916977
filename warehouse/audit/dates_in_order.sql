-- Grain: one row for each pair of dates of which the later one comes first.
select
    'DATES' as code,
    row_number,
    cast(null as bigint) as other_row,
    cast(null as bigint) as found
from printed
where is_in_order = 0
