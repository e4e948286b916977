-- Grain: one row for each person whom a measure counts in an organisation at a snapshot and characteristic.
-- Of a person's records a known value beats an unknown one; of two known, the chosen assignment's holds.
-- Pay is compared by ethnicity, disability and sex alone.
with
received as (
    select
        period_end,
        level,
        organisation_code,
        measure,
        person,
        choice_rank,
        'ethnicity' as characteristic,
        ethnicity_key as received_key
    from core.counted_assignment
    union all
    select
        period_end,
        level,
        organisation_code,
        measure,
        person,
        choice_rank,
        'disability' as characteristic,
        disability_key as received_key
    from core.counted_assignment
    union all
    select
        period_end,
        level,
        organisation_code,
        measure,
        person,
        choice_rank,
        'sex' as characteristic,
        sex_key as received_key
    from core.counted_assignment
    union all
    select
        period_end,
        level,
        organisation_code,
        measure,
        person,
        choice_rank,
        'religion' as characteristic,
        religion_key as received_key
    from core.counted_assignment
    where measure = 'WORKFORCE'
    union all
    select
        period_end,
        level,
        organisation_code,
        measure,
        person,
        choice_rank,
        'sexual_orientation' as characteristic,
        sexual_orientation_key as received_key
    from core.counted_assignment
    where measure = 'WORKFORCE'
    union all
    select
        period_end,
        level,
        organisation_code,
        measure,
        person,
        choice_rank,
        'marital_status' as characteristic,
        marital_status_key as received_key
    from core.counted_assignment
    where measure = 'WORKFORCE'
),

meant as (
    select
        received.period_end,
        received.level,
        received.organisation_code,
        received.measure,
        received.person,
        received.choice_rank,
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
        choice_rank,
        'age_band' as characteristic,
        age_band as category_code,
        age_band as group_code,
        cast(null as varchar) as unknown_kind
    from core.counted_assignment
    where measure = 'WORKFORCE'
),

chosen as (
    select
        period_end,
        level,
        organisation_code,
        measure,
        person,
        characteristic,
        category_code,
        group_code,
        unknown_kind,
        row_number() over (
            partition by period_end, level, organisation_code, measure, person, characteristic
            order by case when group_code = 'UNKNOWN' then 1 else 0 end asc, choice_rank asc
        ) as preference
    from meant
)

select
    period_end,
    level,
    organisation_code,
    measure,
    person,
    characteristic,
    category_code,
    group_code,
    unknown_kind
from chosen
where preference = 1
