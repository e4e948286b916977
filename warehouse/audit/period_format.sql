-- Grain: one row for each table and period of the form YYYY/YY whose second year does not follow the first.
select
    'PERIOD' as code,
    min(row_number) as row_number,
    cast(null as bigint) as other_row,
    cast(null as bigint) as found
from printed
where is_period_valid = 0
group by organisation, period, table_name
