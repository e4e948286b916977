-- Grain: one row for each board or governing-body member in the accepted file of its employer and snapshot.
select
    received.period_end,
    received.organisation_code,
    member.is_voting,
    member.is_executive,
    member.ethnicity_key,
    member.disability_key
from landing.board as member
inner join ledger.load as received on member.load_id = received.load_id
where received.status = 'landed'
