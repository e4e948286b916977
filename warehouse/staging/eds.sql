-- Grain: one row for each outcome (and service, in domain 1 of EDS 2022) in the accepted file of an employer.
select
    received.period_end,
    received.organisation_code,
    outcome.framework,
    outcome.outcome,
    outcome.service,
    outcome.score,
    outcome.characteristics_evidenced
from landing.eds as outcome
inner join ledger.load as received on outcome.load_id = received.load_id
where received.status = 'landed'
