-- Grain: one row for each median that is printed the same as the mean beside it.
select
    'MEAN_MEDIAN' as code,
    median.row_number,
    cast(average.row_number as bigint) as other_row,
    cast(null as bigint) as found
from printed as median
inner join printed as average
    on
        median.organisation = average.organisation
        and median.period = average.period
        and median.population = average.population
        and median.table_name = average.table_name
        and median.part = average.part
        and median.group_name = average.group_name
        and median.measure like 'median%'
        and average.measure like 'mean%'
        and replace(median.measure, 'median', '') = replace(average.measure, 'mean', '')
where
    median.value_units <> 0
    and median.value_units * average.value_scale = average.value_units * median.value_scale
