-- Grain: one row for each difference of two percentages that is printed as a percentage.
select
    'WORDING' as code,
    row_number,
    cast(null as bigint) as other_row,
    cast(null as bigint) as found
from printed
where difference_units is not null and difference_unit = '%'
