-- Grain: one row for each employer, snapshot, part and characteristic; value: percent of staff known.
-- What a rate lacks to the limit of its rule is worked out from known and headcount.
select
    period_end,
    organisation_code,
    characteristic,
    part,
    subject,
    headcount as base,
    known,
    headcount,
    cast(null as date) as period_before,
    100.0 * known / headcount as value,
    cast(null as bigint) as records_to_target,
    concat(known, ' of ', headcount, ' staff', place, ' have a known ', characteristic_name) as detail,
    'reach {limit}%' as aim
from core.declaration_movement
