-- Grain: one row for each employer, snapshot, part and characteristic with a snapshot before; value: points fallen.
-- The points are unrounded: of a hundred times a hundred thousand, one product less the other.
select
    period_end,
    organisation_code,
    characteristic,
    part,
    subject,
    least(headcount, headcount_before) as base,
    known,
    headcount,
    period_before,
    100.0 * (known_before * headcount - known * headcount_before) / (headcount * headcount_before) as value,
    greatest((known_before * headcount + headcount_before - 1) // headcount_before - known, 0) as records_to_target,
    concat(
        known, ' of ', headcount, ' staff', place, ' have a known ', characteristic_name,
        ', where at ', day_before, ' ', known_before, ' of ', headcount_before, ' had one'
    ) as detail,
    'reach the rate of that day' as aim
from core.declaration_movement
where headcount_before is not null
