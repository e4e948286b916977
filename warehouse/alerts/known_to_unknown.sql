-- Grain: one row for each employer, snapshot, part and characteristic with a snapshot before; value: people.
-- They were known then and are not now, and are in the workforce of the employer at both snapshots; the part is
-- where they are now.
select
    period_end,
    organisation_code,
    characteristic,
    part,
    subject,
    headcount as base,
    known,
    headcount,
    period_before,
    known_to_unknown as value,
    known_to_unknown as records_to_target,
    concat(
        'The ', characteristic_name, ' of ', known_to_unknown, ' people', place,
        ' was known at ', day_before, ' and is not now'
    ) as detail,
    cast(null as varchar) as aim
from core.declaration_movement
where period_before is not null
