-- Grain: one row for each characteristic and category, with the group that the standards put it in.
select distinct
    characteristic,
    category_code,
    group_code
from reference.characteristic_value
union all
select
    'age_band' as characteristic,
    age_band as category_code,
    age_band as group_code
from reference.age_band
union all
select
    'age_band' as characteristic,
    'UNKNOWN' as category_code,
    'UNKNOWN' as group_code
