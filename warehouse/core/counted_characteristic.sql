-- Grain: one row for each person whom a measure counts in an organisation at a snapshot and characteristic.
-- Pay is compared by ethnicity, disability and sex alone.
-- A view: to write its many rows costs more than to work them out wherever they are read.
with
received as (
    select
        period_end,
        level,
        organisation_code,
        measure,
        person,
        side,
        band_code,
        directorate,
        'ethnicity' as characteristic,
        ethnicity_key as received_key
    from core.counted_person
    union all
    select
        period_end,
        level,
        organisation_code,
        measure,
        person,
        side,
        band_code,
        directorate,
        'disability' as characteristic,
        disability_key as received_key
    from core.counted_person
    union all
    select
        period_end,
        level,
        organisation_code,
        measure,
        person,
        side,
        band_code,
        directorate,
        'sex' as characteristic,
        sex_key as received_key
    from core.counted_person
    union all
    select
        period_end,
        level,
        organisation_code,
        measure,
        person,
        side,
        band_code,
        directorate,
        'religion' as characteristic,
        religion_key as received_key
    from core.counted_person
    where measure = 'WORKFORCE'
    union all
    select
        period_end,
        level,
        organisation_code,
        measure,
        person,
        side,
        band_code,
        directorate,
        'sexual_orientation' as characteristic,
        sexual_orientation_key as received_key
    from core.counted_person
    where measure = 'WORKFORCE'
    union all
    select
        period_end,
        level,
        organisation_code,
        measure,
        person,
        side,
        band_code,
        directorate,
        'marital_status' as characteristic,
        marital_status_key as received_key
    from core.counted_person
    where measure = 'WORKFORCE'
)

select
    received.period_end,
    received.level,
    received.organisation_code,
    received.measure,
    received.person,
    received.side,
    received.band_code,
    received.directorate,
    received.characteristic,
    value_list.category_code,
    value_list.group_code,
    value_list.unknown_kind
from received
inner join reference.characteristic_value as value_list
    on
        received.characteristic = value_list.characteristic
        and received.received_key = coalesce(value_list.received_key, '')
union all
select
    period_end,
    level,
    organisation_code,
    measure,
    person,
    side,
    band_code,
    directorate,
    'age_band' as characteristic,
    age_band as category_code,
    age_band as group_code,
    cast(null as varchar) as unknown_kind
from core.counted_person
where measure = 'WORKFORCE'
