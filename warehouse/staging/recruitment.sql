-- Grain: one row for each application in the accepted file of its employer and snapshot.
select
    received.period_end,
    received.organisation_code,
    application.is_shortlisted,
    application.is_appointed,
    application.ethnicity_key,
    application.disability_key,
    application.sex_key
from landing.recruitment as application
inner join ledger.load as received on application.load_id = received.load_id
where received.status = 'landed'
