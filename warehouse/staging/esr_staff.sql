-- Grain: one row for each assignment in the accepted file of its employer and snapshot.
select
    received.period_end,
    received.organisation_code,
    staff.person,
    staff.employee,
    staff.assignment_rank,
    staff.is_primary,
    staff.person_type,
    staff.assignment_state,
    staff.staff_side,
    staff.band_code,
    staff.fte,
    staff.ethnicity_key,
    staff.disability_key,
    staff.sex_key,
    staff.religion_key,
    staff.sexual_orientation_key,
    staff.marital_status_key,
    staff.age_band,
    staff.latest_start_date,
    staff.directorate,
    staff.service
from landing.esr_staff as staff
inner join ledger.load as received on staff.load_id = received.load_id
where received.status = 'landed'
