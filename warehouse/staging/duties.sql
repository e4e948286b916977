-- Grain: one row for each document or impact assessment in the accepted file of its body and snapshot.
-- subject_code: whose duty it is, the body itself or a provider that it commissions from.
select
    received.period_end,
    received.organisation_code,
    duty.reference,
    duty.kind,
    duty.subject_code,
    duty.due_date,
    duty.completed_date,
    duty.decision_date,
    duty.is_published,
    duty.characteristics_considered
from landing.duties as duty
inner join ledger.load as received on duty.load_id = received.load_id
where received.status = 'landed'
