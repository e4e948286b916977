-- Grain: one row for each cell that is printed in two tables with another count or percentage.
-- Tables of rates, which have no total, may be of anything; there the part has to say what is counted.
select
    'SAME_CELL' as code,
    later.row_number,
    cast(min(earlier.row_number) as bigint) as other_row,
    cast(null as bigint) as found
from printed as later
inner join printed as earlier
    on
        later.organisation = earlier.organisation
        and later.period = earlier.period
        and later.population = earlier.population
        and later.characteristic = earlier.characteristic
        and later.part = earlier.part
        and later.group_name = earlier.group_name
        and later.measure = earlier.measure
        and later.row_number > earlier.row_number
where
    later.table_name <> earlier.table_name
    and (later.characteristic <> '' or later.measure <> '')
    and not (later.is_total = 1 and later.part = 'all')
    and (later.part <> 'all' or (later.is_under_total = 1 and earlier.is_under_total = 1))
    and (
        later.printed_count <> earlier.printed_count
        or later.printed_base <> earlier.printed_base
        or (
            later.base_label = earlier.base_label
            and later.percent_units is not null
            and earlier.percent_units is not null
            and (later.percent_low >= earlier.percent_high or later.percent_high <= earlier.percent_low)
        )
        or later.value_units * earlier.value_scale <> earlier.value_units * later.value_scale
    )
group by later.row_number
