-- Grain: one row for each action of an equality plan in the accepted file of its body and snapshot.
select
    received.period_end,
    received.organisation_code,
    action.reference,
    action.title,
    action.standard,
    action.indicator,
    action.owner_role,
    action.due_date,
    action.status,
    action.percent_complete,
    action.updated
from landing.actions as action
inner join ledger.load as received on action.load_id = received.load_id
where received.status = 'landed'
