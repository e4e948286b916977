-- Grain: one row for each employer, snapshot, directorate or band group, and characteristic; counts behind a p-value.
-- Known of the part against known of the rest of the workforce. Where all are known there is nothing to compare.
select
    counted.period_end,
    counted.organisation_code,
    counted.characteristic,
    counted.part,
    counted.subject,
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
        counted.known, ' of ', counted.headcount, ' staff have a known ', counted.subject, ', and ',
        whole.known - counted.known, ' of ', whole.headcount - counted.headcount, ' elsewhere'
    ) as detail,
    'match the rest of the staff' as aim
from core.declaration_movement as counted
inner join core.declaration_movement as whole
    on
        counted.period_end = whole.period_end
        and counted.organisation_code = whole.organisation_code
        and counted.characteristic = whole.characteristic
where
    counted.part <> 'all'
    and whole.part = 'all'
    and whole.headcount > counted.headcount
    and whole.known < whole.headcount
