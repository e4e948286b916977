-- Grain: one row for each person of the workforce of an organisation at a snapshot, each person once.
-- side and part: clinical staff on a medical grade are `medical`, all others by their staff group.
-- A view: the workforce is a part of those whom a measure counts.
select
    period_end,
    level,
    organisation_code,
    person,
    side,
    band_code,
    directorate
from core.counted_person
where measure = 'WORKFORCE'
