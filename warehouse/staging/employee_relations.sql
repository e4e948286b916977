-- Grain: one row for each formal case in the accepted file of its employer and snapshot.
-- The keys of ethnicity and disability are blank where the file leaves them to the staff file.
select
    received.period_end,
    received.organisation_code,
    cases.employee,
    cases.case_id,
    cases.case_type,
    cases.formal_start_date,
    cases.ethnicity_key,
    cases.disability_key
from landing.employee_relations as cases
inner join ledger.load as received on cases.load_id = received.load_id
where received.status = 'landed'
