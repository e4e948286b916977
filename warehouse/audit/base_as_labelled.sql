-- Grain: one row for each printed base that is not the count of the people it is labelled with.
select
    'BASE_COUNT' as code,
    row_number,
    cast(null as bigint) as other_row,
    cast(population_count as bigint) as found
from printed
where printed_base <> population_count and base_label not in ('', 'all', 'known')
