-- Grain: one row for each employer, snapshot and characteristic with a snapshot before; value: points risen.
-- By how many points the share of staff never asked rose, less the rise of those who declined where they rose.
select
    period_end,
    organisation_code,
    characteristic,
    'all' as part,
    characteristic_name as subject,
    least(headcount, headcount_before) as base,
    known,
    headcount,
    period_before,
    (
        100.0 * (never_asked * headcount_before - never_asked_before * headcount)
        - greatest(100.0 * (declined * headcount_before - declined_before * headcount), 0)
    ) / (headcount * headcount_before) as value,
    greatest(never_asked - (never_asked_before * headcount) // headcount_before, 0) as records_to_target,
    concat(
        never_asked, ' of ', headcount, ' staff were never asked for their ', characteristic_name,
        ', where at ', day_before, ' it was ', never_asked_before, ' of ', headcount_before
    ) as detail,
    'bring the share back to what it was' as aim
from core.declaration_movement
where part = 'all' and period_before is not null
