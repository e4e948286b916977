-- Grain: one row for each employer, snapshot, directorate or band group, and characteristic; counts behind a p-value.
-- Known of the part against known of the rest of the workforce. Where all are known there is nothing to compare.
with
listed as (
    select distinct
        part.part,
        pay_row.label,
        cast(pay_row.band_order as integer) as band_order
    from reference.workforce_part_row as part
    inner join reference.pay_row as pay_row on part.band_code = pay_row.band_code
    where part.part like 'cluster%'
),

named as (
    select
        part,
        string_agg(label, ', ' order by band_order asc) as part_name
    from listed
    group by part
),

placed as (
    select
        workforce.period_end,
        workforce.organisation_code,
        workforce.person,
        concat('directorate:', directorate.directorate_name) as part,
        directorate.directorate_name as part_name
    from core.workforce as workforce
    inner join core.directorate as directorate
        on
            workforce.organisation_code = directorate.organisation_code
            and coalesce(workforce.directorate, '') = directorate.directorate
    where workforce.level = 'employer'
    union all
    select
        workforce.period_end,
        workforce.organisation_code,
        workforce.person,
        concat('band_group:', part.part) as part,
        named.part_name
    from core.workforce as workforce
    inner join reference.workforce_part_row as part
        on
            workforce.side = part.side
            and workforce.band_code = part.band_code
            and part.part like 'cluster%'
    inner join named on part.part = named.part
    where workforce.level = 'employer'
),

counted as (
    select
        placed.period_end,
        placed.organisation_code,
        placed.part,
        placed.part_name,
        characteristic.characteristic,
        cast(count(*) as bigint) as headcount,
        cast(count(*) filter (where characteristic.group_code <> 'UNKNOWN') as bigint) as known
    from placed
    inner join core.counted_characteristic as characteristic
        on
            placed.period_end = characteristic.period_end
            and placed.organisation_code = characteristic.organisation_code
            and placed.person = characteristic.person
            and characteristic.level = 'employer'
            and characteristic.measure = 'WORKFORCE'
    group by
        placed.period_end,
        placed.organisation_code,
        placed.part,
        placed.part_name,
        characteristic.characteristic
)

select
    counted.period_end,
    counted.organisation_code,
    counted.characteristic,
    counted.part,
    concat(whole.characteristic_name, ' in ', counted.part_name) as subject,
    least(counted.headcount, whole.headcount - counted.headcount) as base,
    counted.known,
    counted.headcount,
    cast(null as date) as period_before,
    'fisher' as test,
    counted.known as events,
    counted.headcount as trials,
    whole.known - counted.known as other_events,
    whole.headcount - counted.headcount as other_trials,
    greatest(
        (
            (whole.known - counted.known) * counted.headcount + whole.headcount - counted.headcount - 1
        ) // (whole.headcount - counted.headcount) - counted.known, 0
    ) as records_to_target,
    concat(
        counted.known, ' of ', counted.headcount, ' staff have a known ', whole.characteristic_name, ' in ',
        counted.part_name, ', and ', whole.known - counted.known, ' of ', whole.headcount - counted.headcount,
        ' elsewhere'
    ) as detail,
    'match the rest of the staff' as aim
from counted
inner join core.declaration_movement as whole
    on
        counted.period_end = whole.period_end
        and counted.organisation_code = whole.organisation_code
        and counted.characteristic = whole.characteristic
where whole.headcount > counted.headcount and whole.known < whole.headcount
