-- Grain: one row for each person of the workforce of an organisation at a snapshot and characteristic.
select
    period_end,
    level,
    organisation_code,
    person,
    characteristic,
    category_code,
    group_code,
    unknown_kind
from core.counted_characteristic
where measure = 'WORKFORCE'
